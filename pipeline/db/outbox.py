"""The outbox: what is to be sent, one row a recipient, kept in the transaction of what it tells of.

A message names what to say (`kind` and ids in `payload`), not the text: it is written in its reader's language at the
moment it leaves, from what that reader may see then. Its Message-ID is made of ids fixed here: a retry has the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base
from pipeline.db.leases import take_over
from pipeline.kernel.ids import new_id

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)
MOST_TRIES = 26
"""Each after twice as long, up to the longest delay: a message is tried for four days (RFC 5321, section 4.5.4.1), so
that a mail server in trouble over a weekend loses none."""

_FAILED = text("failed_at IS NOT NULL")


class OutboxMessage(Base):
    """One e-mail, from the moment it is owed until it is sent or given up: to an officer, or to the address alone of
    somebody without an account, in the language the payload names. `failed_at` is when it was given up though it should
    have left: a coordinator can have it tried again."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "sent_at", "given_up_at", "next_try_at"),
        Index("ix_outbox_failed", "failed_at", "id", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    officer_id: Mapped[UUID | None] = mapped_column(index=True)
    address: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_problem: Mapped[str | None]


def queue_message(
    session: Session,
    *,
    kind: str,
    officer_id: UUID | None,
    payload: dict[str, Any],
    now: datetime,
    dedupe_key: str | None = None,
    address: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Owe an officer a message. The same `dedupe_key` twice is one message; it leaves at once, or after `not_before`.

    `address` is given only where the message must go to another address than the officer's own (a new address that is
    being verified), or to somebody without an account: then `officer_id` is None, and the payload holds a `language`.
    """
    key = dedupe_key or str(new_id())
    if dedupe_key and session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)):
        return
    row = {
        "id": new_id(), "kind": kind, "officer_id": officer_id, "address": address, "payload": payload,
        "dedupe_key": key, "created_at": now, "next_try_at": max(now, not_before or now), "tries": 0,
    }  # fmt: skip
    session.execute(insert(OutboxMessage), [row])


@dataclass(frozen=True, slots=True)
class Taken:
    """A message to be sent now. `left_at` is the end of the lease in which somebody died over it, who may have sent it
    together with those left at the same moment; None where nobody did."""

    message: OutboxMessage
    left_at: datetime | None


def take_due(session: Session, now: datetime, most: int = 20) -> list[Taken]:
    """Lease the messages whose time has come, oldest first."""
    due = OutboxMessage.sent_at.is_(None) & OutboxMessage.given_up_at.is_(None) & (OutboxMessage.next_try_at <= now)
    return _taken(session, due, now, most)


def take_due_for(
    session: Session, officer_ids: Sequence[UUID], kinds: Sequence[str], now: datetime, most: int
) -> list[Taken]:
    """Lease what else is due for some officers of some kinds, oldest first."""
    due = (
        OutboxMessage.officer_id.in_(officer_ids) & OutboxMessage.kind.in_(kinds) & OutboxMessage.sent_at.is_(None)
        & OutboxMessage.given_up_at.is_(None) & (OutboxMessage.next_try_at <= now)
    )  # fmt: skip
    return _taken(session, due, now, most)


def _taken(session: Session, due: ColumnElement[bool], now: datetime, most: int) -> list[Taken]:
    found = take_over(session, OutboxMessage, due, OutboxMessage.next_try_at, now, most)
    return [Taken(message, left_at) for message, left_at in found]


def mark_sent(session: Session, message_id: UUID, now: datetime) -> None:
    """Say that a message has left. Its payload is emptied: it is of no more use."""
    message = session.get_one(OutboxMessage, message_id)
    message.sent_at, message.leased_until, message.payload, message.last_problem = now, None, {}, None


def mark_failed(session: Session, message_id: UUID, problem: str, now: datetime) -> None:
    """Say why a message did not leave; it is tried again, each time after twice as long, and given up after four
    days."""
    message = session.get_one(OutboxMessage, message_id)
    message.tries += 1
    message.leased_until, message.last_problem = None, problem[:500]
    message.next_try_at = now + min(FIRST_DELAY * 2 ** (message.tries - 1), LONGEST_DELAY)
    if message.tries >= MOST_TRIES:
        message.given_up_at = message.failed_at = now


def mark_refused(session: Session, message_id: UUID, problem: str, now: datetime) -> None:
    """Say that a message was refused for good. It keeps what it is written from, should somebody have it tried again
    once the reason is gone."""
    message = session.get_one(OutboxMessage, message_id)
    message.given_up_at = message.failed_at = now
    message.leased_until, message.last_problem = None, problem[:500]


def mark_given_up(session: Session, message_id: UUID, problem: str, now: datetime) -> None:
    """Say that a message will never leave, and why: what it says is over, or its reader may no longer know of it."""
    message = session.get_one(OutboxMessage, message_id)
    message.given_up_at, message.leased_until, message.payload, message.last_problem = now, None, {}, problem[:500]


def give_back(session: Session, message_ids: Sequence[UUID], problem: str) -> None:
    """Give leased messages back untried, because no message can leave now. They lose no try by it and stay due."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(message_ids), OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
        .values(leased_until=None, last_problem=problem[:500]),
        execution_options={"synchronize_session": False},
    )


def try_again(message: OutboxMessage, now: datetime) -> None:
    """Have a message that failed tried again, as often as a new one."""
    message.given_up_at, message.failed_at, message.leased_until = None, None, None
    message.tries, message.next_try_at = 0, now
