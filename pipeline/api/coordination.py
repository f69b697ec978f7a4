"""The coordinator's desk: what waits, what is nearly there and what failed, and having it tried again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, ListParameters, list_schema, thing_schema
from pipeline.api.bodies import Body, NoMembers, Prose
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import fields_of, order_of
from pipeline.api.writing import carry_out
from pipeline.coordination import actions, desk
from pipeline.coordination.desk import DeskList
from pipeline.coordination.problems import shown_problem
from pipeline.db.statements import utc_text
from pipeline.http.entry import coordinators, with_scope
from pipeline.http.reading import begin_read
from pipeline.projects.rules import UNITS, NeedKind
from pipeline.similarity.actions import dismiss_duplicate as dismiss
from pipeline.similarity.rules import LONGEST_REASON

blueprint = Blueprint(
    "api_coordination", __name__, url_prefix="/api/v1/coordination", description="The coordinator's desk"
)
WAITS = {"description": "Since when it waits"}


class DeskProject(ma.Schema):
    """A public project, with the council that leads it."""

    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class WaitingOfferSchema(ma.Schema):
    """An offer that waits for somebody in its council to authorise it."""

    id = ma.fields.UUID(required=True, metadata={"description": "The pledge"})
    waiting_since = ma.fields.DateTime(required=True, metadata=WAITS)
    sign_off_by = ma.fields.Date(required=True)
    kind = ma.fields.String(required=True)
    half_days = ma.fields.Integer(required=True, allow_none=True)
    pence = ma.fields.Integer(required=True, allow_none=True)
    quantity = ma.fields.Integer(required=True, allow_none=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    project = ma.fields.Nested(DeskProject, required=True)


class OwedAnswerSchema(ma.Schema):
    """An answer that the leads of a project have long owed: to what kind of thing, never what was written."""

    id = ma.fields.UUID(required=True)
    about = ma.fields.String(required=True, metadata={"description": "Open-ended; today pledge, interest, suggestion"})
    waiting_since = ma.fields.DateTime(required=True, metadata=WAITS)
    due_on = ma.fields.Date(required=True)
    project = ma.fields.Nested(DeskProject, required=True)


class WaitingRequestSchema(ma.Schema):
    """An officer asked into a team who has not answered, or a request to join that the leads have not."""

    id = ma.fields.UUID(required=True)
    is_invitation = ma.fields.Boolean(required=True, metadata={"description": "Whether a lead asks, not the officer"})
    waiting_since = ma.fields.DateTime(required=True, metadata=WAITS)
    due_on = ma.fields.Date(required=True, allow_none=True)
    project = ma.fields.Nested(DeskProject, required=True)


class NearlyThereSchema(ma.Schema):
    """A project that one pledge may be enough for."""

    id = ma.fields.UUID(required=True)
    decision_on = ma.fields.Date(required=True)
    project = ma.fields.Nested(DeskProject, required=True)


class UnofferedNeedSchema(ma.Schema):
    """A need that nobody offers anything for."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    profession = ma.fields.String(required=True, allow_none=True)
    target = ma.fields.Integer(required=True, metadata={"description": "In the unit of its kind"})
    waiting_since = ma.fields.DateTime(required=True, metadata=WAITS)
    project = ma.fields.Nested(DeskProject, required=True)


class SilentProjectSchema(ma.Schema):
    """A running project whose leads have given no sign of life for long."""

    id = ma.fields.UUID(required=True)
    silent_since = ma.fields.DateTime(required=True, metadata={"description": "When a lead last did anything on it"})
    project = ma.fields.Nested(DeskProject, required=True)


class OverdueReviewSchema(ma.Schema):
    """A document past its review date whose leads have had every reminder."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    review_on = ma.fields.Date(required=True, metadata={"description": "By when it was to be reviewed"})
    project = ma.fields.Nested(DeskProject, required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class LikelyDuplicateSchema(ma.Schema):
    """Two live projects of different councils that look like the same work."""

    id = ma.fields.UUID(required=True)
    found_at = ma.fields.DateTime(required=True)
    score = ma.fields.Float(required=True, metadata={"description": "How alike, from 0 to 1"})
    words = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "What both are about"})
    project = ma.fields.Nested(DeskProject, required=True)
    other = ma.fields.Nested(DeskProject, required=True)


class DismissalSchema(ma.Schema):
    """That a coordinator left two projects apart."""

    id = ma.fields.UUID(required=True)
    reason = ma.fields.String(required=True)
    dismissed_at = ma.fields.DateTime(required=True)


class DismissBody(Body):
    """Why the two are not the same work. Coordinators read it."""

    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "One is for tenants, the other for owners."})


class SilentCouncilSchema(CouncilReference):
    """A council that has a member and has posted no project."""

    joined_at = ma.fields.DateTime(required=True, metadata={"description": "Since when it has had a member"})
    projects_joined = ma.fields.Integer(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The council's page"})


class FailedMessageSchema(ma.Schema):
    """An e-mail that was given up though it should have left. To whom is not told."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, metadata={"description": "What it tells of. Open-ended"})
    tries = ma.fields.Integer(required=True)
    problem = ma.fields.String(required=True)
    created_at = ma.fields.DateTime(required=True)
    failed_at = ma.fields.DateTime(required=True, allow_none=True, metadata={"description": "Null once tried again"})


class FailedEventSchema(ma.Schema):
    """An event that a listener has given up on."""

    id = ma.fields.UUID(required=True)
    listener = ma.fields.String(required=True)
    event_id = ma.fields.UUID(required=True, allow_none=True)
    type = ma.fields.String(required=True, allow_none=True, metadata={"description": "The event's. Open-ended"})
    tries = ma.fields.Integer(required=True)
    problem = ma.fields.String(required=True)
    failed_at = ma.fields.DateTime(required=True, allow_none=True, metadata={"description": "Null once tried again"})


def _parameters(schema: type[ma.Schema], order: str) -> type[ma.Schema]:
    """What a list of the desk takes: its order, the oldest first unless turned round, and the fields."""
    name = schema.__name__.removesuffix("Schema") + "Parameters"
    return ListParameters.from_dict({"sort": order_of((order, f"-{order}")), "wanted": fields_of(schema)}, name=name)


@blueprint.route("/offers")
@coordinators
@blueprint.arguments(_parameters(WaitingOfferSchema, "waiting_since"), location="query")
@blueprint.response(200, list_schema(WaitingOfferSchema))
def list_waiting_offers(parameters: dict[str, Any]) -> Response:
    """List the offers that wait for somebody in their council to authorise them, the oldest first."""
    return _answer(desk.OFFERS, parameters, _offer)


@blueprint.route("/answers")
@coordinators
@blueprint.arguments(_parameters(OwedAnswerSchema, "waiting_since"), location="query")
@blueprint.response(200, list_schema(OwedAnswerSchema))
def list_owed_answers(parameters: dict[str, Any]) -> Response:
    """List the answers that leads have owed so long that they are on the coordinators' desk, the oldest first."""
    return _answer(desk.ANSWERS, parameters, _owed_answer)


@blueprint.route("/join-requests")
@coordinators
@blueprint.arguments(_parameters(WaitingRequestSchema, "waiting_since"), location="query")
@blueprint.response(200, list_schema(WaitingRequestSchema))
def list_waiting_requests(parameters: dict[str, Any]) -> Response:
    """List officers asked into a team who have not answered, and requests the leads have long not, the oldest first."""
    return _answer(desk.JOIN_REQUESTS, parameters, _request)


@blueprint.route("/nearly-there")
@coordinators
@blueprint.arguments(_parameters(NearlyThereSchema, "decision_on"), location="query")
@blueprint.response(200, list_schema(NearlyThereSchema))
def list_nearly_there(parameters: dict[str, Any]) -> Response:
    """List the open projects that one pledge may be enough for, the soonest decision first."""
    return _answer(desk.NEARLY_THERE, parameters, _nearly_there)


@blueprint.route("/needs")
@coordinators
@blueprint.arguments(_parameters(UnofferedNeedSchema, "waiting_since"), location="query")
@blueprint.response(200, list_schema(UnofferedNeedSchema))
def list_unoffered_needs(parameters: dict[str, Any]) -> Response:
    """List the needs that nobody offers anything for, the oldest first."""
    return _answer(desk.NEEDS, parameters, _need)


@blueprint.route("/quiet")
@coordinators
@blueprint.arguments(_parameters(SilentProjectSchema, "silent_since"), location="query")
@blueprint.response(200, list_schema(SilentProjectSchema))
def list_quiet_projects(parameters: dict[str, Any]) -> Response:
    """List the projects that have gone quiet, the longest silent first."""
    return _answer(desk.QUIET, parameters, _missed)


@blueprint.route("/looking-for-lead")
@coordinators
@blueprint.arguments(_parameters(SilentProjectSchema, "silent_since"), location="query")
@blueprint.response(200, list_schema(SilentProjectSchema))
def list_projects_looking_for_lead(parameters: dict[str, Any]) -> Response:
    """List the projects that look for a new lead, the longest silent first."""
    return _answer(desk.LOOKING, parameters, _missed)


@blueprint.route("/unled")
@coordinators
@blueprint.arguments(_parameters(SilentProjectSchema, "silent_since"), location="query")
@blueprint.response(200, list_schema(SilentProjectSchema))
def list_unled_projects(parameters: dict[str, Any]) -> Response:
    """List the projects that go ahead and that nobody leads or took over, the longest silent first."""
    return _answer(desk.UNLED, parameters, _missed)


@blueprint.route("/reviews")
@coordinators
@blueprint.arguments(_parameters(OverdueReviewSchema, "review_on"), location="query")
@blueprint.response(200, list_schema(OverdueReviewSchema))
def list_overdue_reviews(parameters: dict[str, Any]) -> Response:
    """List the documents past their review date whose leads have had every reminder, the longest overdue first."""
    return _answer(desk.REVIEWS, parameters, _review)


@blueprint.route("/duplicates")
@coordinators
@blueprint.arguments(_parameters(LikelyDuplicateSchema, "found_at"), location="query")
@blueprint.response(200, list_schema(LikelyDuplicateSchema))
def list_likely_duplicates(parameters: dict[str, Any]) -> Response:
    """List the pairs of live projects of different councils that look like the same work, the oldest first."""
    return _answer(desk.DUPLICATES, parameters, _duplicate)


@blueprint.route("/duplicates/<uuid:similar_id>/dismiss", methods=["POST"])
@coordinators
@with_scope(Scope.COORDINATION_WRITE)
@blueprint.arguments(DismissBody, location="json")
@blueprint.response(200, thing_schema(DismissalSchema))
def dismiss_duplicate(body: dict[str, Any], similar_id: UUID) -> Response:
    """Leave two projects apart that look like the same work: they are on the desk no more."""
    return carry_out(
        body, lambda work: dismiss(work, similar_id=similar_id, reason=body["reason"]),
        lambda _work, row: {
            "id": str(row.id), "reason": row.reason, "dismissed_at": utc_text(row.dismissed_at),
        },
    )  # fmt: skip


@blueprint.route("/councils")
@coordinators
@blueprint.arguments(_parameters(SilentCouncilSchema, "short_name"), location="query")
@blueprint.response(200, list_schema(SilentCouncilSchema))
def list_silent_councils(parameters: dict[str, Any]) -> Response:
    """List the councils that have a member and have posted no project, by name."""
    return _answer(desk.COUNCILS, parameters, _council)


@blueprint.route("/messages")
@coordinators
@blueprint.arguments(_parameters(FailedMessageSchema, "failed_at"), location="query")
@blueprint.response(200, list_schema(FailedMessageSchema))
def list_failed_messages(parameters: dict[str, Any]) -> Response:
    """List the e-mails that were given up though they should have left, the oldest first."""
    return _answer(desk.MESSAGES, parameters, _message)


@blueprint.route("/failed-events")
@coordinators
@blueprint.arguments(_parameters(FailedEventSchema, "failed_at"), location="query")
@blueprint.response(200, list_schema(FailedEventSchema))
def list_failed_events(parameters: dict[str, Any]) -> Response:
    """List the events that a listener has given up on, the oldest first."""
    return _answer(desk.FAILED_EVENTS, parameters, _event)


@blueprint.route("/messages/<uuid:message_id>/try-again", methods=["POST"])
@coordinators
@with_scope(Scope.COORDINATION_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(FailedMessageSchema))
def try_message_again(body: dict[str, Any], message_id: UUID) -> Response:
    """Have an e-mail tried again that was given up, as often as a new one."""
    return carry_out(
        body, lambda work: actions.try_message_again(work, message_id=message_id),
        lambda _work, row: {
            "id": str(row.id), "kind": row.kind, "tries": row.tries, "problem": shown_problem(row.last_problem),
            "created_at": utc_text(row.created_at), "failed_at": utc_text(row.failed_at),
        },
    )  # fmt: skip


@blueprint.route("/failed-events/<uuid:failed_event_id>/try-again", methods=["POST"])
@coordinators
@with_scope(Scope.COORDINATION_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(FailedEventSchema))
def try_event_again(body: dict[str, Any], failed_event_id: UUID) -> Response:
    """Have a listener try an event again that it had given up on."""
    return carry_out(
        body, lambda work: actions.try_event_again(work, failed_event_id=failed_event_id),
        lambda _work, row: {
            "id": str(row.id), "listener": row.listener, "event_id": None, "type": None, "tries": row.tries,
            "problem": shown_problem(row.problem), "failed_at": utc_text(row.given_up_at),
        },
    )  # fmt: skip


def _answer(which: DeskList, parameters: dict[str, Any], shown: Callable[[Any], dict[str, Any]]) -> Response:
    """A page of a list of the desk. What it holds marks it: nothing public says when it changes."""
    reading = begin_read()
    asked = Asked.of(f"api-desk-{which.name}", parameters)
    is_descending = asked.sort.startswith("-")
    page = desk.page_of(reading, which, limit=asked.limit, place=asked.place, is_descending=is_descending)
    return answer_page(asked, page, shown, lambda: desk.number_in(reading, which), None)


def _project(row: Any) -> dict[str, Any]:
    return {
        "slug": row.project_slug, "title": row.project_title,
        "council": {"slug": row.lead_slug, "name": row.lead_name, "gss_code": row.lead_gss_code},
        "url": f"{current_app.config['PUBLIC_URL']}/projects/{row.project_slug}",
    }  # fmt: skip


def _offer(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "waiting_since": utc_text(row.offered_at), "sign_off_by": str(row.sign_off_by),
        "kind": row.kind,
        **{unit: row.amount if NeedKind(row.kind) is kind else None for kind, unit in UNITS.items()},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.council_gss_code},
        "project": _project(row),
    }  # fmt: skip


def _owed_answer(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.subject_id), "about": row.subject_type, "waiting_since": utc_text(row.started_at),
        "due_on": str(row.due_on), "project": _project(row),
    }  # fmt: skip


def _request(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "is_invitation": bool(row.is_invitation), "waiting_since": utc_text(row.asked_at),
        "due_on": str(row.due_on) if row.due_on else None, "project": _project(row),
    }  # fmt: skip


def _nearly_there(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "decision_on": str(row.decision_on), "project": _project(row)}


def _need(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "title": row.title, "kind": row.kind, "profession": row.profession, "target": row.target,
        "waiting_since": utc_text(row.created_at), "project": _project(row),
    }  # fmt: skip


def _missed(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "silent_since": utc_text(row.last_sign_of_life_at), "project": _project(row)}


def _review(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "slug": row.slug, "title": row.title, "review_on": str(row.review_on),
        "project": _project(row), "url": f"{current_app.config['PUBLIC_URL']}/documents/{row.slug}",
    }  # fmt: skip


def _duplicate(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "found_at": utc_text(row.found_at), "score": row.score, "words": row.reasons["words"],
        "project": _project(row),
        "other": {
            "slug": row.other_project_slug, "title": row.other_project_title,
            "council": {"slug": row.other_slug, "name": row.other_name, "gss_code": row.other_gss_code},
            "url": f"{current_app.config['PUBLIC_URL']}/projects/{row.other_project_slug}",
        },
    }  # fmt: skip


def _council(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug, "name": row.name, "gss_code": row.gss_code, "joined_at": utc_text(row.joined_at),
        "projects_joined": row.projects_joined, "url": f"{current_app.config['PUBLIC_URL']}/councils/{row.slug}",
    }  # fmt: skip


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "kind": row.kind, "tries": row.tries, "problem": shown_problem(row.problem),
        "created_at": utc_text(row.created_at), "failed_at": utc_text(row.failed_at),
    }  # fmt: skip


def _event(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "listener": row.listener, "event_id": str(row.event_id), "type": row.name,
        "tries": row.tries, "problem": shown_problem(row.problem), "failed_at": utc_text(row.given_up_at),
    }  # fmt: skip
