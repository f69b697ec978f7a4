"""The fixed words that other resources use, each with its label in English and Welsh."""

from collections.abc import Callable
from functools import cache
from typing import Any

import marshmallow as ma
from flask import Blueprint as PlainBlueprint
from flask import Response, current_app

from pipeline import RELEASE
from pipeline.api.base import Blueprint, NoParameters, answer, list_schema, moved_to, not_modified, thing_schema
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of
from pipeline.councils.vocabulary import KINDS, NATIONS, REGIONS, Region
from pipeline.http.entry import anyone
from pipeline.kernel.errors import NotFound
from pipeline.kernel.label import Label
from pipeline.projects.vocabulary import PHASES, PROFESSIONS, THEME_BY_VALUE, THEMES, Phase, Theme

blueprint = Blueprint(
    "api_vocabularies", __name__, url_prefix="/api/v1", description="The fixed words that other resources use"
)

renamed = PlainBlueprint("api_renamed", __name__, url_prefix="/api/v1")
"""Addresses that go by another name here. The description leaves them out."""


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
    url = ma.fields.String(required=True, metadata={"description": "Its page: what is open, needed, learned, shared"})


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
    url = ma.fields.String(required=True, metadata={"description": "Its page: what is open, needed, learned, shared"})


def word(label: Label) -> dict[str, Any]:
    """A word of any vocabulary."""
    return {"id": label.value, "en": label.en, "cy": label.cy}


def theme_shown(label: Theme) -> dict[str, Any]:
    """A theme."""
    return {**word(label), "esd_functions": list(label.esd_addresses), "url": _page(f"themes/{label.slug}")}


def phase(label: Phase) -> dict[str, Any]:
    """A phase."""
    return {**word(label), "meaning": {"en": label.meaning_en, "cy": label.meaning_cy}}


def region_shown(label: Region) -> dict[str, Any]:
    """A region."""
    return {**word(label), "nation": label.nation, "url": _page(f"places/{label.slug}")}


def _page(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/{path}"


def _register(
    path: str, labels: tuple[Any, ...], schema: type[ma.Schema], shown: Callable[..., dict[str, Any]], sentence: str
) -> None:
    """Give a vocabulary its address."""
    name = path.replace("-", "_")

    def list_words(asked: dict[str, Any]) -> Response:
        return _answer(path, [shown(label) for label in labels], asked)

    list_words.__name__, list_words.__doc__ = f"list_{name}", sentence
    view = blueprint.response(200, list_schema(schema))(list_words)
    view = blueprint.arguments(_parameters_of(schema), location="query")(view)
    blueprint.route(f"/{path}")(anyone(view))


@cache
def _parameters_of(schema: type[ma.Schema]) -> type[ma.Schema]:
    """What a list of words takes."""
    name = schema.__name__.removesuffix("Schema") + "ListParameters"
    return FewParameters.from_dict({"wanted": fields_of(schema)}, name=name)


def _answer(path: str, words: list[dict[str, Any]], asked: dict[str, Any]) -> Response:
    etag = f"{path}.{RELEASE}"
    return not_modified(etag) or answer_few(path, asked, words, etag)


_register("themes", THEMES, ThemeSchema, theme_shown, "List the themes: what projects are about.")
_register("phases", PHASES, PhaseSchema, phase, "List the phases: how far the work is.")
_register("professions", PROFESSIONS, WordSchema, word, "List the professions that needs for officer time ask for.")
_register("nations", NATIONS, WordSchema, word, "List the nations councils are in.")
_register("regions", REGIONS, RegionSchema, region_shown, "List the regions councils are in.")
_register("council-kinds", KINDS, WordSchema, word, "List the kinds of council.")


@blueprint.route("/themes/<string:theme>")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(ThemeSchema))
def get_theme(_asked: dict[str, Any], theme: str) -> Response:
    """Read one theme. `/projects`, `/lessons` and `/artefacts` take its id as `theme`."""
    found = THEME_BY_VALUE.get(theme)
    if found is None:
        raise NotFound("theme")
    return answer({"data": theme_shown(found)}, etag=f"theme.{RELEASE}")


@blueprint.route("/regions/<string:region>")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(RegionSchema))
def get_region(_asked: dict[str, Any], region: str) -> Response:
    """Read one region, by the last part of its page's address. `/projects` and `/councils` take its id as `region`."""
    found = next((one for one in REGIONS if region in (one.slug, one.value)), None)
    if found is None:
        raise NotFound("region")
    return answer({"data": region_shown(found)}, etag=f"region.{RELEASE}")


@renamed.get("/roles")
@anyone
def list_roles() -> Response:
    """The roles that needs for officer time ask for are called professions here: lead to them."""
    return moved_to("/professions")
