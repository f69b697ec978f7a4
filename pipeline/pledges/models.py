"""Tables of pledges: what a council promised, where it stands, and who in it had the authority."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.db.base import Base, Edited, one_of
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Need
from pipeline.projects.rules import NeedKind


def _public_index(name: str, *columns: str) -> Index:
    """An index over the pledges everybody may know of: those that were authorised."""
    authorised = text("authorised_at IS NOT NULL")
    return Index(name, *columns, sqlite_where=authorised, postgresql_where=authorised)


class Pledge(Edited, Base):
    """A council's promise towards a need, in the units of the need's kind (half-days, pence, a number)."""

    __tablename__ = "pledge"
    __table_args__ = (
        one_of("status", PledgeStatus),
        one_of("kind", NeedKind),
        CheckConstraint("amount >= 1", name="amount_at_least_one"),
        CheckConstraint("(kind = 'time') = (from_on IS NOT NULL AND to_on IS NOT NULL)", name="time_has_dates"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates_in_order"),
        CheckConstraint("(kind = 'funding') = (first_financial_year IS NOT NULL)", name="funding_has_years"),
        CheckConstraint("(kind = 'in_kind') = (worth_pence IS NOT NULL)", name="in_kind_has_worth"),
        CheckConstraint(
            "status IN ('offered', 'refused', 'declined', 'withdrawn', 'lapsed') OR authorised_at IS NOT NULL",
            name="authorised_when",
        ),
        CheckConstraint(
            "status NOT IN ('accepted', 'committed', 'delivered') OR accepted_at IS NOT NULL", name="accepted_when"
        ),
        Index("ix_pledge_need_id_status", "need_id", "status", "id"),
        Index("ix_pledge_project_id_status_authorised_at", "project_id", "status", "authorised_at", "id"),
        Index("ix_pledge_project_id_council_id_status", "project_id", "council_id", "status"),
        Index("ix_pledge_council_id_updated_at", "council_id", "updated_at", "id"),
        _public_index("ix_pledge_public_updated_at", "updated_at", "id"),
        _public_index("ix_pledge_public_offered_at", "offered_at", "id"),
        _public_index("ix_pledge_public_status_updated_at", "status", "updated_at", "id"),
        Index("ix_pledge_status_sign_off_by", "status", "sign_off_by"),
        Index("ix_pledge_officer_id_status", "officer_id", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    first_financial_year: Mapped[int | None]
    last_financial_year: Mapped[int | None]
    spending: Mapped[str | None] = mapped_column(String(10))
    worth_pence: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text, default="")
    sign_off_by: Mapped[date]
    stands_until: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    need: Mapped[Need] = relationship(lazy="raise")


class Authorisation(Base):
    """Somebody with authority in the pledging council agreed to its pledge: who, when, in which capacity."""

    __tablename__ = "authorisation"
    __table_args__ = (UniqueConstraint("pledge_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    capacity: Mapped[str] = mapped_column(String(40))
    authorised_at: Mapped[datetime]
