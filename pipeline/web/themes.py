"""Work by theme and by place: what is open, what it needs, what was learned and shared, and the way to the rest."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from pipeline.artefacts.queries import library as documents
from pipeline.artefacts.queries.library import DocumentFilters
from pipeline.councils.models import Council
from pipeline.councils.vocabulary import NATIONS, PLACE_BY_SLUG, PLACES, REGION_BY_VALUE, Place
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.language import gettext, ngettext, say
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound
from pipeline.kernel.label import Label
from pipeline.kernel.words import _
from pipeline.lessons.queries.library import LessonFilters
from pipeline.pledges.messages import amount_words
from pipeline.portfolios.places import open_about_themes, open_in_places
from pipeline.portfolios.queries import heard_up_to
from pipeline.projects.rules import NeedStatus
from pipeline.projects.vocabulary import THEME_BY_VALUE, THEMES
from pipeline.search.around import Around, projects_around
from pipeline.web.cards import CardMaker
from pipeline.web.lessons.library import used_by_words
from pipeline.web.lessons.panels import lessons_in_short
from pipeline.web.rendering import label, revalidated_with, show

blueprint = Blueprint("themes", __name__)


def _heard() -> str:
    """The mark of the numbers: they are kept a moment after something changed."""
    return f".{mark_of(str(heard_up_to(begin_read())))}"


MOST_NEEDS, MOST_LESSONS, MOST_DOCUMENTS, MOST_COUNCILS = 6, 3, 3, 12


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about: how the lists are narrowed to it, and the other way to narrow further."""

    title: str
    filters: dict[str, Any]
    index: tuple[str, str]
    narrow_title: str
    narrower: list[tuple[str, str, str]]
    follow: str = ""
    councils: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@blueprint.get("/themes")
@anyone
@revalidated_with(_heard)
def index() -> Response:
    """All themes."""
    number = open_about_themes(begin_read())
    lines = [(f"{request.script_root}/themes/{one.slug}", label(one), _open(number[one.value])) for one in THEMES]
    groups = [("", sorted(lines, key=lambda line: line[1]))]
    return show("themes/index.html", title=gettext(_("Work by theme")), groups=groups, own=None)


@blueprint.get("/places")
@anyone
@revalidated_with(_heard)
def list_places() -> Response:
    """All nations and regions; whoever is signed in finds their own first."""
    reading, groups = begin_read(), []
    number, own = open_in_places(reading), own_place(reading)
    for nation in NATIONS:
        within = [one for one in PLACES if nation.value in (one.value, _nation_of(one))]
        groups.append((label(nation) if len(within) > 1 else "", [_line_of(one, number) for one in within]))
    return show(
        "themes/index.html", title=gettext(_("Work by place")), groups=groups,
        own=_line_of(own, number) if own else None,
    )  # fmt: skip


def own_place(reading: Reading) -> Place | None:
    """Where the council is that the reader acts for; None without one."""
    if reading.actor.council_id is None:
        return None
    region = reading.session.get_one(Council, reading.actor.council_id).region
    return next((one for one in PLACES if one.value == region), None)


def _nation_of(place: Place) -> str:
    return REGION_BY_VALUE[place.value].nation if place.value in REGION_BY_VALUE else ""


def _line_of(place: Place, number: Counter[str]) -> tuple[str, str, str]:
    return f"{request.script_root}/places/{place.slug}", label(place), _open(number[place.value])


def _open(number: int) -> str:
    """How many projects are open; nothing where none is known to be."""
    return ngettext("%(n)s open project", "%(n)s open projects", number) % {"n": f"{number:,}"} if number else ""


