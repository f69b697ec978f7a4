"""Searching everything public, as the page does: ranked, with counts by facet and where the words stand."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import Blueprint, LinksSchema, Parameters, StrictInteger, answer_list, own_etag, page_of
from pipeline.api.bodies import WITHOUT_NUL
from pipeline.api.parameters import Line, one_word
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_hot_read
from pipeline.kernel import clock
from pipeline.projects.rules import NeedKind
from pipeline.projects.vocabulary import PHASE_BY_VALUE, THEME_BY_VALUE
from pipeline.search.facets import FACETS
from pipeline.search.find import Results, Sort, search
from pipeline.search.models import EntryKind
from pipeline.search.results import Result, results

blueprint = Blueprint("api_search", __name__, url_prefix="/api/v1", description="Finding anything public by its words")
CURSOR = "api-search"
LONGEST = 200
LICENCE, YEAR = r"^[A-Za-z0-9.-]{1,20}$", r"^[0-9]{4}$"
"""How a licence and a year are written."""


class SearchParameters(Parameters):
    """What is looked for, what it is narrowed to, and in which order it comes."""

    q = Line(
        load_default="",
        validate=ma.validate.Length(max=LONGEST),
        metadata={
            "description": "Words in any form and order; in quotation marks one after the other, in any form",
            "pattern": WITHOUT_NUL,
        },
    )
    kind = one_word(EntryKind, "Only things of this kind")
    theme = one_word(THEME_BY_VALUE, "One of its themes: an id of /themes")
    phase = one_word(PHASE_BY_VALUE, "How far its project is: an id of /phases")
    council_kind = one_word(KIND_BY_VALUE, "The kind of its lead council: an id of /council-kinds")
    nation = one_word(NATION_BY_VALUE, "The nation of its lead council")
    region = one_word(REGION_BY_VALUE, "The region of its lead council")
    need = one_word(NeedKind, "A kind of need it has open, or is")
    licence = ma.fields.String(
        validate=ma.validate.Regexp(LICENCE), metadata={"description": "The licence of a document"}
    )
    year = ma.fields.String(
        validate=ma.validate.Regexp(YEAR), metadata={"description": "Published, or ended, in this year"}
    )
    sort = ma.fields.String(
        load_default=Sort.RELEVANCE.value,
        validate=ma.validate.OneOf(list(Sort)),
        metadata={"description": "The order: the best, the newest, or what is decided soonest first"},
    )
    limit = StrictInteger(
        load_default=20, validate=ma.validate.Range(1, 100), metadata={"description": "Results on a page, 1 to 100"}
    )
    cursor = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(max=1000),
        metadata={"description": "From a link of an earlier page"},
    )


class SearchResultSchema(ma.Schema):
    """One thing that was found. Highlights are pairs of where a word begins and ends in a text, in characters."""

    kind = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "project"})
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    title_highlights = ma.fields.List(ma.fields.List(ma.fields.Integer()), required=True)
    excerpt = ma.fields.String(
        required=True, metadata={"description": "The part of its text that shows the words best"}
    )
    excerpt_highlights = ma.fields.List(ma.fields.List(ma.fields.Integer()), required=True)
    language = ma.fields.String(required=True, metadata={"description": "What it is written in: en or cy"})
    council = ma.fields.String(required=True, metadata={"description": "The slug of the council it is of"})
    belongs_to = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The title of its project or document"}
    )
    version = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "Of an earlier version"})
    published_at = ma.fields.DateTime(required=True, allow_none=True)
    decision_on = ma.fields.Date(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class FacetCountSchema(ma.Schema):
    """How many of what was found have a value of a facet."""

    value = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class SearchPageSchema(ma.Schema):
    """Which page of the results this is, and how many there are."""

    limit = ma.fields.Integer(required=True)
    has_more = ma.fields.Boolean(required=True)
    total = ma.fields.Integer(
        metadata={"description": "How many were found; missing where there are more than counted"}
    )
    total_at_least = ma.fields.Integer(metadata={"description": "In place of the total, where there are more"})


class SearchAnswerSchema(ma.Schema):
    """What a search found."""

    data = ma.fields.List(ma.fields.Nested(SearchResultSchema), required=True)
    facets = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.Nested(FacetCountSchema)),
        required=True,
        metadata={"description": "For each facet, how many of what was found have each value, most first"},
    )
    also_looked_for = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Words the index does not hold, and the nearest that it does"},
    )
    holds_all_words = ma.fields.Boolean(required=True, metadata={"description": "Whether every result holds all words"})
    is_being_renewed = ma.fields.Boolean(
        required=True, metadata={"description": "Whether nothing was found while the index is being made anew"}
    )
    links = ma.fields.Nested(LinksSchema, required=True)
    page = ma.fields.Nested(SearchPageSchema, required=True)


@blueprint.route("/search")
@anyone
@blueprint.arguments(SearchParameters, location="query")
@blueprint.response(200, SearchAnswerSchema)
def find_anything(parameters: dict[str, Any]) -> Response:
    """Find projects, needs, updates, lessons, documents, their earlier versions and councils by their words."""
    narrowed = {name: (parameters[name],) for name in FACETS if name in parameters}
    made_for = filters_hash({name: value for name, value in parameters.items() if name not in ("limit", "cursor")})
    start = int(read_cursor(parameters["cursor"], CURSOR, made_for)[0]) if parameters["cursor"] else 0
    limit = parameters["limit"]
    with begin_hot_read() as reading:
        found = search(reading.session, parameters["q"], narrowed, Sort(parameters["sort"]), clock.today())
        rows = results(reading.session, found.found[start : start + limit], found.question)

    def cursor_at(place: int) -> str:
        return make_cursor(CURSOR, [place], made_for)

    body = page_of(
        [_shown(row) for row in rows],
        limit=limit,
        next_cursor=cursor_at(start + limit) if start + limit < len(found.found) else None,
        prev_cursor=cursor_at(max(start - limit, 0)) if start else None,
    )
    body["page"] |= {"total_at_least" if found.has_more else "total": len(found.found)}
    body |= _about(found)
    return answer_list(body, own_etag(body))


def _about(found: Results) -> dict[str, Any]:
    return {
        "facets": {
            facet: [
                {"value": value, "count": count}
                for value, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
            ]
            for facet, counts in found.counts.items()
        },
        "also_looked_for": dict(found.corrected),
        "holds_all_words": not found.has_some,
        "is_being_renewed": found.is_being_renewed,
    }


def _shown(one: Result) -> dict[str, Any]:
    return {
        "kind": one.kind, "id": one.id, "title": one.title, "title_highlights": one.title_spans,
        "excerpt": one.excerpt, "excerpt_highlights": one.excerpt_spans, "language": one.language,
        "council": one.council_slug,
        "belongs_to": one.of or None, "version": one.number,
        "published_at": one.published_at or None, "decision_on": one.closes_on,
        "url": f"{current_app.config['PUBLIC_URL']}{one.path}",
    }  # fmt: skip
