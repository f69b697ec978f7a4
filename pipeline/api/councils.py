"""The register of councils."""

from collections.abc import Collection, Sequence
from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    Blueprint,
    ListParameters,
    StrictBoolean,
    answer,
    list_etag,
    list_schema,
    moved_to,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.paging import Asked, answer_rows
from pipeline.api.parameters import Line, Moment, fields_of, one_word, only, order_of, thing_parameters
from pipeline.councils import queries
from pipeline.councils.models import Council
from pipeline.councils.queries import CouncilFilters, Named
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read

blueprint = Blueprint(
    "api_councils", __name__, url_prefix="/api/v1", description="The register of councils of the United Kingdom"
)


class CouncilReference(ma.Schema):
    """A council in a few words."""

    slug = ma.fields.String(required=True, metadata={"example": "hartlepool"})
    name = ma.fields.String(required=True, metadata={"example": "Hartlepool Borough Council"})
    gss_code = ma.fields.String(required=True, allow_none=True, metadata={"example": "E06000001"})


class CouncilSchema(CouncilReference):
    """A council, current or abolished."""

    id = ma.fields.UUID(required=True)
    name_cy = ma.fields.String(required=True, allow_none=True, metadata={"description": "The council's own Welsh name"})
    short_name = ma.fields.String(required=True, metadata={"example": "Hartlepool"})
    kind = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(KIND_BY_VALUE)}
    )
    nation = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    website = ma.fields.String(required=True, allow_none=True)
    active = ma.fields.Boolean(required=True, metadata={"description": "Whether the council exists today"})
    made_up = ma.fields.Boolean(required=True, metadata={"description": "Whether it belongs to a demonstration"})
    predecessors = ma.fields.List(ma.fields.Nested(CouncilReference), required=True)
    successors = ma.fields.List(ma.fields.Nested(CouncilReference), required=True)
    projects_led = ma.fields.Integer(required=True)
    projects_joined = ma.fields.Integer(required=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The council's page"})
    etag = ma.fields.String(required=True)


class CouncilParameters(ListParameters):
    """What a list of councils can be narrowed to."""

    q = Line(
        load_default="", validate=ma.validate.Length(max=100), metadata={"description": "Part of a name, or a GSS code"}
    )
    nation = one_word(NATION_BY_VALUE, "The nation it is in: an id of /nations")
    kind = one_word(KIND_BY_VALUE, "An id of /council-kinds")
    region = one_word(REGION_BY_VALUE, "The region it is in: an id of /regions")
    active = StrictBoolean(metadata={"description": "Councils that exist today, or those that have ended"})
    has_projects = StrictBoolean(
        metadata={"description": "Councils that lead or joined a project, or those that did not"}
    )
    made_up = StrictBoolean(
        load_default=False,
        metadata={"description": "The made-up councils of a demonstration instead of the register's"},
    )
    updated_since = Moment(metadata={"description": "Councils that changed at this moment or later"})
    sort = order_of(queries.ORDERS)
    wanted = fields_of(CouncilSchema)


@blueprint.route("/councils")
@anyone
@blueprint.arguments(CouncilParameters, location="query")
@blueprint.response(200, list_schema(CouncilSchema))
def list_councils(parameters: dict[str, Any]) -> Response:
    """List the councils of the register. Made-up ones, which a demonstration has, are listed only when asked for."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-councils", parameters)
    filters, reading = CouncilFilters(**asked.filters), begin_read()
    page = queries.councils_listed(
        reading, filters, order=queries.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    rows = shown(reading, [row.Council for row in page.rows])
    return answer_rows(asked, page, rows, lambda: queries.number_of_councils(reading, filters), etag)


@blueprint.route("/councils/<string:code>")
@anyone
@blueprint.arguments(thing_parameters(CouncilSchema), location="query")
@blueprint.response(200, thing_schema(CouncilSchema))
def get_council(asked: dict[str, Any], code: str) -> Response:
    """Read one council, by slug or GSS code. A code it had before leads to it (308)."""
    reading = begin_read()
    council = queries.council_seen_by(reading, code)
    if code not in (council.slug, council.gss_code, str(council.id)):
        return moved_to(f"/councils/{council.slug}")
    etag = row_etag(council.version, council.revision)
    return not_modified(etag) or answer({"data": only(shown(reading, [council])[0], asked["wanted"])}, etag=etag)


def shown(reading: Reading, councils: Sequence[Council]) -> list[dict[str, Any]]:
    """Councils as the API shows them."""
    relatives = queries.relatives(reading, [council.id for council in councils])
    base = current_app.config["PUBLIC_URL"]
    return [
        {
            "id": str(council.id), "slug": council.slug, "gss_code": council.gss_code, "name": council.name,
            "name_cy": council.name_cy, "short_name": council.short_name, "kind": council.kind,
            "nation": council.nation, "region": council.region, "website": council.website, "active": council.is_active,
            "made_up": council.is_made_up,
            "predecessors": [_reference(one) for one in relatives[council.id][0]],
            "successors": [_reference(one) for one in relatives[council.id][1]],
            "projects_led": council.projects_led, "projects_joined": council.projects_joined,
            "updated_at": utc_text(council.updated_at),
            "url": f"{base}/councils/{council.slug}", "etag": row_etag(council.version, council.revision),
        }
        for council in councils
    ]  # fmt: skip


def in_full(reading: Reading, slugs: Collection[str]) -> dict[str, dict[str, Any]]:
    """Councils as the API shows them, by slug: three queries, however many there are."""
    return {one["slug"]: one for one in shown(reading, queries.councils_with_slugs(reading, slugs))}


def _reference(council: Named) -> dict[str, Any]:
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}
