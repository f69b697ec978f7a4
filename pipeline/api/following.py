"""Following a project, or a need that has no room now; and no longer. Each is an act of its own."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import thing_schema
from pipeline.api.bodies import NoMembers
from pipeline.api.needs import blueprint as needs
from pipeline.api.projects import blueprint as projects
from pipeline.api.writing import carry_out
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.projects import actions


class FollowSchema(ma.Schema):
    """Whether one hears of a project, or of room in a need."""

    is_following = ma.fields.Boolean(required=True)


ANSWER = thing_schema(FollowSchema)


@projects.route("/projects/<string:slug>/follow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@projects.arguments(NoMembers, location="json", required=False)
@projects.response(200, ANSWER)
def follow_project(body: dict[str, Any], slug: str) -> Response:
    """Hear of a project from now on. It promises nothing."""
    return carry_out(body, lambda work: actions.follow_project(work, slug=slug), _follows)


@projects.route("/projects/<string:slug>/unfollow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@projects.arguments(NoMembers, location="json", required=False)
@projects.response(200, ANSWER)
def unfollow_project(body: dict[str, Any], slug: str) -> Response:
    """Hear no more of a project."""
    return carry_out(body, lambda work: actions.unfollow_project(work, slug=slug), _follows_no_more)


@needs.route("/needs/<uuid:need_id>/follow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@needs.arguments(NoMembers, location="json", required=False)
@needs.response(200, ANSWER)
def follow_need(body: dict[str, Any], need_id: UUID) -> Response:
    """Be told once when there is room in a need."""
    return carry_out(body, lambda work: actions.follow_need(work, need_id=need_id), _follows)


@needs.route("/needs/<uuid:need_id>/unfollow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@needs.arguments(NoMembers, location="json", required=False)
@needs.response(200, ANSWER)
def unfollow_need(body: dict[str, Any], need_id: UUID) -> Response:
    """Not be told when there is room in a need."""
    return carry_out(body, lambda work: actions.unfollow_need(work, need_id=need_id), _follows_no_more)


def _follows(_work: UnitOfWork, _made: object) -> dict[str, Any]:
    return {"is_following": True}


def _follows_no_more(_work: UnitOfWork, _made: object) -> dict[str, Any]:
    return {"is_following": False}
