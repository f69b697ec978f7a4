"""Publishing a lesson, and taking it back."""

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.lessons import policy, rules
from pipeline.lessons.actions.keeping import check_is_published, count_on_document, give_slug, touch_project
from pipeline.lessons.actions.pinning import check_pin_still_good, record_pinned
from pipeline.lessons.events import LessonPublished, LessonWithdrawn
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries.seeing import content_of, lesson_facts_of, lesson_seen_by
from pipeline.lessons.rules import LessonStatus
from pipeline.projects.actions.keeping import check_no_addresses, check_version
from pipeline.projects.actions.taking import taken_project


def publish_lesson(work: UnitOfWork, *, slug: str, version: int) -> Lesson:
    """Publish a lesson as it stands. `version` is the one the lead read. It gets a slug, which it keeps for ever. What
    is due on its project comes first.

    Raises NotFound, NotAllowed, RuleBroken (lesson.*, text.holds_address), Conflict (lesson.not_draft,
    lesson.changed_meanwhile, lesson.version_withdrawn).
    """
    taken_project(work, str(lesson_seen_by(work, slug)[1].id))
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_publish_lesson(work.actor, facts))
    if facts.status is not LessonStatus.DRAFT:
        raise Conflict("lesson.not_draft", Words(_("This lesson is published already.")), ("edit",))
    check_version(lesson, version, "lesson")
    content = content_of(lesson)
    rules.check_publishable(content)
    check_no_addresses(work, content.texts)
    check_pin_still_good(work, lesson)
    give_slug(work, lesson)
    lesson.status, lesson.is_public = LessonStatus.PUBLISHED.value, project.is_public and not lesson.is_hidden
    lesson.published_at = lesson.updated_at = work.now
    lesson.edited()
    count_on_document(work, lesson.artefact_id, +1)
    touch_project(work, project.id)
    changes: dict[str, list[object]] = {"status": [LessonStatus.DRAFT.value, lesson.status]}
    event = LessonPublished(
        lesson_id=lesson.id, project_id=project.id, outcome=content.outcome or "", themes=content.themes,
        changes=changes,
    )  # fmt: skip
    facts = lesson_facts_of(work, lesson, project)
    work.record(event, audience=facts.audience)
    record_pinned(work, lesson, facts)
    return lesson


def withdraw_lesson(work: UnitOfWork, *, slug: str) -> Lesson:
    """Take a published lesson back. Its team still finds it, nobody else does; its slug is not given again.

    Raises NotFound, NotAllowed, Conflict (lesson.not_published).
    """
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_withdraw_lesson(work.actor, facts))
    check_is_published(lesson)
    lesson.status, lesson.is_public = LessonStatus.WITHDRAWN.value, False
    lesson.withdrawn_at = lesson.updated_at = work.now
    lesson.edited()
    count_on_document(work, lesson.artefact_id, -1)
    touch_project(work, project.id)
    changes: dict[str, list[object]] = {"status": [LessonStatus.PUBLISHED.value, lesson.status]}
    event = LessonWithdrawn(lesson_id=lesson.id, project_id=project.id, changes=changes)
    work.record(event, audience=facts.audience)
    return lesson
