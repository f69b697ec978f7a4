"""The kinds of things that are exported: the rows of the API's own lists, a page of them at a time.

Each is read by the queries of its list and shown by the list's own function, so that an export cannot say anything else
than the list does. What makes the files lies below and is handed these (`exports/kinds.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from pipeline.api import (
    adoptions,
    artefacts,
    comments,
    councils,
    interests,
    lessons,
    measures,
    needs,
    pledges,
    projects,
    suggestions,
    updates,
)
from pipeline.api.base import NoParameters
from pipeline.artefacts.queries import document, library, register
from pipeline.artefacts.queries import suggestions as suggestion_queries
from pipeline.artefacts.queries.suggestions import SuggestionFilters
from pipeline.comments import queries as comment_queries
from pipeline.comments.queries import CommentFilters
from pipeline.councils import queries as council_queries
from pipeline.councils.queries import CouncilFilters
from pipeline.db.hot_lists import HotList, ids_for
from pipeline.db.keyset import Page, Place
from pipeline.db.work import Reading
from pipeline.exports.kinds import Column, ColumnType, Kind, Row
from pipeline.lessons.queries import library as lesson_library
from pipeline.lessons.queries.library import LessonFilters
from pipeline.measures import queries as measure_queries
from pipeline.measures.queries import MeasureFilters, ReadingFilters
from pipeline.pledges import listing as pledge_listing
from pipeline.pledges.listing import PledgeFilters
from pipeline.projects import interest_listing, listing, update_listing
from pipeline.projects.interest_listing import InterestFilters
from pipeline.projects.listing import NEEDS, NeedRow
from pipeline.projects.update_listing import UpdateFilters
from pipeline.search.queries import PROJECTS, projects_found

MOST_FILTERED = 10_000
"""Rows of a list that is narrowed and made on request."""

SHORT_ROWS, LONG_ROWS, TEXTS = 200, 20, 2
"""Rows read at a time: of figures, of things people wrote, of whole documents. A page is half a megabyte or so."""

Asked = dict[str, Any]
Pages = Iterator[Sequence[Row]]
SHAPE = frozenset({"limit", "cursor", "include_total", "wanted", "expand"})
"""What a list takes and an export does not: it is whole."""


def _narrowing(parameters: type[ma.Schema]) -> ma.Schema:
    """What a list can be narrowed to, and its order."""
    return parameters(exclude=SHAPE & parameters._declared_fields.keys())


@dataclass(frozen=True, slots=True)
class Listed:
    """A kind that is exported: what its list can be narrowed to, how its rows are read, and how many there are."""

    name: str
    schema: type[ma.Schema]
    parameters: ma.Schema
    pages: Callable[[Reading, Asked], Pages]
    number: Callable[[Reading, Asked], int] | None = None

    def kind(self) -> Kind:
        """All of it, as the worker makes it."""
        return Kind(self.name, columns_of(self.schema), lambda reading: self.pages(reading, self.asked({})))

    def asked(self, given: dict[str, str]) -> Asked:
        """Parameters as they are understood, with defaults for the rest. Raises marshmallow's ValidationError."""
        asked: Asked = self.parameters.load(given, unknown=ma.RAISE)
        return asked


