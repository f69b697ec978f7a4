"""Whether this release can serve with the database as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Select, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config import ROOT
from pipeline.db.jobs import Job
from pipeline.db.listeners import FailedEvent
from pipeline.db.outbox import OutboxMessage

PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A kind of waiting work of a layer above: what finds some that nobody has done since a moment, and what to say."""

    since: Callable[[datetime], Select[Any]]
    words: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ready`, `degraded` (it serves, and waiting work is not being done) or `not ready`, with the problems."""

    status: str
    problems: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self.status != "not ready"


def readiness(session: Session, now: datetime, *more: Overdue) -> Readiness:
    """Compare the schema with this release, and look for work, `more` included, that has waited over five minutes."""
    try:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError:
        return Readiness("not ready", ("the database does not answer, or has no schema: run `flask db upgrade`",))
    if version is None or version < known_head():
        return Readiness("not ready", ("the schema is older than this release: run `flask db upgrade`",))
    problems = tuple(_problems(session, now - PATIENCE, more))
    return Readiness("degraded" if problems else "ready", problems)


@lru_cache(maxsize=1)
def known_head() -> str:
    """The newest migration of this release. Migrations are numbered, so later ones sort after it."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head() or ""


def _problems(session: Session, late: datetime, more: tuple[Overdue, ...]) -> list[str]:
    waiting: tuple[tuple[Select[Any], str], ...] = (
        (select(Job.id).where(Job.due_at < late), "jobs are waiting: is `flask worker` running?"),
        (
            select(OutboxMessage.id).where(
                OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.next_try_at < late
            ),
            "messages are waiting to be sent",
        ),
        (select(FailedEvent.id).where(FailedEvent.given_up_at.is_not(None)), "a listener has given up on an event"),
        *((one.since(late), one.words) for one in more),
    )
    return [words for query, words in waiting if session.execute(query.limit(1)).first() is not None]
