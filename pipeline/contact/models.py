"""The table of messages that were sent: between whom, so that they can be answered and counted. Never their text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.contact.rules import ContactTo
from pipeline.db.base import Base, one_of


class ContactMessage(Base):
    """A message that was sent through a form. `officer_id` is None where somebody wrote who was not signed in."""

    __tablename__ = "contact_message"
    __table_args__ = (
        one_of("to_type", ContactTo),
        CheckConstraint("(to_type = 'site') = (to_id IS NULL)", name="to_somebody"),
        CheckConstraint("to_type = 'site' OR officer_id IS NOT NULL", name="by_an_officer"),
        Index("ix_contact_message_officer_id_sent_at", "officer_id", "sent_at"),
        Index("ix_contact_message_sent_at", "sent_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    to_type: Mapped[str] = mapped_column(String(10))
    to_id: Mapped[UUID | None]
    sent_at: Mapped[datetime]
