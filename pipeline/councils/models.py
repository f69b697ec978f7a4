"""Tables of the register of councils."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.councils.rules import CouncilKind
from pipeline.db.base import Base, Edited, one_of
from pipeline.kernel import clock


class Council(Edited, Base):
    """One council or other body, current or abolished.

    `projects_led` and `projects_joined` count what the public sees and are kept in the transaction of every change.
    `updated_at` is when anything that is shown of it last changed, those numbers included.
    """

    __tablename__ = "council"
    __table_args__ = (
        one_of("kind", CouncilKind),
        CheckConstraint("projects_led >= 0 AND projects_joined >= 0", name="counters_not_negative"),
        Index("ix_council_short_name", "short_name", "id"),
        Index("ix_council_updated_at", "updated_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_cy: Mapped[str | None] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    nation: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(40))
    gss_code: Mapped[str | None] = mapped_column(String(9), unique=True)
    authority_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    county_code: Mapped[str | None] = mapped_column(String(10))
    combined_authority_code: Mapped[str | None] = mapped_column(String(10))
    website: Mapped[str | None] = mapped_column(String(200))
    is_principal: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(index=True)
    is_made_up: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[date | None]
    last_day: Mapped[date | None]
    projects_led: Mapped[int] = mapped_column(default=0)
    projects_joined: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    domains: Mapped[list["CouncilDomain"]] = relationship(lazy="raise", order_by="CouncilDomain.domain")


class CouncilDomain(Base):
    """An e-mail domain of a council. Several councils may share one. Only an observed one decides a council. That of a
    council it follows serves a successor until a day (`ends_on`)."""

    __tablename__ = "council_domain"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253), primary_key=True, index=True)
    is_observed: Mapped[bool]
    source: Mapped[str | None] = mapped_column(String(200))
    ends_on: Mapped[date | None]


class CouncilSuccession(Base):
    """Which council followed which, or is to: it takes effect on the first day of the successor, and then once."""

    __tablename__ = "council_succession"

    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True, index=True)
    took_effect_on: Mapped[date | None]


class CouncilFormerCode(Base):
    """A GSS code or slug a council had before. It leads to the council for ever."""

    __tablename__ = "council_former_code"

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
