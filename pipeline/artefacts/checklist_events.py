"""What happens to councils' answers to a checklist.

Answers are a council's own until it publishes them: what is done to them before is told to that council alone.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistEvent(Event):
    """The parent of what happens to a council's answers to a checklist."""

    subject_type: ClassVar[str] = "artefact"
    subject_field: ClassVar[str] = "artefact_id"

    artefact_id: UUID
    project_id: UUID
    for_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistAnswersSaved(ChecklistEvent):
    """An officer saved answers of their council, or took them over to another version; `number` is that version's,
    `points` how many points are answered so far."""

    name: ClassVar[str] = "checklist.answers_saved"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    number: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistAnswered(ChecklistEvent):
    """A council published its answers to version `number`, or published them anew; with how many of each."""

    name: ClassVar[str] = "checklist.answered"

    number: int
    met: int
    partly: int
    not_yet: int
    not_applicable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistAnswersWithdrawn(ChecklistEvent):
    """A council no longer publishes its answers; it keeps them."""

    name: ClassVar[str] = "checklist.answers_withdrawn"
    takes_away: ClassVar[bool] = False
