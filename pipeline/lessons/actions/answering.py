"""What the leads of a document do with a lesson pinned to it: reply beside it, and mark the version that answers it."""

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries.seeing import artefact_by_id, artefact_facts_of, version_of
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.lessons import policy, rules
from pipeline.lessons.actions.keeping import check_is_published, count_on_document, shown_otherwise
from pipeline.lessons.actions.pinning import check_is_pinned
from pipeline.lessons.events import LessonAnswered, LessonReopened, LessonReplied
from pipeline.lessons.models import Lesson
from pipeline.lessons.policy import LessonFacts
from pipeline.lessons.queries.seeing import lesson_facts_of, lesson_seen_by
from pipeline.projects.actions.keeping import acting, check_no_addresses


def reply_to_lesson(work: UnitOfWork, *, slug: str, reply: Written) -> Lesson:
    """Write a reply beside a lesson, as a lead of the document it is pinned to; an empty one takes it back.

    Raises NotFound, NotAllowed, RuleBroken (lesson.reply_too_long, text.holds_address), Conflict (lesson.not_pinned,
    lesson.not_published).
    """
    lesson, facts, artefact = _find(work, slug)
    rules.check_reply(reply)
    check_no_addresses(work, {"reply": reply.as_read})
    if reply.text == lesson.reply:
        return lesson
    officer_id, _council_id = acting(work)
    lesson.reply, lesson.reply_html = reply.text, reply.html
    lesson.replied_by, lesson.replied_at = (officer_id, work.now) if reply.text else (None, None)
    shown_otherwise(work, lesson)
    count_on_document(work, artefact.id, 0)
    event = LessonReplied(
        lesson_id=lesson.id, project_id=lesson.project_id, artefact_id=artefact.id,
        version_id=check_is_pinned(lesson)[1], is_taken_back=not reply.text,
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return lesson


def mark_answered(work: UnitOfWork, *, slug: str, number: int | None) -> Lesson:
    """Mark the later version that answers a lesson, as a lead of the document; None takes the mark back.

    Raises NotFound, NotAllowed, RuleBroken (lesson.version_not_later), Conflict (lesson.not_pinned,
    lesson.not_published, lesson.version_withdrawn).
    """
    lesson, facts, artefact = _find(work, slug)
    _artefact_id, version_id = check_is_pinned(lesson)
    answer = _answering(work, lesson, artefact, number) if number is not None else None
    if lesson.answered_by_id == (answer.id if answer else None):
        return lesson
    lesson.answered_by_id, lesson.answered_at = (answer.id, work.now) if answer else (None, None)
    shown_otherwise(work, lesson)
    count_on_document(work, artefact.id, 0)
    ids = {
        "lesson_id": lesson.id, "project_id": lesson.project_id, "artefact_id": artefact.id, "version_id": version_id
    }  # fmt: skip
    event = LessonAnswered(**ids, answered_by_id=answer.id) if answer else LessonReopened(**ids)
    work.record(event, audience=facts.audience)
    return lesson


def _answering(work: UnitOfWork, lesson: Lesson, artefact: Artefact, number: int) -> Version:
    answer, raised_on = version_of(work, artefact, number), work.session.get(Version, lesson.version_id)
    if raised_on is None:
        raise NotFound("version")
    if answer.number <= raised_on.number:
        words = Words(_("Choose a version that came after the one the lesson was raised on"))
        raise RuleBroken(Problem("lesson.version_not_later", words, "version"))
    if answer.status != VersionStatus.PUBLISHED:
        words = Words(_("That version was withdrawn. Choose another."))
        raise Conflict("lesson.version_withdrawn", words, field="version")
    return answer


def _find(work: UnitOfWork, slug: str) -> tuple[Lesson, LessonFacts, Artefact]:
    lesson, project = lesson_seen_by(work, slug, lock=True)
    artefact_id, _version_id = check_is_pinned(lesson)
    artefact, kept_in = artefact_by_id(work, artefact_id)
    work.require(policy.may_reply_to_lesson(work.actor, artefact_facts_of(work, artefact, kept_in)))
    check_is_published(lesson)
    return lesson, lesson_facts_of(work, lesson, project), artefact
