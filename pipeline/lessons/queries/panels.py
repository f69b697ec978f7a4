"""Lessons on the pages of other things: a project, a document, a council, somebody's own work, a comparison."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Artefact, Version
from pipeline.councils.models import Council
from pipeline.db.statements import Statement, text_of
from pipeline.db.work import Reading
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import paragraphs_of, plain
from pipeline.lessons.rules import LessonStatus
from pipeline.lessons.visibility import lessons_visible_to, writes
from pipeline.projects.models import Project, ProjectTheme
from pipeline.projects.rules import ProjectStatus

MOST_ON_PAGE = 5
MOST_ON_DOCUMENT = 50


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson in one line. Drafts, which only those who write there see, have no date."""

    address: str
    title: str
    language: str
    outcome: str | None
    status: str
    published_at: str | None
    used_by: int


LINE = (
    Lesson.id, Lesson.slug, Lesson.title, Lesson.language, Lesson.outcome, Lesson.status, Lesson.published_at,
    Lesson.used_by,
)  # fmt: skip


def _of_project(visible: ColumnElement[bool]) -> Any:
    return (
        select(*LINE)
        .join(Project, Project.id == Lesson.project_id)
        .where(
            Lesson.project_id == bindparam("project_id", type_=Lesson.project_id.type),
            Lesson.status != LessonStatus.WITHDRAWN.value, visible,
        )
        .order_by(Lesson.published_at.desc().nulls_first(), Lesson.id.desc())
        .limit(MOST_ON_PAGE + 1)
    )  # fmt: skip


_PUBLIC_OF_PROJECT = Statement(_of_project(Lesson.is_public & Project.is_public.expression))


def lessons_of_project(reading: Reading, project_id: UUID) -> list[LessonLine]:
    """The latest lessons of a project the viewer has been found to see, drafts first: one more than `MOST_ON_PAGE`
    where there are more. One statement, of constant text for everybody without an account."""
    if reading.actor.is_anonymous:
        rows = _PUBLIC_OF_PROJECT.rows(reading.session, project_id=project_id)
    else:
        query = _of_project(lessons_visible_to(reading.actor))
        rows = reading.session.execute(query, {"project_id": project_id}).all()
    return [line_of(row) for row in rows]


def line_of(row: Any) -> LessonLine:
    """A lesson in one line, from the columns of `LINE`."""
    lesson_id, slug, title, language, outcome, status, published_at, used_by = row
    return LessonLine(slug or str(lesson_id), title, language, outcome, status, text_of(published_at), used_by)


def lessons_of_council(reading: Reading, council_id: UUID) -> list[LessonLine]:
    """The latest public lessons of a council; one more than `MOST_ON_PAGE` where there are more."""
    query = (
        select(*LINE)
        .join(Project, Project.id == Lesson.project_id)
        .where(Lesson.council_id == council_id, Lesson.is_public, Project.is_public)
        .order_by(Lesson.published_at.desc(), Lesson.id.desc())
        .limit(MOST_ON_PAGE + 1)
    )
    return [line_of(row) for row in reading.session.execute(query)]


@dataclass(frozen=True, slots=True)
class PinnedLesson:
    """A published lesson pinned to a document: which council raised it on which version, which version answers it.

    `paragraph` is in plain words. `stands` says whether it reads the same in the version that is looked at; None for a
    lesson on the whole version.
    """

    slug: str
    title: str
    language: str
    outcome: str
    council: str
    raised_on: int
    answered_by: int | None
    paragraph: str | None
    stands: bool | None
    has_reply: bool


def _pinned(reading: Reading, artefact_id: UUID) -> Any:
    raised, answering = aliased(Version), aliased(Version)
    return (
        select(
            Lesson.slug, Lesson.title, Lesson.language, Lesson.outcome, Council.short_name, raised.number,
            answering.number, Lesson.paragraph, Lesson.paragraph_hash, Lesson.reply,
        )
        .join(Project, Project.id == Lesson.project_id)
        .join(Council, Council.id == Lesson.council_id)
        .join(raised, raised.id == Lesson.version_id)
        .outerjoin(answering, answering.id == Lesson.answered_by_id)
        .where(
            Lesson.artefact_id == artefact_id, Lesson.status == LessonStatus.PUBLISHED.value,
            lessons_visible_to(reading.actor),
        )
    ), answering  # fmt: skip


def lessons_on(reading: Reading, artefact: Artefact, text: str) -> list[PinnedLesson]:
    """The lessons pinned to a document the viewer has been found to see: those without an answer first, then the
    newest. `text` is that of the version that is looked at, in which their paragraphs are looked for."""
    query, answering = _pinned(reading, artefact.id)
    ordered = query.order_by(answering.number.is_not(None), Lesson.published_at.desc(), Lesson.id.desc())
    rows = reading.session.execute(ordered.limit(MOST_ON_DOCUMENT)).all()
    has_pins = any(row.paragraph_hash for row in rows)
    there = {one.hash for one in paragraphs_of(text)} if has_pins else set()
    return [_pinned_lesson(row, there) for row in rows]


