"""*We used this*: said once for a council, and taken back."""

from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.lessons import policy, rules
from pipeline.lessons.actions.keeping import check_is_published, shown_otherwise
from pipeline.lessons.events import LessonUsed, LessonUseTakenBack
from pipeline.lessons.models import Lesson, LessonUse
from pipeline.lessons.policy import LessonFacts
from pipeline.lessons.queries.seeing import lesson_facts_of, lesson_seen_by
from pipeline.projects.actions.keeping import acting, check_no_addresses


def say_used(work: UnitOfWork, *, slug: str, note: str = "") -> Lesson:
    """Say for the council one acts for that it used a lesson, and what for. Everybody reads it.

    Raises NotFound, NotAllowed, RuleBroken (lesson.note_too_long, text.holds_address), Conflict (lesson.used_already,
    lesson.not_published).
    """
    lesson, facts, officer_id, council_id = _find(work, slug)
    check_is_published(lesson)
    if _use_of(work, lesson, council_id) is not None:
        words = Words(_("Your council has said already that it used this lesson."))
        raise Conflict("lesson.used_already", words, ("take_back_use",))
    rules.check_use_note(note)
    check_no_addresses(work, {"note": note})
    work.add(
        LessonUse(
            id=new_id(), lesson_id=lesson.id, council_id=council_id, officer_id=officer_id, note=note, used_at=work.now
        )
    )
    lesson.used_by += 1
    shown_otherwise(work, lesson)
    event = LessonUsed(lesson_id=lesson.id, project_id=lesson.project_id, by_council_id=council_id)
    work.record(event, audience=facts.audience)
    return lesson


def take_back_use(work: UnitOfWork, *, slug: str) -> Lesson:
    """Take back that the council one acts for used a lesson.

    Raises NotFound, NotAllowed, Conflict (lesson.not_used, lesson.not_published).
    """
    lesson, facts, _officer_id, council_id = _find(work, slug)
    check_is_published(lesson)
    use = _use_of(work, lesson, council_id)
    if use is None:
        words = Words(_("Your council has not said that it used this lesson."))
        raise Conflict("lesson.not_used", words, ("used_this",))
    work.session.delete(use)
    lesson.used_by -= 1
    shown_otherwise(work, lesson)
    event = LessonUseTakenBack(lesson_id=lesson.id, project_id=lesson.project_id, by_council_id=council_id)
    work.record(event, audience=facts.audience)
    return lesson


def _find(work: UnitOfWork, slug: str) -> tuple[Lesson, LessonFacts, UUID, UUID]:
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_say_used(work.actor, facts))
    return (lesson, facts, *acting(work))


def _use_of(work: UnitOfWork, lesson: Lesson, council_id: UUID) -> LessonUse | None:
    query = select(LessonUse).where(LessonUse.lesson_id == lesson.id, LessonUse.council_id == council_id)
    return work.session.scalars(query).first()
