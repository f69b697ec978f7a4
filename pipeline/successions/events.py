"""What passes from a council that ended to the one that follows it."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from pipeline.artefacts.adoption_events import AdoptionEvent
from pipeline.kernel.event import Audience, Event
from pipeline.pledges.events import PledgeEvent
from pipeline.projects.events import Changes, ProjectEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSucceeded(ProjectEvent):
    """A project is led by the council that follows its own; nothing else about it changed."""

    name: ClassVar[str] = "project.succeeded"

    from_council_id: UUID
    to_council_id: UUID
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFrozen(ProjectEvent):
    """Several councils follow the one that leads a project: it waits until somebody says which has it."""

    name: ClassVar[str] = "project.frozen"

    from_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeSucceeded(PledgeEvent):
    """A pledge is that of the council which follows the one that made it. It stands as it was."""

    name: ClassVar[str] = "pledge.succeeded"

    from_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFrozen(PledgeEvent):
    """Several councils follow the one that made a pledge: it waits until somebody says which has it."""

    name: ClassVar[str] = "pledge.frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionSucceeded(AdoptionEvent):
    """A document is used by the council that follows the one which recorded it."""

    name: ClassVar[str] = "adoption.succeeded"

    from_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipSucceeded(Event):
    """An officer works for the council that follows their own. Authority to bind it is given anew."""

    name: ClassVar[str] = "membership.succeeded"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    membership_id: UUID
    officer_id: UUID
    from_council_id: UUID
    of_council_id: UUID


def passed(from_id: UUID, to_id: UUID) -> dict[str, Any]:
    """A passing to another council, as `changes` hold it."""
    return {"council_id": [from_id, to_id]}
