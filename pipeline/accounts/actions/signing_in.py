"""Sessions, tries to sign in, and the notes of what may be a danger.

Housekeeping: none of it is an act of the trade.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pipeline.accounts.models import SavedDraft, SecurityEvent, SignInAttempt, SignInSession
from pipeline.accounts.rules import (
    LONGEST_SESSION,
    PAIR_LIMIT,
    SOURCE_LIMIT,
    Limit,
    attempt_key,
    hash_of,
    network_of,
    next_try_at,
)
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id

LOOK_BACK = timedelta(hours=3)
MOST_LOOKED_AT = 400
LONGEST_DEVICE = 120


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, counted as a failure until it is forgiven. `wait_until` says that it may not even be tried."""

    pair_key: str
    source_key: str
    wait_until: datetime | None = None


def begin_attempt(purpose: str, *, address: str, source: str, secret_key: str) -> Attempt:
    """Count a try before it is made, so that many at once cannot slip through, or say until when to wait.

    Counted for the account and network address together, and for the network address alone. A try that has to wait is
    not counted.
    """
    network = network_of(source)
    pair, from_there = attempt_key(secret_key, purpose, network, address), attempt_key(secret_key, purpose, network)
    now = clock.now()
    with housekeeping("sessions") as session:
        _take_turn(session, pair)
        waits = (
            _next_try(session, SignInAttempt.pair_key == pair, PAIR_LIMIT, now),
            _next_try(session, SignInAttempt.source_key == from_there, SOURCE_LIMIT, now),
        )
        until = max((wait for wait in waits if wait is not None and wait > now), default=None)
        if until is None:
            session.add(SignInAttempt(id=new_id(), pair_key=pair, source_key=from_there, at=now))
        elif _note_once(session, pair, now):
            note(session, f"{purpose}.slowed", now, source=source)
    return Attempt(pair, from_there, until)


def _take_turn(session: Session, pair_key: str) -> None:
    """One try at a time for a pair. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(pair_key[:15], 16))))


def _next_try(session: Session, where: Any, limit: Limit, now: datetime) -> datetime | None:
    latest = session.scalars(
        select(SignInAttempt.at)
        .where(where, SignInAttempt.at > now - LOOK_BACK)
        .order_by(SignInAttempt.at.desc())
        .limit(MOST_LOOKED_AT)
    ).all()
    return next_try_at(latest[::-1], limit)


def _note_once(session: Session, pair_key: str, now: datetime) -> bool:
    """Whether the wait is news: one note for each failure that made it longer, not for each try that has to wait."""
    latest = session.scalar(select(func.max(SignInAttempt.at)).where(SignInAttempt.pair_key == pair_key))
    noted = session.scalar(select(func.max(SecurityEvent.at)).where(SecurityEvent.name.like("%.slowed")))
    return latest is None or noted is None or noted < latest


def forgive_attempts(attempt: Attempt) -> None:
    """After a success: the failures of this account from this network address are forgotten."""
    with housekeeping("sessions") as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.pair_key == attempt.pair_key))


def start_session(officer_id: UUID, *, token: str, device: str, old_token: str | None = None) -> None:
    """Begin a session whose token the caller puts in the cookie; the one the browser had before ends.

    It acts for the council the officer acted for last.
    """
    now = clock.now()
    with housekeeping("sessions") as session:
        if old_token:
            _end(session, SignInSession.token_hash == hash_of(old_token), "signed in again", now)
        last = select(SignInSession.council_id).where(SignInSession.officer_id == officer_id)
        council_id = session.scalar(last.order_by(SignInSession.created_at.desc()).limit(1))
        session.add(
            SignInSession(
                id=new_id(), token_hash=hash_of(token), officer_id=officer_id, council_id=council_id, created_at=now,
                seen_at=now, device=device[:LONGEST_DEVICE],
            )
        )  # fmt: skip


def end_this_session(token: str) -> None:
    """Sign out: the token is worth nothing from now on, whoever keeps a copy of the cookie."""
    with housekeeping("sessions") as session:
        _end(session, SignInSession.token_hash == hash_of(token), "signed out", clock.now())


def end_one_session(officer_id: UUID, session_id: UUID) -> bool:
    """End one of an officer's own sessions; False when it is not theirs or has ended."""
    with housekeeping("sessions") as session:
        own = (SignInSession.id == session_id) & (SignInSession.officer_id == officer_id)
        return _end(session, own, "revoked", clock.now()) > 0


def end_other_sessions(officer_id: UUID, this_session_id: UUID) -> int:
    """End all of an officer's own sessions but this one; returns how many."""
    with housekeeping("sessions") as session:
        others = (SignInSession.id != this_session_id) & (SignInSession.officer_id == officer_id)
        return _end(session, others, "revoked", clock.now())


def end_sessions(session: Session, officer_id: UUID, because: str, now: datetime) -> None:
    """End every session of an officer, in the transaction of what makes it necessary."""
    _end(session, SignInSession.officer_id == officer_id, because, now)


def _end(session: Session, which: Any, because: str, now: datetime) -> int:
    ended = session.execute(
        update(SignInSession)
        .where(which, SignInSession.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
        .returning(SignInSession.created_at),
        execution_options={"synchronize_session": False},
    )
    return sum(1 for row in ended if now - row.created_at < LONGEST_SESSION)


def switch_council(session_id: UUID, council_id: UUID) -> None:
    """Act for another of one's councils in this session. The caller has looked that the place stands."""
    with housekeeping("sessions") as session:
        session.execute(
            update(SignInSession).where(SignInSession.id == session_id).values(council_id=council_id),
            execution_options={"synchronize_session": False},
        )


def saved_draft_waits(session: Session, officer_id: UUID, path: str) -> bool:
    """Whether something the officer typed on a page is kept for them."""
    kept = select(SavedDraft.id).where(SavedDraft.officer_id == officer_id, SavedDraft.path == path)
    return session.execute(kept.limit(1)).first() is not None


def note_danger(name: str, *, officer_id: UUID | None = None, source: str | None = None, **details: Any) -> None:
    """Write a security event on its own, after what was refused has been rolled back."""
    with housekeeping("sessions") as session:
        note(session, name, clock.now(), officer_id=officer_id, source=source, **details)


def note(
    session: Session,
    name: str,
    now: datetime,
    *,
    officer_id: UUID | None = None,
    source: str | None = None,
    **details: Any,
) -> None:
    """Write a security event in a transaction that is under way."""
    source = source[:64] if source else None
    session.add(SecurityEvent(id=new_id(), at=now, name=name, officer_id=officer_id, source=source, details=details))
