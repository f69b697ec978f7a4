"""What became of the made-up webhook: it was made, it was verified, and its messages were carried to a receiver that is
made up as well. Nothing is called."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from pipeline.cli.demonstration_data.shapes import MadeUpWebhook
from pipeline.db.log import LoggedEvent
from pipeline.db.work import UnitOfWork, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.event import Audience
from pipeline.webhooks import queue
from pipeline.webhooks.actions.keeping import make_webhook, verify_webhook
from pipeline.webhooks.addresses import Target
from pipeline.webhooks.courier import Courier
from pipeline.webhooks.listener import councils_of, is_for
from pipeline.webhooks.models import Webhook, WebhookDelivery
from pipeline.webhooks.parcel import Sender
from pipeline.webhooks.rules import Answered, DeliveryStatus, WebhookTerms, outcome_of

HEARD_AFTER = timedelta(seconds=2)
"""How long the worker takes to hear of an event."""
OLD_ENOUGH_TO_FAIL = timedelta(days=6)
"""A message that is refused to the end is tried for three days and a bit: it must have happened before that."""


def make(work: UnitOfWork, told: MadeUpWebhook) -> None:
    """Its officer makes it, for what their own council does."""
    terms = WebhookTerms(
        address=told.address, description=told.description, kinds=told.kinds, council_id=work.actor.council_id
    )
    make_webhook(work, terms=terms)


def verify(work: UnitOfWork, told: MadeUpWebhook) -> None:
    """Its address answered the first message."""
    webhook_id = work.session.scalars(select(Webhook.id).where(Webhook.address == told.address)).one()
    verify_webhook(work, webhook_id=webhook_id, address=told.address)


@dataclass(slots=True)
class Receiver:
    """The made-up receiver. It takes what it is sent, but was out of order at one message, and has never understood
    another."""

    now: datetime
    tries: dict[str, int] = field(default_factory=dict)
    number: dict[str, int] = field(default_factory=dict)

    def answer(self, _target: Target, headers: dict[str, str], _body: bytes) -> Answered:
        """Its answer to one try."""
        message = headers["webhook-id"]
        tries = self.tries[message] = self.tries.get(message, 0) + 1
        number = self.number.setdefault(message, len(self.number))
        took = 70 + number * 37 % 160
        is_old = clock.now() < self.now - OLD_ENOUGH_TO_FAIL or tries > 1
        if number == 2 and is_old:
            return outcome_of(422, None, took)
        return outcome_of(500 if number == 4 and tries == 1 else 204, None, took)


def carry_messages(
    told: MadeUpWebhook, now: datetime, sender: Sender, in_context: Callable[[], AbstractContextManager[object]]
) -> None:
    """Carry what the webhook was to be told of up to `now`, each message to its end, at the moments it was due."""
    courier = Courier(sender, in_context, Receiver(now).answer)
    with housekeeping("webhooks") as session:
        webhook = session.scalars(select(Webhook).where(Webhook.address == told.address)).one()
        since = (LoggedEvent.audience == Audience.PUBLIC.value, LoggedEvent.occurred_at > webhook.verified_at)
        events = session.scalars(select(LoggedEvent).where(*since).order_by(LoggedEvent.sequence)).all()
        wanted = [one for one in events if is_for(webhook, one, councils_of(session, one))]
    _carry(courier, webhook.id, now)
    for event in wanted:
        with clock.at(event.occurred_at + HEARD_AFTER), housekeeping("webhooks") as session:
            queue.owe(session, [webhook.id], event.id, event.name, clock.now())
        _carry(courier, webhook.id, now)


def _carry(courier: Courier, webhook_id: UUID, now: datetime) -> None:
    """Send what the webhook is owed, whenever each try is due."""
    waits = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status == DeliveryStatus.WAITING)
    while True:
        with housekeeping("webhooks") as session:
            due_at = session.scalar(select(func.min(WebhookDelivery.next_try_at)).where(*waits))
        if due_at is None or due_at > now:
            return
        with clock.at(due_at):
            courier.deliver_and_wait()
