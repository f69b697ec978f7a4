"""Asking a colleague to check a draft of a project, an update, a lesson or a document, and answering."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.artefacts import blueprint as artefacts
from pipeline.api.base import Blueprint, NoParameters, answer, list_schema, own_etag, thing_schema
from pipeline.api.bodies import Body, Id, Prose, Word
from pipeline.api.lessons import blueprint as lessons
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of
from pipeline.api.projects import blueprint as projects
from pipeline.api.updates import blueprint as updates
from pipeline.api.writing import carry_out
from pipeline.artefacts.actions.checking import ask_for_check_of_draft
from pipeline.artefacts.queries.seeing import draft_seen_by
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.reading import begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotFound
from pipeline.lessons.actions import ask_to_check_lesson
from pipeline.projects import actions, queries
from pipeline.projects.models import Check
from pipeline.projects.rules import LONGEST_NOTE, CheckAnswer

blueprint = Blueprint(
    "api_checks", __name__, url_prefix="/api/v1", description="Colleagues read a draft before it is published"
)


class CheckSchema(ma.Schema):
    """A draft that a colleague was asked to check, for whoever was asked and the draft's team."""

    id = ma.fields.UUID(required=True)
    subject_type = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today project, update, lesson or draft"}
    )
    subject_id = ma.fields.UUID(required=True, metadata={"description": "The id of what is to be read"})
    asked_at = ma.fields.DateTime(required=True)
    answer = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null while it waits. Open-ended; today one of: " + ", ".join(CheckAnswer)},
    )
    note = ma.fields.String(required=True)
    answered_at = ma.fields.DateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page, for whoever was asked"})


ANSWER = thing_schema(CheckSchema)


class AskForCheckBody(Body):
    """Whom to ask: a colleague of one's council, or somebody of the team."""

    officer = Id(
        required=True,
        metadata={
            "description": "See /me/colleagues and the project's team",
            "example": "0196f0a0-0000-7000-8000-000000000000",
        },
    )


class CheckAnswerBody(Body):
    """What one says of the draft. Whoever asks for changes says which."""

    answer = Word(CheckAnswer, required=True, metadata={"example": "fine"})
    note = Prose(LONGEST_NOTE, load_default="", metadata={"example": "Clear, and short enough."})


class ListedCheckSchema(CheckSchema):
    """A check in the list of one's own, where `fields` can leave members out."""


class CheckParameters(FewParameters):
    """What the list of checks takes."""

    wanted = fields_of(ListedCheckSchema)


@blueprint.route("/me/checks")
@members
@blueprint.arguments(CheckParameters, location="query")
@blueprint.response(200, list_schema(ListedCheckSchema))
def list_own_checks(parameters: dict[str, Any]) -> Response:
    """List the drafts one was asked to check and has not answered, the oldest first, at most 100."""
    rows = [_shown(one) for one in queries.checks_waiting_for(begin_read())]
    return answer_few("api-own-checks", parameters, rows, own_etag([rows, str(parameters)]))


@blueprint.route("/checks/<uuid:check_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, ANSWER)
def get_check(_asked: dict[str, Any], check_id: UUID) -> Response:
    """Read a check one was asked for, or of a draft of one's team."""
    body = {"data": _shown(queries.check_seen_by(begin_read(), check_id))}
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/checks/<uuid:check_id>/answer", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(CheckAnswerBody, location="json")
@blueprint.response(200, ANSWER)
def answer_check(body: dict[str, Any], check_id: UUID) -> Response:
    """Say that a draft is fine, or what should change. Whoever asked reads it, and one's own view of the draft ends."""
    said = CheckAnswer(body["answer"])

    def act(work: UnitOfWork) -> Check:
        return actions.answer_check(work, check_id=check_id, answer=said, note=body["note"])

    return carry_out(body, act, _after)


@projects.route("/projects/<string:slug>/checks", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@projects.arguments(AskForCheckBody, location="json")
@projects.response(201, ANSWER)
def ask_to_check_project(body: dict[str, Any], slug: str) -> Response:
    """Ask a colleague to check the draft of a project. They may read it until they have answered."""
    return carry_out(
        body, lambda work: actions.ask_for_check(work, officer_id=body["officer"], slug=slug), _after, status=201
    )  # fmt: skip


@updates.route("/updates/<uuid:update_id>/checks", methods=["POST"])
@members
@with_scope(Scope.UPDATES_WRITE)
@updates.arguments(AskForCheckBody, location="json")
@updates.response(201, ANSWER)
def ask_to_check_update(body: dict[str, Any], update_id: UUID) -> Response:
    """Ask a colleague to check the draft of an update. They may read it until they have answered."""
    return carry_out(
        body, lambda work: actions.ask_for_check(work, officer_id=body["officer"], update_id=update_id), _after,
        status=201,
    )  # fmt: skip


@lessons.route("/lessons/<string:slug>/checks", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@lessons.arguments(AskForCheckBody, location="json")
@lessons.response(201, ANSWER)
def ask_to_check_lesson_draft(body: dict[str, Any], slug: str) -> Response:
    """Ask a colleague to check the draft of a lesson. They may read it until they have answered."""
    return carry_out(
        body, lambda work: ask_to_check_lesson(work, slug=slug, officer_id=body["officer"]), _after, status=201
    )  # fmt: skip


@artefacts.route("/artefacts/<string:slug>/drafts/<uuid:draft_id>/checks", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@artefacts.arguments(AskForCheckBody, location="json")
@artefacts.response(201, ANSWER)
def ask_to_check_draft(body: dict[str, Any], slug: str, draft_id: UUID) -> Response:
    """Ask a colleague to check the draft of a version. They may read it until they have answered."""

    def ask(work: UnitOfWork) -> Check:
        _draft, artefact, _project = draft_seen_by(work, draft_id, lock=True)
        if slug not in (artefact.slug, str(artefact.id)):
            raise NotFound("draft")
        return ask_for_check_of_draft(work, draft_id=draft_id, officer_id=body["officer"])

    return carry_out(body, ask, _after, status=201)


def _after(work: UnitOfWork, check: Check) -> dict[str, Any]:
    work.session.flush()
    return _shown(check)


def _shown(check: Check | queries.CheckShown) -> dict[str, Any]:
    return {
        "id": check.id, "subject_type": check.subject_type, "subject_id": check.subject_id,
        "asked_at": utc_text(check.asked_at), "answer": check.answer, "note": check.note or "",
        "answered_at": utc_text(check.answered_at), "url": f"{current_app.config['PUBLIC_URL']}/checks/{check.id}",
    }  # fmt: skip
