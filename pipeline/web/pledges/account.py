"""The accounts of councils and of projects: what is pledged, committed and delivered, as a page and as CSV."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.effort import days
from pipeline.kernel.errors import NotFound
from pipeline.kernel.money import pounds
from pipeline.kernel.spreadsheets import Cell
from pipeline.measures.account import Part, fairness_of
from pipeline.measures.rules import Unit, number_of
from pipeline.pledges import account
from pipeline.pledges.account import Account, PledgeLine
from pipeline.pledges.messages import amount_words, financial_years_words
from pipeline.projects.models import Project
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import NeedKind, ProjectStatus
from pipeline.web.csv_tables import csv_answer
from pipeline.web.rendering import absolute, revalidated, show

blueprint = Blueprint("accounts_of_pledges", __name__)

MEASURES = ("pledged", "committed", "delivered", "to_come", "broken", "released")


@blueprint.get("/councils/<slug>/account")
@anyone
@revalidated
def of_council(slug: str) -> Response:
    """What a council has pledged, committed and delivered, by project and by financial year."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("accounts_of_pledges.of_council", slug=council.slug), 301)  # type: ignore[return-value]
    found = account.council_account(reading, council.id)
    return show("pledges/account_of_council.html", council=council, **_shown(found, "projects.show_project"))


@blueprint.get("/councils/<slug>/account.csv")
@anyone
@revalidated
def of_council_as_csv(slug: str) -> Response:
    """The same, each pledge a row."""
    reading = begin_read()
    council: Council = council_seen_by(reading, slug)
    return _csv(f"account-{council.slug}", account.council_pledges(reading, council.id))


@blueprint.get("/projects/<slug>/account")
@anyone
@revalidated
def of_project(slug: str) -> Response:
    """What each council gave a project and got of it, and what was delivered by financial year."""
    reading = begin_read()
    project = _project(reading, slug)
    found = fairness_of(reading, project)
    return show(
        "pledges/account_of_project.html", project=project, parts=[_part(one) for one in found.parts],
        **_shown(found.account, "councils.show_council"),
    )  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    """What one council gave and got, in words."""
    things = [_things(one.amounts.committed, one.thing) for one in part.things if one.amounts.committed]
    return {
        "name": part.name, "url": url_for("councils.show_council", slug=part.slug), "is_lead": part.is_lead,
        "committed_days": days(part.gave_time.committed), "delivered_days": days(part.gave_time.delivered),
        "committed_pounds": pounds(part.gave_funding.committed),
        "delivered_pounds": pounds(part.gave_funding.delivered),
        "things": ", ".join(things), "documents": part.documents,
        "benefit_days": "" if part.benefit_half_days is None else number_of(Unit.DAYS, part.benefit_half_days),
        "benefit_pounds": "" if part.benefit_pence is None else pounds(part.benefit_pence),
        "received": pounds(part.received_pence) if part.is_lead else "",
    }  # fmt: skip


@blueprint.get("/projects/<slug>/account.csv")
@anyone
@revalidated
def of_project_as_csv(slug: str) -> Response:
    """The same, each pledge a row."""
    reading = begin_read()
    project = _project(reading, slug)
    return _csv(f"account-{project.slug or project.id}", account.project_pledges(reading, project.id))


def _project(reading: Reading, slug: str) -> Project:
    project = project_seen_by(reading, slug)
    if project.status == ProjectStatus.DRAFT:
        raise NotFound("page")
    return project


def _shown(found: Account, endpoint: str) -> dict[str, Any]:
    """An account in words, days and pounds apart."""
    time, funding = found.time, found.funding
    return {
        "totals": [
            {"name": name, "days": days(getattr(time, measure)), "pounds": pounds(getattr(funding, measure))}
            for measure, name in _measure_names()
        ],
        "lines": [
            {"name": line.name, "url": url_for(endpoint, slug=line.slug) if line.slug else "", **_cells(line)}
            for line in found.lines
        ],
        "years": [
            {
                "name": say(financial_years_words(year.begins, None)), "days": days(year.half_days),
                "pounds": pounds(year.pence), "not_agreed_days": days(year.not_agreed_half_days),
                "not_agreed_pounds": pounds(year.not_agreed_pence),
            }
            for year in found.years
        ],
        "things": [
            {"name": one.name, "pledged": _things(one.amounts.pledged, one.thing),
             "delivered": _things(one.amounts.delivered, one.thing)}
            for one in found.things
        ],
        "has_unagreed": any(year.not_agreed_half_days or year.not_agreed_pence for year in found.years),
    }  # fmt: skip


def _measure_names() -> list[tuple[str, str]]:
    return [
        ("pledged", gettext("Pledged")), ("committed", gettext("Committed")), ("delivered", gettext("Delivered")),
        ("to_come", gettext("Still to come")), ("broken", gettext("Broken")), ("released", gettext("Released")),
    ]  # fmt: skip


def _cells(line: account.Line) -> dict[str, str]:
    shown = ("pledged", "committed", "delivered", "to_come")
    in_days = {f"{measure}_days": days(getattr(line.time, measure)) for measure in shown}
    return in_days | {f"{measure}_pounds": pounds(getattr(line.funding, measure)) for measure in shown}


def _things(number: int, thing: str) -> str:
    return say(amount_words(NeedKind.IN_KIND, number, thing))


# CSV. Its header is for machines and stays the same in every language.

UNITS = {NeedKind.TIME: "days", NeedKind.FUNDING: "pounds", NeedKind.IN_KIND: "number"}


def _csv(name: str, lines: list[PledgeLine]) -> Response:
    years = sorted({year for line in lines for year in line.delivered_in})
    measured = [f"{measure}_{unit}" for unit in UNITS.values() for measure in MEASURES]
    delivered = [f"delivered_{year}_{(year + 1) % 100:02d}_{unit}" for unit in UNITS.values() for year in years]
    header = ["council", "gss_code", "project", "project_address", "pledge_address", "need", "kind", "thing", "status"]
    return csv_answer(name, [*header, *measured, *delivered], (_row(line, years) for line in lines))


def _row(line: PledgeLine, years: list[int]) -> list[Cell]:
    measured = [
        _number(kind, getattr(line.amounts, measure)) if kind is line.kind else None
        for kind in UNITS
        for measure in MEASURES
    ]
    delivered = [
        _number(kind, line.delivered_in.get(year, 0)) if kind is line.kind else None for kind in UNITS for year in years
    ]
    return [
        line.council_name, line.council_code, line.project_title,
        absolute(f"/projects/{line.project_slug}") if line.project_slug else None, absolute(f"/pledges/{line.id}"),
        line.need_title, line.kind.value, line.thing or None, line.status,
        *measured, *delivered,
    ]  # fmt: skip


def _number(kind: NeedKind, number: int) -> Cell:
    """A number as a spreadsheet reads it: 2.5 days, 4999.99 pounds, without signs and separators."""
    if kind is NeedKind.TIME:
        return days(number).replace(",", "")
    if kind is NeedKind.FUNDING:
        return f"{number // 100}.{number % 100:02d}"
    return number
