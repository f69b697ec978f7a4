"""Tables of portfolios: each public project with each council that leads it or takes part, and what they come to.

Both can be thrown away and made again. They propose: whether a project is shown is read from the project itself, and an
entry outlives a project that was deleted until the listener hears of it, which moves the counts as well.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.portfolios.rules import PortfolioRole


class PortfolioEntry(Base):
    """A public project in the portfolio of a council: once under no theme, and once under each of its themes.

    The sums of a lead council's are what its project was pledged by all; a partner's are what it gave itself. `phase`
    is empty where it is not known. `target_due_on` is the first day by which a target was to be met that is not.
    """

    __tablename__ = "portfolio_entry"
    __table_args__ = (
        one_of("role", PortfolioRole),
        Index("ix_portfolio_entry_updated_at", "council_id", "theme", "updated_at", "project_id"),
        Index("ix_portfolio_entry_phase", "council_id", "theme", "phase", "updated_at", "project_id"),
        Index("ix_portfolio_entry_status", "council_id", "theme", "status", "updated_at", "project_id"),
        Index("ix_portfolio_entry_role", "council_id", "theme", "role", "updated_at", "project_id"),
        Index("ix_portfolio_entry_cell", "council_id", "theme", "phase", "status", "role"),
        Index("ix_portfolio_entry_decision_on", "council_id", "theme", "status", "decision_on"),
        Index("ix_portfolio_entry_is_measured", "council_id", "theme", "is_measured", "updated_at", "project_id"),
        Index("ix_portfolio_entry_target_due_on", "council_id", "theme", "target_due_on"),
        Index("ix_portfolio_entry_project_id", "project_id"),
    )

    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    phase: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    decision_on: Mapped[date | None]
    updated_at: Mapped[datetime]
    is_measured: Mapped[bool]
    target_due_on: Mapped[date | None]
    pledged_half_days: Mapped[int] = mapped_column(BigInteger)
    pledged_pence: Mapped[int] = mapped_column(BigInteger)
    committed_half_days: Mapped[int] = mapped_column(BigInteger)
    committed_pence: Mapped[int] = mapped_column(BigInteger)
    delivered_half_days: Mapped[int] = mapped_column(BigInteger)
    delivered_pence: Mapped[int] = mapped_column(BigInteger)


class PortfolioCount(Base):
    """How many projects a council has in a role, phase and status, of all themes and of each, and what they come to."""

    __tablename__ = "portfolio_count"
    __table_args__ = (
        one_of("role", PortfolioRole),
        CheckConstraint("projects >= 0", name="projects_not_negative"),
        Index("ix_portfolio_count_theme", "theme", "status", "role", "council_id"),
    )

    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    phase: Mapped[str] = mapped_column(String(20), primary_key=True)
    status: Mapped[str] = mapped_column(String(20), primary_key=True)
    projects: Mapped[int]
    pledged_half_days: Mapped[int] = mapped_column(BigInteger)
    pledged_pence: Mapped[int] = mapped_column(BigInteger)
    committed_half_days: Mapped[int] = mapped_column(BigInteger)
    committed_pence: Mapped[int] = mapped_column(BigInteger)
    delivered_half_days: Mapped[int] = mapped_column(BigInteger)
    delivered_pence: Mapped[int] = mapped_column(BigInteger)
