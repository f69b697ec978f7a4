"""Making webhooks through the API, changing them, and asking for messages to be sent."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import thing_schema
from pipeline.api.bodies import Body, NoMembers, Prose, Truth
from pipeline.api.parameters import COUNCIL_CODE, SLUG, Moment
from pipeline.api.webhooks import WebhookDeliverySchema, WebhookSchema, blueprint, delivery_shown, shown
from pipeline.api.writing import carry_out, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.http.cursors import OF_EVENTS, BadCursor, make_cursor, read_cursor
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.webhooks import queries
from pipeline.webhooks.actions import keeping, sending
from pipeline.webhooks.actions.keeping import NewSecret
from pipeline.webhooks.actions.sending import Replayed
from pipeline.webhooks.addresses import LONGEST_ADDRESS
from pipeline.webhooks.models import Webhook, WebhookDelivery
from pipeline.webhooks.rules import LONGEST_DESCRIPTION, LONGEST_KIND, MOST_KINDS, WebhookTerms
from pipeline.webhooks.signing import secret_of

ANSWER = thing_schema(WebhookSchema)
ONCE = frozenset({"secret"})


class WebhookChangeBody(Body):
    """What changes of a webhook; what is left out stays. No `kinds` are all public events."""

    address = Prose(
        LONGEST_ADDRESS,
        metadata={
            "description": "An https address whose name leads to public addresses alone, at port 443",
            "example": "https://www.example.gov.uk/pipeline",
        },
    )
    description = Prose(LONGEST_DESCRIPTION, metadata={"example": "Our website"})
    kinds = ma.fields.List(
        Prose(LONGEST_KIND), validate=ma.validate.Length(max=MOST_KINDS),
        metadata={"description": "Names of public events, or all of a noun", "example": ["project.*", "need.met"]},
    )  # fmt: skip
    only_council = ma.fields.String(
        allow_none=True, validate=ma.validate.Regexp(COUNCIL_CODE),
        metadata={"description": "A council's slug or GSS code: what it does, and what happens in its projects"},
    )  # fmt: skip
    only_project = ma.fields.String(
        allow_none=True, validate=ma.validate.Regexp(SLUG), metadata={"description": "The slug of a public project"}
    )


class WebhookBody(WebhookChangeBody):
    """A webhook to make."""

    address = Prose(
        LONGEST_ADDRESS, required=True,
        metadata={
            "description": "An https address whose name leads to public addresses alone, at port 443",
            "example": "https://www.example.gov.uk/pipeline",
        },
    )  # fmt: skip


class RotateBody(Body):
    """Whether the old secret ends at once: because somebody else has it."""

    at_once = Truth(load_default=False, metadata={"example": False})


class ReplayBody(Body):
    """From where to replay: after a cursor of `/events`, since a moment, or (neither) everything."""

    after = Prose(1000, metadata={"description": "The `after` of a link of /events"})
    since = Moment()


class WebhookWithSecretSchema(WebhookSchema):
    """A webhook with its new secret, which is shown this once."""

    secret = ma.fields.String(
        required=True, allow_none=True,
        metadata={"description": "`whsec_…`. Null where an answer is replayed: then rotate it"},
    )  # fmt: skip


class ReplayedSchema(ma.Schema):
    """What a replay came to."""

    queued = ma.fields.Integer(required=True, metadata={"description": "Events that will be sent, 1,000 at most"})
    has_more = ma.fields.Boolean(required=True)
    after = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "From where to replay what is left"}
    )


@blueprint.route("/webhooks", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(WebhookBody, location="json")
@blueprint.response(201, thing_schema(WebhookWithSecretSchema))
def make_webhook(body: dict[str, Any]) -> Response:
    """Make a webhook of the council. It waits until its address has answered a signed ping with 2xx."""

    def make(work: UnitOfWork) -> NewSecret:
        terms = terms_changed(work, WebhookTerms(address=""), body)
        return keeping.make_webhook(work, terms=terms, to_this_machine=to_this_machine())

    return carry_out(body, make, _with_secret, status=201, unkept=ONCE)


@blueprint.route("/webhooks/<uuid:webhook_id>", methods=["PATCH"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(WebhookChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_webhook(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Change what a webhook is told, or where. With another address it waits until that has answered."""

    def change(work: UnitOfWork) -> Webhook:
        webhook = _seen(work, webhook_id)
        return keeping.change_webhook(
            work, webhook_id=webhook_id, terms=terms_changed(work, webhook.terms, body), version=webhook.version,
            to_this_machine=to_this_machine(),
        )  # fmt: skip

    return carry_out(body, change, _after_act)


