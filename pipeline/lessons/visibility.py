"""Which lessons somebody may know of. Every query of lessons joins `Project` and ends in it."""

from sqlalchemy import ColumnElement, and_, exists, false, or_

from pipeline.kernel.actor import Actor, Role
from pipeline.lessons.models import Lesson
from pipeline.lessons.rules import LessonStatus
from pipeline.projects.models import Check, Project
from pipeline.projects.visibility import in_team, visible_to


def lessons_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Lessons the actor may know of; the query joins `Project`.

    Everybody: what is public. The team: drafts and withdrawn ones too. A colleague asked to check a draft, until they
    have answered. Coordinators: what is hidden.
    """
    if actor.is_system:
        return Lesson.id.is_not(None)
    if actor.officer_id is None:
        return and_(Lesson.is_public, Project.is_public.expression)
    published = and_(Lesson.status == LessonStatus.PUBLISHED.value, Lesson.is_hidden.is_(False))
    hidden: ColumnElement[bool] = false()
    if actor.has(Role.COORDINATOR):
        hidden = and_(Lesson.is_hidden, Lesson.status != LessonStatus.DRAFT.value)
    return and_(visible_to(actor), or_(published, writes(actor), _asked_to_check(actor), hidden))


def writes(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor is of those who write lessons in a project; the query joins `Project`."""
    own = and_(Project.keeps_documents, Project.council_id == actor.council_id) if actor.council_id else false()
    return or_(in_team(actor), own)


def _asked_to_check(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Check.subject_id == Lesson.id, Check.officer_id == actor.officer_id, Check.answered_at.is_(None)
    )
