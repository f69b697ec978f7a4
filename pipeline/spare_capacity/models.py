"""The table of spare capacity."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, Edited, one_of
from pipeline.projects.rules import LONGEST_THING
from pipeline.spare_capacity.rules import MOST_NOTE, Spare, SpareKind

_STANDS = text("ended_at IS NULL")


class SpareCapacity(Edited, Base):
    """What a council could give in a period: half-days of a profession, or a number of a thing. It is the council's,
    whoever listed it. One that has ended is kept and not shown."""

    __tablename__ = "spare_capacity"
    __table_args__ = (
        one_of("kind", SpareKind),
        CheckConstraint("amount >= 1", name="amount_at_least_one"),
        CheckConstraint("to_on >= from_on", name="dates_in_order"),
        CheckConstraint("(kind = 'time') = (profession IS NOT NULL)", name="time_has_profession"),
        CheckConstraint("(kind = 'in_kind') = (thing IS NOT NULL)", name="in_kind_has_thing"),
        Index("ix_spare_capacity_standing", "to_on", "id", sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_spare_capacity_council_id_ended_at", "council_id", "ended_at", "to_on", "id"),
        Index("ix_spare_capacity_profession_to_on", "profession", "to_on"),
        Index("ix_spare_capacity_thing_to_on", "thing", "to_on"),
        Index("ix_spare_capacity_officer_id", "officer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    profession: Mapped[str | None] = mapped_column(String(40))
    thing: Mapped[str | None] = mapped_column(String(LONGEST_THING))
    amount: Mapped[int] = mapped_column(BigInteger)
    from_on: Mapped[date]
    to_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(MOST_NOTE), default="")
    listed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def spare(self) -> Spare:
        """What it says, as the rules know it."""
        return Spare(
            kind=SpareKind(self.kind), profession=self.profession, thing=self.thing, amount=self.amount,
            from_on=self.from_on, to_on=self.to_on, note=self.note,
        )  # fmt: skip
