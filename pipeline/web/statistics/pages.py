"""The pages of figures, and the tables they show as CSV."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_public_read
from pipeline.kernel.effort import days
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.money import pounds
from pipeline.kernel.spreadsheets import Cell
from pipeline.kernel.words import Words, _
from pipeline.statistics import queries
from pipeline.statistics.measures import ALL, Measure
from pipeline.statistics.queries import NAMES, Figures, Named, Row
from pipeline.web.csv_tables import csv_answer
from pipeline.web.rendering import revalidated_with, show
from pipeline.web.statistics import sections
from pipeline.web.statistics.asked import FILTERS, MEASURE, Asked, options
from pipeline.web.statistics.sections import Section

blueprint = Blueprint("statistics", __name__)


def _mark() -> str:
    """The mark of the sums: the worker changes them a moment after something happened."""
    found = queries.as_of(begin_public_read())
    return f".{mark_of(found.mark)}" if found else ""


@blueprint.get("/statistics")
@anyone
@revalidated_with(_mark)
def overview() -> Response:
    """What councils pledge, commit and deliver, month by month."""
    asked = Asked.of_request(*FILTERS)
    found = queries.over_time(begin_public_read(), asked.narrowed)
    made = [sections.by_month(found.months, found.total)] if found.months else []
    return _show("overview", gettext("Statistics"), asked, made, _large(found.total))


@blueprint.get("/statistics/themes")
@anyone
@revalidated_with(_mark)
def themes() -> Response:
    """The same by theme. A project of two themes is in both."""
    asked = Asked.of_request(*FILTERS)
    rows = queries.side_by_side(begin_public_read(), "theme", asked.narrowed)
    note = gettext("A project of two themes counts in both.")
    made = [sections.by_words("theme", rows)] if sections.has_any(rows) else []
    return _show("themes", gettext("Statistics by theme"), asked, made, note=note)


@blueprint.get("/statistics/places")
@anyone
@revalidated_with(_mark)
def places() -> Response:
    """The same by region, with a map, and by kind of council."""
    asked, reading = Asked.of_request(*FILTERS, drawable=sections.GIVEN), begin_public_read()
    measure, here = Measure(asked.drawn.get(MEASURE, sections.DAYS[0])), _here()
    choices = [(sections.name_of(one), asked.drawing(here, one), one is measure) for one in sections.GIVEN]
    regions, kinds = (queries.side_by_side(reading, by, asked.narrowed) for by in ("region", "kind"))
    made = [sections.by_region(regions, measure, choices)] if sections.has_any(regions) else []
    made += [sections.by_words("kind", kinds)] if sections.has_any(kinds) else []
    note = gettext("Projects count where the lead council is, pledges where the council that pledges is.")
    return _show("places", gettext("Statistics by place"), asked, made, note=note)


@blueprint.get("/statistics/answers")
@anyone
@revalidated_with(_mark)
def answers() -> Response:
    """How many pledges leads answered within three working days."""
    asked = Asked.of_request(*FILTERS)
    found = queries.over_time(begin_public_read(), asked.narrowed)
    made = [sections.answers(found.months, found.total)] if any(found.total[one] for one in sections.ANSWERS) else []
    note = gettext("Only pledges are counted. How soon anything else is answered, only the two sides can read.")
    return _show("answers", gettext("Answers on time"), asked, made, note=note)


@blueprint.get("/statistics/documents")
@anyone
@revalidated_with(_mark)
def documents() -> Response:
    """How many documents councils use of others, and how new their versions are."""
    asked = Asked.of_request(*FILTERS)
    found = queries.over_time(begin_public_read(), asked.narrowed)
    made = [sections.documents(found.months, found.total)] if found.total[Measure.ADOPTIONS] else []
    return _show("documents", gettext("Documents in use"), asked, made)


@blueprint.get("/statistics/councils")
@anyone
@revalidated_with(_mark)
def councils() -> Response:
    """Who of the busiest councils works with whom."""
    reading, asked = begin_public_read(), Asked.of_request()
    busiest = queries.busiest_councils(reading)
    ties = queries.pairs_among(reading, busiest)
    made = [sections.working_together(busiest, ties, _name)] if ties else []
    note = gettext("The councils that take part in most projects. Work recorded from public sources is included.")
    return _show("councils", gettext("Who works with whom"), asked, made, note=note)


def _name(council: Named) -> str:
    return council.name_cy if council.name_cy and current_language() == "cy" else council.name


def _show(
    page: str, title: str, asked: Asked, made: Sequence[Section], large: Sequence[Any] = (), note: str = ""
) -> Response:
    reading = begin_public_read()
    here = _here()
    filters = () if page == "councils" else FILTERS
    years = queries.over_time(reading, queries.Narrowed()).years if filters else ()
    return show(
        "statistics/show.html", title=title, page=page, pages=_pages(), here=here, as_of=queries.as_of(reading),
        figures=large, note=note, sections=[one for one in made if one.rows],
        filters=options(filters, asked, years), in_use=bool(asked.given), has_unknown=asked.has_unknown,
        removable=asked.removable(here), query=asked.query, drawn=asked.drawn,
    )  # fmt: skip


def _here() -> str:
    return f"{request.script_root}{request.path}"


def _pages() -> list[tuple[str, str, str]]:
    """The pages, for the way between them: name, address and what it is called."""
    names = {
        "overview": gettext("By month"), "themes": gettext("By theme"), "places": gettext("By place"),
        "councils": gettext("Who works with whom"), "answers": gettext("Answers on time"),
        "documents": gettext("Documents in use"),
    }  # fmt: skip
    return [(page, url_for(f"statistics.{page}"), name) for page, name in names.items()]


def _large(total: Figures) -> list[dict[str, str]]:
    """The figures at the head."""
    shown = (
        (f"{total[Measure.PROJECTS]:,}", gettext("projects published")),
        (f"{total[Measure.COUNCILS]:,}", gettext("councils taking part")),
        (days(total[Measure.PLEDGED_HALF_DAYS]), gettext("days of officer time pledged")),
        (pounds(total[Measure.PLEDGED_PENCE]), gettext("pledged in funding")),
        (days(total[Measure.COMMITTED_HALF_DAYS]), gettext("days committed")),
        (pounds(total[Measure.COMMITTED_PENCE]), gettext("committed in funding")),
        (days(total[Measure.DELIVERED_HALF_DAYS]), gettext("days delivered")),
        (pounds(total[Measure.DELIVERED_PENCE]), gettext("delivered in funding")),
    )
    return [{"value": value, "label": label} for value, label in shown]


@blueprint.get("/statistics/months.csv")
@anyone
@revalidated_with(_mark)
def months_as_csv() -> Response:
    """Every figure month by month."""
    return _csv("month", queries.over_time(begin_public_read(), _narrowed(*FILTERS)).months)


@blueprint.get("/statistics/themes.csv")
@anyone
@revalidated_with(_mark)
def themes_as_csv() -> Response:
    """Every figure by theme."""
    return _side_by_side("theme")


@blueprint.get("/statistics/regions.csv")
@anyone
@revalidated_with(_mark)
def regions_as_csv() -> Response:
    """Every figure by region."""
    return _side_by_side("region")


@blueprint.get("/statistics/kinds.csv")
@anyone
@revalidated_with(_mark)
def kinds_as_csv() -> Response:
    """Every figure by kind of council."""
    return _side_by_side("kind")


@blueprint.get("/statistics/councils.csv")
@anyone
@revalidated_with(_mark)
def councils_as_csv() -> Response:
    """Which of the busiest councils work together, and in how many projects of either; the API has who leads them."""
    _narrowed()
    reading, moment = begin_public_read(), _as_of()
    busiest = queries.busiest_councils(reading)
    rows: list[list[Cell]] = [
        [busiest[one].slug, busiest[one].name, busiest[other].slug, busiest[other].name, number, moment]
        for one, other, number in queries.pairs_among(reading, busiest)
    ]
    header = ["council", "council_name", "works_with", "works_with_name", "projects", "as_of"]
    return csv_answer("statistics-councils", header, rows)


def _side_by_side(by: str) -> Response:
    return _csv(by, queries.side_by_side(begin_public_read(), by, _narrowed(*FILTERS)))


def _narrowed(*names: str) -> queries.Narrowed:
    """What a file is narrowed to. It cannot say what it left out, so what means nothing here is refused."""
    asked = Asked.of_request(*names)
    if asked.has_unknown:
        words = Words(_("Part of this address means nothing here. Go to the page of the figures to download them."))
        raise RuleBroken(Problem("statistics.unknown_filter", words))
    return asked.narrowed


def _csv(by: str, rows: Sequence[Row]) -> Response:
    """A table in plain numbers, half-days and pence as the API has them, each line with the moment it stands at."""
    moment = _as_of()
    lines: list[list[Cell]] = [[row.of, *(row.figures[name] for name in NAMES), moment] for row in rows]
    return csv_answer(f"statistics-{by}s", [by, *NAMES, "as_of"], lines)


def _as_of() -> str:
    found = queries.as_of(begin_public_read())
    return f"{found.moment:%Y-%m-%dT%H:%M:%SZ}" if found else ALL
