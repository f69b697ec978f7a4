"""What happens to a project whose leads are silent, or speak again, and to one that passes to another council."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience
from pipeline.projects.events import Changes, ProjectEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectNudged(ProjectEvent):
    """The leads were asked whether the page is still true, for the first, second or third time."""

    name: ClassVar[str] = "project.nudged"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    nudge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectQuiet(ProjectEvent):
    """No lead gave a sign of life for 60 days."""

    name: ClassVar[str] = "project.quiet"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLookingForLead(ProjectEvent):
    """No lead gave a sign of life for 90 days: it takes no new pledges and no go-ahead, its decision date waits, and
    another council can ask to take it over."""

    name: ClassVar[str] = "project.looking_for_lead"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStillTrue(ProjectEvent):
    """A lead said that the page is still true; or, where the project was quiet or looked for a lead (`changes`), did
    anything else that shows they are there. A decision date that waited goes on with the days it had left."""

    name: ClassVar[str] = "project.still_true"

    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectGivenUp(ProjectEvent):
    """A project that goes ahead looked for a lead for 60 days, and nobody came: it is for the coordinators now."""

    name: ClassVar[str] = "project.given_up"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEvent(ProjectEvent):
    """The parent of what happens on a project's way from one lead council to another."""

    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    handover_id: UUID
    from_council_id: UUID
    to_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverOffered(HandoverEvent):
    """The leads offered the project to another council."""

    name: ClassVar[str] = "project.hand_over_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeoverAsked(HandoverEvent):
    """A council asked for a project that looks for a lead. Its leads can say until `answer_due_on` that they are still
    here."""

    name: ClassVar[str] = "project.takeover_asked"
    audience: ClassVar[Audience] = Audience.PUBLIC
    changes_public: ClassVar[bool] = True

    answer_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeoverAgreed(HandoverEvent):
    """Somebody with authority in the council that asks for a project agreed to it."""

    name: ClassVar[str] = "project.takeover_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEnded(HandoverEvent):
    """The project stays where it is: `status` says whether that was declined, withdrawn, overtaken, or answered by its
    leads, who are still here."""

    name: ClassVar[str] = "project.handover_ended"

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHandedOver(HandoverEvent):
    """Another council leads the project from now on. It is a change of terms: who pledged may withdraw, and those
    whose pledge is committed are asked to carry it over by `carry_over_due_on`."""

    name: ClassVar[str] = "project.handed_over"
    audience: ClassVar[Audience] = Audience.PUBLIC
    changes_public: ClassVar[bool] = True

    kind: str
    carry_over_due_on: date
    changes: Changes
