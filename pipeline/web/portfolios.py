"""A council's portfolio: the projects it leads, phase by phase; the same as CSV; and the template to bring one in."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read
from pipeline.imports import policy
from pipeline.imports.columns import ADDRESS, BYTE_ORDER_MARK, example_in, header_in, in_order
from pipeline.imports.portfolio import MOST_SHOWN, portfolio_of, references_of, values_of
from pipeline.kernel.words import _
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.models import Project
from pipeline.projects.vocabulary import PHASES
from pipeline.web.csv_tables import csv_answer
from pipeline.web.rendering import absolute, label, revalidated, show

blueprint = Blueprint("portfolios", __name__)


@blueprint.get("/councils/<slug>/portfolio")
@anyone
@revalidated
def show_portfolio(slug: str) -> Response:
    """The projects a council leads, by phase."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("portfolios.show_portfolio", slug=council.slug), 301)  # type: ignore[return-value]
    projects = portfolio_of(reading, council.id)
    return show(
        "portfolios/show.html", council=council, name=_name(council), phases=_by_phase(projects),
        number=len(projects), is_cut=len(projects) >= MOST_SHOWN, status_names=STATUS_NAMES,
        may_bring_in=bool(policy.may_bring_in_projects(reading.actor, council.id)),
    )  # fmt: skip


def _name(council: Council) -> str:
    return council.name_cy if council.name_cy and current_language() == "cy" else council.name


def _by_phase(projects: list[Project]) -> list[dict[str, Any]]:
    """The phases that have projects, in their order; at the end those of which the phase is not known."""
    named: list[tuple[str | None, str]] = [(phase.value, label(phase)) for phase in PHASES]
    groups = [
        {"slug": value or "unknown", "name": name, "projects": [one for one in projects if one.phase == value]}
        for value, name in [*named, (None, gettext(_("Phase not known")))]
    ]
    return [group for group in groups if group["projects"]]


@blueprint.get("/councils/<slug>/portfolio.csv")
@anyone
@revalidated
def portfolio_as_csv(slug: str) -> Response:
    """The same in the columns that can be brought in, with the address of each. Members read their own references."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    projects = portfolio_of(reading, council.id)
    references = references_of(reading, council.id, [project.id for project in projects])
    language = current_language()
    rows = (
        [
            *in_order(values_of(project, references.get(project.id, ""), language)),
            absolute(f"/projects/{project.slug}"),
        ]
        for project in projects
    )
    header = [*header_in(language), ADDRESS.in_language(language)]
    return csv_answer(f"portfolio-{council.slug}", header, rows, mark=BYTE_ORDER_MARK)


@blueprint.get("/portfolio-template.csv")
@anyone
@revalidated
def template() -> Response:
    """The columns of a portfolio, with one line as an example, to be filled in."""
    language = current_language()
    return csv_answer("portfolio", header_in(language), [example_in(language)], mark=BYTE_ORDER_MARK)
