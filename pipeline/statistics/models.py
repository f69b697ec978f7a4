"""Tables of kept sums. All of it is worked out from other tables, and can be thrown away and made again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base


class ProjectStatistics(Base):
    """What one public project puts into the sums, so that it can be taken out again. `sequence` is the place in the
    event log it was read at or after; events up to there have nothing to add."""

    __tablename__ = "project_statistics"

    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    part: Mapped[dict[str, Any]]


class StatisticsSum(Base):
    """The figures of one period, theme, region and kind of council; an empty word stands for all of them.

    A period is a month (`2026-11`), a financial year (`2026`) or all time. So every figure of a page is a row that is
    there already, or a few hundred of them.
    """

    __tablename__ = "statistics_sum"

    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    region: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    projects: Mapped[int] = mapped_column(BigInteger)
    pledges: Mapped[int] = mapped_column(BigInteger)
    pledged_half_days: Mapped[int] = mapped_column(BigInteger)
    pledged_pence: Mapped[int] = mapped_column(BigInteger)
    committed_half_days: Mapped[int] = mapped_column(BigInteger)
    committed_pence: Mapped[int] = mapped_column(BigInteger)
    delivered_half_days: Mapped[int] = mapped_column(BigInteger)
    delivered_pence: Mapped[int] = mapped_column(BigInteger)
    answered_on_time: Mapped[int] = mapped_column(BigInteger)
    answered_late: Mapped[int] = mapped_column(BigInteger)
    not_answered: Mapped[int] = mapped_column(BigInteger)
    adoptions: Mapped[int] = mapped_column(BigInteger)
    adapted: Mapped[int] = mapped_column(BigInteger)
    current: Mapped[int] = mapped_column(BigInteger)
    behind_one: Mapped[int] = mapped_column(BigInteger)
    behind_more: Mapped[int] = mapped_column(BigInteger)
    councils: Mapped[int] = mapped_column(BigInteger)


class StatisticsPresence(Base):
    """In how many projects of a theme a council took part in a period: while in any, it counts as one council there."""

    __tablename__ = "statistics_presence"

    council_id: Mapped[UUID] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    region: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class StatisticsPair(Base):
    """How many public projects of one council another has joined."""

    __tablename__ = "statistics_pair"
    __table_args__ = (
        CheckConstraint("lead_id <> partner_id", name="two_councils"),
        Index("ix_statistics_pair_number", "number", "lead_id", "partner_id"),
        Index("ix_statistics_pair_partner_id", "partner_id"),
    )

    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class StatisticsState(Base):
    """One row: up to which event everything is counted, when that event was, and how often a figure has changed."""

    __tablename__ = "statistics_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    sequence: Mapped[int] = mapped_column(BigInteger)
    last_event_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(BigInteger, default=0)
