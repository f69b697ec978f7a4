"""What was delivered of pledges, and how committed pledges end: reading, and the acts of the two sides."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app
from sqlalchemy import select

from pipeline.accounts.tokens import Scope
from pipeline.api.base import list_schema, not_modified, row_etag, thing_schema
from pipeline.api.bodies import Body, Day, NoMembers, Prose, WholeNumber
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of
from pipeline.api.pledge_acts import after_act
from pipeline.api.pledges import PledgeSchema, blueprint
from pipeline.api.writing import carry_out, needs_key
from pipeline.councils.models import Council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.reading import begin_read
from pipeline.kernel.effort import MOST_HALF_DAYS
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.money import MOST_PENCE
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions, deliveries, queries
from pipeline.pledges.delivery import MOST_NOTE, Answer, Given, Side
from pipeline.pledges.models import Delivery, NotCome, Pledge
from pipeline.pledges.rules import MOST_QUANTITY, MOST_REASON
from pipeline.projects.rules import UNITS, NeedKind


class DeliverySchema(ma.Schema):
    """What was given of a pledge on a day. It is never edited; `corrects` and `corrected_by` name other entries.

    `counted` is what of it adds to what the pledge delivered: 0 while it waits for an answer, the lower figure where
    the other side disputed it.
    """

    id = ma.fields.UUID(required=True)
    pledge = ma.fields.UUID(required=True, metadata={"description": "The pledge's id"})
    unit = ma.fields.String(required=True, metadata={"description": "Of the three amounts", "example": "half_days"})
    amount = ma.fields.Integer(required=True, metadata={"example": 4})
    disputed_amount = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "The other side's lower figure", "example": None}
    )
    counted = ma.fields.Integer(required=True, metadata={"example": 4})
    delivered_on = ma.fields.Date(required=True)
    side = ma.fields.String(
        required=True, metadata={"description": "Who recorded it; open-ended; today one of: " + ", ".join(Side)}
    )
    recorded_for = ma.fields.Nested(CouncilReference, required=True)
    recorded_at = ma.fields.DateTime(required=True)
    answer = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the other side; open-ended; today one of: " + ", ".join(Answer)},
    )
    answered_at = ma.fields.DateTime(required=True, allow_none=True)
    answer_due_on = ma.fields.Date(
        required=True, metadata={"description": "Unanswered after this day it counts, marked as not yet agreed"}
    )
    counts = ma.fields.Boolean(required=True, metadata={"description": "Whether it was answered, or in time was not"})
    corrects = ma.fields.UUID(required=True, allow_none=True)
    corrected_by = ma.fields.UUID(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "The page of the pledge"})


class DeliveriesParameters(FewParameters):
    """What the list of a pledge's deliveries takes."""

    wanted = fields_of(DeliverySchema)


class LowerBody(Body):
    """How much was delivered in truth, in the unit of the pledge, and why."""

    half_days = WholeNumber(MOST_HALF_DAYS, metadata={"description": "Of a pledge of time", "example": 2})
    pence = WholeNumber(MOST_PENCE, metadata={"description": "Of a pledge of funding"})
    quantity = WholeNumber(MOST_QUANTITY, metadata={"description": "Of a pledge in kind"})
    note = Prose(MOST_NOTE, load_default="", metadata={"description": "Read by the two sides"})


class DeliveryBody(LowerBody):
    """What was given on a day, in the unit of the pledge."""

    delivered_on = Day(required=True, metadata={"example": "2026-11-20"})


class PublicReasonBody(Body):
    """Why the rest is not given. Everybody reads it."""

    reason = Prose(MOST_REASON, required=True, metadata={"example": "The post was cut."})


class AskReleaseBody(Body):
    """Why the council would be let off. The two sides read it."""

    reason = Prose(MOST_REASON, required=True, metadata={"example": "A partner no longer gives its part."})


class RefuseReleaseBody(Body):
    """Why the council is not let off. The two sides read it."""

    reason = Prose(MOST_REASON, required=True, metadata={"example": "We cannot go on without your officer."})


