"""Tables of moderation: what was reported, and what was hidden and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.moderation.rules import Reported, ReportReason, ReportStatus

_STANDS = text("restored_at IS NULL")


class Report(Base):
    """That somebody says something should not stand. `officer_id` is None where they were not signed in;
    `is_to_be_answered` says whether the officer wants to know what comes of it."""

    __tablename__ = "report"
    __table_args__ = (
        one_of("about_type", Reported),
        one_of("reason", ReportReason),
        one_of("status", ReportStatus),
        CheckConstraint("(status = 'waiting') = (settled_at IS NULL)", name="settled_when"),
        CheckConstraint("NOT is_to_be_answered OR officer_id IS NOT NULL", name="answer_goes_to_officer"),
        Index("ix_report_status_reported_at", "status", "reported_at", "id"),
        Index("ix_report_about_id_status", "about_id", "status"),
        Index("ix_report_officer_id", "officer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_type: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    is_to_be_answered: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default=ReportStatus.WAITING.value)
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


class Hiding(Base):
    """That a coordinator hid something, why, and when and why it was brought back. At most one stands for a thing."""

    __tablename__ = "hiding"
    __table_args__ = (
        one_of("about_type", Reported),
        CheckConstraint("(restored_at IS NULL) = (restored_by IS NULL)", name="restored_by_whom"),
        Index(
            "uq_hiding_standing", "about_type", "about_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
        ),
        Index("ix_hiding_hidden_at", "hidden_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_type: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    hidden_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    hidden_at: Mapped[datetime]
    restored_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    restored_at: Mapped[datetime | None]
    restore_reason: Mapped[str] = mapped_column(Text, default="")
