"""Pledges of councils, from when they were authorised; before that nobody but the two sides knows of them, and only a
token of theirs reads them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app, request

from pipeline.api import councils as councils_api
from pipeline.api import projects as projects_api
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    Parameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
    row_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.needs import shown as need_shown
from pipeline.api.paging import Asked, answer_rows
from pipeline.api.parameters import (
    Identifier,
    changed_since,
    code_of_council,
    expand_of,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_project,
)
from pipeline.api.references import NeedReference, ProjectReference
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.identity import current_bearer
from pipeline.http.reading import begin_public_read, begin_read
from pipeline.kernel.clock import uk_date
from pipeline.pledges import listing
from pipeline.pledges.condition_queries import conditions_measured
from pipeline.pledges.conditions import ConditionKind
from pipeline.pledges.listing import PledgeFilters
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.waiting_words import Measured
from pipeline.projects.listing import rows_of
from pipeline.projects.need_listing import needs_by_id
from pipeline.projects.rules import UNITS, NeedKind

blueprint = Blueprint(
    "api_pledges", __name__, url_prefix="/api/v1", description="What councils promise towards the needs of projects"
)
Conditions = Mapping[UUID, list[Measured]]
EXPANDED = ("council", "need", "project")


class ConditionSchema(ma.Schema):
    """What must hold before a pledge counts, and how near it is. Only the members that say something are there: `unit`
    of a total, `need` of a need, the groups of councils that are asked for. New kinds bring members of their own."""

    class Meta:
        unknown = ma.INCLUDE

    kind = ma.fields.String(
        required=True,
        metadata={"description": "Open-ended; today one of: " + ", ".join(ConditionKind), "example": "councils"},
    )
    at_least = ma.fields.Integer(
        metadata={"description": "So many councils besides the pledger's, or half-days or pence in all", "example": 2}
    )
    unit = ma.fields.String(metadata={"description": "Of a total: half_days or pence"})
    need = ma.fields.UUID(metadata={"description": "The id of the need that must be met"})
    of_kind = ma.fields.String(metadata={"example": "non-metropolitan district"})
    of_nation = ma.fields.String()
    of_region = ma.fields.String()
    have = ma.fields.Integer(
        required=True, metadata={"description": "How much of it there is; of a sum the pledge is a part", "example": 1}
    )
    want = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null where it can no longer hold", "example": 2}
    )
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
        metadata={"description": "Open-ended; today one of: " + ", ".join(PledgeStatus), "example": "authorised"},
    )
    from_on = ma.fields.Date(required=True, allow_none=True, metadata={"description": "When officer time begins"})
    to_on = ma.fields.Date(required=True, allow_none=True)
    delivered = ma.fields.Integer(required=True, metadata={"description": "In the unit of its kind", "example": 0})
    broken = ma.fields.Integer(required=True, metadata={"description": "What the council does not give", "example": 0})
    released = ma.fields.Integer(required=True, metadata={"description": "What it was let off", "example": 0})
    pledged_as = ma.fields.String(
        required=True, allow_none=True,
        metadata={"description": "The slug of the council that made it, where the council now follows that one"},
    )  # fmt: skip
    carry_over_due_on = ma.fields.Date(
        required=True, allow_none=True,
        metadata={"description": "By when its council says whether it holds under the project's new lead council"},
    )  # fmt: skip
    counts = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it is among what the need's `pledged` sums up"}
    )
    conditions = ma.fields.List(ma.fields.Nested(ConditionSchema), required=True)
    offered_at = ma.fields.DateTime(required=True)
    authorised_at = ma.fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Null only for those who know of it before"}
    )
    committed_at = ma.fields.DateTime(required=True, allow_none=True)
    answer_due_on = ma.fields.Date(
        required=True, allow_none=True,
        metadata={"description": "By when the leads owe a first answer; null where none was owed in the end"},
    )  # fmt: skip
    answered_on = ma.fields.Date(
        required=True, allow_none=True, metadata={"description": "When they first accepted, declined or asked back"}
    )
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The pledge's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.2.2026-11"})


class PledgeParameters(ListParameters):
    """What a list of pledges can be narrowed to, and its order."""

    project = slug_of_project()
    need = Identifier(metadata={"description": "A need's id"})
    council = code_of_council("The council that pledges")
    kind = one_word(NeedKind, "What is pledged")
    status = one_word(PledgeStatus, "How far the pledge is")
    updated_since = changed_since("Pledges")
    sort = order_of(listing.ORDERS)
    expand = expand_of(EXPANDED)
    wanted = fields_of(PledgeSchema)


class OnePledgeParameters(Parameters):
    """What can be asked of one pledge."""

    expand = expand_of(EXPANDED)
    wanted = fields_of(PledgeSchema)


@blueprint.route("/pledges")
@anyone
@blueprint.arguments(PledgeParameters, location="query")
@blueprint.response(200, list_schema(PledgeSchema))
def list_pledges(parameters: dict[str, Any]) -> Response:
    """List pledges that were authorised, the latest changed first. With a token: those its officer may know of."""
    etag = list_etag() if current_bearer() is None else None
    if etag is not None and (unchanged := not_modified(etag)):
        return unchanged
    expand = parameters.pop("expand")
    asked = Asked.of("api-pledges", parameters)
    reading = begin_read()
    filters = PledgeFilters(**asked.filters)
    page = listing.pledges_listed(
        reading, filters, order=listing.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    conditions = conditions_of(reading, page.rows)
    rows = expanded([shown(row, conditions) for row in page.rows], expand)
    return answer_rows(asked, page, rows, lambda: listing.number_of_pledges(reading, filters), etag)


@blueprint.route("/pledges/<uuid:pledge_id>")
@anyone
@blueprint.arguments(OnePledgeParameters, location="query")
@blueprint.response(200, thing_schema(PledgeSchema))
def get_pledge(parameters: dict[str, Any], pledge_id: UUID) -> Response:
    """Read one pledge."""
    pledge = pledge_now(begin_read(), pledge_id)
    data = expanded([pledge], parameters["expand"])[0]
    # What is expanded has marks of its own: the answer is then marked by all that it holds.
    etag = own_etag(data) if parameters["expand"] else pledge["etag"]
    return not_modified(etag) or answer({"data": only(data, parameters["wanted"])}, etag=etag)


def pledge_now(reading: Reading, pledge_id: UUID) -> dict[str, Any]:
    """One pledge as the API shows it, as it stands now. Raises NotFound."""
    row = listing.pledge_listed(reading, pledge_id)
    return shown(row, conditions_of(reading, [row]))


def conditions_of(reading: Reading, rows: Iterable[Any]) -> Conditions:
    """The conditions of pledges, by pledge: one query, and none where their projects know of no conditions."""
    return conditions_measured(reading, [row.id for row in rows if row.has_conditions])


@blueprint.after_request
def vary(response: Response) -> Response:
    """A token may see more: no cache between gives one caller what another was answered."""
    if request.method in ("GET", "HEAD"):
        response.vary.add("Authorization")
    return response


def shown(row: Any, conditions: Conditions) -> dict[str, Any]:
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
        "delivered": row.delivered, "broken": row.broken, "released": row.released,
        "pledged_as": row.pledged_as, "carry_over_due_on": row.carry_over_due_on,
        "counts": row.is_counting, "conditions": [condition_shown(one) for one in conditions.get(row.id, ())],
        "offered_at": utc_text(row.offered_at), "authorised_at": utc_text(row.authorised_at),
        "committed_at": utc_text(row.committed_at), "answer_due_on": row.answer_due_on,
        "answered_on": uk_date(row.answered_at) if row.answered_at else None,
        "updated_at": utc_text(row.updated_at),
        "url": f"{base}/pledges/{row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip


def expanded(rows: list[dict[str, Any]], expand: frozenset[str]) -> list[dict[str, Any]]:
    """Pledges with some of their members in full, as everybody reads them: at most six queries more, however many
    pledges there are. What is not public stays in short."""
    if not expand or not rows:
        return rows
    reading = begin_public_read()
    if "council" in expand:
        councils = councils_api.in_full(reading, {row["council"]["slug"] for row in rows})
        for row in rows:
            row["council"] = councils[row["council"]["slug"]]
    if "project" in expand:
        found = listing.projects_of(reading, [row["id"] for row in rows])
        projects = {one["slug"]: one for one in projects_api.shown(reading, rows_of(reading.session, found))}
        for row in rows:
            row["project"] = projects.get(row["project"]["slug"], row["project"])
    if "need" in expand:
        needs = needs_by_id(reading.session, {row["need"]["id"] for row in rows})
        for row in rows:
            need = needs.get(row["need"]["id"])
            row["need"] = need_shown(need) if need else row["need"]
    return rows


def condition_shown(measured: Measured) -> dict[str, Any]:
    """A condition as the API shows it: what it asks for, how much of it there is, and whether it holds."""
    condition = measured.condition
    said = {
        "kind": condition.kind.value, "at_least": condition.at_least or None,
        "unit": UNITS[condition.unit] if condition.unit else None,
        "need": str(condition.need_id) if condition.need_id else None, "of_kind": condition.of_kind,
        "of_nation": condition.of_nation, "of_region": condition.of_region,
    }  # fmt: skip
    asked = {name: value for name, value in said.items() if value is not None}
    return {**asked, "have": measured.have, "want": measured.want, "holds": measured.is_met}