class NoteBody(Body):
    """What was waited for."""

    note = Prose(MOST_NOTE, load_default="", metadata={"description": "Read by the two sides"})


class ExplanationBody(Body):
    """What became of the pledge, and when it will come. The two sides read it."""

    answer = Prose(MOST_NOTE, required=True, metadata={"example": "In May, once the new officer has begun."})


ANSWER = thing_schema(DeliverySchema)
PLEDGE = thing_schema(PledgeSchema)


@blueprint.route("/pledges/<uuid:pledge_id>/deliveries")
@anyone
@blueprint.arguments(DeliveriesParameters, location="query")
@blueprint.response(200, list_schema(DeliverySchema))
def list_deliveries(parameters: dict[str, Any], pledge_id: UUID) -> Response:
    """List what was recorded of a pledge, in the order it was recorded."""
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    etag = row_etag(pledge.version, pledge.revision)
    if unchanged := not_modified(etag):
        return unchanged
    rows = shown(reading, pledge, deliveries.deliveries_of(reading, pledge.id))
    return answer_few("deliveries", parameters | {"pledge": str(pledge_id)}, rows, etag)


@blueprint.route("/pledges/<uuid:pledge_id>/deliveries", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@needs_key
@blueprint.arguments(DeliveryBody, location="json")
@blueprint.response(201, ANSWER)
def record_delivery(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Record what was given of a committed pledge, for its council or as a lead. Needs an Idempotency-Key."""

    def record(work: UnitOfWork) -> Delivery:
        kind = NeedKind(queries.pledge_seen_by(work, pledge_id).kind)
        return actions.record_delivery(work, pledge_id=pledge_id, given=_given(body, kind))

    return carry_out(body, record, _after, status=201)


@blueprint.route("/deliveries/<uuid:delivery_id>/correct", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@needs_key
@blueprint.arguments(DeliveryBody, location="json")
@blueprint.response(201, ANSWER)
def correct_delivery(body: dict[str, Any], delivery_id: UUID) -> Response:
    """Record what a delivery should have said, for the side that recorded it. Needs an Idempotency-Key."""

    def correct(work: UnitOfWork) -> Delivery:
        return actions.correct_delivery(work, delivery_id=delivery_id, given=_given(body, _kind(work, delivery_id)))

    return carry_out(body, correct, _after, status=201)


@blueprint.route("/deliveries/<uuid:delivery_id>/agree", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def agree_delivery(body: dict[str, Any], delivery_id: UUID) -> Response:
    """Agree what the other side recorded, one that was disputed as well."""
    return carry_out(body, lambda work: actions.agree_delivery(work, delivery_id=delivery_id), _after)


@blueprint.route("/deliveries/<uuid:delivery_id>/dispute", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(LowerBody, location="json")
@blueprint.response(200, ANSWER)
def dispute_delivery(body: dict[str, Any], delivery_id: UUID) -> Response:
    """Give a lower figure than the other side recorded: it counts at that, and both are shown."""

    def dispute(work: UnitOfWork) -> Delivery:
        amount = _amount(body, _kind(work, delivery_id))
        return actions.dispute_delivery(work, delivery_id=delivery_id, amount=amount, note=body["note"])

    return carry_out(body, dispute, _after)


@blueprint.route("/pledges/<uuid:pledge_id>/break", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(PublicReasonBody, location="json")
@blueprint.response(200, PLEDGE)
def break_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Say that the council does not give the rest of a committed pledge, with a public reason."""
    return carry_out(body, lambda work: actions.break_pledge(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/release", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(PublicReasonBody, location="json")
@blueprint.response(200, PLEDGE)
def release_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Let a council off the rest of its committed pledge, as a lead, with a public reason."""
    return carry_out(body, lambda work: actions.release_pledge(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/ask-release", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(AskReleaseBody, location="json")
@blueprint.response(200, PLEDGE)
def ask_release(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Ask the leads to let the council off the rest of its committed pledge. It stands until they do."""
    return carry_out(body, lambda work: actions.ask_release(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/refuse-release", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(RefuseReleaseBody, location="json")
@blueprint.response(200, PLEDGE)
def refuse_release(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Say no, as a lead, to a council that asks to be let off. Its pledge stands; it may ask again after 90 days."""
    return carry_out(body, lambda work: actions.refuse_release(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/not-come", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoteBody, location="json", required=False)
@blueprint.response(200, PLEDGE)
def say_not_come(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Say, as a lead, that a committed pledge has not come: its council is asked, and the public hears nothing."""
    return carry_out(body, lambda work: actions.say_not_come(work, pledge_id=pledge_id, **body), _pledge_after)


@blueprint.route("/pledges/<uuid:pledge_id>/explain", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(ExplanationBody, location="json")
@blueprint.response(200, PLEDGE)
def explain_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Answer the leads, who say that the council's pledge has not come."""
    return carry_out(body, lambda work: actions.answer_not_come(work, pledge_id=pledge_id, **body), _pledge_after)


def _kind(work: UnitOfWork, delivery_id: UUID) -> NeedKind:
    return NeedKind(queries.pledge_seen_by(work, deliveries.pledge_of_delivery(work, delivery_id)).kind)


def _given(body: dict[str, Any], kind: NeedKind) -> Given:
    return Given(amount=_amount(body, kind), delivered_on=body["delivered_on"], note=body["note"])


def _amount(body: dict[str, Any], kind: NeedKind) -> int:
    """The amount in the pledge's own unit. Raises RuleBroken (delivery.amount_missing, delivery.other_kind)."""
    unit = UNITS[kind]
    misplaced = [name for name in UNITS.values() if name != unit and name in body]
    if misplaced:
        words = Words(_("This belongs to a pledge of another kind."))
        raise RuleBroken(*(Problem("delivery.other_kind", words, name) for name in misplaced))
    if unit not in body:
        raise RuleBroken(Problem("delivery.amount_missing", Words(_("Say how much was delivered.")), unit))
    amount: int = body[unit]
    return amount


def _after(work: UnitOfWork, row: Delivery) -> dict[str, Any]:
    """A delivery as it stands after an act, inside the act's work."""
    work.session.flush()
    pledge = queries.pledge_seen_by(work, row.pledge_id)
    return next(
        one for one in shown(work, pledge, deliveries.deliveries_of(work, pledge.id)) if one["id"] == str(row.id)
    )


def _pledge_after(work: UnitOfWork, row: NotCome) -> dict[str, Any]:
    return after_act(work, queries.pledge_seen_by(work, row.pledge_id))


def shown(reading: Reading, pledge: Pledge, rows: Iterable[Delivery]) -> list[dict[str, Any]]:
    """The deliveries of a pledge as the API shows them: one query for the councils they were recorded for."""
    rows = tuple(rows)
    corrected = {one.corrects_id: str(one.id) for one in rows if one.corrects_id}
    ids = {one.recorded_for for one in rows}
    found = reading.session.execute(
        select(Council.id, Council.slug, Council.name, Council.gss_code).where(Council.id.in_(ids))
    )
    councils = {row.id: {"slug": row.slug, "name": row.name, "gss_code": row.gss_code} for row in found}
    url = f"{current_app.config['PUBLIC_URL']}/pledges/{pledge.id}"
    return [
        {
            "id": str(one.id), "pledge": str(pledge.id), "unit": UNITS[NeedKind(pledge.kind)], "amount": one.amount,
            "disputed_amount": one.disputed_amount, "counted": one.counted, "delivered_on": str(one.delivered_on),
            "side": one.side, "recorded_for": councils[one.recorded_for], "recorded_at": _moment(one.recorded_at),
            "answer": one.answer, "answered_at": one.answered_at and _moment(one.answered_at),
            "answer_due_on": str(one.answer_due_on), "counts": one.counts_at is not None,
            "corrects": one.corrects_id and str(one.corrects_id), "corrected_by": corrected.get(one.id), "url": url,
        }
        for one in rows
    ]  # fmt: skip


def _moment(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
