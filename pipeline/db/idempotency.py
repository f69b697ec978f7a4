"""Doing a thing once, however often it is asked for.

A key is kept in the transaction of its effect. A second request with the same key waits for the first (the row is
unique) and is given its answer; the same key with another body is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base
from pipeline.db.statements import Statement
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _

LOCK_TIMEOUTS = ("55P03", "57014")
"""What PostgreSQL says when a wait for a lock, or a statement that waits for one, took too long."""


class Idempotency(Base):
    """One key somebody used on one route, the fingerprint of what was sent, and the answer that was given."""

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("owner", "route", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str]
    route: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a request the same request: whose, on which route, under which key, with which content."""

    owner: str
    route: str
    key: str
    fingerprint: str


class StillWorking(Conflict):
    """The first request with the key has not ended yet (409). `retry_after` is in seconds."""

    retry_after = 2

    def __init__(self) -> None:
        words = Words(_("The first request with this key has not ended yet. Ask again in a moment."))
        super().__init__("idempotency.still_working", words)


class AlreadyDone(Exception):
    """The key has been used: nothing is done again, and `answer` is what was answered the first time."""

    def __init__(self, answer: str | None) -> None:
        self.answer = answer
        super().__init__(answer)


def claim(session: Session, key: Key, now: datetime) -> None:
    """Take a key at the start of work.

    Raises AlreadyDone when it was used for the same content, RuleBroken when for another, StillWorking when the request
    that used it first lasts longer than anybody waits for a lock.
    """
    try:
        claimed = _CLAIM[session.get_bind().dialect.name].rows(
            session, id=new_id(), owner=key.owner, route=key.route, key=key.key, fingerprint=key.fingerprint,
            answer=None, created_at=now,
        )  # fmt: skip
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in LOCK_TIMEOUTS:
            raise StillWorking from error
        raise
    if claimed:
        return
    earlier = session.execute(select(Idempotency.fingerprint, Idempotency.answer).where(*_is(key))).one()
    if earlier.fingerprint != key.fingerprint:
        words = Words(_("This was sent before with other details. Go back to the page and start again."))
        raise RuleBroken(Problem("idempotency.other_body", words))
    raise AlreadyDone(earlier.answer)


def release(session: Session, key: Key) -> None:
    """Give a key back: what it was taken for was refused, though other work is kept."""
    session.execute(delete(Idempotency).where(*_is(key)))


def keep_answer(session: Session, key: Key, answer: str) -> None:
    """Keep what is answered under the key, in the same transaction."""
    _KEEP.run(session, its_owner=key.owner, its_route=key.route, its_key=key.key, its_answer=answer)


def _is(key: Key) -> tuple[ColumnElement[bool], ...]:
    return (Idempotency.owner == key.owner, Idempotency.route == key.route, Idempotency.key == key.key)


_UNIQUE = ["owner", "route", "key"]
_CLAIM = {
    "sqlite": Statement(sqlite.insert(Idempotency).on_conflict_do_nothing(_UNIQUE).returning(Idempotency.id)),
    "postgresql": Statement(
        postgresql.insert(Idempotency).on_conflict_do_nothing(index_elements=_UNIQUE).returning(Idempotency.id)
    ),
}
_KEEP = Statement(
    update(Idempotency)
    .where(
        Idempotency.owner == bindparam("its_owner"),
        Idempotency.route == bindparam("its_route"),
        Idempotency.key == bindparam("its_key"),
    )
    .values(answer=bindparam("its_answer"))
)
