"""What somebody is owed: the plug between what happened and the notices and mails that come of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pipeline.db.log import LoggedEvent
from pipeline.notifications.preferences import Sort
from pipeline.notifications.queries import Recipient


@dataclass(frozen=True, slots=True)
class Owed:
    """A kind of news for somebody, with the ids its mail will be written from.

    `once` names what it is owed once for, where that is not this event; its mail does not leave before `not_before`.
    What `is_apart` is told besides whatever else the event owes them. `sort` says as what it is told where that is not
    the sort of its kind.
    """

    kind: str
    recipient: Recipient
    payload: dict[str, Any]
    once: str | None = None
    not_before: datetime | None = None
    is_apart: bool = False
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """What notices come of: an event, or a date that came. `payload` are the ids it speaks of."""

    at: datetime
    payload: dict[str, Any]
    event_id: UUID | None = None
    officer_id: UUID | None = None
    project_id: UUID | None = None

    @classmethod
    def of(cls, event: LoggedEvent) -> "Cause":
        """An event as a cause."""
        return cls(event.occurred_at, event.payload, event.id, event.officer_id, event.project_id)
