"""Asking for messages to be sent: a ping, one message again, or past events."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from pipeline.db.log import LoggedEvent
from pipeline.db.work import UnitOfWork
from pipeline.feeds.queries import sequence_of
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.webhooks import policy, queries, queue
from pipeline.webhooks.events import WebhookRedelivered, WebhookReplayed, WebhookTested
from pipeline.webhooks.listener import councils_of, is_for
from pipeline.webhooks.models import Webhook, WebhookDelivery
from pipeline.webhooks.rules import MOST_REPLAYED, DeliveryStatus, WebhookStatus

LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events were queued, the last one that was looked at, and whether there are more after it."""

    webhook: Webhook
    number: int
    last_id: UUID | None
    has_more: bool


def test_webhook(work: UnitOfWork, *, webhook_id: UUID) -> Webhook:
    """Send a ping: the first one again where the webhook waits, and otherwise to see whether it answers.

    Raises NotFound, NotAllowed, Conflict("webhook.disabled").
    """
    webhook = queries.webhook_seen_by(work, webhook_id, lock=True)
    work.require(policy.may_keep_webhook(work.actor, webhook.facts))
    if webhook.status == WebhookStatus.DISABLED:
        raise Conflict("webhook.disabled", Words(_("This webhook is turned off. Turn it on first.")), ("enable",))
    queue.let_resume(work.session, webhook.id)
    queue.owe_ping(work.session, webhook.id, work.now)
    webhook.revision += 1
    work.record(
        WebhookTested(webhook_id=webhook.id, of_council_id=webhook.council_id), council_id=webhook.council_id
    )  # fmt: skip
    return webhook


def redeliver(work: UnitOfWork, *, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Send one message again, at once: whatever became of it, and however long the receiver asked to be left alone.

    It keeps its id, so a receiver that took it knows it. Raises NotFound, NotAllowed, Conflict("webhook.not_active").
    """
    webhook = _active(work, webhook_id)
    delivery = queries.delivery_to(work, webhook.id, delivery_id)
    queue.owe_again(work.session, WebhookDelivery.id == delivery.id, work.now)
    queue.let_resume(work.session, webhook.id)
    event = WebhookRedelivered(webhook_id=webhook.id, of_council_id=webhook.council_id, delivery_id=delivery.id)
    work.record(event, council_id=webhook.council_id)
    return queries.delivery_to(work, webhook.id, delivery_id)


def replay(work: UnitOfWork, *, webhook_id: UUID, after: UUID | None = None, since: datetime | None = None) -> Replayed:
    """Send past events again that the webhook wants: those after an event, or since a moment; at most a thousand.

    Those that wait already are left as they are. Raises NotFound, NotAllowed, Gone, Conflict("webhook.not_active").
    """
    webhook = _active(work, webhook_id)
    found, last_id, has_more = _wanted(work, webhook, sequence_of(work, after), since)
    again = and_(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.event_id.in_([event.id for event in found]),
        WebhookDelivery.status != DeliveryStatus.WAITING,
    )  # fmt: skip
    queue.owe_again(work.session, again, work.now)
    for event in found:
        queue.owe(work.session, [webhook.id], event.id, event.name, work.now)
    queue.let_resume(work.session, webhook.id)
    event_ = WebhookReplayed(webhook_id=webhook.id, of_council_id=webhook.council_id, number=len(found))
    work.record(event_, council_id=webhook.council_id)
    return Replayed(webhook, len(found), last_id, has_more)


def _wanted(
    work: UnitOfWork, webhook: Webhook, start: int, since: datetime | None
) -> tuple[list[LoggedEvent], UUID | None, bool]:
    """The public events a webhook wants after a place in the log: at most a thousand, the last one looked at, and
    whether there are more."""
    found: list[LoggedEvent] = []
    last: LoggedEvent | None = None
    while len(found) < MOST_REPLAYED:
        query = select(LoggedEvent).where(
            LoggedEvent.audience == Audience.PUBLIC.value, LoggedEvent.sequence > (last.sequence if last else start)
        )
        if since is not None:
            query = query.where(LoggedEvent.occurred_at >= since)
        events = work.session.scalars(query.order_by(LoggedEvent.sequence).limit(LOOKED_AT)).all()
        for event in events:
            last = event
            councils = councils_of(work.session, event) if webhook.only_council_id else frozenset()
            if is_for(webhook, event, councils):
                found.append(event)
            if len(found) == MOST_REPLAYED:
                return found, event.id, True
        if len(events) < LOOKED_AT:
            break
    return found, last.id if last else None, False


def _active(work: UnitOfWork, webhook_id: UUID) -> Webhook:
    webhook = queries.webhook_seen_by(work, webhook_id, lock=True)
    work.require(policy.may_keep_webhook(work.actor, webhook.facts))
    if webhook.status != WebhookStatus.ACTIVE:
        words = Words(_("Only an active webhook is sent events. Verify it or turn it on first."))
        allowed = ("enable",) if webhook.status == WebhookStatus.DISABLED else ("test",)
        raise Conflict("webhook.not_active", words, allowed)
    return webhook
