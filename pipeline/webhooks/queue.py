"""The messages that are owed to webhooks: put into the queue, taken from it by workers, and what became of them.

A message is one row for a webhook and an event, so however often an event is heard or replayed, it is owed once.
Whoever took a row holds its lease; what became of it is noted only while that lease is still theirs, so a worker that
was too slow, or two that ran at once, never note one try twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.db.leases import take
from pipeline.db.readiness import Overdue
from pipeline.kernel.ids import new_id
from pipeline.webhooks.models import Webhook, WebhookDelivery, WebhookHealth
from pipeline.webhooks.rules import (
    DELIVERIES_KEPT,
    PING,
    Answered,
    DeliveryStatus,
    Failure,
    WebhookStatus,
    asked_to_wait,
    rest_after,
    wait_before,
)

AT_ONCE_WHEN_WELL = 4
"""Messages that are under way to one receiver at a time, in all workers together."""
AT_ONCE_WHEN_FAILING = 1
MOST_LOOKED_AT = 200
"""Webhooks with something due that one look considers, those that do well first."""
DELETED_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Task:
    """One message a worker has taken, with the lease by which it is known as its own."""

    delivery_id: UUID
    webhook_id: UUID
    event_id: UUID | None
    tries: int
    leased_until: datetime
    is_failing: bool

    @property
    def is_ping(self) -> bool:
        return self.event_id is None


def owe(session: Session, webhook_ids: Iterable[UUID], event_id: UUID, event_name: str, now: datetime) -> None:
    """Owe webhooks an event. Those that were owed it before are owed nothing more."""
    insert_row = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for webhook_id in webhook_ids:
        row = insert_row(WebhookDelivery).values(_row(webhook_id, event_id, event_name, now))
        session.execute(row.on_conflict_do_nothing(index_elements=["webhook_id", "event_id"]))


def owe_ping(session: Session, webhook_id: UUID, now: datetime) -> UUID:
    """Owe a webhook a ping, instead of one that still waits. Returns the message's id."""
    waiting = (
        WebhookDelivery.webhook_id == webhook_id,
        WebhookDelivery.event_id.is_(None),
        WebhookDelivery.status == DeliveryStatus.WAITING,
    )
    session.execute(delete(WebhookDelivery).where(*waiting), execution_options={"synchronize_session": False})
    row = _row(webhook_id, None, PING, now)
    session.execute(insert(WebhookDelivery), [row])
    delivery_id: UUID = row["id"]
    return delivery_id


def _row(webhook_id: UUID, event_id: UUID | None, event_name: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(), "webhook_id": webhook_id, "event_id": event_id, "event_name": event_name,
        "status": DeliveryStatus.WAITING.value, "tries": 0, "created_at": now, "next_try_at": now,
    }  # fmt: skip


def owe_again(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """Owe messages anew that were taken or given up, and those that wait at once."""
    session.execute(
        update(WebhookDelivery)
        .where(which)
        .values(status=DeliveryStatus.WAITING.value, tries=0, next_try_at=now, ended_at=None, problem=None,
                leased_until=None),
        execution_options={"synchronize_session": False},
    )  # fmt: skip


def let_resume(session: Session, webhook_id: UUID) -> None:
    """Call a receiver again at once, however long it asked to be left alone: somebody asked for it."""
    session.execute(
        update(WebhookHealth).where(WebhookHealth.webhook_id == webhook_id).values(resume_at=None),
        execution_options={"synchronize_session": False},
    )


def give_up_waiting(session: Session, webhook_id: UUID, now: datetime) -> None:
    """Give up everything a webhook is still owed: it is turned off. What it missed can be replayed."""
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status == DeliveryStatus.WAITING)
        .values(status=DeliveryStatus.FAILED.value, ended_at=now, leased_until=None, problem=Failure.DISABLED.value),
        execution_options={"synchronize_session": False},
    )


# --- Taking ------------------------------------------------------------------------------------------------------


def take_due(session: Session, now: datetime, room: int, room_for_failing: int) -> list[Task]:
    """Lease what is due, at most `room` messages, of which `room_for_failing` to receivers that fail.

    Each webhook has a few at a time, so that one with a long queue takes no other's turn, and those that do well come
    first.
    """
    tasks: list[Task] = []
    for webhook_id, is_failing, under_way in _webhooks_with_due(session, now):
        here = min(room, room_for_failing) if is_failing else room
        most = min(here, (AT_ONCE_WHEN_FAILING if is_failing else AT_ONCE_WHEN_WELL) - under_way)
        if most <= 0:
            continue
        due = and_(
            WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status == DeliveryStatus.WAITING,
            WebhookDelivery.next_try_at <= now,
        )  # fmt: skip
        taken = take(session, WebhookDelivery, due, WebhookDelivery.next_try_at, now, most)
        tasks += [_task(row, is_failing) for row in taken]
        room -= len(taken)
        room_for_failing -= len(taken) if is_failing else 0
    return tasks


def _webhooks_with_due(session: Session, now: datetime) -> Iterable[tuple[UUID, bool, int]]:
    """The webhooks that are owed something now: whether each fails, and how many messages are under way to it."""
    is_failing = WebhookHealth.first_failed_at.is_not(None)
    under_way = func.sum(case((WebhookDelivery.leased_until >= now, 1), else_=0))
    query = (
        select(Webhook.id, is_failing, under_way)
        .join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        .outerjoin(WebhookHealth, WebhookHealth.webhook_id == Webhook.id)
        .where(
            WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.next_try_at <= now, _may_be_sent(),
            or_(WebhookHealth.resume_at.is_(None), WebhookHealth.resume_at <= now),
        )
        .group_by(Webhook.id, is_failing)
        .order_by(is_failing, func.min(WebhookDelivery.next_try_at), Webhook.id)
        .limit(MOST_LOOKED_AT)
    )  # fmt: skip
    return [(row[0], bool(row[1]), int(row[2])) for row in session.execute(query)]


