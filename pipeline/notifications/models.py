"""Tables of notices: what an officer is told, how they want to be told, what they want to hear nothing of, and how far
the telling of many has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.notifications.preferences import How, Sort

_UNTOLD, _UNREAD = text("told_in IS NULL"), text("read_at IS NULL")


class Notice(Base):
    """One thing one officer is told. `key` keeps it to one for each event and officer; `about_id` is the project or
    document it is grouped under; `told_in` is the message of the outbox that tells of it, once there is one."""

    __tablename__ = "notice"
    __table_args__ = (
        one_of("sort", Sort),
        Index("ix_notice_officer_id_made_at", "officer_id", "made_at", "id"),
        Index("ix_notice_untold", "made_at", "officer_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("ix_notice_unread", "officer_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notice_told_in", "told_in"),
        Index("ix_notice_made_at", "made_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    event_id: Mapped[UUID | None]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    sort: Mapped[str] = mapped_column(String(20))
    about_type: Mapped[str | None] = mapped_column(String(20))
    about_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    told_in: Mapped[UUID | None]


class MailPreference(Base):
    """How one officer wants to be told of each kind of news, and at which hours not. Who has no row has chosen nothing;
    without hours the platform's hold."""

    __tablename__ = "mail_preference"
    __table_args__ = (
        *(one_of(sort.value, How) for sort in Sort),
        CheckConstraint("(quiet_first IS NULL) = (quiet_last IS NULL)", name="quiet_both"),
        CheckConstraint("quiet_first >= 0 AND quiet_first <= 23", name="quiet_first_an_hour"),
        CheckConstraint("quiet_last >= 0 AND quiet_last <= 23", name="quiet_last_an_hour"),
    )

    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    waiting: Mapped[str] = mapped_column(String(10))
    part: Mapped[str] = mapped_column(String(10))
    documents: Mapped[str] = mapped_column(String(10))
    council: Mapped[str] = mapped_column(String(10))
    following: Mapped[str] = mapped_column(String(10))
    quiet_first: Mapped[int | None]
    quiet_last: Mapped[int | None]


class Mute(Base):
    """A project, document or council an officer wants to be told nothing of, though they have a part in it."""

    __tablename__ = "mute"
    __table_args__ = (UniqueConstraint("officer_id", "subject_type", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    muted_at: Mapped[datetime]


class FanOut(Base):
    """An event that everybody is told of who follows something: to whom, and after which officer to go on.

    `followed` lists what is followed, each a type and an id. `stage` is `searches` while the searches that find what is
    new with it are still looked for; then `after_id` is the last of them that was gone through.
    """

    __tablename__ = "fan_out"
    __table_args__ = (Index("ix_fan_out_due_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    event_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(10))
    followed: Mapped[list[dict[str, Any]]]
    payload: Mapped[dict[str, Any]]
    after_id: Mapped[UUID | None]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