def _pinned_lesson(row: Any, there: set[str]) -> PinnedLesson:
    slug, title, language, outcome, council, raised_on, answered_by, paragraph, paragraph_hash, reply = row
    return PinnedLesson(
        slug=slug, title=title, language=language, outcome=outcome, council=council, raised_on=raised_on,
        answered_by=answered_by, paragraph=plain(paragraph) if paragraph else None,
        stands=paragraph_hash in there if paragraph_hash else None, has_reply=bool(reply),
    )  # fmt: skip


def lessons_answered_between(reading: Reading, artefact_id: UUID, first: int, last: int) -> list[PinnedLesson]:
    """The lessons that the versions of a document after number `first` and up to `last` answered, in the order of the
    versions that answer them: what a comparison of the two shows besides the text. The other way round it is the same.

    The viewer has been found to see the document.
    """
    first, last = sorted((first, last))
    query, answering = _pinned(reading, artefact_id)
    query = query.where(answering.number > first, answering.number <= last)
    ordered = query.order_by(answering.number, Lesson.id).limit(MOST_ON_DOCUMENT)
    return [_pinned_lesson(row, set()) for row in reading.session.execute(ordered)]


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """The draft of a lesson somebody may write on."""

    id: UUID
    title: str
    project_title: str
    updated_at: datetime


def drafts_of(reading: Reading) -> list[LessonDraft]:
    """The drafts of lessons where the viewer is of those who write, the last changed first."""
    if reading.actor.officer_id is None:
        return []
    query = (
        select(Lesson.id, Lesson.title, Project.title, Lesson.updated_at)
        .join(Project, Project.id == Lesson.project_id)
        .where(Lesson.status == LessonStatus.DRAFT.value, writes(reading.actor))
        .order_by(Lesson.updated_at.desc(), Lesson.id.desc())
        .limit(100)
    )
    return [LessonDraft(*row) for row in reading.session.execute(query)]


@dataclass(frozen=True, slots=True)
class PlaceToWrite:
    """A project in which somebody may write lessons."""

    address: str
    title: str


def places_to_write(reading: Reading) -> list[PlaceToWrite]:
    """The published projects in which the viewer is of those who write lessons, by title."""
    if reading.actor.officer_id is None:
        return []
    query = (
        select(Project.id, Project.slug, Project.title)
        .where(writes(reading.actor), Project.status != ProjectStatus.DRAFT)
        .order_by(Project.title, Project.id)
        .limit(200)
    )
    return [PlaceToWrite(slug or str(project_id), title) for project_id, slug, title in reading.session.execute(query)]


def themes_of_project(reading: Reading, project_id: UUID) -> tuple[str, ...]:
    """The themes of a project the viewer has been found to see, the main one first."""
    query = select(ProjectTheme.theme).where(ProjectTheme.project_id == project_id).order_by(ProjectTheme.position)
    return tuple(reading.session.scalars(query))


def titles_of(reading: Reading, lesson_ids: Iterable[UUID]) -> dict[str, tuple[str, str]]:
    """The address and title of lessons the viewer may know of, by their id as text."""
    wanted = list(lesson_ids)
    if not wanted:
        return {}
    query = (
        select(Lesson.id, Lesson.slug, Lesson.title)
        .join(Project, Project.id == Lesson.project_id)
        .where(Lesson.id.in_(wanted), lessons_visible_to(reading.actor))
    )
    return {str(one): (slug or str(one), title) for one, slug, title in reading.session.execute(query)}


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document a lesson could be pinned to."""

    slug: str
    title: str
    council: str
    current_number: int


def documents_to_pin_to(reading: Reading, project_id: UUID, words: str) -> list[DocumentLine]:
    """Documents with a version to pin to, whose title or council holds the words: public ones, and those of the
    lesson's own project, which come first. At most 30."""
    keeper = aliased(Project)
    query = (
        select(Artefact.slug, Artefact.title, Council.short_name, Artefact.current_number)
        .join(Council, Council.id == Artefact.council_id)
        .where(
            Artefact.current_number.is_not(None), Artefact.slug.is_not(None),
            or_(
                Artefact.is_public & exists().where(keeper.id == Artefact.project_id, keeper.is_public),
                Artefact.project_id == project_id,
            ),
            *(or_(Artefact.title.icontains(one, autoescape=True), Council.name.icontains(one, autoescape=True))
              for one in words.split()[:8]),
        )
        .order_by((Artefact.project_id == project_id).desc(), Artefact.title, Artefact.id)
        .limit(30)
    )  # fmt: skip
    rows: Iterable[Any] = reading.session.execute(query)
    return [DocumentLine(*row) for row in rows]
