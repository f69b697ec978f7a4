"""A council's portfolio: what it leads and takes part in, as a board or a table, beside councils like it; its projects
as CSV; and the template to bring one in."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, place_from, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.imports import policy
from pipeline.imports.columns import ADDRESS, BYTE_ORDER_MARK, example_in, header_in, in_order
from pipeline.imports.portfolio import portfolio_of, references_of, values_of
from pipeline.kernel.words import Words, _
from pipeline.portfolios import queries
from pipeline.portfolios.queries import Portfolio
from pipeline.portfolios.rules import UNKNOWN, Measured, PortfolioFilters, together
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.web.csv_tables import csv_answer
from pipeline.web.portfolio_comparison import comparison_of
from pipeline.web.portfolio_lines import (
    FILE_COLUMNS,
    ROLES,
    STATUSES,
    amounts_of,
    file_rows,
    lines_of,
    phases_shown,
)
from pipeline.web.rendering import absolute, revalidated, revalidated_with, show, uk_date

blueprint = Blueprint("portfolios", __name__)

BOARD, TABLE = "board", "table"
VIEWS = {BOARD: Words(_("Board")), TABLE: Words(_("Table"))}
MOST_CARDS = 6
"""Cards of a column of the board; the rest are in the table."""
ROWS = 50
MOST_IN_FILE = 5_000
"""Rows of the file; a council that has more narrows it."""
CURSOR = "portfolio"
MEASURED: dict[str, Words] = {
    Measured.YES.value: Words(_("Has measures")),
    Measured.LATE.value: Words(_("A target’s day has passed")),
}
DUE = {"yes": Words(_("Decided within 30 days"))}


def _heard() -> str:
    """The mark of the counts: they are kept a moment after something changed."""
    return f".{mark_of(str(queries.heard_up_to(begin_read())))}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the filters by name, and how it is shown. What means nothing here narrows nothing."""

    view: str
    values: dict[str, str]
    has_unknown: bool

    @classmethod
    def of_request(cls) -> "Asked":
        """Read the address."""
        given = {name: value.strip() for name, value in request.args.items() if value.strip()}
        known = {name: set(words) for name, (_label, _any, words) in _choices().items()}
        values = {name: given[name] for name in known if given.get(name) in known[name]}
        view = given.get("view", BOARD)
        is_known = set(given) <= {*values, "view", "cursor"} and view in VIEWS
        return cls(view if view in VIEWS else BOARD, values, not is_known)

    @property
    def filters(self) -> PortfolioFilters:
        """The filters as the portfolio takes them."""
        given = self.values
        return PortfolioFilters(
            role=given.get("role"), phase=given.get("phase"), status=given.get("status"), theme=given.get("theme"),
            measures=given.get("measures"), is_due="due" in given,
        )  # fmt: skip

    def address(self, slug: str, **changed: str | None) -> str:
        """The address of this portfolio with something changed; None takes it out."""
        view = {"view": self.view} if self.view != BOARD else {}
        return url_for("portfolios.show_portfolio", slug=slug, **{**self.values, **view, **changed})  # type: ignore[arg-type]


def _choices() -> dict[str, tuple[str, str, dict[str, str]]]:
    """What it can be narrowed to, by name in the address: what it is called, what any is called, and the values."""
    language = current_language()
    themes = {value: theme.in_language(language) for value, theme in THEME_BY_VALUE.items()}
    return {
        "role": (gettext(_("The council")), gettext(_("Leads or takes part")), _said(ROLES)),
        "phase": (gettext(_("Phase")), gettext(_("Any phase")), dict(phases_shown())),
        "status": (gettext(_("Status")), gettext(_("Any status")), _said(STATUSES)),
        "theme": (gettext(_("Theme")), gettext(_("Any theme")), themes),
        "measures": (gettext(_("Measures")), gettext(_("Any")), _said(MEASURED)),
        "due": (gettext(_("Due")), gettext(_("Any")), _said(DUE)),
    }


def _said(words: dict[str, Words]) -> dict[str, str]:
    return {value: say(one) for value, one in words.items()}


