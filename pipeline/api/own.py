"""The caller's own: whom the token acts for, and the token itself. Tokens are made and widened on a page only."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app, request

from pipeline.accounts import actions, queries
from pipeline.accounts.queries import Bearer, members_of
from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, NoParameters, answer, list_schema, own_etag, thing_schema
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of
from pipeline.db.statements import utc_text
from pipeline.http.entry import SignInNeeded, members, officers, with_scope
from pipeline.http.identity import current_bearer
from pipeline.http.reading import begin_read, begin_work
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.projects.queries import drafts_of

blueprint = Blueprint(
    "api_own", __name__, url_prefix="/api/v1", description="The caller's own: whom the token acts for, and the token"
)
SCOPES = "Open-ended; today one of: " + ", ".join(Scope)


class MeSchema(ma.Schema):
    """Whom the token acts for."""

    display_name = ma.fields.String(required=True, metadata={"example": "Sam Okoro"})
    job_title = ma.fields.String(required=True, metadata={"example": "Digital officer"})
    council = ma.fields.Nested(CouncilReference, required=True)
    roles = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Held now. Open-ended; today one of: " + ", ".join(Role)},
    )
    scopes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": SCOPES})


class TokenSchema(ma.Schema):
    """A token of the officer, without itself."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata={"description": "What its owner made it for"})
    last_four = ma.fields.String(required=True, metadata={"description": "Its last four characters", "example": "x4Tz"})
    council = ma.fields.Nested(CouncilReference, required=True)
    scopes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": SCOPES})
    created_at = ma.fields.DateTime(required=True)
    expires_at = ma.fields.DateTime(required=True)
    used_at = ma.fields.DateTime(
        required=True, allow_none=True, metadata={"description": "When it was last used, to ten minutes"}
    )


class OwnDraftSchema(ma.Schema):
    """A draft that the team of a project is writing."""

    kind = ma.fields.String(required=True, metadata={"description": "Open-ended; today project or update"})
    id = ma.fields.UUID(required=True, metadata={"description": "Its id, which its address in the API takes"})
    project = ma.fields.UUID(required=True, metadata={"description": "The id of the project it belongs to"})
    title = ma.fields.String(required=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class ColleagueSchema(ma.Schema):
    """A member of the council the token acts for. Only members of that council read this."""

    officer = ma.fields.UUID(required=True, metadata={"description": "Their id, for acts on a team and for checks"})
    display_name = ma.fields.String(required=True)
    job_title = ma.fields.String(required=True)


class OwnDraftParameters(FewParameters):
    """What the list of one's drafts takes."""

    wanted = fields_of(OwnDraftSchema)


class ColleagueParameters(FewParameters):
    """What the list of one's colleagues takes."""

    wanted = fields_of(ColleagueSchema)


class ListedTokenSchema(TokenSchema):
    """A token in the list of one's own, where `fields` can leave members out."""


class TokenParameters(FewParameters):
    """What the list of one's tokens takes."""

    wanted = fields_of(ListedTokenSchema)


@blueprint.route("/me")
@officers
@with_scope(None)
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(MeSchema))
def get_me(_asked: dict[str, Any]) -> Response:
    """Read whom the token acts for: the officer, the council, the roles held now, and its scopes."""
    bearer, token = _own()
    body = {
        "data": {
            "display_name": bearer.name, "job_title": bearer.job_title, "council": _council(token),
            "roles": [role.value for role in Role if role in bearer.roles],
            "scopes": [scope.value for scope in token.scopes],
        }
    }  # fmt: skip
    return answer(body, etag=own_etag(body))


@blueprint.route("/me/drafts")
@members
@blueprint.arguments(OwnDraftParameters, location="query")
@blueprint.response(200, list_schema(OwnDraftSchema))
def list_own_drafts(parameters: dict[str, Any]) -> Response:
    """List the drafts of projects one is in the team of, and of their updates; the last changed first."""
    base = current_app.config["PUBLIC_URL"]
    rows = [
        {
            "kind": one.kind, "id": str(one.id), "project": str(one.project_id), "title": one.title,
            "updated_at": utc_text(one.updated_at), "url": f"{base}/{one.kind}s/{one.id}",
        }
        for one in drafts_of(begin_read())
    ]  # fmt: skip
    return answer_few("api-own-drafts", parameters, rows, own_etag([rows, str(parameters)]))


@blueprint.route("/me/colleagues")
@members
@blueprint.arguments(ColleagueParameters, location="query")
@blueprint.response(200, list_schema(ColleagueSchema))
def list_colleagues(parameters: dict[str, Any]) -> Response:
    """List the members of one's council by name, for putting one in a team or asking one to check a draft."""
    bearer, _token = _own()
    rows = [
        {"officer": str(one.officer_id), "display_name": one.name, "job_title": one.job_title}
        for one in members_of(begin_read(), bearer.council_id)
    ]
    return answer_few("api-colleagues", parameters, rows, own_etag([rows, str(parameters)]), name="officer")


@blueprint.route("/tokens")
@officers
@blueprint.arguments(TokenParameters, location="query")
@blueprint.response(200, list_schema(ListedTokenSchema))
def list_tokens(parameters: dict[str, Any]) -> Response:
    """List the tokens that work and that the officer made for this council, the newest first."""
    _bearer, own = _own()
    reading = begin_read()
    rows = [
        token_shown(one)
        for one in queries.own_tokens(reading)
        if one.ended_at is None and one.expires_at > reading.now and one.council_slug == own.council_slug
    ]
    return answer_few("api-tokens", parameters, rows, own_etag([rows, str(parameters)]))


@blueprint.route("/tokens/current")
@officers
@with_scope(None)
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(TokenSchema))
def get_current_token(_asked: dict[str, Any]) -> Response:
    """Read what the token that was sent may do, and until when."""
    _bearer, token = _own()
    body = {"data": token_shown(token)}
    return answer(body, etag=own_etag(body))


@blueprint.route("/tokens/current", methods=["DELETE"])
@officers
@with_scope(None)
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(204)
def revoke_current_token(_asked: dict[str, Any]) -> Response:
    """Revoke the token that was sent: it works no more from this moment on."""
    bearer, _token = _own()
    with begin_work() as work:
        actions.revoke_this_token(work, token_id=bearer.token_id, source=request.remote_addr)
    response = Response(status=204)
    response.headers["Cache-Control"] = KEPT_BY_ONE
    return response


def token_shown(token: queries.OwnToken) -> dict[str, Any]:
    """A token as the API shows it."""
    return {
        "id": str(token.id), "name": token.name, "last_four": token.last_four, "council": _council(token),
        "scopes": [scope.value for scope in token.scopes], "created_at": utc_text(token.created_at),
        "expires_at": utc_text(token.expires_at), "used_at": utc_text(token.used_at),
    }  # fmt: skip


def _own() -> tuple[Bearer, queries.OwnToken]:
    bearer = current_bearer()
    if bearer is None:
        raise SignInNeeded
    token = queries.own_token(begin_read(), bearer.token_id)
    if token is None:
        raise NotFound("token")
    return bearer, token


def _council(token: queries.OwnToken) -> dict[str, Any]:
    return {"slug": token.council_slug, "name": token.council_name, "gss_code": token.gss_code}
