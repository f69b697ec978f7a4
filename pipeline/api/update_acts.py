"""The news of projects through the API: written, published, mended, withdrawn, and drafts thrown away."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, NoMembers, Prose, Word
from pipeline.api.measure_acts import CarriedBody, carried_in
from pipeline.api.updates import UpdateSchema, blueprint, update_now
from pipeline.api.writing import carry_out, naming, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import LONGEST_TEXT, Written, written
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.translation import LANGUAGES
from pipeline.measures import actions as measuring
from pipeline.measures.rules import MOST_MEASURES
from pipeline.projects import actions, queries
from pipeline.projects.models import Update
from pipeline.projects.rules import LONGEST_TITLE

ANSWER = thing_schema(UpdateSchema)
MEMBERS = {"body": "markdown"}


class UpdateChangeBody(Body):
    """What changes of an update (JSON Merge Patch): what is left out stays."""

    title = Prose(LONGEST_TITLE, metadata={"example": "The form is being tested"})
    markdown = Prose(LONGEST_TEXT, allow_none=True, metadata={"example": "Twelve tenants have tried it."})
    language = Word(LANGUAGES, metadata={"example": "en"})
    readings = ma.fields.List(
        ma.fields.Nested(CarriedBody), validate=ma.validate.Length(max=MOST_MEASURES),
        metadata={"description": "Of a draft: what was measured, instead of what it carried before"},
    )  # fmt: skip


class UpdateBody(UpdateChangeBody):
    """An update to begin, as a draft of the project's team."""

    title = Prose(LONGEST_TITLE, required=True, metadata={"example": "The form is being tested"})


@blueprint.route("/projects/<string:slug>/updates", methods=["POST"])
@members
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(UpdateBody, location="json")
@blueprint.response(201, ANSWER)
def draft_update(body: dict[str, Any], slug: str) -> Response:
    """Begin an update on a project whose team one is in. Only the team sees the draft."""
    text, language = written(body.get("markdown") or ""), body.get("language", "en")

    def draft(work: UnitOfWork) -> Update:
        update = actions.draft_update(work, slug=slug, title=body["title"], body=text, language=language)
        _carry(work, update, body)
        return update

    with naming(MEMBERS):
        return carry_out(body, draft, _after, status=201)


@blueprint.route("/updates/<uuid:update_id>", methods=["PATCH"])
@members
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(UpdateChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_update(body: dict[str, Any], update_id: UUID) -> Response:
    """Write an update anew: a draft as the team, a published one as a lead. Needs If-Match. What a published one said
    before is kept."""
    text = written(body["markdown"] or "") if "markdown" in body else None

    def change(work: UnitOfWork) -> Update:
        update = _seen(work, update_id)
        now = Written(update.body, update.body_html)
        changed = actions.change_update(
            work, update_id=update_id, version=update.version, title=body.get("title", update.title),
            body=now if text is None else text, language=body.get("language", update.language),
        )  # fmt: skip
        _carry(work, changed, body)
        return changed

    with naming(MEMBERS):
        return carry_out(body, change, _after)


@blueprint.route("/updates/<uuid:update_id>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.UPDATES_WRITE)
@blueprint.response(200, ANSWER)
def delete_update(update_id: UUID) -> Response:
    """Throw a draft away. Needs If-Match; the answer holds what it said. A published update is withdrawn instead."""

    def delete(work: UnitOfWork) -> dict[str, Any]:
        last = _after(work, _seen(work, update_id))
        actions.delete_update(work, update_id=update_id)
        return last

    return carry_out({}, delete, lambda _work, last: last)


@blueprint.route("/updates/<uuid:update_id>/publish", methods=["POST"])
@members
@needs_match
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def publish_update(body: dict[str, Any], update_id: UUID) -> Response:
    """Publish an update as it stands, as a lead. Needs If-Match: what was not read is not published."""

    def publish(work: UnitOfWork) -> Update:
        return actions.publish_update(work, update_id=update_id, version=_seen(work, update_id).version)

    with naming(MEMBERS):
        return carry_out(body, publish, _after)


@blueprint.route("/updates/<uuid:update_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def withdraw_update(body: dict[str, Any], update_id: UUID) -> Response:
    """Take a published update back, as a lead. Its team still finds it, nobody else does."""
    return carry_out(body, lambda work: actions.withdraw_update(work, update_id=update_id), _after)


def _carry(work: UnitOfWork, update: Update, body: dict[str, Any]) -> None:
    if "readings" in body:
        work.session.flush()
        measuring.carry_readings(work, update_id=update.id, actuals=carried_in(body))


def _seen(work: UnitOfWork, update_id: UUID) -> Update:
    """An update that the caller has read as it is now. Raises NotFound, VersionMissing, StaleVersion."""
    update, _project = queries.update_seen_by(work, update_id, lock=True)
    check_seen(update.version, row_etag(update.version, update.revision))
    return update


def _after(work: UnitOfWork, update: Update) -> dict[str, Any]:
    return update_now(work, update.id)