@blueprint.route("/webhooks/<uuid:webhook_id>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.response(200, ANSWER)
def delete_webhook(webhook_id: UUID) -> Response:
    """Delete a webhook, its secrets and the record of its messages. Needs If-Match; the answer holds what it was."""

    def delete(work: UnitOfWork) -> dict[str, Any]:
        last = _after_act(work, _seen(work, webhook_id))
        keeping.delete_webhook(work, webhook_id=webhook_id)
        return last

    return carry_out({}, delete, lambda _work, last: last)


@blueprint.route("/webhooks/<uuid:webhook_id>/rotate-secret", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(RotateBody, location="json", required=False)
@blueprint.response(200, thing_schema(WebhookWithSecretSchema))
def rotate_webhook_secret(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Give a webhook a new secret. For 24 hours messages are signed with the old one too, unless it ends at once."""
    is_at_once = body.get("at_once", False)
    return carry_out(
        body, lambda work: keeping.rotate_secret(work, webhook_id=webhook_id, is_at_once=is_at_once), _with_secret,
        unkept=ONCE,
    )  # fmt: skip


@blueprint.route("/webhooks/<uuid:webhook_id>/test", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def test_webhook(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Send a ping: what comes of it stands in the list of deliveries a moment later. A webhook that waits becomes
    active when it is answered."""
    return carry_out(body, lambda work: sending.test_webhook(work, webhook_id=webhook_id), _after_act)


@blueprint.route("/webhooks/<uuid:webhook_id>/enable", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def enable_webhook(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Turn a webhook on again: it is pinged, and is active once that is answered."""
    return carry_out(body, lambda work: keeping.enable_webhook(work, webhook_id=webhook_id), _after_act)


@blueprint.route("/webhooks/<uuid:webhook_id>/disable", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def disable_webhook(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Turn a webhook off. What it was still owed is given up, and can be replayed later."""
    return carry_out(body, lambda work: keeping.disable_webhook(work, webhook_id=webhook_id), _after_act)


@blueprint.route("/webhooks/<uuid:webhook_id>/replay", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(ReplayBody, location="json", required=False)
@blueprint.response(200, thing_schema(ReplayedSchema))
def replay_webhook(body: dict[str, Any], webhook_id: UUID) -> Response:
    """Send past events again that the webhook asked for, oldest first, under the ids they have."""
    if body.get("after") and body.get("since"):
        words = Words(_("Give a cursor or a moment, not both"))
        raise RuleBroken(Problem("webhook.replay_from", words, "since"))
    after = _event_at(body.get("after", ""))

    def again(work: UnitOfWork) -> Replayed:
        return sending.replay(work, webhook_id=webhook_id, after=after, since=body.get("since"))

    return carry_out(body, again, _replayed)


@blueprint.route("/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/redeliver", methods=["POST"])
@members
@with_scope(Scope.WEBHOOKS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(WebhookDeliverySchema))
def redeliver(body: dict[str, Any], webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send one message again, at once, under the id it has."""

    def again(work: UnitOfWork) -> WebhookDelivery:
        return sending.redeliver(work, webhook_id=webhook_id, delivery_id=delivery_id)

    return carry_out(body, again, lambda _work, row: delivery_shown(row))


def to_this_machine() -> bool:
    """Whether webhooks may go to this machine itself: for trying them out."""
    is_allowed: bool = current_app.config["SETTINGS"].webhooks_to_this_machine
    return is_allowed


def terms_changed(work: UnitOfWork, before: WebhookTerms, body: dict[str, Any]) -> WebhookTerms:
    """What a webhook is once the members of a body took the place of what it was. Raises RuleBroken."""
    terms = WebhookTerms(
        address=clean_line(body.get("address", before.address)),
        description=clean_line(body.get("description", before.description)),
        kinds=tuple(dict.fromkeys(body.get("kinds", before.kinds))),
        council_id=None if "only_council" in body else before.council_id,
        project_id=None if "only_project" in body else before.project_id,
    )
    return queries.narrowed_to(
        work, terms, council=body.get("only_council") or "", project=body.get("only_project") or "",
        to_this_machine=to_this_machine(),
    )  # fmt: skip


def _seen(work: UnitOfWork, webhook_id: UUID) -> Webhook:
    """A webhook as the caller read it. Raises NotFound, VersionMissing, StaleVersion."""
    webhook = queries.webhook_seen_by(work, webhook_id, lock=True)
    check_seen(webhook.version, shown(queries.webhook_in_full(work, webhook_id))["etag"])
    return webhook


def _after_act(work: UnitOfWork, webhook: Webhook) -> dict[str, Any]:
    work.session.flush()
    return shown(queries.webhook_in_full(work, webhook.id))


def _with_secret(work: UnitOfWork, made: NewSecret) -> dict[str, Any]:
    return _after_act(work, made.webhook) | {"secret": secret_of(current_app.config["SECRET_KEY"], made.secret_id)}


def _event_at(cursor: str) -> UUID | None:
    """The event a cursor of /events stands at. Raises RuleBroken (cursor.unreadable, cursor.mismatch)."""
    try:
        position = read_cursor(cursor, OF_EVENTS, name="after")[0] if cursor else None
    except BadCursor as refusal:
        raise RuleBroken(*refusal.problems) from None
    return UUID(position) if position else None


def _replayed(_work: UnitOfWork, replayed: Replayed) -> dict[str, Any]:
    after = make_cursor(OF_EVENTS, [replayed.last_id]) if replayed.has_more else None
    return {"queued": replayed.number, "has_more": replayed.has_more, "after": after}
