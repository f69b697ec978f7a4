"""The event log: every event, in commit order.

The sequence is taken from a one-row counter when everything else is flushed, right before the commit. Whoever takes it
holds the row until the commit, so sequence order is commit order without gaps, on SQLite and PostgreSQL alike. (An
auto-increment id is taken before the commit: a reader with a cursor would lose what commits late.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base
from pipeline.db.engine import database
from pipeline.db.statements import Statement
from pipeline.kernel.actor import Actor
from pipeline.kernel.event import Audience, Event
from pipeline.kernel.ids import new_id

Sequence_ = BigInteger().with_variant(Integer(), "sqlite")

_DELETED = text("name = 'project.deleted'")
"""What was a project once is looked for by its last slug among these few."""


class EventCounter(Base):
    """One row: the sequence of the last event, and of the last one that changed what the public reads."""

    __tablename__ = "event_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    last: Mapped[int] = mapped_column(BigInteger, default=0)
    last_public: Mapped[int] = mapped_column(BigInteger, default=0)


class LoggedEvent(Base):
    """One event as it is kept. `sequence` is internal; outside, an event has its id."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_project_id_sequence", "project_id", "sequence"),
        Index("ix_event_audience_sequence", "audience", "sequence"),
        Index("ix_event_subject_id_sequence", "subject_id", "sequence"),
        Index("ix_event_project_deleted", "sequence", sqlite_where=_DELETED, postgresql_where=_DELETED),
    )

    sequence: Mapped[int] = mapped_column(Sequence_, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    version: Mapped[int]
    occurred_at: Mapped[datetime]
    officer_id: Mapped[UUID | None]
    system: Mapped[str | None]
    council_id: Mapped[UUID | None]
    channel: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    audience: Mapped[str]
    payload: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event waiting for its sequence: the fact, who did it, who may read it, for which council, in which project."""

    event: Event
    actor: Actor
    audience: Audience
    council_id: UUID | None
    project_id: UUID | None


def append_events(session: Session, moment: datetime, recorded: Sequence[Recorded]) -> None:
    """Give each event its sequence and keep it. Nothing may be changed between this and the commit."""
    number = len(recorded)
    is_public = any(one.event.takes_away or _changes_public(one) for one in recorded)
    ((last,),) = (_TAKE_PUBLIC if is_public else _TAKE).rows(session, number=number)
    first = last - number + 1
    _KEEP.run_each(session, [_row(one, sequence, moment) for sequence, one in enumerate(recorded, first)])


def _changes_public(one: Recorded) -> bool:
    return one.event.changes_public and one.audience is not Audience.OPERATORS


_TAKEN = EventCounter.last + bindparam("number")
_TAKE = Statement(update(EventCounter).values(last=_TAKEN).returning(EventCounter.last))
_TAKE_PUBLIC = Statement(update(EventCounter).values(last=_TAKEN, last_public=_TAKEN).returning(EventCounter.last))
_KEEP = Statement(insert(LoggedEvent))


def _row(one: Recorded, sequence: int, moment: datetime) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "id": new_id(),
        "name": one.event.name,
        "version": one.event.version,
        "occurred_at": moment,
        "officer_id": one.actor.officer_id,
        "system": one.actor.system,
        "council_id": one.council_id,
        "channel": one.actor.channel.value,
        "subject_type": one.event.subject_type,
        "subject_id": one.event.subject_id,
        "project_id": one.project_id,
        "audience": one.audience.value,
        "payload": one.event.payload(),
    }


_LAST_PUBLIC_EVENT = (
    "SELECT event_counter.last_public, event.id FROM event_counter"
    " LEFT JOIN event ON event.sequence = event_counter.last_public"
)
_LAST_PUBLIC = Statement(select(EventCounter.last_public))


def last_public_sequence(session: Session) -> int:
    """The sequence of the last event that changed what the public reads: a list's ETag."""
    return int(_LAST_PUBLIC.rows(session)[0][0])


def last_public_now() -> str:
    """What names the last event that changed what the public reads: its sequence, and its id, because after a backup
    was restored the same sequence is given to another event.

    It is read on a connection of its own: an answer that has not changed then needs no session, which costs six times
    as much. And before the rows, so what is shown may be newer than its mark and is never older.
    """
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(_LAST_PUBLIC_EVENT)
        ((last, event_id),) = cursor.fetchall()
        return f"{last} {event_id}"
    finally:
        connection.close()
