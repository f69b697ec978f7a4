"""What is kept no longer than it is needed: the table of periods, and the duties that keep to it."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from config import ROOT
from pipeline.accounts import policy
from pipeline.accounts.actions.tending import erase_officer
from pipeline.accounts.events import OfficerForgotten
from pipeline.accounts.models import (
    ApiToken,
    Officer,
    OneTimeLink,
    SavedDraft,
    SecurityEvent,
    SignInAttempt,
    SignInSession,
)
from pipeline.accounts.rules import IDLE_SESSION
from pipeline.db.idempotency import Idempotency
from pipeline.db.outbox import OutboxMessage
from pipeline.db.refusals import MailRefusal
from pipeline.db.work import housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.errors import NotFound

PERIODS: dict[str, timedelta] = {
    "unverified accounts": timedelta(days=7),
    "sessions after their end": timedelta(days=30),
    "API tokens after their end": timedelta(days=30),
    "security events": timedelta(days=365),
    "network addresses in security events": timedelta(days=30),
    "one-time links": timedelta(days=7),
    "failed tries to sign in": timedelta(days=1),
    "forms kept after a session ended": timedelta(days=30),
    "idempotency keys": timedelta(days=7),
    "messages that were sent or given up": timedelta(days=30),
    "addresses that refused mail": timedelta(days=365),
    "addresses of people asked by e-mail to authorise": timedelta(days=365),
    "codes that were sent to them": timedelta(days=7),
}
"""How long each thing is kept; the layer above keeps to the last two. The privacy notice says the same."""

AT_A_TIME = 200
ERASURES = ROOT / "var" / "erasures.txt"
"""Who was erased and when, outside the database: after a backup is restored they are erased again."""


def keep_to_periods() -> None:
    """Delete rows that are past their period, and cut network addresses from older security events."""
    now = clock.now()
    ended = now - PERIODS["sessions after their end"]
    late = {
        SignInSession: or_(SignInSession.ended_at < ended, SignInSession.seen_at < ended - IDLE_SESSION),
        ApiToken: ApiToken.ended_at < now - PERIODS["API tokens after their end"],
        SecurityEvent: SecurityEvent.at < now - PERIODS["security events"],
        OneTimeLink: OneTimeLink.expires_at < now - PERIODS["one-time links"],
        SignInAttempt: SignInAttempt.at < now - PERIODS["failed tries to sign in"],
        SavedDraft: SavedDraft.saved_at < now - PERIODS["forms kept after a session ended"],
        Idempotency: Idempotency.created_at < now - PERIODS["idempotency keys"],
        MailRefusal: MailRefusal.refused_at < now - PERIODS["addresses that refused mail"],
        OutboxMessage: or_(
            OutboxMessage.sent_at < now - PERIODS["messages that were sent or given up"],
            OutboxMessage.given_up_at < now - PERIODS["messages that were sent or given up"],
        ),
    }
    for table, is_late in late.items():
        with housekeeping("retention") as session:
            session.execute(delete(table).where(is_late), execution_options={"synchronize_session": False})
    cut = now - PERIODS["network addresses in security events"]
    with housekeeping("retention") as session:
        session.execute(
            update(SecurityEvent).where(SecurityEvent.at < cut, SecurityEvent.source.is_not(None)).values(source=None),
            execution_options={"synchronize_session": False},
        )


def forget_old_accounts() -> None:
    """Delete accounts that nobody verified within seven days."""
    before = clock.now() - PERIODS["unverified accounts"]
    while _forget_some(before) == AT_A_TIME:
        continue


def _forget_some(before: datetime) -> int:
    with unit_of_work(system("forget old accounts")) as work:
        work.require(policy.may_forget_account(work.actor))
        late = select(Officer.id).where(
            Officer.verified_at.is_(None), Officer.erased_at.is_(None), Officer.created_at < before
        )
        officer_ids = list(work.session.scalars(late.order_by(Officer.id).limit(AT_A_TIME).with_for_update()))
        if not officer_ids:
            return 0
        for table in (OneTimeLink, SavedDraft, SignInSession):
            work.session.execute(delete(table).where(table.officer_id.in_(officer_ids)))
        work.session.execute(delete(OutboxMessage).where(OutboxMessage.officer_id.in_(officer_ids)))
        work.session.execute(
            update(SecurityEvent).where(SecurityEvent.officer_id.in_(officer_ids)).values(officer_id=None),
            execution_options={"synchronize_session": False},
        )
        work.session.execute(delete(Officer).where(Officer.id.in_(officer_ids)))
        for officer_id in officer_ids:
            work.record(OfficerForgotten(officer_id=officer_id))
    return len(officer_ids)


def erase_who_asked() -> None:
    """Erase the officers who asked for it seven days ago, each in its own work."""
    from pipeline.db.engine import database

    due = select(Officer.id).where(Officer.erase_at <= clock.now()).order_by(Officer.erase_at).limit(AT_A_TIME)
    with database.engine.connect() as connection:
        officer_ids = [row[0] for row in connection.execute(due)]
    for officer_id in officer_ids:
        keep_erasure(officer_id, clock.now())
        erase_one(officer_id)


def erase_one(officer_id: UUID) -> bool:
    """Erase one officer; False when there is nobody to erase."""
    try:
        with unit_of_work(system("erase officers")) as work:
            erase_officer(work, officer_id=officer_id)
    except NotFound:
        return False
    return True


def keep_erasure(officer_id: UUID, now: datetime) -> None:
    """Write down outside the database that an officer is erased, before it is done."""
    ERASURES.parent.mkdir(parents=True, exist_ok=True)
    line = f"{now:%Y-%m-%dT%H:%M:%SZ} {officer_id}\n"
    file = os.open(ERASURES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)


def kept_erasures(path: Path | None = None) -> Iterator[UUID]:
    """The officers who were erased, from the file."""
    path = path or ERASURES
    if path.exists():
        for line in path.read_text().splitlines():
            yield UUID(line.split()[1])