def _may_be_sent() -> ColumnElement[bool]:
    """An active webhook is sent everything, one that still has to answer its ping."""
    is_ping = and_(Webhook.status == WebhookStatus.WAITING, WebhookDelivery.event_id.is_(None))
    return or_(Webhook.status == WebhookStatus.ACTIVE, is_ping)


def overlooked_since(moment: datetime) -> Select[Any]:
    """The webhooks that were owed something before a moment and may be called, and that nobody has called since: not
    those that are worked through, however long their queue is."""
    health = WebhookHealth
    before = [
        or_(column.is_(None), column < moment)
        for column in (health.resume_at, health.last_failed_at, health.last_succeeded_at)
    ]
    return (
        select(Webhook.id)
        .join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
        .outerjoin(health, health.webhook_id == Webhook.id)
        .where(
            WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.next_try_at < moment, _may_be_sent(),
            *before,
        )
        .distinct()
    )  # fmt: skip


OVERDUE = Overdue(overlooked_since, "messages to webhooks are waiting: is `flask worker` running?")


def _task(row: WebhookDelivery, is_failing: bool) -> Task:
    lease = row.leased_until
    return Task(row.id, row.webhook_id, row.event_id, row.tries, lease or row.next_try_at, is_failing)


# --- What became of it -------------------------------------------------------------------------------------------


def note_taken(session: Session, task: Task, answered: Answered, now: datetime) -> bool:
    """Say that a message was taken by its receiver. False where the lease was no longer ours."""
    ended = {"status": DeliveryStatus.DELIVERED.value, "ended_at": now, "problem": None}
    if not _note(session, task, ended | _of_try(answered, task, now)):
        return False
    _note_health(session, task.webhook_id, {"first_failed_at": None, "resume_at": None, "last_succeeded_at": now})
    return True


def note_failed(session: Session, task: Task, answered: Answered, now: datetime) -> bool:
    """Say that a try failed: the message is tried again later, or given up. False where the lease was not ours."""
    wait = wait_before(task.tries + 1, asked_to_wait(answered.retry_after, now), is_ping=task.is_ping)
    problem = answered.failure or Failure.BROKEN_OFF
    values = _of_try(answered, task, now) | {"problem": problem.value}
    if wait is None:
        values |= {"status": DeliveryStatus.FAILED.value, "ended_at": now}
    else:
        values |= {"next_try_at": now + wait}
    if not _note(session, task, values):
        return False
    rest = rest_after(answered, now)
    health: dict[str, Any] = {"last_failed_at": now}
    if rest is not None and not task.is_ping:
        health["resume_at"] = now + rest
    _note_health(session, task.webhook_id, health)
    if not task.is_ping:
        is_first = and_(WebhookHealth.webhook_id == task.webhook_id, WebhookHealth.first_failed_at.is_(None))
        session.execute(
            update(WebhookHealth).where(is_first).values(first_failed_at=now),
            execution_options={"synchronize_session": False},
        )
    return True


def note_withheld(session: Session, task: Task, problem: Failure, now: datetime) -> bool:
    """Say that a message is not sent, because what it tells of is no longer public."""
    values = {"status": DeliveryStatus.WITHHELD.value, "ended_at": now, "problem": problem.value}
    return _note(session, task, values)


def give_back(session: Session, task: Task) -> None:
    """Give a message back untried: the worker stops, or failed itself."""
    _note(session, task, {})


def _of_try(answered: Answered, task: Task, now: datetime) -> dict[str, Any]:
    return {
        "tries": task.tries + 1, "tried_at": now, "answer_status": answered.status, "took_ms": answered.took_ms,
    }  # fmt: skip


def _note(session: Session, task: Task, values: Mapping[str, Any]) -> bool:
    """Change a row while its lease is the task's, which ends with it."""
    still_ours = and_(WebhookDelivery.id == task.delivery_id, WebhookDelivery.leased_until == task.leased_until)
    changed = session.execute(
        update(WebhookDelivery).where(still_ours).values(leased_until=None, **values),
        execution_options={"synchronize_session": False},
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _note_health(session: Session, webhook_id: UUID, values: dict[str, Any]) -> None:
    insert_row = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert_row(WebhookHealth).values(webhook_id=webhook_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["webhook_id"], set_=values))


def first_failed_at(session: Session, webhook_id: UUID) -> datetime | None:
    """Since when nothing was taken; None while a webhook does well."""
    return session.scalar(select(WebhookHealth.first_failed_at).where(WebhookHealth.webhook_id == webhook_id))


def delete_old(session: Session, now: datetime) -> int:
    """Delete messages that ended thirty days ago, some at a time; returns how many."""
    old = select(WebhookDelivery.id).where(WebhookDelivery.ended_at < now - DELIVERIES_KEPT).limit(DELETED_AT_A_TIME)
    ids = session.scalars(old).all()
    if ids:
        session.execute(
            delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)),
            execution_options={"synchronize_session": False},
        )
    return len(ids)
