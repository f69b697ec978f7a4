"""What coordinators do at their desk: for those who run Pipeline."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTriedAgain(Event):
    """A coordinator had a message tried again that could not be delivered. `kind` says what it tells."""

    name: ClassVar[str] = "message.tried_again"
    subject_type: ClassVar[str] = "message"
    subject_field: ClassVar[str] = "message_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    message_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEventTriedAgain(Event):
    """A coordinator had an event tried again that a listener had given up on."""

    name: ClassVar[str] = "failed_event.tried_again"
    subject_type: ClassVar[str] = "failed_event"
    subject_field: ClassVar[str] = "failed_event_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    failed_event_id: UUID
    listener: str
