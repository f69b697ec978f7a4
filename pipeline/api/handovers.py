"""Projects that are still true, and those on their way to another council: offered, asked for, agreed, approved."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, NoParameters, answer, list_schema, own_etag, page_of, thing_schema
from pipeline.api.bodies import Body, Id, NoMembers, Prose, Truth
from pipeline.api.councils import CouncilReference
from pipeline.api.pledge_acts import after_act as after_act_on_pledge
from pipeline.api.pledges import PledgeSchema
from pipeline.api.pledges import blueprint as pledges
from pipeline.api.project_acts import CallSchema, after_act
from pipeline.api.project_details import council_shown
from pipeline.api.projects import blueprint as projects
from pipeline.api.writing import carry_out
from pipeline.councils.queries import council_seen_by, councils_named
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members, officers, with_scope
from pipeline.http.reading import begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.pledges import actions
from pipeline.projects.actions import say_still_true as say_it
from pipeline.projects.handing_over import MOST_MESSAGE, HandoverKind, HandoverStatus
from pipeline.projects.handover_models import Handover
from pipeline.projects.handovers import HandoverShown, handover_shown, handovers_waiting_for

blueprint = Blueprint(
    "api_handovers", __name__, url_prefix="/api/v1", description="Projects on their way to another council"
)
LONGEST_CODE = 80


class ProjectHandedOver(ma.Schema):
    """The project it is about."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class HandoverSchema(ma.Schema):
    """A project on its way to another council, for those it concerns."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(HandoverKind)}
    )
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(HandoverStatus)}
    )
    project = ma.fields.Nested(ProjectHandedOver, required=True)
    from_council = ma.fields.Nested(CouncilReference, required=True)
    to_council = ma.fields.Nested(CouncilReference, required=True)
    message = ma.fields.String(required=True)
    answer = ma.fields.String(required=True, metadata={"description": "Why not, if the answer was no"})
    has_agreed = ma.fields.Boolean(
        required=True, metadata={"description": "Somebody with authority in the council that is to lead has agreed"}
    )
    answer_due_on = ma.fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Until when its leads can say that they are still here"},
    )
    asked_at = ma.fields.DateTime(required=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class TakeOverBody(Body):
    """Why your council would lead it. The council that leads it and the coordinators read this."""

    message = Prose(MOST_MESSAGE, required=True, metadata={"example": "We use it and would look after it."})


class HandOverBody(Body):
    """To which council, and why. Both councils and the coordinators read this."""

    council = Prose(LONGEST_CODE, required=True, metadata={"description": "Slug or GSS code", "example": "hartlepool"})
    message = Prose(MOST_MESSAGE, required=True, metadata={"example": "We have nobody for it any more."})


class AgreeBody(Body):
    """Which colleague will lead it; you, where nobody is said."""

    lead = Id(
        load_default=None,
        metadata={"description": "See /me/colleagues", "example": "0196f0a0-0000-7000-8000-000000000000"},
    )


class DeclineHandoverBody(Body):
    """Why not. Both councils read this."""

    answer = Prose(MOST_MESSAGE, required=True, metadata={"example": "We have no time this year."})


class CarryOverBody(Body):
    """Whether the pledge holds under the council that leads the project now. Otherwise it is released."""

    carries_over = Truth(required=True, metadata={"example": True})


ONE = thing_schema(HandoverSchema)


@projects.route("/projects/<string:slug>/still-true", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@projects.arguments(NoMembers, location="json", required=False)
@projects.response(200, thing_schema(CallSchema))
def say_still_true(body: dict[str, Any], slug: str) -> Response:
    """Say, as a lead, that the page is right as it stands."""
    return carry_out(body, lambda work: say_it(work, slug=slug), after_act)


@projects.route("/projects/<string:slug>/hand-over", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@projects.arguments(HandOverBody, location="json")
@projects.response(201, ONE)
def hand_over(body: dict[str, Any], slug: str) -> Response:
    """Offer a project to another council, as a lead. Somebody with authority in that council agrees."""

    def offer(work: UnitOfWork) -> Handover:
        council_id = council_seen_by(work, body["council"]).id
        return actions.offer_hand_over(work, slug=slug, council_id=council_id, message=body["message"])

    return carry_out(body, offer, _after, status=201)


@projects.route("/projects/<string:slug>/take-over", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@projects.arguments(TakeOverBody, location="json")
@projects.response(201, ONE)
def take_over(body: dict[str, Any], slug: str) -> Response:
    """Ask, for one's council, to lead a project that looks for a lead."""
    return carry_out(body, lambda work: actions.ask_take_over(work, slug=slug, **body), _after, status=201)


