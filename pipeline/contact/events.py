"""That a message was sent: by whom and to whom, never what it said."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSent(Event):
    """Somebody wrote to an officer, the leads of a project, the admins of a council or the coordinators (`to_type`,
    `to_id`). What they wrote is kept nowhere: it leaves by e-mail."""

    name: ClassVar[str] = "contact.sent"
    subject_type: ClassVar[str] = "contact"
    subject_field: ClassVar[str] = "message_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    message_id: UUID
    to_type: str
    to_id: UUID | None
