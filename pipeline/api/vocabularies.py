"""The fixed words that other resources use, each with its label in English and Welsh."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Response

from pipeline import RELEASE
from pipeline.api.base import Blueprint, ListParameters, answer_list, list_schema, not_modified, page_of
from pipeline.councils.vocabulary import KINDS, NATIONS, REGIONS, Region
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.kernel.label import Label
from pipeline.projects.vocabulary import PHASES, PROFESSIONS, THEMES, Phase, Theme

blueprint = Blueprint(
    "api_vocabularies", __name__, url_prefix="/api/v1", description="The fixed words that other resources use"
)


class WordSchema(ma.Schema):
    """One word of a vocabulary. More are added; none changes its meaning."""

    id = ma.fields.String(required=True, metadata={"description": "What other resources hold", "example": "housing"})
    en = ma.fields.String(required=True, metadata={"example": "Housing"})
    cy = ma.fields.String(required=True, metadata={"example": "Tai"})


class ThemeSchema(WordSchema):
    """What a project is about."""

    esd_functions = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "The LGA's functions that come nearest, the nearest first"},
    )


class MeaningSchema(ma.Schema):
    """A sentence in both languages."""

    en = ma.fields.String(required=True)
    cy = ma.fields.String(required=True)


class PhaseSchema(WordSchema):
    """How far the work of a project is."""

    meaning = ma.fields.Nested(MeaningSchema, required=True)


class RegionSchema(WordSchema):
    """A region, and the nation it lies in."""

    nation = ma.fields.String(required=True)


def word(label: Label) -> dict[str, Any]:
    """A word of any vocabulary."""
    return {"id": label.value, "en": label.en, "cy": label.cy}


def theme(label: Theme) -> dict[str, Any]:
    """A theme."""
    return {**word(label), "esd_functions": list(label.esd_addresses)}


def phase(label: Phase) -> dict[str, Any]:
    """A phase."""
    return {**word(label), "meaning": {"en": label.meaning_en, "cy": label.meaning_cy}}


def region(label: Region) -> dict[str, Any]:
    """A region."""
    return {**word(label), "nation": label.nation}


def _register(
    path: str, labels: tuple[Any, ...], schema: type[ma.Schema], shown: Callable[..., dict[str, Any]], sentence: str
) -> None:
    """Give a vocabulary its address."""
    name = path.replace("-", "_")

    def list_words(asked: dict[str, Any]) -> Response:
        return _answer(path, [shown(label) for label in labels], asked)

    list_words.__name__, list_words.__doc__ = f"list_{name}", sentence
    view = blueprint.response(200, list_schema(schema))(list_words)
    view = blueprint.arguments(ListParameters, location="query")(view)
    blueprint.route(f"/{path}")(anyone(view))


def _answer(path: str, words: list[dict[str, Any]], asked: dict[str, Any]) -> Response:
    etag, limit = f"{path}.{RELEASE}", asked["limit"]
    if unchanged := not_modified(etag):
        return unchanged
    start = int(read_cursor(asked["cursor"], path)[0]) if asked["cursor"] else 0
    body = page_of(
        words[start : start + limit],
        limit=limit,
        next_cursor=make_cursor(path, [start + limit]) if start + limit < len(words) else None,
        prev_cursor=make_cursor(path, [max(0, start - limit)]) if start else None,
        total=len(words) if asked["include_total"] else None,
    )
    return answer_list(body, etag)


_register("themes", THEMES, ThemeSchema, theme, "List the themes: what projects are about.")
_register("phases", PHASES, PhaseSchema, phase, "List the phases: how far the work is.")
_register("professions", PROFESSIONS, WordSchema, word, "List the professions that needs for officer time ask for.")
_register("nations", NATIONS, WordSchema, word, "List the nations councils are in.")
_register("regions", REGIONS, RegionSchema, region, "List the regions councils are in.")
_register("council-kinds", KINDS, WordSchema, word, "List the kinds of council.")