@blueprint.route("/me/handovers")
@officers
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(HandoverSchema))
def list_own_handovers(_asked: dict[str, Any]) -> Response:
    """List the projects on their way to another council that wait for the caller, the oldest first."""
    reading = begin_read()
    rows = [_shown(reading, one) for one in handovers_waiting_for(reading)]
    body = page_of(rows, limit=max(len(rows), 1), next_cursor=None)
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/handovers/<uuid:handover_id>")
@officers
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, ONE)
def get_handover(_asked: dict[str, Any], handover_id: UUID) -> Response:
    """Read a project's way to another council, as somebody it concerns."""
    reading = begin_read()
    body = {"data": _shown(reading, handover_shown(reading, handover_id))}
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/handovers/<uuid:handover_id>/agree", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(AgreeBody, location="json", required=False)
@blueprint.response(200, ONE)
def agree_handover(body: dict[str, Any], handover_id: UUID) -> Response:
    """Agree, with authority in the council that is to lead the project, and say who will."""
    return _act(body, lambda work: actions.agree_handover(work, handover_id=handover_id, lead_id=body.get("lead")))


@blueprint.route("/handovers/<uuid:handover_id>/decline", methods=["POST"])
@officers
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(DeclineHandoverBody, location="json")
@blueprint.response(200, ONE)
def decline_handover(body: dict[str, Any], handover_id: UUID) -> Response:
    """Say no: to what was offered to one's council, or, as a coordinator, to what a council asked for."""
    return _act(body, lambda work: actions.decline_handover(work, handover_id=handover_id, **body))


@blueprint.route("/handovers/<uuid:handover_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ONE)
def withdraw_handover(body: dict[str, Any], handover_id: UUID) -> Response:
    """Take back what one's side offered or asked for."""
    return _act(body, lambda work: actions.withdraw_handover(work, handover_id=handover_id))


@blueprint.route("/handovers/<uuid:handover_id>/approve", methods=["POST"])
@officers
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ONE)
def approve_takeover(body: dict[str, Any], handover_id: UUID) -> Response:
    """Let a council take a project over, as a coordinator."""
    return _act(body, lambda work: actions.approve_takeover(work, handover_id=handover_id))


@pledges.route("/pledges/<uuid:pledge_id>/carry-over", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_AUTHORISE)
@pledges.arguments(CarryOverBody, location="json")
@pledges.response(200, thing_schema(PledgeSchema))
def carry_pledge_over(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Say whether a committed pledge holds under the council that leads the project now."""
    return carry_out(
        body, lambda work: actions.answer_carry_over(work, pledge_id=pledge_id, **body), after_act_on_pledge
    )


def _act(body: dict[str, Any], act: Callable[[UnitOfWork], Handover]) -> Response:
    return carry_out(body, act, _after)


def _after(work: UnitOfWork, handover: Handover) -> dict[str, Any]:
    work.session.flush()
    return _shown(work, handover_shown(work, handover.id))


def _shown(reading: Reading, one: HandoverShown) -> dict[str, Any]:
    councils = councils_named(reading, {one.from_id, one.to_id})
    return {
        "id": one.id, "kind": one.kind, "status": one.status,
        "project": {"id": one.project_id, "slug": one.project_slug, "title": one.project_title},
        "from_council": council_shown(councils[one.from_id]), "to_council": council_shown(councils[one.to_id]),
        "message": one.message, "answer": one.answer, "has_agreed": one.has_agreed,
        "answer_due_on": one.answer_due_on, "asked_at": utc_text(one.asked_at), "ended_at": utc_text(one.ended_at),
        "url": f"{current_app.config['PUBLIC_URL']}/handovers/{one.id}",
    }  # fmt: skip
