"""Hiding a lesson and bringing it back, as a coordinator; and with the project it was learned in."""

from uuid import UUID

from sqlalchemy import select, update

from pipeline.artefacts.models import Artefact
from pipeline.db.work import UnitOfWork
from pipeline.lessons.actions.keeping import WITHOUT_SYNCHRONISING, count_on_document, touch_project
from pipeline.lessons.events import LessonRemoved, LessonRestored
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries.seeing import lesson_facts_of, lesson_seen_by
from pipeline.lessons.rules import LessonStatus
from pipeline.projects import policy
from pipeline.projects.actions.hiding import not_hidden, not_public
from pipeline.projects.models import Project


def hide_lesson(work: UnitOfWork, *, lesson_id: UUID) -> Lesson:
    """Hide a published lesson. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    lesson, project = lesson_seen_by(work, str(lesson_id), lock=True)
    work.require(policy.may_hide(work.actor))
    if lesson.is_hidden or lesson.status != LessonStatus.PUBLISHED:
        raise not_public()
    audience = lesson_facts_of(work, lesson, project).audience
    _show(work, lesson, is_shown=False, is_public=False)
    work.record(LessonRemoved(lesson_id=lesson.id, project_id=lesson.project_id), audience=audience)
    return lesson


def restore_lesson(work: UnitOfWork, *, lesson_id: UUID) -> Lesson:
    """Bring a hidden lesson back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    lesson, project = lesson_seen_by(work, str(lesson_id), lock=True)
    work.require(policy.may_hide(work.actor))
    if not lesson.is_hidden:
        raise not_hidden()
    is_public = project.is_public and lesson.status == LessonStatus.PUBLISHED
    _show(work, lesson, is_shown=True, is_public=is_public)
    event = LessonRestored(lesson_id=lesson.id, project_id=lesson.project_id)
    work.record(event, audience=lesson_facts_of(work, lesson, project).audience)
    return lesson


def _show(work: UnitOfWork, lesson: Lesson, *, is_shown: bool, is_public: bool) -> None:
    lesson.is_hidden, lesson.is_public = not is_shown, is_public
    lesson.updated_at = work.now
    lesson.edited()
    count_on_document(work, lesson.artefact_id, 0)
    touch_project(work, lesson.project_id)


def show_with_project(work: UnitOfWork, project: Project) -> None:
    """Keep whether the public sees the lessons of a project, when the project was hidden or brought back; and say that
    the documents they are pinned to, of other projects, show them otherwise."""
    work.session.flush()
    published = (Lesson.project_id == project.id, Lesson.status == LessonStatus.PUBLISHED.value)
    shown = {
        "is_public": Lesson.is_hidden.is_(False) if project.is_public else False, "revision": Lesson.revision + 1,
        "updated_at": work.now,
    }  # fmt: skip
    statement = update(Lesson).where(*published).values(**shown)
    work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)
    pinned = select(Lesson.artefact_id).where(*published, Lesson.artefact_id.is_not(None))
    documents = update(Artefact).where(Artefact.id.in_(pinned)).values(revision=Artefact.revision + 1)
    work.session.execute(documents, execution_options=WITHOUT_SYNCHRONISING)
