"""What happens when changes are taken in: begun, saved half-done, finished as a draft, thrown away.

What comes of it is a draft, so only the people of the project read of it.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEvent(Event):
    """The parent of what happens to a merge. `kind` says what is taken in: upstream, own or suggestion."""

    subject_type: ClassVar[str] = "merge"
    subject_field: ClassVar[str] = "merge_id"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    merge_id: UUID
    artefact_id: UUID
    project_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeBegun(MergeEvent):
    """Somebody of the team began to take changes in. `base_id` is the version they are counted from."""

    name: ClassVar[str] = "merge.begun"

    base_id: UUID
    theirs_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSaved(MergeEvent):
    """What was decided so far was saved. `decided` counts the decisions."""

    name: ClassVar[str] = "merge.saved"

    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRenewed(MergeEvent):
    """The draft that changes go into was changed meanwhile; the merge goes on with its text as it is now."""

    name: ClassVar[str] = "merge.renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCompleted(MergeEvent):
    """Everything is decided, and stands in a draft. Nothing is published by it."""

    name: ClassVar[str] = "merge.completed"

    draft_id: UUID
    theirs_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeDiscarded(MergeEvent):
    """Somebody of the team threw a half-done merge away."""

    name: ClassVar[str] = "merge.discarded"
