"""Writing a lesson, having it checked, mending it, and throwing a draft away."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import delete

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.lessons import policy, rules
from pipeline.lessons.actions.keeping import (
    check_not_withdrawn,
    count_on_document,
    keep_earlier_text,
    touch_project,
    write_content,
)
from pipeline.lessons.actions.pinning import PinTo, find_pin, set_pin
from pipeline.lessons.events import LessonDraftChanged, LessonDraftDeleted, LessonDrafted, LessonEdited
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries.seeing import content_of, lesson_facts_of, lesson_seen_by, place_facts_of
from pipeline.lessons.rules import LessonContent, LessonStatus
from pipeline.projects.actions.checking import keep_check
from pipeline.projects.actions.keeping import acting, changed_fields, check_no_addresses, check_version
from pipeline.projects.models import Check, Project
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import ProjectStatus

LESSON = "lesson"
"""What a check of a lesson's draft is about."""

FIELDS = tuple(field.name for field in fields(LessonContent))


def draft_lesson(work: UnitOfWork, *, slug: str, content: LessonContent, pin_to: PinTo | None = None) -> Lesson:
    """Begin a lesson in a project, pinned to a version of a document if one is given. Only the team sees the draft.

    Raises NotFound, NotAllowed, RuleBroken (lesson.*), Conflict (project.not_published, lesson.version_withdrawn,
    lesson.document_not_public).
    """
    project = project_seen_by(work, slug)
    facts = place_facts_of(work, project)
    work.require(policy.may_write_lesson(work.actor, facts))
    if facts.project.status is ProjectStatus.DRAFT:
        words = Words(_("Publish the project first: lessons tell people who can see it what you learned."))
        raise Conflict("project.not_published", words, ("publish",))
    rules.check_content(content)
    officer_id, council_id = acting(work)
    lesson = Lesson(
        id=new_id(), project_id=project.id, council_id=council_id, officer_id=officer_id, title=content.title,
        is_made_up=project.is_made_up, created_at=work.now, updated_at=work.now, themes=[],
    )  # fmt: skip
    write_content(lesson, content)
    if pin_to is not None:
        set_pin(lesson, find_pin(work, lesson, pin_to))
    work.add(lesson)
    _use_trial(work, project)
    work.record(LessonDrafted(lesson_id=lesson.id, project_id=project.id))
    return lesson


def change_lesson(work: UnitOfWork, *, slug: str, version: int, content: LessonContent) -> Lesson:
    """Write a lesson anew. What a published one said before is kept, and its page says that it was edited.

    Raises NotFound, NotAllowed, RuleBroken (lesson.*, text.holds_address), Conflict (lesson.changed_meanwhile,
    lesson.withdrawn).
    """
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_edit_lesson(work.actor, facts))
    check_not_withdrawn(lesson)
    check_version(lesson, version, LESSON)
    is_published = facts.status is LessonStatus.PUBLISHED
    (rules.check_publishable if is_published else rules.check_content)(content)
    changed = changed_fields(content_of(lesson), content, FIELDS)
    if not changed:
        return lesson
    if is_published:
        check_no_addresses(work, content.texts)
        keep_earlier_text(work, lesson)
    write_content(lesson, content)
    lesson.edited()
    lesson.updated_at = work.now
    if not is_published:
        _use_trial(work, project)
        work.record(LessonDraftChanged(lesson_id=lesson.id, project_id=project.id, fields=changed))
        return lesson
    lesson.edited_at = work.now
    count_on_document(work, lesson.artefact_id, 0)
    touch_project(work, project.id)
    event = LessonEdited(lesson_id=lesson.id, project_id=project.id, fields=changed)
    work.record(event, audience=facts.audience)
    return lesson


def _use_trial(work: UnitOfWork, project: Project) -> None:
    """A trial project in which somebody writes is in use."""
    if project.is_trial:
        touch_project(work, project.id)


def delete_lesson(work: UnitOfWork, *, slug: str) -> None:
    """Throw the draft of a lesson away. A published one is withdrawn instead.

    Raises NotFound, NotAllowed, Conflict (lesson.not_draft).
    """
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_delete_lesson(work.actor, facts))
    if facts.status is not LessonStatus.DRAFT:
        raise Conflict("lesson.not_draft", Words(_("Only a draft can be deleted.")), ("withdraw",))
    work.session.execute(delete(Check).where(Check.subject_id == lesson.id))
    work.session.delete(lesson)
    work.record(LessonDraftDeleted(lesson_id=lesson.id, project_id=project.id))


def ask_to_check_lesson(work: UnitOfWork, *, slug: str, officer_id: UUID) -> Check:
    """Ask a colleague of one's council, or of the team, to check the draft of a lesson. They may read it until they
    have answered.

    Raises NotFound, NotAllowed, Conflict (check.not_a_draft, check.already_asked, check.yourself).
    """
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_write_lesson(work.actor, facts.place))
    if facts.status is not LessonStatus.DRAFT:
        raise Conflict("check.not_a_draft", Words(_("Only a draft can be checked: this is published already.")))
    place = facts.place.project
    return keep_check(work, project, place, about_type=LESSON, about_id=lesson.id, officer_id=officer_id)
