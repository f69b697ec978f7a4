"""Pinning a lesson to a version of a shared document, or to a paragraph of it, and taking it off again."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries.seeing import version_seen_by
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.lessons import policy
from pipeline.lessons.actions.keeping import check_not_withdrawn, count_on_document
from pipeline.lessons.events import LessonDraftChanged, LessonPinned, LessonUnpinned
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import Paragraph, paragraph_in
from pipeline.lessons.policy import LessonFacts
from pipeline.lessons.queries.seeing import lesson_facts_of, lesson_seen_by
from pipeline.lessons.rules import LessonStatus


@dataclass(frozen=True, slots=True)
class PinTo:
    """A version of a document, or a paragraph of it by its hash."""

    version_id: UUID
    paragraph_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a lesson is to be pinned to, found and good to be pinned to."""

    artefact: Artefact
    version: Version
    paragraph: Paragraph | None


def find_pin(work: UnitOfWork, lesson: Lesson, pin_to: PinTo) -> Found:
    """What `pin_to` names, if a lesson can be pinned to it.

    Raises NotFound, RuleBroken (lesson.paragraph_unknown), Conflict (lesson.version_withdrawn,
    lesson.document_not_public).
    """
    version, artefact, _project = version_seen_by(work, pin_to.version_id)
    check_can_be_pinned_to(version)
    if not artefact.is_public and artefact.project_id != lesson.project_id:
        words = Words(_("Only its own team can see this document, so a lesson cannot be pinned to it."))
        raise Conflict("lesson.document_not_public", words, field="version_id")
    if pin_to.paragraph_hash is None:
        return Found(artefact, version, None)
    paragraph = paragraph_in(version.text, pin_to.paragraph_hash)
    if paragraph is None:
        words = Words(_("Choose a paragraph of this version, or the whole version"))
        raise RuleBroken(Problem("lesson.paragraph_unknown", words, "paragraph_hash"))
    return Found(artefact, version, paragraph)


def check_can_be_pinned_to(version: Version) -> None:
    """No lesson is pinned to a withdrawn version. Raises Conflict (lesson.version_withdrawn)."""
    if version.status != VersionStatus.PUBLISHED:
        words = Words(_("This version was withdrawn. Pin the lesson to another, or to none."))
        raise Conflict("lesson.version_withdrawn", words, ("pin", "unpin"), "version_id")


def set_pin(lesson: Lesson, found: Found | None) -> None:
    """Write what a lesson is pinned to; None for nothing."""
    paragraph = found.paragraph if found else None
    lesson.artefact_id = found.artefact.id if found else None
    lesson.version_id = found.version.id if found else None
    lesson.paragraph = paragraph.words if paragraph else None
    lesson.paragraph_hash = paragraph.hash if paragraph else None
    lesson.paragraph_removed_at = None


def pin_lesson(work: UnitOfWork, *, slug: str, pin_to: PinTo) -> Lesson:
    """Pin a lesson to a version of a document or a paragraph of it, in place of what it was pinned to. Those who
    adopted the version are told of a published one.

    Once the leads of a document have replied, the lesson stays with that document. An answer marked before is taken
    back: it answered something else. Raises NotFound, NotAllowed, RuleBroken (lesson.paragraph_unknown), Conflict
    (lesson.version_withdrawn, lesson.document_not_public, lesson.has_reply, lesson.withdrawn).
    """
    lesson, facts = _find(work, slug)
    found = find_pin(work, lesson, pin_to)
    if lesson.artefact_id != found.artefact.id:
        _check_has_no_reply(lesson)
    if (lesson.version_id, lesson.paragraph_hash) == (found.version.id, pin_to.paragraph_hash):
        return lesson
    before = lesson.artefact_id
    set_pin(lesson, found)
    lesson.answered_by_id = lesson.answered_at = None
    _edited(work, lesson, facts)
    if facts.status is LessonStatus.PUBLISHED:
        count_on_document(work, before, -1)
        count_on_document(work, found.artefact.id, +1)
        record_pinned(work, lesson, facts)
    return lesson


def unpin_lesson(work: UnitOfWork, *, slug: str) -> Lesson:
    """Take a lesson off the document it is pinned to.

    Raises NotFound, NotAllowed, Conflict (lesson.not_pinned, lesson.has_reply, lesson.withdrawn).
    """
    lesson, facts = _find(work, slug)
    artefact_id, version_id = check_is_pinned(lesson)
    _check_has_no_reply(lesson)
    set_pin(lesson, None)
    lesson.answered_by_id = lesson.answered_at = None
    _edited(work, lesson, facts)
    if facts.status is LessonStatus.PUBLISHED:
        count_on_document(work, artefact_id, -1)
        event = LessonUnpinned(
            lesson_id=lesson.id, project_id=lesson.project_id, artefact_id=artefact_id, version_id=version_id
        )
        work.record(event, audience=facts.audience)
    return lesson


def record_pinned(work: UnitOfWork, lesson: Lesson, facts: LessonFacts) -> None:
    """Say that a published lesson is pinned, if it is."""
    if lesson.artefact_id is None or lesson.version_id is None:
        return
    event = LessonPinned(
        lesson_id=lesson.id, project_id=lesson.project_id, artefact_id=lesson.artefact_id,
        version_id=lesson.version_id, is_to_paragraph=lesson.paragraph_hash is not None,
    )  # fmt: skip
    work.record(event, audience=facts.audience)


def check_is_pinned(lesson: Lesson) -> tuple[UUID, UUID]:
    """The document and version a lesson is pinned to. Raises Conflict (lesson.not_pinned)."""
    if lesson.artefact_id is None or lesson.version_id is None:
        raise Conflict("lesson.not_pinned", Words(_("This lesson is not pinned to a document.")), ("pin",))
    return lesson.artefact_id, lesson.version_id


def check_pin_still_good(work: UnitOfWork, lesson: Lesson) -> None:
    """A lesson is published while it could be pinned to what it is pinned to.

    Raises Conflict (lesson.version_withdrawn).
    """
    if lesson.version_id is None:
        return
    version = work.session.get(Version, lesson.version_id)
    if version is None:
        raise NotFound("version")
    check_can_be_pinned_to(version)


def _find(work: UnitOfWork, slug: str) -> tuple[Lesson, LessonFacts]:
    lesson, project = lesson_seen_by(work, slug, lock=True)
    facts = lesson_facts_of(work, lesson, project)
    work.require(policy.may_edit_lesson(work.actor, facts))
    check_not_withdrawn(lesson)
    return lesson, facts


def _check_has_no_reply(lesson: Lesson) -> None:
    if lesson.reply:
        words = Words(_("The leads of the document have replied, so the lesson stays with it. You can withdraw it."))
        raise Conflict("lesson.has_reply", words, ("withdraw",))


def _edited(work: UnitOfWork, lesson: Lesson, facts: LessonFacts) -> None:
    lesson.edited()
    lesson.updated_at = work.now
    if facts.status is LessonStatus.DRAFT:
        event = LessonDraftChanged(lesson_id=lesson.id, project_id=lesson.project_id, fields=("pin",))
        work.record(event)
