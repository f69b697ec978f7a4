"""What happens to measures. Values are whole numbers of the parts of the measure's unit; names and notes stay out."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Event

Changes = dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEvent(Event):
    """The parent of what happens to a measure."""

    subject_type: ClassVar[str] = "measure"
    subject_field: ClassVar[str] = "measure_id"

    measure_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAdded(MeasureEvent):
    """A project measures something more, from its baseline to its target."""

    name: ClassVar[str] = "measure.added"

    kind: str
    unit: str
    better: str
    baseline: int | None
    baseline_on: date | None
    target: int | None
    target_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChanged(MeasureEvent):
    """The baseline, the target or the name was changed; `changes` holds old and new values, and of the name only that
    it changed."""

    name: ClassVar[str] = "measure.changed"

    fields: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEnded(MeasureEvent):
    """Something is no longer measured. What was read stays."""

    name: ClassVar[str] = "measure.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecorded(MeasureEvent):
    """Somebody recorded what was measured, for their council; with an update, when it was published."""

    name: ClassVar[str] = "measure.reading_recorded"

    reading_id: UUID
    for_council_id: UUID
    update_id: UUID | None
    value: int
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCorrected(MeasureEvent):
    """A reading was corrected by another."""

    name: ClassVar[str] = "measure.reading_corrected"

    reading_id: UUID
    corrects_id: UUID
    for_council_id: UUID
    value: int
    read_on: date
