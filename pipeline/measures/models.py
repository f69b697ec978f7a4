"""Tables of measures: what a project measures, how that was changed, and what was read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, Edited, one_of
from pipeline.measures.rules import LONGEST_NAME, LONGEST_NOTE, Better, MeasureKind, Unit


class Measure(Edited, Base):
    """Something a project measures, from a baseline to a target, in parts of its unit (`rules.PARTS`). Whoever sees the
    project sees it."""

    __tablename__ = "measure"
    __table_args__ = (
        one_of("kind", MeasureKind),
        one_of("unit", Unit),
        one_of("better", Better),
        CheckConstraint("(baseline IS NULL) = (baseline_on IS NULL)", name="baseline_has_day"),
        CheckConstraint("(target IS NULL) = (target_on IS NULL)", name="target_has_day"),
        CheckConstraint(
            "kind <> 'benefit' OR (unit IN ('pounds', 'days') AND better = 'more')", name="benefit_in_pounds_or_days"
        ),
        Index("ix_measure_project_id", "project_id", "id"),
        Index("ix_measure_updated_at", "updated_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(String(10))
    better: Mapped[str] = mapped_column(String(4))
    baseline: Mapped[int | None] = mapped_column(BigInteger)
    baseline_on: Mapped[date | None]
    target: Mapped[int | None] = mapped_column(BigInteger)
    target_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MeasureChange(Base):
    """A change of a published project's measure: each value before and after."""

    __tablename__ = "measure_change"
    __table_args__ = (Index("ix_measure_change_measure_id", "measure_id", "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id", ondelete="CASCADE"))
    changes: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class MeasureReading(Base):
    """What was measured on a day, said for a council. It is never edited: another corrects it, once.

    One that an update carries is read with it: by everybody once it is published, and no more when it is taken back.
    """

    __tablename__ = "measure_reading"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index("ix_measure_reading_project_id", "project_id", "measure_id", "read_on"),
        Index("ix_measure_reading_measure_id", "measure_id", "id"),
        Index("ix_measure_reading_update_id", "update_id"),
        Index("ix_measure_reading_recorded_at", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    update_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_update.id"))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure_reading.id"))
    value: Mapped[int] = mapped_column(BigInteger)
    read_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    recorded_at: Mapped[datetime]
