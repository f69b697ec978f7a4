"""What happens to lessons. A draft's events are read by the project's own people only; what a lesson says stands in
its row and never here."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event

Changes = dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonEvent(Event):
    """The parent of what happens to a lesson."""

    subject_type: ClassVar[str] = "lesson"
    subject_field: ClassVar[str] = "lesson_id"

    lesson_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDrafted(LessonEvent):
    """Somebody of the team began a lesson."""

    name: ClassVar[str] = "lesson.drafted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDraftChanged(LessonEvent):
    """Somebody of the team changed the draft of a lesson; `fields` names what, never how it reads."""

    name: ClassVar[str] = "lesson.draft_changed"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDraftDeleted(LessonEvent):
    """Somebody of the team deleted the draft of a lesson."""

    name: ClassVar[str] = "lesson.draft_deleted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPublished(LessonEvent):
    """A lead published a lesson."""

    name: ClassVar[str] = "lesson.published"

    outcome: str
    themes: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonEdited(LessonEvent):
    """A lead edited a published lesson; the earlier text is kept."""

    name: ClassVar[str] = "lesson.edited"

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonWithdrawn(LessonEvent):
    """A lead withdrew a published lesson."""

    name: ClassVar[str] = "lesson.withdrawn"
    takes_away: ClassVar[bool] = True

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class PinEvent(LessonEvent):
    """The parent of what happens between a published lesson and the document it is pinned to."""

    artefact_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPinned(PinEvent):
    """A published lesson is pinned to a version of a document: those who adopted that version are told."""

    name: ClassVar[str] = "lesson.pinned"

    is_to_paragraph: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUnpinned(PinEvent):
    """A published lesson is no longer pinned to a version of a document."""

    name: ClassVar[str] = "lesson.unpinned"


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonAnswered(PinEvent):
    """The leads of the document marked the version that answers a lesson; `answered_by_id` is that version."""

    name: ClassVar[str] = "lesson.answered"

    answered_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonReopened(PinEvent):
    """The leads of the document took back that a version answers a lesson."""

    name: ClassVar[str] = "lesson.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonReplied(PinEvent):
    """The leads of the document wrote a reply beside a lesson, changed it, or took it back (`is_taken_back`)."""

    name: ClassVar[str] = "lesson.replied"

    is_taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUsed(LessonEvent):
    """A council said *we used this*."""

    name: ClassVar[str] = "lesson.used"

    by_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUseTakenBack(LessonEvent):
    """A council no longer says that it used a lesson."""

    name: ClassVar[str] = "lesson.use_taken_back"

    by_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRemoved(LessonEvent):
    """A coordinator hid a lesson. The project's team reads why."""

    name: ClassVar[str] = "lesson.removed"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRestored(LessonEvent):
    """A coordinator brought a hidden lesson back."""

    name: ClassVar[str] = "lesson.restored"