def columns_of(schema: type[ma.Schema], *, within: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The columns of the table of a schema: what is nested gets dotted names, what is listed stays JSON."""
    columns: list[Column] = []
    for name, field in schema().fields.items():
        path = (*within, name)
        if isinstance(field, ma.fields.Nested) and not field.many:
            columns.extend(columns_of(type(field.schema), within=path))
        else:
            columns.append(_column(path, field))
    return tuple(columns)


TYPES: tuple[tuple[type[ma.fields.Field[Any]], ColumnType, str | None], ...] = (
    (ma.fields.UUID, ColumnType.STRING, "uuid"),
    (ma.fields.Integer, ColumnType.INTEGER, None),
    (ma.fields.Boolean, ColumnType.BOOLEAN, None),
    (ma.fields.Date, ColumnType.DATE, None),
    (ma.fields.DateTime, ColumnType.DATETIME, None),
    (ma.fields.List, ColumnType.ARRAY, None),
    (ma.fields.Dict, ColumnType.OBJECT, None),
    (ma.fields.String, ColumnType.STRING, None),
)
"""Types of fields and what Table Schema calls them; the first that fits holds."""


def _column(path: tuple[str, ...], field: ma.fields.Field[Any]) -> Column:
    kind, form = next((kind, form) for of, kind, form in TYPES if isinstance(field, of))
    return Column(path, kind, str(field.metadata.get("description", "")), form)


def _walk(read: Callable[[Place | None], Page], show: Callable[[Sequence[Any]], Sequence[Row]]) -> Pages:
    """Every page of a list from its first, as the API shows its rows."""
    place: Place | None = None
    while True:
        page = read(place)
        if page.rows:
            yield show(page.rows)
        place = page.after
        if place is None:
            return


def _hot(
    reading: Reading, hot: HotList, sort: str, filters: Asked, show: Callable[[Sequence[Any]], Sequence[Row]]
) -> Pages:
    order, descending = listing.order_of(sort)
    which: dict[str, Any] = {"order": order, "descending": descending, "limit": SHORT_ROWS}
    return _walk(lambda place: hot.page(reading.session, filters, place=place, **which), show)


def _apart(asked: Asked) -> tuple[str, Asked]:
    """The order, and what a list is narrowed to."""
    return asked["sort"], {name: value for name, value in asked.items() if name != "sort"}


def _councils(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: council_queries.councils_listed(
            reading, CouncilFilters(**filters), order=council_queries.ORDERS[sort], limit=SHORT_ROWS, place=place
        ),
        lambda rows: councils.shown(reading, [row.Council for row in rows]),
    )


def _projects(reading: Reading, asked: Asked) -> Pages:
    words, filters = asked["q"], {name: value for name, value in asked.items() if name not in ("q", "sort")}
    sort = asked["sort"] or (projects.RELEVANCE if words else listing.USUAL_SORT)
    sort = projects.SAME_SORTS.get(sort, sort)
    if not words:
        return _hot(reading, PROJECTS, sort, filters, lambda rows: projects.shown(reading, rows))
    ids = projects_found(reading.session, words, filters).ids
    if sort != projects.RELEVANCE:
        found = {"words": ids_for(reading.session, ids)}
        return _hot(reading, PROJECTS, sort, found, lambda rows: projects.shown(reading, rows))
    parts = (ids[start : start + SHORT_ROWS] for start in range(0, len(ids), SHORT_ROWS))
    return (projects.shown(reading, listing.rows_of(reading.session, part)) for part in parts)


def _number_of_projects(reading: Reading, asked: Asked) -> int:
    filters = {name: value for name, value in asked.items() if name not in ("q", "sort")}
    if asked["q"]:
        return len(projects_found(reading.session, asked["q"], filters).ids)
    return PROJECTS.count(reading.session, filters, MOST_FILTERED)


def _needs(reading: Reading, asked: Asked) -> Pages:
    return _hot(reading, NEEDS, *_apart(asked), lambda rows: [needs.shown(NeedRow(*row)) for row in rows])


def _pledges(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)

    def show(rows: Sequence[Any]) -> list[Row]:
        conditions = pledges.conditions_of(reading, rows)
        return [pledges.shown(row, conditions) for row in rows]

    return _walk(
        lambda place: pledge_listing.pledges_listed(
            reading, PledgeFilters(**filters), order=pledge_listing.ORDERS[sort], limit=SHORT_ROWS, place=place
        ),
        show,
    )


def _interests(reading: Reading, _asked: Asked) -> Pages:
    return _walk(
        lambda place: interest_listing.interests_listed(
            reading, InterestFilters(), order=interest_listing.ORDERS["shown_at"], limit=SHORT_ROWS, place=place
        ),
        lambda rows: [interests.shown(row) for row in rows],
    )


def _updates(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: update_listing.updates_listed(
            reading, UpdateFilters(**filters), order=update_listing.ORDERS[sort], limit=LONG_ROWS, place=place
        ),
        lambda rows: [updates.shown(row) for row in rows],
    )


def _lessons(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)

    def show(rows: Sequence[Any]) -> list[Row]:
        themes = lesson_library.themes_of(reading, [row.id for row in rows])
        return [lessons.shown(row, themes.get(row.id, ())) for row in rows]

    return _walk(
        lambda place: lesson_library.lessons_listed(
            reading, LessonFilters(**filters), order=lesson_library.ORDERS[sort], limit=LONG_ROWS, place=place
        ),
        show,
    )


def _documents(reading: Reading, asked: Asked) -> Iterator[Sequence[Any]]:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: library.documents_listed(
            reading, artefacts.filters_of(filters), order=library.ORDERS[sort], limit=SHORT_ROWS, place=place
        ),
        lambda rows: rows,
    )


def _artefacts(reading: Reading, asked: Asked) -> Pages:
    return ([artefacts.shown(row) for row in rows] for rows in _documents(reading, asked))


ALL_DOCUMENTS = {"sort": "published_at"}


def _versions(reading: Reading, _asked: Asked) -> Pages:
    """Document by document, as each one's own list has them."""
    for rows in _documents(reading, ALL_DOCUMENTS):
        for one in rows:
            yield from _versions_of(reading, one)


def _versions_of(reading: Reading, artefact: Any) -> Pages:
    return _walk(
        lambda place: document.versions_listed(
            reading, artefact, None, order=document.VERSION_ORDERS["-number"], limit=SHORT_ROWS, place=place
        ),
        lambda rows: [artefacts.version_shown(artefact, document.line_of(row)) for row in rows],
    )


def _suggestions(reading: Reading, _asked: Asked) -> Pages:
    """Document by document, as each one's own list has them."""
    for rows in _documents(reading, ALL_DOCUMENTS):
        for one in rows:
            yield from _suggestions_to(reading, one)


def _suggestions_to(reading: Reading, artefact: Any) -> Pages:
    order = suggestion_queries.ORDERS["-made_at"]
    return _walk(
        lambda place: suggestion_queries.suggestions_listed(
            reading, SuggestionFilters(artefact=artefact.id), order=order, limit=TEXTS, place=place
        ),
        lambda rows: [suggestions.shown(suggestion_queries.suggestion_of(row), artefact.slug) for row in rows],
    )


def _adoptions(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)

    def show(rows: Sequence[Any]) -> list[Row]:
        live = register.live_numbers_in(reading, {row.artefact_id for row in rows})
        return [adoptions.shown(row, live) for row in rows]

    return _walk(
        lambda place: register.adoptions_listed(
            reading, adoptions.filters_of(filters), order=register.ORDERS[sort], limit=SHORT_ROWS, place=place
        ),
        show,
    )


def _comments(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: comment_queries.comments_listed(
            reading, CommentFilters(**filters), order=comment_queries.ORDERS[sort], limit=LONG_ROWS, place=place
        ),
        lambda rows: [comments.shown(row) for row in rows],
    )


def _measures(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: measure_queries.measures_listed(
            reading, MeasureFilters(**filters), order=measure_queries.ORDERS[sort], limit=SHORT_ROWS, place=place
        ),
        lambda rows: [measures.listed(row) for row in rows],
    )


def _readings(reading: Reading, asked: Asked) -> Pages:
    sort, filters = _apart(asked)
    return _walk(
        lambda place: measure_queries.readings_listed(
            reading, ReadingFilters(**filters), order=measure_queries.READING_ORDERS[sort], limit=SHORT_ROWS,
            place=place,
        ),
        lambda rows: [measures.reading_shown(row) for row in rows],
    )  # fmt: skip


LISTED: dict[str, Listed] = {
    one.name: one
    for one in (
        Listed(
            "councils", councils.CouncilSchema, _narrowing(councils.CouncilParameters), _councils,
            lambda reading, asked: council_queries.number_of_councils(reading, CouncilFilters(**_apart(asked)[1])),
        ),
        Listed(
            "projects", projects.ProjectSchema, _narrowing(projects.ProjectParameters), _projects,
            _number_of_projects,
        ),
        Listed(
            "needs", needs.NeedSchema, _narrowing(needs.NeedParameters), _needs,
            lambda reading, asked: NEEDS.count(reading.session, _apart(asked)[1], MOST_FILTERED),
        ),
        Listed(
            "pledges", pledges.PledgeSchema, _narrowing(pledges.PledgeParameters), _pledges,
            lambda reading, asked: pledge_listing.number_of_pledges(reading, PledgeFilters(**_apart(asked)[1])),
        ),
        Listed("interests", interests.InterestSchema, NoParameters(), _interests),
        Listed(
            "updates", updates.UpdateSchema, _narrowing(updates.UpdateParameters), _updates,
            lambda reading, asked: update_listing.number_of_updates(reading, UpdateFilters(**_apart(asked)[1])),
        ),
        Listed(
            "lessons", lessons.LessonSchema, _narrowing(lessons.LessonsParameters), _lessons,
            lambda reading, asked: lesson_library.number_of_lessons(reading, LessonFilters(**_apart(asked)[1])),
        ),
        Listed(
            "artefacts", artefacts.ArtefactSchema, _narrowing(artefacts.ArtefactsParameters), _artefacts,
            lambda reading, asked: library.number_of_documents(reading, artefacts.filters_of(_apart(asked)[1])),
        ),
        Listed("versions", artefacts.VersionSchema, NoParameters(), _versions),
        Listed(
            "adoptions", adoptions.AdoptionSchema, _narrowing(adoptions.AdoptionsParameters), _adoptions,
            lambda reading, asked: register.number_of_adoptions(reading, adoptions.filters_of(_apart(asked)[1])),
        ),
        Listed("suggestions", suggestions.SuggestionSchema, NoParameters(), _suggestions),
        Listed(
            "comments", comments.CommentSchema, _narrowing(comments.CommentsParameters), _comments,
            lambda reading, asked: comment_queries.number_of_comments(reading, CommentFilters(**_apart(asked)[1])),
        ),
        Listed(
            "measures", measures.MeasureSchema, _narrowing(measures.MeasuresParameters), _measures,
            lambda reading, asked: measure_queries.number_of_measures(reading, MeasureFilters(**_apart(asked)[1])),
        ),
        Listed(
            "readings", measures.ReadingSchema, _narrowing(measures.ReadingsParameters), _readings,
            lambda reading, asked: measure_queries.number_of_all_readings(reading, ReadingFilters(**_apart(asked)[1])),
        ),
    )
}  # fmt: skip
"""Every kind that is exported, in the order in which they are made and listed."""
