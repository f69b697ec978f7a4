"""Spare capacity: what councils could give, and the needs it fits. For officers of councils, not for the public."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    answer,
    list_schema,
    own_etag,
    page_of,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, Day, NoMembers, Prose, WholeNumber, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import code_of_council, fields_of, one_word, order_of
from pipeline.api.writing import carry_out
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_read
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import LONGEST_THING, MOST_OF, UNITS, NeedKind
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE
from pipeline.spare_capacity import actions, queries
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.spare_capacity.queries import NeedFitted, SpareFilters
from pipeline.spare_capacity.rules import MOST_NOTE, Spare, SpareKind

blueprint = Blueprint(
    "api_spare_capacity", __name__, url_prefix="/api/v1", description="What councils could give, for their officers"
)


class SpareCapacitySchema(ma.Schema):
    """What a council could give in a period. Listing it promises nothing."""

    id = ma.fields.UUID(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    kind = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(SpareKind)}
    )
    profession = ma.fields.String(required=True, allow_none=True)
    thing = ma.fields.String(required=True, allow_none=True)
    half_days = ma.fields.Integer(required=True, allow_none=True)
    quantity = ma.fields.Integer(required=True, allow_none=True)
    from_on = ma.fields.Date(required=True)
    to_on = ma.fields.Date(required=True)
    note = ma.fields.String(required=True)
    listed_at = ma.fields.DateTime(required=True)
    changed_at = ma.fields.DateTime(required=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})
    etag = ma.fields.String(required=True)


class FittedNeedSchema(ma.Schema):
    """A need that spare capacity fits."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    project = ma.fields.String(required=True, metadata={"description": "The slug of its project"})
    offer_url = ma.fields.String(required=True, metadata={"description": "The page where it is offered, filled in"})


class HelpSchema(SpareCapacitySchema):
    """What another council could give towards a need of a project."""

    need = ma.fields.UUID(required=True)


class SpareCapacityParameters(ListParameters):
    """What a list of spare capacity can be narrowed to, and its order."""

    council = code_of_council()
    kind = one_word(SpareKind, "Time or things")
    profession = one_word(PROFESSION_BY_VALUE, "An id of /professions")
    sort = order_of(queries.ORDERS)
    wanted = fields_of(SpareCapacitySchema)


class FittedNeedsParameters(ListParameters):
    """The order of the needs that a line fits."""

    sort = order_of(queries.NEED_ORDERS)
    wanted = fields_of(FittedNeedSchema)


class SpareCapacityChangeBody(Body):
    """What changes of it; what is left out stays."""

    profession = Word(PROFESSION_BY_VALUE, allow_none=True, metadata={"example": "developer"})
    thing = Prose(LONGEST_THING, allow_none=True)
    half_days = WholeNumber(MOST_OF[NeedKind.TIME], least=1, metadata={"example": 10})
    quantity = WholeNumber(MOST_OF[NeedKind.IN_KIND], least=1)
    from_on = Day(metadata={"example": "2027-02-01"})
    to_on = Day(metadata={"example": "2027-04-30"})
    note = Prose(MOST_NOTE, metadata={"example": "Two days a week."})


class SpareCapacityBody(SpareCapacityChangeBody):
    """What the council could give: half-days of a profession (`time`), or a number of a thing (`in_kind`)."""

    kind = Word(SpareKind, required=True, metadata={"example": "time"})
    from_on = Day(required=True, metadata={"example": "2027-02-01"})
    to_on = Day(required=True, metadata={"example": "2027-04-30"})


SPARE_CAPACITY = thing_schema(SpareCapacitySchema)


@blueprint.route("/spare-capacity")
@members
@blueprint.arguments(SpareCapacityParameters, location="query")
@blueprint.response(200, list_schema(SpareCapacitySchema))
def list_spare_capacity(parameters: dict[str, Any]) -> Response:
    """List what councils could give today or later, what is gone soonest first."""
    reading = begin_read()
    asked = Asked.of("api-spare-capacity", parameters)
    filters = SpareFilters(**asked.filters)
    page = queries.spare_capacity_listed(
        reading, filters, order=queries.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: queries.number_of_spare_capacity(reading, filters), None)