@blueprint.get("/themes/<slug>")
@anyone
@revalidated_with(_heard)
def show_theme(slug: str) -> Response:
    """A theme: its open projects, what they need, what was learned and shared, and where there is more."""
    theme = THEME_BY_VALUE.get(slug)
    if theme is None:
        raise NotFound("page")
    reading, filters = begin_read(), {"theme": theme.value}
    number, own = open_in_places(reading, theme.value), own_place(reading)
    places = sorted(
        (one for one in PLACES if number[one.value] and one.filter == "region"),
        key=lambda one: (one != own, PLACES.index(one)),
    )
    about = About(
        label(theme), filters, (f"{request.script_root}/themes", gettext(_("Work by theme"))),
        gettext(_("Narrow it to a place")),
        [(_projects({**filters, one.filter: one.value}), label(one), _open(number[one.value])) for one in places],
        follow=f"{request.script_root}/projects/follow?{urlencode(filters)}", more=filters,
    )  # fmt: skip
    return _show(reading, about)


@blueprint.get("/places/<slug>")
@anyone
@revalidated_with(_heard)
def show_place(slug: str) -> Response:
    """A nation or region: the same of the projects that its councils lead."""
    place = PLACE_BY_SLUG.get(slug)
    if place is None:
        raise NotFound("page")
    reading, filters = begin_read(), {place.filter: place.value}
    number = open_about_themes(reading, place.filter, place.value)
    themes: list[Label] = [one for one in THEMES if number[one.value]]
    about = About(
        label(place), filters, (f"{request.script_root}/places", gettext(_("Work by place"))),
        gettext(_("Narrow it to a theme")),
        [(_projects({**filters, "theme": one.value}), label(one), _open(number[one.value])) for one in themes],
        follow=f"{request.script_root}/projects/follow?{urlencode(filters)}",
        councils=f"{request.script_root}/councils?{urlencode(filters)}",
    )  # fmt: skip
    return _show(reading, about)


def _projects(filters: dict[str, Any]) -> str:
    return f"{request.script_root}/projects?{urlencode({**filters, 'status': 'open'})}"


def _show(reading: Reading, about: About) -> Response:
    found, maker = projects_around(reading, about.filters, clock.today()), CardMaker()
    rows = documents.documents_listed(
        reading, DocumentFilters(**about.filters), order=documents.ORDERS["-adoptions"], limit=MOST_DOCUMENTS
    ).rows
    more = f"?{urlencode(about.more)}" if about.more else ""
    return show(
        "themes/show.html", about=about, projects_url=_projects(about.filters),
        closing_soon=maker.cards(found.closing_soon, found.needs), newest=maker.cards(found.newest, found.needs),
        done=maker.cards(found.done, found.needs), all_url=f"{request.script_root}/projects?{urlencode(about.filters)}",
        needs=_needs(found), councils=_councils(found), documents=[document_line(row) for row in rows],
        lessons=lessons_in_short(reading, LessonFilters(**about.filters), MOST_LESSONS),
        documents_url=f"{request.script_root}/documents{more}", lessons_url=f"{request.script_root}/lessons{more}",
    )  # fmt: skip


def _needs(found: Around) -> list[tuple[str, str, str]]:
    """What the projects on the page still need, as (address, words, project): each project's furthest need first."""
    lines = []
    for row in (*found.closing_soon, *found.newest):
        for need in found.needs[row.id]:
            if need[8] == NeedStatus.OPEN and need[11] < need[9]:
                amount = say(amount_words(need[2], need[9] - need[11], need[4] or ""))
                address = f"{request.script_root}/needs/{need[0]}/pledges/new"
                lines.append((address, f"{need[5]}: {amount}", row.title))
                break
    return lines[:MOST_NEEDS]


def _councils(found: Around) -> list[tuple[str, str]]:
    """The councils that lead the projects on the page, by name."""
    named = {
        row.council_slug: row.council_short_name for row in (*found.closing_soon, *found.newest, *found.done)
    }  # fmt: skip
    lines = [(f"{request.script_root}/councils/{slug}", name) for slug, name in named.items()]
    return sorted(lines, key=lambda line: line[1])[:MOST_COUNCILS]


def document_line(row: Any) -> dict[str, str]:
    """A shared document in one line, with how many councils use it."""
    return {
        "url": f"{request.script_root}/documents/{row.slug}", "title": row.title, "language": row.language,
        "about": ". ".join(part for part in (row.council_short_name, used_by_words(row.adoptions)) if part),
    }  # fmt: skip
