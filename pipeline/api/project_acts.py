"""The acts on a project's call for support: the go-ahead, stopped, finished, another date; a need closed or dropped."""

from datetime import date
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api import needs as needs_api
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, Day, NoMembers, Prose, WholeNumber
from pipeline.api.projects import blueprint
from pipeline.api.writing import carry_out
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import LONGEST_TEXT, written
from pipeline.http.entry import members, with_scope
from pipeline.pledges import actions
from pipeline.projects.models import Need, Project
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import FIRST_YEAR
from pipeline.projects.terms import MOST_REASON

LAST_YEAR = 2200


class CallSchema(ma.Schema):
    """Where a project's call for support stands after an act."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, allow_none=True, metadata={"description": "Null for a trial project"})
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "going_ahead"})
    mode = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "all_or_nothing"})
    decision_on = ma.fields.Date(required=True, allow_none=True)
    least_councils = ma.fields.Integer(required=True)
    test_passes = ma.fields.Boolean(required=True, metadata={"description": "Whether it would go ahead as it stands"})
    url = ma.fields.String(required=True, metadata={"description": "The project's page"})
    etag = ma.fields.String(required=True, metadata={"example": "5.20.2026-11"})


class NeedCallSchema(ma.Schema):
    """A need after an act on it."""

    id = ma.fields.UUID(required=True)
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "closed"})
    etag = ma.fields.String(required=True, metadata={"example": "2.5.2026-11"})


class StopProjectBody(Body):
    """Why. Everybody reads it."""

    reason = Prose(MOST_REASON, required=True, metadata={"example": "The supplier went under."})


class DropNeedBody(Body):
    """Why the need is no longer wanted: needed where councils have pledged. Everybody reads it."""

    reason = Prose(MOST_REASON, load_default="", metadata={"example": "We bought it elsewhere."})


class FinishProjectBody(Body):
    """In which year the work ended, and what came of it, in Markdown."""

    year_ended = WholeNumber(LAST_YEAR, least=FIRST_YEAR, required=True, metadata={"example": 2026})
    outcome = Prose(LONGEST_TEXT, required=True, metadata={"example": "Two councils use the form."})


class MoveDateBody(StopProjectBody):
    """The new decision date, and why. Everybody reads it."""

    decision_on = Day(required=True, metadata={"example": "2027-02-26"})


@blueprint.route("/projects/<string:slug>/go-ahead", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(CallSchema))
def give_go_ahead(body: dict[str, Any], slug: str) -> Response:
    """Give the go-ahead, as a lead: what is agreed is committed in the same moment."""
    return carry_out(body, lambda work: actions.give_go_ahead(work, slug=slug), after_act)


@blueprint.route("/projects/<string:slug>/stop", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(StopProjectBody, location="json")
@blueprint.response(200, thing_schema(CallSchema))
def stop_project(body: dict[str, Any], slug: str) -> Response:
    """Stop a project, with a public reason: what is committed is released, the rest lapses. A lead does this, or a
    coordinator where nobody leads it or its leads are silent and it looks for a new one."""
    return carry_out(body, lambda work: actions.stop_project(work, slug=slug, **body), after_act)


@blueprint.route("/projects/<string:slug>/finish", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(FinishProjectBody, location="json")
@blueprint.response(200, thing_schema(CallSchema))
def finish_project(body: dict[str, Any], slug: str) -> Response:
    """Say that the work is finished, when it ended and what came of it."""
    outcome = written(body["outcome"], under=2)

    def finish(work: UnitOfWork) -> Project:
        return actions.finish_project(work, slug=slug, year_ended=body["year_ended"], outcome=outcome)

    return carry_out(body, finish, after_act)


@blueprint.route("/projects/<string:slug>/move-date", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(MoveDateBody, location="json")
@blueprint.response(200, thing_schema(CallSchema))
def move_date(body: dict[str, Any], slug: str) -> Response:
    """Move the decision date, once, to a later day, with a public reason."""
    new: date = body["decision_on"]
    return carry_out(
        body, lambda work: actions.move_date(work, slug=slug, decision_on=new, reason=body["reason"]), after_act
    )


@needs_api.blueprint.route("/needs/<uuid:need_id>/close", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@needs_api.blueprint.arguments(NoMembers, location="json", required=False)
@needs_api.blueprint.response(200, thing_schema(NeedCallSchema))
def close_need(body: dict[str, Any], need_id: UUID) -> Response:
    """Take no more pledges for a need; those it has stand."""
    return carry_out(body, lambda work: actions.close_need(work, need_id=need_id), after_act_on_need)


@needs_api.blueprint.route("/needs/<uuid:need_id>/drop", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@needs_api.blueprint.arguments(DropNeedBody, location="json", required=False)
@needs_api.blueprint.response(200, thing_schema(NeedCallSchema))
def drop_need(body: dict[str, Any], need_id: UUID) -> Response:
    """Say that a published project's need is no longer wanted: its pledges lapse or are released."""

    def drop(work: UnitOfWork) -> Need:
        need = need_seen_by(work, need_id, lock=True)
        actions.drop_need(work, need_id=need_id, **body)
        return need

    return carry_out(body, drop, after_act_on_need)


def after_act(work: UnitOfWork, project: Project) -> dict[str, Any]:
    """A project's call for support as it stands after an act on it, inside the act's work."""
    work.session.flush()
    return {
        "id": project.id, "slug": project.slug, "status": project.status, "mode": project.mode,
        "decision_on": project.decision_on, "least_councils": project.least_councils,
        "test_passes": project.is_passing,
        "url": f"{current_app.config['PUBLIC_URL']}/projects/{project.slug or project.id}",
        "etag": row_etag(project.version, project.revision),
    }  # fmt: skip


def after_act_on_need(work: UnitOfWork, need: Need) -> dict[str, Any]:
    """A need as it stands after an act on it, inside the act's work."""
    work.session.flush()
    return {"id": need.id, "status": need.status, "etag": row_etag(need.version, need.revision)}
