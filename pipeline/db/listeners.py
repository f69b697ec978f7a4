"""Listeners: what follows from an event a moment later.

Each listener keeps its place in the log, in one leased row. Its work and the move of its place commit together. An
event it fails on is set aside with a next try, and the place moves on: one poison event does not stop the rest.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Index, UniqueConstraint, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base
from pipeline.db.leases import LEASE
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id

log = logging.getLogger(__name__)

BATCH = 100
MOST_TRIES = 10
FIRST_DELAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears the events it names (all, when it names none), in order.

    `handle(session, event)` writes only what housekeeping lets listeners write, and may be called again for the same
    event. A listener that `starts_at_the_beginning` hears the whole log when it is first installed; others start now.
    """

    name: str
    handle: Callable[[Session, LoggedEvent], None]
    events: frozenset[str] = field(default_factory=frozenset)
    starts_at_the_beginning: bool = False


class ListenerPlace(Base):
    """How far one listener has come."""

    __tablename__ = "listener_place"

    name: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    leased_until: Mapped[datetime | None]


_GIVEN_UP = text("given_up_at IS NOT NULL")


class FailedEvent(Base):
    """An event a listener failed on: tried again until it works or has failed ten times."""

    __tablename__ = "failed_event"
    __table_args__ = (
        UniqueConstraint("listener", "sequence"),
        Index("ix_failed_event_given_up", "given_up_at", "id", sqlite_where=_GIVEN_UP, postgresql_where=_GIVEN_UP),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    listener: Mapped[str]
    sequence: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str]


def hear(listener: Listener) -> int:
    """Let a listener hear what is new to it, at most a batch, and return how many events it passed."""
    place = _take_place(listener)
    if place is None:
        return 0
    try:
        passed = _hear_batch(listener, place)
    except Exception:
        log.exception("listener %s failed on a batch after %d; event by event now", listener.name, place)
        passed = _hear_one_by_one(listener, place)
    try_failed_again(listener)
    return passed


def _take_place(listener: Listener) -> int | None:
    """Lease the listener's row and return its place; None while another worker has it."""
    now = clock.now()
    with housekeeping("listeners") as session:
        place = session.get(ListenerPlace, listener.name, with_for_update=True) or _install(session, listener)
        if place.leased_until is not None and place.leased_until > now:
            return None
        if place.sequence >= session.execute(select(EventCounter.last)).scalar_one():
            return place.sequence if _has_failed_due(session, listener, now) else None
        place.leased_until = now + LEASE
        return place.sequence


def _install(session: Session, listener: Listener) -> ListenerPlace:
    """Give a new listener its row. Of two workers that do so at once, the second waits and finds the first's."""
    start = 0 if listener.starts_at_the_beginning else session.execute(select(EventCounter.last)).scalar_one()
    insert_row = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert_row(ListenerPlace).values(name=listener.name, sequence=start)
    session.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    return session.get_one(ListenerPlace, listener.name, with_for_update=True)


def _has_failed_due(session: Session, listener: Listener, now: datetime) -> bool:
    return session.scalar(select(FailedEvent.id).where(*_failed_due(listener, now)).limit(1)) is not None


def _failed_due(listener: Listener, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        FailedEvent.listener == listener.name, FailedEvent.given_up_at.is_(None), FailedEvent.next_try_at <= now,
    )  # fmt: skip


def _next_events(session: Session, place: int, most: int) -> list[LoggedEvent]:
    query = select(LoggedEvent).where(LoggedEvent.sequence > place).order_by(LoggedEvent.sequence).limit(most)
    return list(session.scalars(query))


def _hears(listener: Listener, event: LoggedEvent) -> bool:
    return not listener.events or event.name in listener.events


def _hear_batch(listener: Listener, place: int) -> int:
    with housekeeping("listeners") as session:
        events = _next_events(session, place, BATCH)
        for event in events:
            if _hears(listener, event):
                listener.handle(session, event)
        _move(session, listener, events[-1].sequence if events else place)
    return len(events)


def _hear_one_by_one(listener: Listener, place: int) -> int:
    with housekeeping("listeners") as session:
        sequences = [event.sequence for event in _next_events(session, place, BATCH)]
    for sequence in sequences:
        try:
            with housekeeping("listeners") as session:
                event = session.get_one(LoggedEvent, sequence)
                if _hears(listener, event):
                    listener.handle(session, event)
                _move(session, listener, sequence)
        except Exception as error:
            log.exception("listener %s failed on event %d", listener.name, sequence)
            _set_aside(listener, sequence, error)
    return len(sequences)


def _move(session: Session, listener: Listener, sequence: int) -> None:
    place = session.get_one(ListenerPlace, listener.name)
    place.sequence, place.leased_until = max(place.sequence, sequence), None


def _set_aside(listener: Listener, sequence: int, error: Exception) -> None:
    with housekeeping("listeners") as session:
        known = session.scalars(
            select(FailedEvent).where(FailedEvent.listener == listener.name, FailedEvent.sequence == sequence)
        ).first()
        if known is None:
            row = {
                "id": new_id(), "listener": listener.name, "sequence": sequence, "tries": 1,
                "next_try_at": clock.now() + FIRST_DELAY, "problem": _problem(error),
            }  # fmt: skip
            session.execute(insert(FailedEvent), [row])
        _move(session, listener, sequence)


def _problem(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def try_failed_again(listener: Listener) -> None:
    """Give a listener another try at the events it failed on whose time has come."""
    with housekeeping("listeners") as session:
        ids: Iterable[UUID] = session.scalars(
            select(FailedEvent.id)
            .where(*_failed_due(listener, clock.now()))
            .order_by(FailedEvent.sequence)
            .limit(BATCH)
        ).all()
    for failed_id in ids:
        _try_again(listener, failed_id)


def _try_again(listener: Listener, failed_id: UUID) -> None:
    try:
        with housekeeping("listeners") as session:
            failed = session.get(FailedEvent, failed_id, with_for_update=True)
            if failed is None:
                return
            listener.handle(session, session.get_one(LoggedEvent, failed.sequence))
            session.delete(failed)
    except Exception as error:
        log.exception("listener %s failed again", listener.name)
        with housekeeping("listeners") as session:
            failed = session.get_one(FailedEvent, failed_id)
            failed.tries += 1
            failed.problem = _problem(error)
            failed.next_try_at = clock.now() + FIRST_DELAY * 2 ** min(failed.tries, 10)
            failed.given_up_at = clock.now() if failed.tries >= MOST_TRIES else None


def try_again(failed: FailedEvent, now: datetime) -> None:
    """Have an event that was given up tried again, as often as one that failed for the first time."""
    failed.tries, failed.given_up_at, failed.next_try_at = 0, None, now
