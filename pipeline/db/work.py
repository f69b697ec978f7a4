"""The one way to save. This is the only file that commits.

    with unit_of_work(actor) as work:
        pledge = offer_pledge(work, need_id=…, offer=…)

Leaving the block commits; any exception rolls back. Work that changed something without asking (`require`) or without
recording an event is refused at the commit, so neither can be forgotten. Only the key of a form that was sent as it
stood is kept without an event: nothing happened.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Delete, Engine, Insert, Update, event, insert
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, make_transient_to_detached

from pipeline.db.engine import WRITES, database
from pipeline.db.housekeeping import HOUSEKEEPING
from pipeline.db.idempotency import Idempotency
from pipeline.db.log import Recorded, append_events
from pipeline.db.statements import WRITTEN, Statement
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import NotAllowed, Refusal
from pipeline.kernel.event import Audience, Event, narrower

Row = TypeVar("Row")

WHEN_RECORDED: "list[Callable[[UnitOfWork, Event], None]]" = []
"""What else follows from an event in the same transaction, whatever act caused it: layers above add theirs."""


class Reading:
    """A session to read with, on behalf of somebody, at one moment. Queries take it first."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now


class UnitOfWork(Reading):
    """One transaction that changes things, on behalf of one actor. Actions take it first and never commit."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        super().__init__(session, actor, now)
        self.recorded: list[Recorded] = []
        self.has_asked = False
        self.when_undone: list[Callable[[], None]] = []
        """What else must be taken back when an act is refused and what was kept before it stays."""
        self._kept: tuple[SessionTransaction, int] | None = None

    def require(self, decision: Decision) -> None:
        """Ask a policy. Raises NotAllowed with its reason when it says no."""
        self.has_asked = True
        if decision.because is not None:
            raise NotAllowed(decision.code, decision.because)

    def record(self, event: Event, *, audience: Audience = Audience.PUBLIC, council_id: UUID | None = None) -> None:
        """Say what happened. `audience` may only narrow the event's own; the council is the actor's unless said."""
        recorded = Recorded(
            event,
            self.actor,
            narrower(event.audience, audience),
            council_id or self.actor.council_id,
            getattr(event, "project_id", None),
        )
        self.recorded.append(recorded)
        for follow in WHEN_RECORDED:
            follow(self, event)

    def add(self, row: Row) -> Row:
        """Keep a new row, and return it."""
        self.session.add(row)
        return row

    def insert(self, row: Row) -> Row:
        """Keep a new row at once, alone, and return it. For what is written most: it costs a quarter of `add`."""
        table: Any = type(row)
        statement, defaults = _insert_into(table)
        values: dict[str, Any] = row.__dict__
        for name, default in defaults.items():
            if name not in values:
                values[name] = default(None) if callable(default) else default
        statement.run(self.session, **{name: values[name] for name in defaults})
        make_transient_to_detached(row)
        self.session.add(row)
        return row

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """Do something on behalf of another actor: what the clock has due, by whoever's act comes first."""
        own, self.actor = self.actor, actor
        try:
            yield
        finally:
            self.actor = own

    def keep(self) -> None:
        """Let what was done so far stay, with its events, even if what follows is refused."""
        self.session.flush()
        self._kept = (self.session.begin_nested(), len(self.recorded))

    def go_back(self) -> bool:
        """Undo what was done since `keep`; returns whether there is anything left to commit."""
        if self._kept is None:
            return False
        savepoint, number = self._kept
        savepoint.rollback()
        del self.recorded[number:]
        for undo in self.when_undone:
            undo()
        return True


@contextmanager
def unit_of_work(actor: Actor) -> Iterator[UnitOfWork]:
    """Begin work for an actor; commit when the block ends, roll back when it raises."""
    with _writing() as session:
        work = UnitOfWork(session, actor, clock.now())
        try:
            yield work
        except Refusal:
            if work.go_back():
                _finish(session, work)
            raise
        _finish(session, work)


def _finish(session: Session, work: UnitOfWork) -> None:
    """Number the events and commit, if policies were asked and what happened was recorded."""
    session.flush()
    written = session.info[WRITTEN]
    if written and not work.has_asked:
        raise RuntimeError(f"work changed {sorted(written)} without asking a policy (work.require)")
    if written - {Idempotency.__tablename__} and not work.recorded:
        raise RuntimeError(f"work changed {sorted(written)} without recording an event (work.record)")
    if work.recorded:
        append_events(session, work.now, work.recorded)
    session.commit()


@contextmanager
def housekeeping(name: str) -> Iterator[Session]:
    """Begin a short transaction that may write only the tables `db/housekeeping.py` lists under `name`."""
    allowed = HOUSEKEEPING[name]
    with _writing() as session:
        yield session
        session.flush()
        if not session.info[WRITTEN] <= allowed:
            raise RuntimeError(f"housekeeping {name!r} may not write {sorted(session.info[WRITTEN] - allowed)}")
        session.commit()


class _WritingSession(Session):
    """A session that remembers which tables it wrote, by flush or by statement."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False, info={WRITTEN: set()})


@event.listens_for(_WritingSession, "before_flush")
def _note_flushed(session: Session, *_: Any) -> None:
    for row in (*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))):
        session.info[WRITTEN].add(row.__table__.name)


@event.listens_for(_WritingSession, "do_orm_execute")
def _note_executed(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Insert | Update | Delete):
        state.session.info[WRITTEN].add(state.statement.table.name)  # type: ignore[union-attr]


@lru_cache(maxsize=8)
def _writer(engine: Engine) -> Engine:
    """The engine as work uses it; making this anew each time costs as much as a statement."""
    return engine.execution_options(**{WRITES: True})


@cache
def _insert_into(table: Any) -> tuple[Statement, dict[str, Any]]:
    """The statement that keeps a new row of a table, and what stands in each column where nothing is said."""
    columns = table.__table__.columns
    return Statement(insert(table)), {one.key: one.default.arg if one.default else None for one in columns}


_one_writer = threading.Lock()
_lock_files: dict[tuple[int, str], int] = {}
_mine = threading.local()


@contextmanager
def _writing() -> Iterator[Session]:
    """A session that writes, in its turn. One inside another would wait for itself for ever: that is refused."""
    if getattr(_mine, "is_writing", False):
        raise RuntimeError("work was begun inside work: pass `work` on instead")
    engine = database.engine
    _mine.is_writing = True
    try:
        with _in_turn(engine), _WritingSession(_writer(engine)) as session:
            yield session
    finally:
        _mine.is_writing = False


@contextmanager
def _in_turn(engine: Engine) -> Iterator[None]:
    """Let one writer in at a time where the database is an SQLite file.

    SQLite has one writer anyway, but its busy handler sleeps and tries again, which is unfair under load. A lock round
    the work, in this process and between processes, hands the turn on the moment it is free.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with _one_writer:
        turn = _lock_file(path)
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)


def _lock_file(path: str) -> int:
    """The file that stands for the turn to write. Each process opens its own: a forked one would share the lock."""
    key = (os.getpid(), path)
    if key not in _lock_files:
        _lock_files[key] = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return _lock_files[key]