@blueprint.get("/councils/<slug>/portfolio")
@anyone
@revalidated_with(_heard)
def show_portfolio(slug: str) -> Response:
    """What a council leads and takes part in, by phase and status: a board, or with `view=table` a table."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("portfolios.show_portfolio", slug=council.slug), 301)  # type: ignore[return-value]
    asked = Asked.of_request()
    filters = asked.filters
    cells = queries.cells_of(reading, [council.id]).get(council.id, [])
    found = Portfolio(reading, council.id, filters)
    count = _count_words(found.number, most=None if filters.is_counted else queries.MOST_COUNTED)
    reviews = queries.documents_due(reading, council.id)
    values = {
        "council": council, "name": _name(council), "asked": asked, "count": count,
        "view": asked.view, "views": [(one, say(words), asked.address(slug, view=one)) for one, words in VIEWS.items()],
        "choices": [
            (name, what, [("", anything), *words.items()], asked.values.get(name, ""))
            for name, (what, anything, words) in _choices().items()
        ],
        "removable": [
            (words[asked.values[name]], asked.address(slug, **{name: None}))
            for name, (_what, _anything, words) in _choices().items()
            if name in asked.values
        ],
        "sums": _sums(found) if found.is_whole else [], "has_any": bool(cells),
        "reviews": [(one.title, one.slug, uk_date(one.review_on)) for one in reviews],
        "may_bring_in": bool(policy.may_bring_in_projects(reading.actor, council.id)),
    }  # fmt: skip
    more = (_table if asked.view == TABLE else _board)(reading, council, asked, found)
    return show("portfolios/show.html", **values, **more)


def _name(council: Council) -> str:
    return council.name_cy if council.name_cy and current_language() == "cy" else council.name


def _count_words(number: int, most: int | None = None) -> str:
    if most is not None and number > most:
        return gettext(_("More than 1,000 projects"))
    return ngettext("%(n)s project", "%(n)s projects", number) % {"n": f"{number:,}"}


def _sums(found: Portfolio) -> list[dict[str, str]]:
    """What the projects that are shown were promised and it gave, by role; days and pounds apart."""
    sums = found.by_role
    return [
        {"name": say(words), "projects": f"{sums[role].projects:,}", **amounts_of(sums[role])}
        for role, words in ROLES.items()
        if role in sums
    ]


def _board(reading: Reading, council: Council, asked: Asked, found: Portfolio) -> dict[str, Any]:
    """The columns of the board: the phases that have projects."""
    there = {cell.phase or UNKNOWN for cell in found.cells}
    wanted = [(phase, name) for phase, name in phases_shown() if phase in there]
    kept = ["" if phase == UNKNOWN else phase for phase, _name in wanted]
    rows = found.board(kept, MOST_CARDS + 1)
    lines = iter(lines_of(reading, [row for key in kept for row in rows[key][:MOST_CARDS]]))
    columns = []
    for (phase, name), key in zip(wanted, kept, strict=True):
        number = together(cell for cell in found.cells if (cell.phase or UNKNOWN) == phase).projects
        if rows[key]:
            columns.append({
                "slug": phase, "name": name, "number": f"{number:,}" if found.filters.is_counted else "",
                "lines": list(islice(lines, len(rows[key][:MOST_CARDS]))),
                "more_url": asked.address(council.slug, view=TABLE, phase=phase) if len(rows[key]) > MOST_CARDS else "",
            })  # fmt: skip
    return {"columns": columns}


def _table(reading: Reading, council: Council, asked: Asked, found: Portfolio) -> dict[str, Any]:
    """A page of the table."""
    made_with = filters_hash(asked.values)
    cursor = request.args.get("cursor")
    place = place_from(read_cursor(cursor, CURSOR, made_with)) if cursor else None
    page = found.page(ROWS, place)
    cursors = [
        make_cursor(CURSOR, [at.value, at.id, at.is_backwards], made_with) if at else None
        for at in (page.before, page.after)
    ]
    previous_url, next_url = (asked.address(council.slug, cursor=one) if one else None for one in cursors)
    return {"lines": lines_of(reading, page.rows), "previous_url": previous_url, "next_url": next_url}


@blueprint.get("/councils/<slug>/portfolio/compare")
@anyone
@revalidated_with(_heard)
def compare(slug: str) -> Response:
    """A council beside councils of its kind, near in number of projects. Nothing is ranked."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("portfolios.compare", slug=council.slug), 301)  # type: ignore[return-value]
    return show("portfolios/compare.html", council=council, **comparison_of(reading, council))


@blueprint.get("/councils/<slug>/portfolio/table.csv")
@anyone
@revalidated_with(_heard)
def table_as_csv(slug: str) -> Response:
    """The rows of the table, narrowed as it is: each project with its dates, sums, people and measures, under the names
    the API has for them."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    asked = Asked.of_request()
    page = Portfolio(reading, council.id, asked.filters).page(MOST_IN_FILE)
    rows = file_rows(reading, page.rows)
    return csv_answer(f"portfolio-{council.slug}-table", FILE_COLUMNS, rows, mark=BYTE_ORDER_MARK)


@blueprint.get("/councils/<slug>/portfolio.csv")
@anyone
@revalidated
def portfolio_as_csv(slug: str) -> Response:
    """The projects it leads in the columns that can be brought in, with the address of each. Members read their own
    references."""
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
