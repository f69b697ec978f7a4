"""What happens to the register of councils."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilAdded(Event):
    """A council came onto the register."""

    name: ClassVar[str] = "council.added"
    subject_type: ClassVar[str] = "council"
    subject_field: ClassVar[str] = "council_id"

    council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilChanged(Event):
    """Facts of a council on the register changed. `changes` gives old and new values of codes, dates and kinds,
    and of everything else only that it changed."""

    name: ClassVar[str] = "council.changed"
    subject_type: ClassVar[str] = "council"
    subject_field: ClassVar[str] = "council_id"

    council_id: UUID
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSucceeded(Event):
    """A council was followed by others: on one day it ended and they carried on."""

    name: ClassVar[str] = "council.succeeded"
    subject_type: ClassVar[str] = "council"
    subject_field: ClassVar[str] = "council_id"

    council_id: UUID
    successor_ids: tuple[UUID, ...]
