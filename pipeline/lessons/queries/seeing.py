"""One lesson, found where the viewer may know of it, and what stands round it: its pin, its uses, earlier texts.

Raises NotFound for hidden and missing alike.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.lessons.models import Lesson, LessonText, LessonUse
from pipeline.lessons.paragraphs import paragraph_in, plain
from pipeline.lessons.policy import LessonFacts, PlaceFacts
from pipeline.lessons.rules import PROMPTS, LessonContent, LessonStatus, measures_from
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.projects.models import Project
from pipeline.projects.queries import facts_of

MOST_USES_SHOWN = 200
MOST_TEXTS_SHOWN = 20


def lesson_seen_by(reading: Reading, slug: str, *, lock: bool = False) -> tuple[Lesson, Project]:
    """The lesson with a slug or id (a draft's address holds its id), its themes loaded, and its project.

    `lock` keeps others from changing it until the work ends.
    """
    lesson_id = id_from(slug)
    named = Lesson.slug == slug if lesson_id is None else Lesson.id == lesson_id
    query = select(Lesson, Project).join(Project, Project.id == Lesson.project_id)
    query = query.where(named, lessons_visible_to(reading.actor)).options(selectinload(Lesson.themes))
    if lock:
        query = query.with_for_update(of=Lesson).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("lesson")
    return row.Lesson, row.Project


def place_facts_of(reading: Reading, project: Project) -> PlaceFacts:
    """What policies need to know of the project lessons are written in."""
    return PlaceFacts(facts_of(reading, project), project.keeps_documents)


def lesson_facts_of(reading: Reading, lesson: Lesson, project: Project) -> LessonFacts:
    """What policies need to know of a lesson."""
    return LessonFacts(
        place=place_facts_of(reading, project), council_id=lesson.council_id, status=LessonStatus(lesson.status),
        is_public=lesson.is_public,
    )  # fmt: skip


def content_of(lesson: Lesson) -> LessonContent:
    """What a lesson says now. Its themes must be loaded."""
    texts = {name: Written(getattr(lesson, name), getattr(lesson, f"{name}_html")) for name in (*PROMPTS, "evidence")}
    return LessonContent(
        title=lesson.title, outcome=lesson.outcome, measures=measures_from(lesson.measures),
        themes=tuple(one.theme for one in lesson.themes), language=lesson.language, **texts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pin:
    """What a lesson is pinned to, as its page shows it.

    `paragraph` is the paragraph in plain words; None for the whole version, and where the version's text was removed;
    `is_paragraph_removed` says which.
    `answered_by` is the number of the version that answers the lesson. `stands` says whether the paragraph reads the
    same in the current version; None where there is nothing to look for.
    """

    artefact_id: UUID
    slug: str
    title: str
    language: str
    number: int
    version_id: UUID
    is_withdrawn: bool
    current_number: int | None
    answered_by: int | None
    paragraph: str | None
    stands: bool | None
    is_paragraph_removed: bool

    @property
    def is_left_behind(self) -> bool:
        """Whether there is a newer version than the one it was raised on."""
        return self.current_number is not None and self.current_number > self.number


def pin_of(reading: Reading, lesson: Lesson) -> Pin | None:
    """What a lesson is pinned to, if it is and the viewer may know of the document."""
    if lesson.version_id is None:
        return None
    answered = aliased(Version)
    query = (
        select(
            Artefact.id, Artefact.slug, Artefact.title, Artefact.language, Artefact.current_number, Version.number,
            Version.status, answered.number.label("answered_by"),
        )
        .select_from(Artefact)
        .join(Project, Project.id == Artefact.project_id)
        .join(Version, Version.artefact_id == Artefact.id)
        .outerjoin(answered, answered.id == lesson.answered_by_id)
        .where(Version.id == lesson.version_id, artefacts_visible_to(reading.actor))
    )  # fmt: skip
    row = reading.session.execute(query).first()
    if row is None:
        return None
    has_text = lesson.paragraph is not None and row.status != VersionStatus.REMOVED
    return Pin(
        artefact_id=row.id, slug=row.slug or str(row.id), title=row.title, language=row.language, number=row.number,
        version_id=lesson.version_id, is_withdrawn=row.status != VersionStatus.PUBLISHED,
        current_number=row.current_number, answered_by=row.answered_by,
        paragraph=plain(lesson.paragraph or "") if has_text else None,
        stands=_stands(reading, lesson, row) if has_text else None,
        is_paragraph_removed=lesson.paragraph_removed_at is not None,
    )  # fmt: skip


def _stands(reading: Reading, lesson: Lesson, row: Any) -> bool | None:
    if row.current_number is None or row.current_number <= row.number:
        return None
    text = reading.session.scalar(
        select(Version.text).where(Version.artefact_id == row.id, Version.number == row.current_number)
    )
    return paragraph_in(text or "", lesson.paragraph_hash or "") is not None


@dataclass(frozen=True, slots=True)
class UseShown:
    """A council that used a lesson, and what for."""

    council_id: UUID
    slug: str
    name: str
    note: str
    used_at: datetime


def uses_of(reading: Reading, lesson_id: UUID) -> list[UseShown]:
    """The councils that said they used a lesson the viewer has been found to see, the latest first."""
    query = (
        select(Council.id, Council.slug, Council.short_name, LessonUse.note, LessonUse.used_at)
        .join(LessonUse, LessonUse.council_id == Council.id)
        .where(LessonUse.lesson_id == lesson_id)
        .order_by(LessonUse.id.desc())
        .limit(MOST_USES_SHOWN)
    )
    return [UseShown(*row) for row in reading.session.execute(query)]


def earlier_texts_of(reading: Reading, lesson: Lesson) -> list[LessonText]:
    """What a published lesson said before, the newest first. For those who write lessons there."""
    query = select(LessonText).where(LessonText.lesson_id == lesson.id).order_by(LessonText.version.desc())
    return list(reading.session.scalars(query.limit(MOST_TEXTS_SHOWN)))
