"""What happens to adoptions: that a council uses a document, as is or adapted in a copy of its own.

While a copy is prepared only those who keep the original, and the council itself, read of it.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event

Changes = dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionEvent(Event):
    """The parent of what happens to an adoption. The project is that of the document adopted."""

    subject_type: ClassVar[str] = "adoption"
    subject_field: ClassVar[str] = "adoption_id"

    adoption_id: UUID
    artefact_id: UUID
    project_id: UUID
    adopting_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRecorded(AdoptionEvent):
    """A council uses a version of a document, as is."""

    name: ClassVar[str] = "adoption.recorded"

    version_id: UUID
    number: int
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionChanged(AdoptionEvent):
    """A council moved to another version, or changed what it records; `fields` names what."""

    name: ClassVar[str] = "adoption.changed"

    version_id: UUID
    number: int
    fields: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionPrepared(AdoptionEvent):
    """A council prepares a copy of its own. What it used as is before, the public sees no longer."""

    name: ClassVar[str] = "adoption.prepared"
    audience: ClassVar[Audience] = Audience.PROJECT

    copy_id: UUID
    version_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionEnded(AdoptionEvent):
    """A council uses a document no longer, or throws away the copy it prepared."""

    name: ClassVar[str] = "adoption.ended"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMade(Event):
    """A council published its adapted copy of a document: from now on it uses that. The project is the original's."""

    name: ClassVar[str] = "copy.made"
    subject_type: ClassVar[str] = "adoption"
    subject_field: ClassVar[str] = "adoption_id"

    adoption_id: UUID
    artefact_id: UUID
    copy_id: UUID
    project_id: UUID
    adopting_council_id: UUID
    version_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMoved(Event):
    """An adapted copy comes from another document of its lineage now. The project is the copy's."""

    name: ClassVar[str] = "copy.moved"
    subject_type: ClassVar[str] = "artefact"
    subject_field: ClassVar[str] = "copy_id"

    copy_id: UUID
    project_id: UUID
    artefact_id: UUID
    version_id: UUID
    changes: Changes
