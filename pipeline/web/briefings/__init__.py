"""One printable page for senior managers: a project for their council, and a council's year."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from pipeline.briefings.year import FIRST_YEAR, FinancialYear, year_of_council
from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.clock import uk_date as day_of
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.moderation.rules import Reported
from pipeline.pledges.messages import financial_years_words
from pipeline.projects import queries
from pipeline.projects.page import ProjectPage, project_page_seen_by
from pipeline.projects.rules import ProjectStatus
from pipeline.web import project_page as shown
from pipeline.web.briefings.council import parts_of_year
from pipeline.web.briefings.files import KeptFiles, docx_answer
from pipeline.web.briefings.project import parts_of
from pipeline.web.hidden import hiding_shown
from pipeline.web.rendering import absolute, revalidated, show, uk_date

blueprint = Blueprint("briefings", __name__)


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["pipeline_kept_files"] = KeptFiles()


@blueprint.get("/projects/<slug>/briefing")
@anyone
@revalidated
def of_project(slug: str) -> Response:
    """A project on one page for senior managers. To a member it says what is asked of their council."""
    reading = begin_read()
    page = _page_of(reading, slug)
    if page.address != slug:
        return redirect(url_for("briefings.of_project", slug=page.address), 301)  # type: ignore[return-value]
    hiding = hiding_shown(reading, Reported.PROJECT, page.id, is_hidden=page.is_hidden)
    return show("briefings/of_project.html", project=page, hiding=hiding, **_project_values(reading, page))


@blueprint.get("/projects/<slug>/briefing.docx")
@anyone
@revalidated
def of_project_as_docx(slug: str) -> Response:
    """The same for a word processor."""
    reading = begin_read()
    page = _page_of(reading, slug)
    return docx_answer(f"briefing-{page.address}", title=page.title, **_project_values(reading, page))


def _page_of(reading: Reading, slug: str) -> ProjectPage:
    """The project at an address, or at one it had before. Raises NotFound; a home of documents asks for nothing."""
    try:
        page = project_page_seen_by(reading, slug)
    except NotFound:
        address = queries.project_with_old_slug(reading, slug)
        if address is None:
            raise
        page = project_page_seen_by(reading, address)
    if page.keeps_documents:
        raise NotFound("page")
    return page


def _project_values(reading: Reading, page: ProjectPage) -> dict[str, Any]:
    return {
        "tags": shown.tags_of(page),
        "notices": list(_notices(page)),
        "parts": parts_of(reading, page),
        "text_language": page.language if page.language != current_language() else "",
        **_made(reading, f"/projects/{page.address}"),
    }


def _notices(page: ProjectPage) -> list[str]:
    """What must be known first: that it is a draft, a trial, or nobody's real work."""
    draft = _("This is a draft. Nobody but its team, and colleagues asked to check it, can see it.")
    trial = _(
        "This is a trial project: only officers of its council see it, nothing in it counts anywhere, and it never "
        "becomes a real project."
    )
    made_up = _("This project, its councils and its people are made up, to show how Pipeline works.")
    recorded = _(
        "This is a record of past work, made from public sources. It takes no pledges, and the council has not written "
        "it."
    )
    notices = (
        (page.status is ProjectStatus.DRAFT, draft), (page.is_trial, trial), (page.is_recorded, recorded),
        (page.is_made_up, made_up),
    )  # fmt: skip
    return [gettext(words) for holds, words in notices if holds]


def _made(reading: Reading, path: str) -> dict[str, str]:
    """When a briefing was made, and of which page."""
    words = Words(_("Made on {day} from what stands at {address}"), day=uk_date(reading.now), address=absolute(path))
    return {"lang": current_language(), "made": say(words)}


@blueprint.get("/councils/<slug>/briefing")
@anyone
@revalidated
def of_council(slug: str) -> Response:
    """A council's year on one page for senior managers: this financial year, or the one in `year` (2026-27)."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("briefings.of_council", slug=council.slug, year=request.args.get("year")), 301)  # type: ignore[return-value]
    asked = _asked_year(reading)
    year = asked or _present(reading)
    years = [FinancialYear(year.begins + step) for step in (-1, 1)]
    others = [(str(one), _year_words(one)) for one in years if FIRST_YEAR <= one.begins <= _present(reading).begins]
    return show(
        "briefings/of_council.html", council=council, year=str(year), years=others,
        has_unknown=bool(request.args.get("year")) and asked is None, **_values(reading, council, year),
    )  # fmt: skip


@blueprint.get("/councils/<slug>/briefing.docx")
@anyone
@revalidated
def of_council_as_docx(slug: str) -> Response:
    """The same for a word processor. A year there is nothing of has no file."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    year = _asked_year(reading) if request.args.get("year") else _present(reading)
    if year is None:
        raise NotFound("page")
    return docx_answer(f"briefing-{council.slug}-{year}", **_values(reading, council, year))


def _present(reading: Reading) -> FinancialYear:
    return FinancialYear.of(day_of(reading.now))


def _asked_year(reading: Reading) -> FinancialYear | None:
    return FinancialYear.written(request.args.get("year", ""), day_of(reading.now))


def _year_words(year: FinancialYear) -> str:
    return say(financial_years_words(year.begins, None))


def _values(reading: Reading, council: Council, year: FinancialYear) -> dict[str, Any]:
    made_up = _("This council is made up, to show how Pipeline works.")
    name = council.name_cy if council.name_cy and current_language() == "cy" else council.name
    found = year_of_council(reading, council.id, year)
    return {
        "title": say(Words(_("{council} in {year}"), council=name, year=_year_words(year))),
        "tags": [],
        "notices": [gettext(made_up)] if council.is_made_up else [],
        "parts": parts_of_year(found, year, _present(reading)),
        "text_language": "",
        **_made(reading, f"/councils/{council.slug}"),
    }
