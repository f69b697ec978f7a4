"""What happens to stated differences and likely duplicates. What was written stands in their rows and never here."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceEvent(Event):
    """The parent of what happens to a stated difference: of what it is said, and from what that differs."""

    subject_type: ClassVar[str] = "difference"
    subject_field: ClassVar[str] = "difference_id"

    difference_id: UUID
    project_id: UUID
    about_type: str
    about_id: UUID
    other_type: str
    other_id: UUID
    other_project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceSaid(DifferenceEvent):
    """A team said how its work differs from another's. The leads of the other are told once both are public."""

    name: ClassVar[str] = "difference.said"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceWithdrawn(DifferenceEvent):
    """A team took back what it said of a difference."""

    name: ClassVar[str] = "difference.withdrawn"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRemoved(DifferenceEvent):
    """A coordinator hid what a team said of a difference. The team reads why."""

    name: ClassVar[str] = "difference.removed"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRestored(DifferenceEvent):
    """A coordinator brought a hidden difference back."""

    name: ClassVar[str] = "difference.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDismissed(Event):
    """A coordinator looked at two projects that are alike and left them apart."""

    name: ClassVar[str] = "duplicate.dismissed"
    subject_type: ClassVar[str] = "duplicate"
    subject_field: ClassVar[str] = "dismissal_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    dismissal_id: UUID
    one_id: UUID
    other_id: UUID
