"""The table of projects on their way to another council."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.projects.handing_over import HandoverKind, HandoverStatus


class Handover(Base):
    """A project on its way to another lead council: offered by its leads, or asked for by a council where it looks for
    a lead. `lead_id` is who of that council would lead it, `council_agreed_at` when somebody with authority in it
    agreed, and `answer_due_on` the last day on which the leads of a project asked for can say that they are still
    here."""

    __tablename__ = "handover"
    __table_args__ = (
        one_of("kind", HandoverKind),
        one_of("status", HandoverStatus),
        CheckConstraint("from_council_id <> to_council_id", name="between_two"),
        CheckConstraint("(status = 'asked') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("(kind = 'take_over') = (answer_due_on IS NOT NULL)", name="take_over_has_date"),
        Index(
            "uq_handover_standing", "project_id", unique=True,
            sqlite_where=text("status = 'asked'"), postgresql_where=text("status = 'asked'"),
        ),
        Index("ix_handover_project_id_ended_at", "project_id", "ended_at"),
        Index("ix_handover_to_council_id_status", "to_council_id", "status", "id"),
        Index("ix_handover_kind_status", "kind", "status", "id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default=HandoverStatus.ASKED.value)
    from_council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    to_council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    message: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[datetime]
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    council_agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    council_agreed_at: Mapped[datetime | None]
    answer_due_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    ended_at: Mapped[datetime | None]
