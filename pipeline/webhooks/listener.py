"""Turns public events into messages that are owed to webhooks. Whether an event may still be seen is asked again when
its message leaves."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.event import Audience
from pipeline.projects.models import Project
from pipeline.webhooks.models import Webhook
from pipeline.webhooks.queue import owe
from pipeline.webhooks.rules import WebhookStatus, wants


def handle(session: Session, event: LoggedEvent) -> None:
    """Owe a public event to every webhook that wants it and was active when it happened."""
    if event.audience != Audience.PUBLIC.value:
        return
    is_listening = (Webhook.status == WebhookStatus.ACTIVE) & (Webhook.verified_at <= event.occurred_at)
    webhooks = session.scalars(select(Webhook).where(is_listening)).all()
    is_narrowed = any(one.only_council_id is not None for one in webhooks)
    councils = councils_of(session, event) if is_narrowed else frozenset()
    wanting = [one.id for one in webhooks if is_for(one, event, councils)]
    owe(session, wanting, event.id, event.name, clock.now())


def is_for(webhook: Webhook, event: LoggedEvent, councils: frozenset[object]) -> bool:
    """Whether an event is one a webhook asked for."""
    return (
        wants(webhook.kinds, event.name)
        and (webhook.only_project_id is None or webhook.only_project_id == event.project_id)
        and (webhook.only_council_id is None or webhook.only_council_id in councils)
    )


def councils_of(session: Session, event: LoggedEvent) -> frozenset[object]:
    """The councils an event is of: the one it was done for, the one whose project it happened in, and its subject."""
    led_by = None
    if event.project_id is not None:
        led_by = session.scalar(select(Project.council_id).where(Project.id == event.project_id))
    subject = event.subject_id if event.subject_type == "council" else None
    return frozenset({event.council_id, led_by, subject} - {None})


LISTENER = Listener(name="webhooks", handle=handle)
"""Begins with what happens after it is installed: nobody could have asked for what came before."""
