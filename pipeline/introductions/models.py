"""The table of introductions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.introductions.rules import MOST_MESSAGE, Outcome


class Introduction(Base):
    """Two councils that a coordinator wrote to about each other, about a need where there is one, and what came of it.

    `outcome` is nothing yet until the coordinator says more. The message is read by the two councils.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("council_id <> other_council_id", name="two_councils"),
        CheckConstraint("outcome = 'nothing_yet' OR outcome_at IS NOT NULL", name="outcome_when"),
        Index("ix_introduction_made_at", "made_at", "id"),
        Index("ix_introduction_outcome_made_at", "outcome", "made_at", "id"),
        Index("ix_introduction_council_id", "council_id"),
        Index("ix_introduction_other_council_id", "other_council_id"),
        Index("ix_introduction_need_id", "need_id"),
        Index("ix_introduction_made_by", "made_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    other_council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(String(MOST_MESSAGE))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20), default=Outcome.NOTHING_YET.value)
    outcome_at: Mapped[datetime | None]
    outcome_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
