"""Addresses that refuse mail: noted when a mail server or a bounce says so, forgotten when a message is taken again.

An address is kept as its SHA-256 only: who has it can ask, and the rows alone name nobody.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base

ENOUGH = 3
"""After so many refusals in a row only mail about the account itself is tried."""

TRIED_AGAIN_AFTER = timedelta(days=30)
"""A mailbox that was full, or closed by mistake, may be open again."""

MOST_WORDS = 300


class MailRefusal(Base):
    """An address that refused the last message to it. `words` are the server's, without the address."""

    __tablename__ = "mail_refusal"
    __table_args__ = (CheckConstraint("times >= 1", name="refused_at_all"),)

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(String(MOST_WORDS))

    def is_left_alone(self, now: datetime) -> bool:
        """Whether only mail about the account itself goes there now."""
        return self.times >= ENOUGH and now - self.refused_at < TRIED_AGAIN_AFTER


def refusal_of(session: Session, address: str) -> MailRefusal | None:
    """What is noted about an address, if it refused the last message."""
    return session.get(MailRefusal, _hash_of(address))


def note_refusal(session: Session, address: str, words: str, now: datetime) -> None:
    """Note that an address refused a message for good."""
    refusal = refusal_of(session, address)
    if refusal is None:
        session.add(MailRefusal(address_hash=_hash_of(address), refused_at=now, times=1, words=words[:MOST_WORDS]))
    else:
        refusal.refused_at, refusal.times, refusal.words = now, refusal.times + 1, words[:MOST_WORDS]


def forget_refusal(session: Session, address: str) -> None:
    """Forget what was noted: a message was taken, or nobody has the address here any more."""
    session.execute(delete(MailRefusal).where(MailRefusal.address_hash == _hash_of(address)))


def _hash_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
