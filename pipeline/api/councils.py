"""The register of councils."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import Response, current_app, redirect

from pipeline.api.base import (
    PUBLIC_FOR_A_WHILE,
    Blueprint,
    ListParameters,
    StrictBoolean,
    answer,
    answer_list,
    list_etag,
    list_schema,
    not_modified,
    page_of,
    row_etag,
    thing_schema,
)
from pipeline.api.parameters import fields_of, only, order_of, thing_parameters
from pipeline.councils import queries
from pipeline.councils.models import Council
from pipeline.councils.queries import CouncilFilters, Named
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
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
    url = ma.fields.String(required=True, metadata={"description": "The council's page"})
    etag = ma.fields.String(required=True)


class CouncilParameters(ListParameters):
    """What a list of councils can be narrowed to."""

    q = ma.fields.String(
        load_default="", validate=ma.validate.Length(max=100), metadata={"description": "Part of a name, or a GSS code"}
    )
    nation = ma.fields.String(validate=ma.validate.OneOf(list(NATION_BY_VALUE)))
    kind = ma.fields.String(validate=ma.validate.OneOf(list(KIND_BY_VALUE)))
    region = ma.fields.String(validate=ma.validate.OneOf(list(REGION_BY_VALUE)))
    active = StrictBoolean(metadata={"description": "Councils that exist today, or those that have ended"})
    has_projects = StrictBoolean(
        metadata={"description": "Councils that lead or joined a project, or those that did not"}
    )
    made_up = StrictBoolean(
        load_default=False,
        metadata={"description": "The made-up councils of a demonstration instead of the register's"},
    )
    sort = order_of(("short_name", "-short_name"))
    wanted = fields_of(CouncilSchema)


@blueprint.route("/councils")
@anyone
@blueprint.arguments(CouncilParameters, location="query")
@blueprint.response(200, list_schema(CouncilSchema))
def list_councils(asked: dict[str, Any]) -> Response:
    """List the councils of the register. Made-up ones, which a demonstration has, are listed only when asked for."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    reading = begin_read()
    limit, cursor, wants_total = asked.pop("limit"), asked.pop("cursor"), asked.pop("include_total")
    wanted, made_for = asked.pop("wanted"), filters_hash(asked)
    descending = asked.pop("sort").startswith("-")
    filters = CouncilFilters(**asked)
    place = read_cursor(cursor, "api-councils", made_for) if cursor else None
    position = (str(place[1]), str(place[2])) if place else None
    backwards = place is not None and place[0] == "before"
    rows = list(
        queries.councils_listed(
            reading,
            filters,
            limit=limit,
            after=None if backwards else position,
            before=position if backwards else None,
            descending=descending,
        )
    )
    more, rows = len(rows) > limit, rows[-limit:] if backwards else rows[:limit]
    has_next, has_previous = (bool(rows), more) if backwards else (more, place is not None and bool(rows))

    def cursor_at(direction: str, council: Council) -> str:
        return make_cursor("api-councils", [direction, council.short_name, str(council.id)], made_for)

    body = page_of(
        [only(council, wanted) for council in shown(reading, rows)],
        limit=limit,
        next_cursor=cursor_at("after", rows[-1]) if has_next else None,
        prev_cursor=cursor_at("before", rows[0]) if has_previous else None,
        total=queries.number_of_councils(reading, filters) if wants_total else None,
    )
    return answer_list(body, etag)


@blueprint.route("/councils/<string:code>")
@anyone
@blueprint.arguments(thing_parameters(CouncilSchema), location="query")
@blueprint.response(200, thing_schema(CouncilSchema))
def get_council(asked: dict[str, Any], code: str) -> Response:
    """Read one council, by slug or GSS code. A code it had before leads to it (308)."""
    reading = begin_read()
    council = queries.council_seen_by(reading, code)
    if code not in (council.slug, council.gss_code, str(council.id)):
        moved = redirect(f"{current_app.config['PUBLIC_URL']}/api/v1/councils/{council.slug}", 308)
        moved.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
        return moved  # type: ignore[return-value]
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
            "url": f"{base}/councils/{council.slug}", "etag": row_etag(council.version, council.revision),
        }
        for council in councils
    ]  # fmt: skip


def _reference(council: Named) -> dict[str, Any]:
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}
