"""Nations and regions with what is open in them: where a site leads its readers to work near them."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import Blueprint, list_etag, list_schema, not_modified
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of, one_word
from pipeline.api.vocabularies import WordSchema, word
from pipeline.councils.vocabulary import PLACES, REGION_BY_VALUE, Place
from pipeline.http.entry import anyone
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.portfolios.places import open_in_places
from pipeline.portfolios.queries import heard_up_to
from pipeline.projects.vocabulary import THEME_BY_VALUE

blueprint = Blueprint("api_places", __name__, url_prefix="/api/v1", description="Where councils are, and what is open")


class PlaceSchema(WordSchema):
    """A nation or a region. A nation that is one region is listed once, as the region."""

    kind = ma.fields.String(
        required=True, metadata={"description": "nation or region: what lists take its id as", "example": "region"}
    )
    nation = ma.fields.String(required=True, metadata={"example": "England"})
    open_projects = ma.fields.Integer(
        required=True, metadata={"description": "Led from there; kept a moment after something changed", "example": 12}
    )
    url = ma.fields.String(required=True, metadata={"description": "Its page: what is open, needed, learned, shared"})


class PlaceParameters(FewParameters):
    """What places can be narrowed to."""

    wanted = fields_of(PlaceSchema)
    theme = one_word(THEME_BY_VALUE, "An id of /themes: it narrows the numbers, not the places")


@blueprint.route("/places")
@anyone
@blueprint.arguments(PlaceParameters, location="query")
@blueprint.response(200, list_schema(PlaceSchema))
def list_places(asked: dict[str, Any]) -> Response:
    """List nations and regions, with how many projects are open in each, of all themes or of one."""
    reading = begin_read()
    etag = f"{list_etag()}.{mark_of(str(heard_up_to(reading)))}"
    if unchanged := not_modified(etag):
        return unchanged
    found = open_in_places(reading, asked.get("theme"))
    return answer_few("places", asked, [_shown(one, found[one.value]) for one in PLACES], etag)


def _shown(place: Place, number: int) -> dict[str, Any]:
    region = REGION_BY_VALUE.get(place.value)
    return {
        **word(place), "kind": place.filter, "nation": region.nation if region else place.value,
        "open_projects": number, "url": f"{current_app.config['PUBLIC_URL']}/places/{place.slug}",
    }  # fmt: skip
