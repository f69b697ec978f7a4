"""The table of the figures that the home page shows."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base


class PublicFigures(Base):
    """One row: what all public projects come to, counted again by the worker, so that no page adds them up.

    `sequence` is the place in the event log the figures were counted at. Days and pounds are never summed together.
    """

    __tablename__ = "public_figures"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    sequence: Mapped[int] = mapped_column(BigInteger)
    open_projects: Mapped[int]
    pledged_half_days: Mapped[int] = mapped_column(BigInteger)
    pledged_pence: Mapped[int] = mapped_column(BigInteger)
    committed_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    councils: Mapped[int]
    counted_at: Mapped[datetime]
