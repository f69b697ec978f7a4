"""Whether this release can serve with the database as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config import ROOT
from pipeline.db.jobs import Job
from pipeline.db.listeners import FailedEvent
from pipeline.db.outbox import OutboxMessage

PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ready`, `degraded` (it serves, and waiting work is not being done) or `not ready`, with the problems."""

    status: str
    problems: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        return self.status != "not ready"


def readiness(session: Session, now: datetime) -> Readiness:
    """Compare the schema with this release, and look for work that has waited over five minutes."""
    try:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DatabaseError:
        return Readiness("not ready", ("the database does not answer, or has no schema: run `flask db upgrade`",))
    if version is None or version < known_head():
        return Readiness("not ready", ("the schema is older than this release: run `flask db upgrade`",))
    problems = tuple(_problems(session, now - PATIENCE))
    return Readiness("degraded" if problems else "ready", problems)


@lru_cache(maxsize=1)
def known_head() -> str:
    """The newest migration of this release. Migrations are numbered, so later ones sort after it."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head() or ""


def _problems(session: Session, late: datetime) -> list[str]:
    waiting = (
        (select(Job.id).where(Job.due_at < late), "jobs are waiting: is `flask worker` running?"),
        (
            select(OutboxMessage.id).where(
                OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None), OutboxMessage.next_try_at < late
            ),
            "messages are waiting to be sent",
        ),
        (select(FailedEvent.id).where(FailedEvent.given_up_at.is_not(None)), "a listener has given up on an event"),
    )
    return [words for query, words in waiting if session.execute(query.limit(1)).first() is not None]