@blueprint.route("/spare-capacity", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(SpareCapacityBody, location="json")
@blueprint.response(201, SPARE_CAPACITY)
def add_spare_capacity(body: dict[str, Any]) -> Response:
    """Say what one's council could give. Officers of other councils read it; nothing is promised."""
    spare = Spare(
        kind=SpareKind(body["kind"]), amount=_amount(body, body["kind"], 0), from_on=body["from_on"],
        to_on=body["to_on"], profession=body.get("profession"), thing=body.get("thing"), note=body.get("note", ""),
    )  # fmt: skip
    return carry_out(body, lambda work: actions.list_spare_capacity(work, spare=spare), _after, status=201)


@blueprint.route("/spare-capacity/<uuid:spare_capacity_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, SPARE_CAPACITY)
def get_spare_capacity(_asked: dict[str, Any], spare_capacity_id: UUID) -> Response:
    """Read one line of it."""
    body = {"data": shown(queries.spare_capacity_shown(begin_read(), spare_capacity_id))}
    return answer(body, etag=body["data"]["etag"])


@blueprint.route("/spare-capacity/<uuid:spare_capacity_id>", methods=["PATCH"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(SpareCapacityChangeBody, location="json")
@blueprint.response(200, SPARE_CAPACITY)
def change_spare_capacity(body: dict[str, Any], spare_capacity_id: UUID) -> Response:
    """Put right what one's council could give."""

    def change(work: UnitOfWork) -> SpareCapacity:
        row = queries.spare_capacity_seen_by(work, spare_capacity_id, lock=True)
        check_seen(row.version, row_etag(row.version, row.revision))
        before = row.spare
        spare = Spare(
            kind=before.kind, amount=_amount(body, before.kind, before.amount),
            from_on=body.get("from_on", before.from_on), to_on=body.get("to_on", before.to_on),
            profession=body.get("profession", before.profession), thing=body.get("thing", before.thing),
            note=body.get("note", before.note),
        )  # fmt: skip
        return actions.change_spare_capacity(
            work, spare_capacity_id=spare_capacity_id, version=row.version, spare=spare
        )

    return carry_out(body, change, _after)


@blueprint.route("/spare-capacity/<uuid:spare_capacity_id>/end", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, SPARE_CAPACITY)
def end_spare_capacity(body: dict[str, Any], spare_capacity_id: UUID) -> Response:
    """Say that one's council can no longer give it."""
    return carry_out(body, lambda work: actions.end_spare_capacity(work, spare_capacity_id=spare_capacity_id), _after)


@blueprint.route("/spare-capacity/<uuid:spare_capacity_id>/needs")
@members
@blueprint.arguments(FittedNeedsParameters, location="query")
@blueprint.response(200, list_schema(FittedNeedSchema))
def list_fitted_needs(parameters: dict[str, Any], spare_capacity_id: UUID) -> Response:
    """List the open needs of other councils that it fits, those of the newest projects first."""
    reading = begin_read()
    asked = Asked.of(f"api-spare-capacity-needs-{spare_capacity_id}", parameters)
    row = queries.spare_capacity_shown(reading, spare_capacity_id)
    page = queries.needs_fitted_listed(
        reading, row, order=queries.NEED_ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )

    def fitted(found: Any) -> dict[str, Any]:
        return need_shown(queries.need_of(found))

    return answer_page(asked, page, fitted, lambda: queries.number_of_needs_fitted(reading, row), None)


@blueprint.route("/projects/<string:slug>/could-help")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(HelpSchema))
def list_councils_that_could_help(_asked: dict[str, Any], slug: str) -> Response:
    """List what other councils could give that fits the open needs of a project, by need: the first fifty."""
    reading = begin_read()
    project = project_seen_by(reading, slug)
    rows = queries.councils_that_could_help(reading, project.id)
    body = page_of(
        [shown(row) | {"need": str(row.need_id)} for row in rows[: queries.MOST_HELPERS]],
        limit=queries.MOST_HELPERS,
        next_cursor=None,
    )
    return answer(body, etag=own_etag(body))


def _amount(body: dict[str, Any], kind: str, otherwise: int) -> int:
    amount: int = body.get(UNITS[NeedKind(kind)], otherwise)
    return amount


def _after(work: UnitOfWork, row: SpareCapacity) -> dict[str, Any]:
    work.session.flush()
    return shown(queries.spare_capacity_shown(work, row.id))


def shown(row: Any) -> dict[str, Any]:
    """A line of spare capacity as the API shows it."""
    is_time = row.kind == SpareKind.TIME
    return {
        "id": str(row.id),
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code},
        "kind": row.kind, "profession": row.profession, "thing": row.thing,
        "half_days": row.amount if is_time else None, "quantity": None if is_time else row.amount,
        "from_on": str(row.from_on), "to_on": str(row.to_on), "note": row.note, "listed_at": utc_text(row.listed_at),
        "changed_at": utc_text(row.changed_at), "ended_at": utc_text(row.ended_at),
        "url": f"{current_app.config['PUBLIC_URL']}/spare-capacity", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip


def need_shown(need: NeedFitted) -> dict[str, Any]:
    """A need that it fits, with the page where it is offered."""
    offer = f"/needs/{need.id}/pledges/new?spare={need.spare_capacity_id}"
    return {
        "id": str(need.id), "title": need.title, "kind": need.kind, "project": need.project_address,
        "offer_url": f"{current_app.config['PUBLIC_URL']}{offer}",
    }  # fmt: skip
