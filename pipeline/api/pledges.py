"""Pledges of councils, from when they were authorised: before that nobody but the two sides knows of them."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    Blueprint,
    ListParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    Identifier,
    Moment,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_project,
    thing_parameters,
)
from pipeline.db.statements import utc_text
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.pledges import listing
from pipeline.pledges.listing import PledgeFilters
from pipeline.pledges.rules import COUNTING, PledgeStatus
from pipeline.projects.rules import UNITS, NeedKind

blueprint = Blueprint(
    "api_pledges", __name__, url_prefix="/api/v1", description="What councils promise towards the needs of projects"
)
PUBLIC_STATUSES = tuple(one.value for one in PledgeStatus if one not in (PledgeStatus.OFFERED, PledgeStatus.REFUSED))


class ProjectReference(ma.Schema):
    """A project in a few words."""

    slug = ma.fields.String(required=True, metadata={"example": "shared-repairs-form"})
    title = ma.fields.String(required=True)


class NeedReference(ma.Schema):
    """A need in a few words."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, metadata={"example": "time"})
    profession = ma.fields.String(required=True, allow_none=True, metadata={"example": "user-researcher"})


class ConditionSchema(ma.Schema):
    """What must hold before a pledge counts. New kinds bring members of their own."""

    class Meta:
        unknown = ma.INCLUDE

    kind = ma.fields.String(required=True)
    holds = ma.fields.Boolean(required=True)


class PledgeSchema(ma.Schema):
    """A council's promise towards a need: so many half-days, pence, or a number of a thing. The other two are null."""

    id = ma.fields.UUID(required=True)
    project = ma.fields.Nested(ProjectReference, required=True)
    need = ma.fields.Nested(NeedReference, required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    kind = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(NeedKind)})
    half_days = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 10})
    pence = ma.fields.Integer(required=True, allow_none=True, metadata={"example": None})
    quantity = ma.fields.Integer(required=True, allow_none=True, metadata={"example": None})
    status = ma.fields.String(
        required=True,
        metadata={"description": "Open-ended; today one of: " + ", ".join(PUBLIC_STATUSES), "example": "authorised"},
    )
    from_on = ma.fields.Date(required=True, allow_none=True, metadata={"description": "When officer time begins"})
    to_on = ma.fields.Date(required=True, allow_none=True)
    counts = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it is among what the need's `pledged` sums up"}
    )
    conditions = ma.fields.List(ma.fields.Nested(ConditionSchema), required=True)
    offered_at = ma.fields.DateTime(required=True)
    authorised_at = ma.fields.DateTime(required=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The pledge's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.2.2026-11"})


class PledgeParameters(ListParameters):
    """What a list of pledges can be narrowed to, and its order."""

    project = slug_of_project()
    need = Identifier(metadata={"description": "A need's id"})
    council = code_of_council()
    kind = one_word(NeedKind)
    status = one_word(PUBLIC_STATUSES)
    updated_since = Moment(metadata={"description": "Pledges that changed at this moment or later"})
    sort = order_of(listing.ORDERS)
    wanted = fields_of(PledgeSchema)


@blueprint.route("/pledges")
@anyone
@blueprint.arguments(PledgeParameters, location="query")
@blueprint.response(200, list_schema(PledgeSchema))
def list_pledges(parameters: dict[str, Any]) -> Response:
    """List pledges that were authorised, the latest changed first."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-pledges", parameters)
    reading = begin_read()
    filters = PledgeFilters(**asked.filters)
    page = listing.pledges_listed(
        reading, filters, order=listing.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: listing.number_of_pledges(reading, filters), etag)


@blueprint.route("/pledges/<uuid:pledge_id>")
@anyone
@blueprint.arguments(thing_parameters(PledgeSchema), location="query")
@blueprint.response(200, thing_schema(PledgeSchema))
def get_pledge(parameters: dict[str, Any], pledge_id: UUID) -> Response:
    """Read one pledge."""
    row = listing.pledge_listed(begin_read(), pledge_id)
    etag = row_etag(row.version, row.revision)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


def shown(row: Any) -> dict[str, Any]:
    """A pledge as the API shows it."""
    base = current_app.config["PUBLIC_URL"]
    amounts = dict.fromkeys(UNITS.values()) | {UNITS[NeedKind(row.kind)]: row.amount}
    return {
        "id": str(row.id),
        "project": {"slug": row.project_slug, "title": row.project_title},
        "need": {"id": str(row.need_id), "kind": row.kind, "profession": row.profession},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code},
        "kind": row.kind, **amounts, "status": row.status,
        "from_on": row.from_on, "to_on": row.to_on,
        "counts": PledgeStatus(row.status) in COUNTING, "conditions": [],
        "offered_at": utc_text(row.offered_at), "authorised_at": utc_text(row.authorised_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{base}/pledges/{row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip
