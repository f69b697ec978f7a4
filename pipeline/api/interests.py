"""Interest in projects, requests to join their teams, and asking back: what everybody reads, and the acts."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.addresses import as_id, lead_on
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, NoMembers, Prose, Truth, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    thing_parameters,
)
from pipeline.api.writing import carry_out
from pipeline.councils.models import Council
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.reading import begin_read
from pipeline.pledges import actions as pledging
from pipeline.projects import actions, interest_listing, interested
from pipeline.projects.interest_listing import InterestFilters
from pipeline.projects.listing import mark_of
from pipeline.projects.models import Interest, JoinRequest, Project, Question
from pipeline.projects.taking_part import LONGEST_MESSAGE, Answerable, InterestKind, JoinStatus

blueprint = Blueprint(
    "api_interests", __name__, url_prefix="/api/v1", description="Interest in projects, and joining their teams"
)


class ProjectOfInterest(ma.Schema):
    """The project it is about."""

    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class InterestSchema(ma.Schema):
    """An interest a council shows under its name."""

    id = ma.fields.UUID(required=True)
    project = ma.fields.Nested(ProjectOfInterest, required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    kind = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(InterestKind)}
    )
    shown_at = ma.fields.DateTime(required=True)


class QuestionSchema(ma.Schema):
    """Something the leads asked back, and the reply."""

    id = ma.fields.UUID(required=True)
    text = ma.fields.String(required=True)
    asked_at = ma.fields.DateTime(required=True)
    reply = ma.fields.String(required=True, allow_none=True)
    replied_at = ma.fields.DateTime(required=True, allow_none=True)


class OwnInterestSchema(InterestSchema):
    """An interest as the officer who showed it and the leads read it."""

    is_named = ma.fields.Boolean(required=True, metadata={"description": "Whether everybody sees the council"})
    status = ma.fields.String(required=True, metadata={"description": "Open-ended; today standing or withdrawn"})
    message = ma.fields.String(required=True)
    answer = ma.fields.String(required=True, allow_none=True)
    answered_at = ma.fields.DateTime(required=True, allow_none=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class JoinRequestSchema(ma.Schema):
    """A request to join a team, or an invitation to, for whoever asked and whoever was asked."""

    id = ma.fields.UUID(required=True)
    project = ma.fields.Nested(
        ProjectOfInterest, required=True, allow_none=True, metadata={"description": "Null for a draft, until one joins"}
    )
    council = ma.fields.Nested(CouncilReference, required=True)
    is_invitation = ma.fields.Boolean(required=True, metadata={"description": "Whether a lead asks, not the officer"})
    role = ma.fields.String(required=True, metadata={"description": "Open-ended; today team or lead"})
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(JoinStatus)}
    )
    message = ma.fields.String(required=True)
    asked_at = ma.fields.DateTime(required=True)
    answer = ma.fields.String(required=True)
    answered_at = ma.fields.DateTime(required=True, allow_none=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class InterestsParameters(ListParameters):
    """What a list of interests can be narrowed to, and its order."""

    kind = one_word(InterestKind, "How the council stands to the project")
    council = code_of_council()
    updated_since = changed_since("Interests", "were shown")
    sort = order_of(interest_listing.ORDERS)
    wanted = fields_of(InterestSchema)


class InterestBody(Body):
    """How the council stands to the project. The leads read the message; with `is_named` everybody sees the council."""

    kind = Word(InterestKind, required=True, metadata={"example": "conversation"})
    message = Prose(LONGEST_MESSAGE, load_default="", metadata={"example": "We would like to compare notes."})
    is_named = Truth(load_default=False, metadata={"description": "Off unless said"})


class AnswerBody(Body):
    """The answer. Only whoever asked and the leads read it."""

    answer = Prose(LONGEST_MESSAGE, required=True, metadata={"example": "Gladly: we will ring you on Monday."})


class MaybeAnswerBody(Body):
    """A word to whoever asked; needed where the answer is no."""

    answer = Prose(LONGEST_MESSAGE, load_default="", metadata={"example": "Welcome: we meet on Mondays."})


class MessageBody(Body):
    """What the officer would bring. Only the leads read it."""

    message = Prose(LONGEST_MESSAGE, required=True, metadata={"example": "I have run such a service for five years."})


class QuestionBody(Body):
    """What the leads would like to know first. The two sides read it."""

    text = Prose(LONGEST_MESSAGE, required=True, metadata={"example": "From which month on could it be?"})


class ReplyBody(Body):
    """The reply. The two sides read it."""

    reply = Prose(LONGEST_MESSAGE, required=True, metadata={"example": "From February on."})


OWN_INTEREST = thing_schema(OwnInterestSchema)
JOIN_REQUEST = thing_schema(JoinRequestSchema)
QUESTION = thing_schema(QuestionSchema)


@blueprint.route("/projects/<string:slug>/interests")
@anyone
@blueprint.arguments(InterestsParameters, location="query")
@blueprint.response(200, list_schema(InterestSchema))
def list_interests(parameters: dict[str, Any], slug: str) -> Response:
    """List the interests that councils show in a project under their names, the latest first. The project itself says
    how many councils are interested, named or not. A slug it had before leads to it (308)."""
    reading, etag = begin_read(), list_etag()
    mark = mark_of(reading.session, slug)
    if mark is None:
        return lead_on(reading, slug, "/interests")
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-interests", parameters, project=as_id(mark.id))
    filters = InterestFilters(**asked.filters)
    page = interest_listing.interests_listed(
        reading, filters, order=interest_listing.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: interest_listing.number_of_interests(reading, filters), etag)


@blueprint.route("/interests/<uuid:interest_id>")
@anyone
@blueprint.arguments(thing_parameters(InterestSchema), location="query")
@blueprint.response(200, thing_schema(InterestSchema))
def get_interest(parameters: dict[str, Any], interest_id: UUID) -> Response:
    """Read one interest that a council shows under its name."""
    etag = list_etag()
    row = interest_listing.interest_listed(begin_read(), interest_id)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


@blueprint.route("/interests/<uuid:interest_id>/answer")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, OWN_INTEREST)
def get_interest_answer(_asked: dict[str, Any], interest_id: UUID) -> Response:
    """Read what was written in an interest one showed, or in one of a project one leads, and its answer."""
    reading = begin_read()
    interest, project = interested.interest_seen_by(reading, interest_id)
    body = {"data": _shown_to_sides(reading, interest, project)}
    return answer(body, etag=own_etag(body))


@blueprint.route("/projects/<string:slug>/interests", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(InterestBody, location="json")
@blueprint.response(201, OWN_INTEREST)
def show_interest(body: dict[str, Any], slug: str) -> Response:
    """Say that one's council has the problem too, or is open to a conversation. It promises nothing."""
    values = body | {"kind": InterestKind(body["kind"])}
    return carry_out(body, lambda work: actions.show_interest(work, slug=slug, **values), _after, status=201)


@blueprint.route("/interests/<uuid:interest_id>/answer", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(AnswerBody, location="json")
@blueprint.response(200, OWN_INTEREST)
def answer_interest(body: dict[str, Any], interest_id: UUID) -> Response:
    """Answer an interest, as a lead of the project."""
    return carry_out(body, lambda work: actions.answer_interest(work, interest_id=interest_id, **body), _after)


@blueprint.route("/interests/<uuid:interest_id>/ask-back", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(QuestionBody, location="json")
@blueprint.response(201, QUESTION)
def ask_back_about_interest(body: dict[str, Any], interest_id: UUID) -> Response:
    """Ask the officer who showed an interest something first, as a lead. It is a first answer."""
    return carry_out(
        body, lambda work: actions.ask_back_about_interest(work, interest_id=interest_id, **body), _question_after,
        status=201,
    )  # fmt: skip


@blueprint.route("/interests/<uuid:interest_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, OWN_INTEREST)
def withdraw_interest(body: dict[str, Any], interest_id: UUID) -> Response:
    """Take one's interest back."""
    return carry_out(body, lambda work: actions.withdraw_interest(work, interest_id=interest_id), _after)


@blueprint.route("/projects/<string:slug>/join-requests", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MessageBody, location="json")
@blueprint.response(201, JOIN_REQUEST)
def ask_to_join(body: dict[str, Any], slug: str) -> Response:
    """Ask the leads to take one into the team of a project."""
    return carry_out(body, lambda work: actions.ask_to_join(work, slug=slug, **body), _request_after, status=201)


@blueprint.route("/join-requests/<uuid:request_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, JOIN_REQUEST)
def get_join_request(_asked: dict[str, Any], request_id: UUID) -> Response:
    """Read a request to join of one's own or of a project one leads, or one's invitation."""
    reading = begin_read()
    request, project = interested.join_request_seen_by(reading, request_id)
    body = {"data": _request_shown(reading, request, project)}
    return answer(body, etag=own_etag(body))


@blueprint.route("/join-requests/<uuid:request_id>/accept", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MaybeAnswerBody, location="json", required=False)
@blueprint.response(200, JOIN_REQUEST)
def accept_join_request(body: dict[str, Any], request_id: UUID) -> Response:
    """Take an officer who asked into the team, as a lead; or say yes to joining, as the officer a lead asked."""

    def accept(work: UnitOfWork) -> JoinRequest:
        if interested.join_request_seen_by(work, request_id)[0].is_invitation:
            return actions.join_team(work, request_id=request_id)
        return actions.take_in(work, request_id=request_id, **body)

    return carry_out(body, accept, _request_after)


@blueprint.route("/join-requests/<uuid:request_id>/decline", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MaybeAnswerBody, location="json", required=False)
@blueprint.response(200, JOIN_REQUEST)
def decline_join_request(body: dict[str, Any], request_id: UUID) -> Response:
    """Not take an officer into the team, as a lead, with an answer; or say no, as the officer a lead asked."""

    def decline(work: UnitOfWork) -> JoinRequest:
        if interested.join_request_seen_by(work, request_id)[0].is_invitation:
            return actions.decline_to_join(work, request_id=request_id)
        return actions.decline_join_request(work, request_id=request_id, **body)

    return carry_out(body, decline, _request_after)


@blueprint.route("/join-requests/<uuid:request_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, JOIN_REQUEST)
def withdraw_join_request(body: dict[str, Any], request_id: UUID) -> Response:
    """No longer ask to join."""
    return carry_out(body, lambda work: actions.withdraw_join_request(work, request_id=request_id), _request_after)


@blueprint.route("/join-requests/<uuid:request_id>/ask-back", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(QuestionBody, location="json")
@blueprint.response(201, QUESTION)
def ask_back_about_join_request(body: dict[str, Any], request_id: UUID) -> Response:
    """Ask the officer who asked to join something first, as a lead. It is a first answer."""
    return carry_out(
        body, lambda work: actions.ask_back_about_join_request(work, request_id=request_id, **body), _question_after,
        status=201,
    )  # fmt: skip


@blueprint.route("/pledges/<uuid:pledge_id>/ask-back", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(QuestionBody, location="json")
@blueprint.response(201, QUESTION)
def ask_back_about_pledge(body: dict[str, Any], pledge_id: UUID) -> Response:
    """Ask the pledging council something before deciding, as a lead. It is a first answer."""
    return carry_out(
        body, lambda work: pledging.ask_back_about_pledge(work, pledge_id=pledge_id, **body), _question_after,
        status=201,
    )  # fmt: skip


@blueprint.route("/questions/<uuid:question_id>/reply", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(ReplyBody, location="json")
@blueprint.response(200, QUESTION)
def reply_to_question(body: dict[str, Any], question_id: UUID) -> Response:
    """Reply to what the leads asked: the officer they asked, or of a pledge an officer of its council."""

    def reply(work: UnitOfWork) -> Question:
        is_of_pledge = interested.question_about(work, question_id).subject_type == Answerable.PLEDGE
        act = pledging.reply_for_council if is_of_pledge else actions.reply_to_leads
        return act(work, question_id=question_id, text=body["reply"])

    return carry_out(body, reply, _question_after)


def _after(work: UnitOfWork, interest: Interest) -> dict[str, Any]:
    work.session.flush()
    return _shown_to_sides(work, interest, work.session.get_one(Project, interest.project_id))


def _request_after(work: UnitOfWork, request: JoinRequest) -> dict[str, Any]:
    work.session.flush()
    return _request_shown(work, request, work.session.get_one(Project, request.project_id))


def _question_after(_work: UnitOfWork, question: Question) -> dict[str, Any]:
    return _question(question)


def _council(reading: Reading, council_id: UUID) -> dict[str, Any]:
    council = reading.session.get_one(Council, council_id)
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}


def shown(row: Any) -> dict[str, Any]:
    """An interest as everybody reads it."""
    return {
        "id": str(row.id), "project": {"slug": row.project_slug, "title": row.project_title},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code}, "kind": row.kind,
        "shown_at": utc_text(row.shown_at),
    }  # fmt: skip


def _shown(reading: Reading, interest: Interest, project: Project) -> dict[str, Any]:
    return {
        "id": interest.id, "project": {"slug": project.address, "title": project.title},
        "council": _council(reading, interest.council_id), "kind": interest.kind,
        "shown_at": utc_text(interest.shown_at),
    }  # fmt: skip


def _shown_to_sides(reading: Reading, interest: Interest, project: Project) -> dict[str, Any]:
    return _shown(reading, interest, project) | {
        "is_named": interest.is_named, "status": interest.status, "message": interest.message,
        "answer": interest.answer, "answered_at": utc_text(interest.answered_at),
        "questions": [_question(one) for one in interested.questions_about(reading, interest.id)],
        "url": f"{current_app.config['PUBLIC_URL']}/interests/{interest.id}",
    }  # fmt: skip


def _request_shown(reading: Reading, request: JoinRequest, project: Project) -> dict[str, Any]:
    is_named = project.is_public or request.status == JoinStatus.JOINED or not request.is_invitation
    return {
        "id": request.id,
        "project": {"slug": project.address, "title": project.title} if is_named else None,
        "council": _council(reading, request.council_id), "is_invitation": request.is_invitation, "role": request.role,
        "status": request.status, "message": request.message, "asked_at": utc_text(request.asked_at),
        "answer": request.answer, "answered_at": utc_text(request.answered_at),
        "questions": [_question(one) for one in interested.questions_about(reading, request.id)],
        "url": f"{current_app.config['PUBLIC_URL']}/join-requests/{request.id}",
    }  # fmt: skip


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id, "text": question.text, "asked_at": utc_text(question.asked_at), "reply": question.reply,
        "replied_at": utc_text(question.replied_at),
    }  # fmt: skip
