"""Tables of work that is alike: what the worker found, what teams said differs, and what coordinators left apart."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.similarity.rules import LONGEST_REASON, DifferenceStatus, Kind

_LIKELY = text("is_likely_duplicate")
_STANDING = text("status <> 'withdrawn'")


class SimilarWork(Base):
    """That one public thing is like another, how much, and why, as the worker found it; each pair has two rows.

    It proposes: whether either is shown is read from the thing itself. `reasons` are the words for what both are about,
    as the other has them, and the themes, phase and professions they share. `is_likely_duplicate` marks one of the two
    rows of a pair of projects that are so alike that a coordinator should look.
    """

    __tablename__ = "similar_work"
    __table_args__ = (
        one_of("about_type", Kind),
        one_of("like_type", Kind),
        CheckConstraint("about_id <> like_id", name="two_things"),
        UniqueConstraint("about_id", "like_id"),
        Index("ix_similar_work_about_id_score", "about_id", "score"),
        Index("ix_similar_work_like_id", "like_id"),
        Index("ix_similar_work_likely", "found_at", "id", sqlite_where=_LIKELY, postgresql_where=_LIKELY),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_type: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[UUID]
    like_type: Mapped[str] = mapped_column(String(10))
    like_id: Mapped[UUID]
    score: Mapped[float] = mapped_column(Float)
    reasons: Mapped[dict[str, Any]]
    is_likely_duplicate: Mapped[bool] = mapped_column(default=False)
    found_at: Mapped[datetime]


class SimilarDue(Base):
    """Something that is to be compared with everything else again, from a moment on."""

    __tablename__ = "similar_due"
    __table_args__ = (one_of("kind", Kind), Index("ix_similar_due_asked_at", "asked_at", "thing_id"))

    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]


class SimilarRenewal(Base):
    """One row: a number that rises whenever similar work was found anew, which the marks of pages hold."""

    __tablename__ = "similar_renewal"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int] = mapped_column(BigInteger)


class Difference(Base):
    """What a team says of its own thing: how it differs from another's. Everybody reads it once both are public.

    `project_id` is the project the team's thing belongs to, `other_project_id` that of the other. One stands for a
    pair at a time.
    """

    __tablename__ = "difference"
    __table_args__ = (
        one_of("about_type", Kind),
        one_of("other_type", Kind),
        one_of("status", DifferenceStatus),
        CheckConstraint("about_id <> other_id", name="two_things"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        Index(
            "uq_difference_standing", "about_id", "other_id", unique=True, sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_difference_about_id_status", "about_id", "status"),
        Index("ix_difference_other_id_status", "other_id", "status"),
        Index("ix_difference_project_id", "project_id"),
        Index("ix_difference_officer_id", "officer_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_type: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    other_type: Mapped[str] = mapped_column(String(10))
    other_id: Mapped[UUID]
    other_project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    language: Mapped[str] = mapped_column(String(2), default="en")
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    status: Mapped[str] = mapped_column(String(10), default=DifferenceStatus.STANDING.value)
    said_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DuplicateDismissal(Base):
    """That a coordinator looked at two projects that are alike and leaves them apart. `one_id` is the lower."""

    __tablename__ = "duplicate_dismissal"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    one_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    dismissed_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    dismissed_at: Mapped[datetime]
