"""The acts on pledges: offer and change, authorise and refuse, accept and decline, withdraw."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import NoParameters, answer, own_etag, row_etag, thing_schema
from pipeline.api.bodies import Body, Day, NoMembers, Prose, Word
from pipeline.api.offers import OfferBody, OfferChangeBody, offer_changed, offer_from
from pipeline.api.pledges import PledgeSchema, blueprint, pledge_now
from pipeline.api.writing import carry_out, needs_key
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotAllowed
from pipeline.pledges import actions, policy, queries
from pipeline.pledges.authority import MOST_GROUNDS, MOST_REFERENCE, Grounds
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import MOST_REASON, Capacity
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import NeedKind

ANSWER = thing_schema(PledgeSchema)


class CapacityBody(Body):
    """In which capacity somebody agrees. Everybody sees the capacity and the council, not the name."""

    capacity = Word(Capacity, required=True, metadata={"example": "budget-holder"})
    decided_on = Day(load_default=None, metadata={"description": "Needed for a committee: when it decided"})
    reference = Prose(MOST_REFERENCE, load_default="", metadata={"description": "Needed for a committee"})
    reasons = Prose(MOST_GROUNDS, load_default="", metadata={"description": "For the draft decision record"})
    alternatives = Prose(MOST_GROUNDS, load_default="", metadata={"description": "Considered and rejected: the same"})
    interests = Prose(MOST_GROUNDS, load_default="", metadata={"description": "Interests declared: the same"})


class ReasonBody(Body):
    """Why. Who reads it, the rules say: a refusal only its own council, the others the two sides."""

    reason = Prose(MOST_REASON, required=True, metadata={"example": "Our officer has left."})


class WithdrawBody(Body):
    """Why the council takes it back: needed once the pledge was authorised."""

    reason = Prose(MOST_REASON, load_default="", metadata={"example": "The budget was cut."})


class OfferShownSchema(ma.Schema):
    """What only the two sides read of a pledge, and what the caller can do with it now."""

    message = ma.fields.String(required=True, metadata={"description": "To the project's leads"})
    reason = ma.fields.String(required=True, allow_none=True, metadata={"description": "Why it was ended, if it was"})
    sign_off_by = ma.fields.Date(required=True)
    stands_until = ma.fields.Date(required=True, allow_none=True)
    first_financial_year = ma.fields.Integer(required=True, allow_none=True)
    last_financial_year = ma.fields.Integer(required=True, allow_none=True)
    spending = ma.fields.String(required=True, allow_none=True)
    worth_pence = ma.fields.Integer(required=True, allow_none=True)
    allowed = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Open-ended; the acts that are open to the caller"}
    )


@blueprint.route("/needs/<uuid:need_id>/pledges", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@needs_key
@blueprint.arguments(OfferBody, location="json")
@blueprint.response(201, ANSWER)
def offer_pledge(body: dict[str, Any], need_id: UUID) -> Response:
    """Offer a pledge towards a need, for the council the token acts for. Needs an Idempotency-Key."""
    kind = NeedKind(need_seen_by(begin_read(), need_id).kind)

    def offer(work: UnitOfWork) -> Pledge:
        return actions.offer_pledge(
            work, need_id=need_id, offer=offer_from(body, kind), replaces_id=body.get("replaces")
        )

    return carry_out(body, offer, after_act, status=201)


@blueprint.route("/pledges/<uuid:pledge_id>", methods=["PATCH"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(OfferChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Change an offer before it is authorised. Needs If-Match; its council is asked again."""

    def change(work: UnitOfWork) -> Pledge:
        pledge = queries.pledge_seen_by(work, pledge_id, lock=True)
        check_seen(pledge.version, row_etag(pledge.version, pledge.revision))
        return actions.change_pledge(work, pledge_id=pledge_id, offer=offer_changed(pledge, body))

    return carry_out(body, change, after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/authorise", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(CapacityBody, location="json")
@blueprint.response(200, ANSWER)
def authorise_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Agree to one's council's pledge, in a capacity. From here on everybody sees it."""
    capacity = Capacity(body["capacity"])
    grounds = Grounds(**{name: value for name, value in body.items() if name != "capacity"})
    return carry_out(
        body,
        lambda work: actions.authorise_pledge(work, pledge_id=pledge_id, capacity=capacity, grounds=grounds),
        after_act,
    )


@blueprint.route("/pledges/<uuid:pledge_id>/set-aside", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(ReasonBody, location="json")
@blueprint.response(200, ANSWER)
def set_aside_authorisation(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Set aside what somebody named by e-mail authorised, as an admin of the council: the pledge is offered again."""
    return carry_out(body, lambda work: actions.set_aside_authorisation(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/refuse", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(ReasonBody, location="json")
@blueprint.response(200, ANSWER)
def refuse_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Say no to one's council's own offer. Only the council reads the reason."""
    return carry_out(body, lambda work: actions.refuse_pledge(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/accept", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def accept_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Take an authorised pledge, as a lead of the project."""
    return carry_out(body, lambda work: actions.accept_pledge(work, pledge_id=pledge_id), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/decline", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(ReasonBody, location="json")
@blueprint.response(200, ANSWER)
def decline_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Do not take a pledge, as a lead of the project. The pledging council reads the reason."""
    return carry_out(body, lambda work: actions.decline_pledge(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(WithdrawBody, location="json", required=False)
@blueprint.response(200, ANSWER)
def withdraw_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Take one's council's pledge back; once it was authorised with a reason."""
    return carry_out(body, lambda work: actions.withdraw_pledge(work, pledge_id=pledge_id, **body), after_act)


@blueprint.route("/pledges/<uuid:pledge_id>/offer")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(OfferShownSchema))
def get_offer(_asked: dict[str, Any], pledge_id: UUID) -> Response:
    """Read what only the two sides know of a pledge, and what the caller can do with it now."""
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    facts = queries.facts_of(reading, pledge)
    decision = policy.may_read_message(reading.actor, facts)
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)
    body = {"data": _offer_shown(pledge, reading_reason=bool(policy.may_read_reason(reading.actor, facts)))}
    body["data"]["allowed"] = [act.value for act in policy.acts_open_to(reading.actor, facts)]
    return answer(body, etag=own_etag(body))


def _offer_shown(pledge: Pledge, *, reading_reason: bool) -> dict[str, Any]:
    return {
        "message": pledge.message, "reason": pledge.reason if reading_reason else None,
        "sign_off_by": pledge.sign_off_by, "stands_until": pledge.stands_until,
        "first_financial_year": pledge.first_financial_year, "last_financial_year": pledge.last_financial_year,
        "spending": pledge.spending, "worth_pence": pledge.worth_pence,
    }  # fmt: skip


def after_act(work: UnitOfWork, pledge: Pledge) -> dict[str, Any]:
    """A pledge as it stands after an act on it, inside the act's work."""
    work.session.flush()
    return pledge_now(work, pledge.id)
