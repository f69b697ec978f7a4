"""What happens to shared documents and lessons in the made-up story, each by the action that everybody uses.

A verb is given the work of its step, where it happens (`Desk`) and the values of its act. Documents are named by the
keys of `documents_kept.TITLES`, and found again by title, so that a telling that was interrupted goes on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.actions import adapting, adopting, drafting, merging, pairing, suggesting, withdrawing
from pipeline.artefacts.actions import checklists as answering
from pipeline.artefacts.actions import publishing as releasing
from pipeline.artefacts.adoption_rules import AdoptionDetails
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.checklists import Answer
from pipeline.artefacts.decisions import as_kept
from pipeline.artefacts.merge import Choice, Decision, merge, resolved
from pipeline.artefacts.merge_parts import PartKind
from pipeline.artefacts.models import Artefact, ChecklistAnswers, Draft, Merge, Suggestion, Version
from pipeline.artefacts.queries.comparing import Reference
from pipeline.artefacts.rules import (
    ArtefactKind,
    DocumentDetails,
    DraftStatus,
    DraftText,
    PointAnswer,
    SuggestionStatus,
)
from pipeline.artefacts.written import written_document
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written, written
from pipeline.lessons.actions import answering as replying
from pipeline.lessons.actions import publishing as publishing_lessons
from pipeline.lessons.actions import using, writing
from pipeline.lessons.actions.pinning import PinTo
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import paragraphs_of
from pipeline.lessons.rules import LessonContent, Measure
from pipeline.projects.models import Project

FOLDER = Path(__file__).with_name("documents")
"""The texts of the documents, one file a version."""


def text_in(name: str) -> str:
    """The text of a version, as its file has it."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a verb is done: on the day of the telling, with the titles of documents and projects by their keys."""

    today: date
    titles: Mapping[str, str]
    projects: Mapping[str, str]

    def day(self, in_days: int | None) -> date | None:
        return None if in_days is None else self.today + timedelta(days=in_days)

    def document(self, work: UnitOfWork, key: str) -> Artefact:
        """A document by its key."""
        query = select(Artefact).where(Artefact.title == self.titles[key], Artefact.is_made_up)
        return work.session.scalars(query).one()

    def slug(self, work: UnitOfWork, key: str) -> str:
        """The address of a document: its slug, or the id of one that is not published yet."""
        found = self.document(work, key)
        return found.slug or str(found.id)

    def version(self, work: UnitOfWork, key: str, number: int) -> Version:
        """A version of a document."""
        query = select(Version).where(
            Version.artefact_id == self.document(work, key).id, Version.number == number
        )  # fmt: skip
        return work.session.scalars(query).one()

    def project(self, work: UnitOfWork, key: str | None) -> str:
        """The address of a project; with no key that of the *Documents of (council)* of whoever acts."""
        if key is None:
            query = select(Project).where(Project.council_id == work.actor.council_id, Project.keeps_documents)
        else:
            query = select(Project).where(Project.title == self.projects[key], Project.is_made_up)
        found = work.session.scalars(query).one()
        return found.slug or str(found.id)

    def lesson(self, work: UnitOfWork, title: str) -> Lesson:
        """A lesson by its title."""
        return work.session.scalars(select(Lesson).where(Lesson.title == title, Lesson.is_made_up)).one()


VERBS: dict[str, Callable[..., object]] = {}
"""Every verb of documents and lessons by its name."""


def verb(do: Callable[..., object]) -> Callable[..., object]:
    """Let a function be a verb, under its own name."""
    VERBS[do.__name__] = do
    return do


def carry_out(work: UnitOfWork, desk: Desk, name: str, values: Mapping[str, Any]) -> None:
    """Do an act. Raises KeyError for a verb that does not exist."""
    VERBS[name](work, desk, **values)
    work.session.flush()


# Writing and publishing


@verb
def begin(
    work: UnitOfWork, desk: Desk, *, document: str, text: str, kind: str, summary: str, review_in_days: int,
    language: str = "en", project: str | None = None,
) -> None:  # fmt: skip
    """An officer begins a document with its first draft: in a project, or in the documents of their council."""
    details = DocumentDetails(kind=ArtefactKind(kind), summary=summary, review_on=desk.day(review_in_days))
    drafting.begin_document(
        work, details=details, draft=DraftText(title=desk.titles[document], text=text_in(text)), language=language,
        project_slug=desk.project(work, project) if project is not None else None,
    )  # fmt: skip


@verb
def publish(
    work: UnitOfWork, desk: Desk, *, document: str, note: str, text: str | None = None, is_major: bool = False
) -> None:  # fmt: skip
    """A lead publishes the draft that is open, or a new one, with the text of a file if one is named."""
    artefact = desk.document(work, document)
    draft = _open_draft(work, artefact) or drafting.start_draft(work, slug=desk.slug(work, document))
    said = DraftText(draft.title, text_in(text) if text else draft.text, draft.licence, note, is_major)
    draft = drafting.save_draft(work, draft_id=draft.id, version=draft.version, text=said)
    work.session.flush()
    releasing.publish_version(
        work, draft_id=draft.id, version=draft.version, written=written_document(draft.text, artefact.language),
        change_note=note,
        is_major=is_major,
    )  # fmt: skip


def _open_draft(work: UnitOfWork, artefact: Artefact) -> Draft | None:
    query = select(Draft).where(Draft.artefact_id == artefact.id, Draft.status == DraftStatus.OPEN.value)
    return work.session.scalars(query).first()


@verb
def write_on(work: UnitOfWork, desk: Desk, *, document: str, add: str, note: str) -> None:
    """An officer begins the next version, which nobody has published yet: the text with a paragraph more."""
    draft = drafting.start_draft(work, slug=desk.slug(work, document))
    said = DraftText(draft.title, f"{draft.text}\n{add}\n", draft.licence, note)
    drafting.save_draft(work, draft_id=draft.id, version=draft.version, text=said)


@verb
def withdraw(work: UnitOfWork, desk: Desk, *, document: str, number: int, reason: str) -> None:
    """A lead withdraws a version."""
    withdrawing.withdraw_version(work, slug=desk.slug(work, document), number=number, reason=reason)


@verb
def pair(work: UnitOfWork, desk: Desk, *, document: str, other: str, number: int, other_number: int) -> None:
    """A lead says that two documents are one in two languages, and which versions say the same."""
    slug, other_slug = desk.slug(work, document), desk.slug(work, other)
    pairing.pair_documents(work, slug=slug, other_slug=other_slug)
    work.session.flush()
    pairing.match_version(work, slug=slug, number=number, other_number=other_number)


# Adopting, adapting, taking in


@verb
def adopt(
    work: UnitOfWork, desk: Desk, *, document: str, number: int, note: str = "", review_in_days: int | None = None,
    approved_by: str = "", approved_days_ago: int | None = None,
) -> None:  # fmt: skip
    """A council uses a version as it is."""
    approved_on = None if approved_days_ago is None else desk.day(-approved_days_ago)
    details = AdoptionDetails(desk.day(review_in_days), note, approved_by, approved_on)
    adopting.adopt_version(work, slug=desk.slug(work, document), number=number, details=details)


@verb
def move_up(work: UnitOfWork, desk: Desk, *, document: str) -> None:
    """A council moves up to the current version."""
    council_id = work.actor.council_id
    if council_id is None:
        raise ValueError("only a council moves up")
    adoption = adopting.standing_adoption(work, desk.document(work, document).id, council_id)
    if adoption is None:
        raise ValueError("the council has not adopted it")
    adopting.move_up(work, adoption_id=adoption.id)


@verb
def adapt(work: UnitOfWork, desk: Desk, *, document: str, number: int, copy: str) -> None:
    """A council begins a copy of its own."""
    adapting.adapt_version(work, slug=desk.slug(work, document), number=number, title=desk.titles[copy])


@verb
def begin_taking_in(work: UnitOfWork, desk: Desk, *, copy: str, document: str, number: int) -> Merge:
    """An officer begins to take a version of the original into the copy, and decides nothing yet."""
    theirs = Reference(desk.slug(work, document), number)
    return merging.begin_merge(work, slug=desk.slug(work, copy), theirs=theirs)


@verb
def take_in(work: UnitOfWork, desk: Desk, *, copy: str, document: str, number: int) -> None:
    """An officer takes a version of the original into the copy, and keeps the copy's own words where both changed."""
    begun = begin_taking_in(work, desk, copy=copy, document=document, number=number)
    assert isinstance(begun, Merge)  # noqa: S101 (so that types are known past the decorator)
    work.session.flush()
    texts = {one.id: one.text for one in work.session.scalars(select(Version).where(Version.id.in_(_ids(begun))))}
    merged = merge(texts[begun.base_id], texts[begun.theirs_id] if begun.theirs_id else "", begun.ours_text)
    decisions = {clash.number: Decision(Choice.OURS) for clash in merged.clashes}
    merging.finish_merge(
        work, merge_id=begun.id, version=begun.version, decisions=as_kept(decisions),
        text=normal(resolved(merged, decisions)),
    )  # fmt: skip


def _ids(begun: Merge) -> list[UUID]:
    return [one for one in (begun.base_id, begun.theirs_id) if one is not None]


# Suggesting


@verb
def suggest(work: UnitOfWork, desk: Desk, *, copy: str, about: Sequence[str], reason: str) -> None:
    """A council suggests those of its changes whose words hold one of `about`."""
    artefact = desk.document(work, copy)
    base = work.session.get_one(Version, artefact.base_id)
    own = desk.version(work, copy, artefact.current_number or 0)
    merged = merge(base.text, own.text, base.text)
    changes = [part for part in merged.parts if part.kind is PartKind.THEIRS]
    chosen = {part.number for part in changes if any(words in part.theirs for words in about)}
    left = {part.number: Decision(Choice.OURS) for part in changes if part.number not in chosen}
    suggesting.make_suggestion(
        work, slug=desk.slug(work, copy), number=own.number, against_id=base.id,
        text=normal(resolved(merged, left)), reason=reason,
    )  # fmt: skip


@verb
def accept(work: UnitOfWork, desk: Desk, *, document: str) -> None:
    """A lead takes the suggestion that waits into a draft, as it stands."""
    artefact = desk.document(work, document)
    waiting = select(Suggestion).where(
        Suggestion.artefact_id == artefact.id, Suggestion.status == SuggestionStatus.MADE.value
    )
    suggestion = work.session.scalars(waiting).one()
    against = work.session.get_one(Version, suggestion.against_id)
    current = desk.version(work, document, artefact.current_number or 0)
    merged = merge(against.text, suggestion.text, current.text)
    suggesting.accept_suggestion(
        work, suggestion_id=suggestion.id, version=suggestion.version, number=current.number,
        text=normal(resolved(merged, {})),
    )  # fmt: skip


# Checklists


@verb
def answer_checklist(
    work: UnitOfWork, desk: Desk, *, document: str, answers: Mapping[int, tuple[str, str]], is_published: bool = True
) -> None:
    """A council answers points by their number, and publishes its answers."""
    version = desk.version(work, document, desk.document(work, document).current_number or 0)
    given = {
        version.points[number - 1]["id"]: Answer(PointAnswer(word), note) for number, (word, note) in answers.items()
    }
    slug, row = desk.slug(work, document), _answers(work, desk, document)
    row = answering.answer_points(work, slug=slug, version=row.version if row else 0, answers=given)
    if is_published:
        work.session.flush()
        answering.publish_answers(work, slug=slug, version=row.version)


@verb
def carry_over(work: UnitOfWork, desk: Desk, *, document: str) -> None:
    """A council takes its answers over to the current version."""
    row = _answers(work, desk, document)
    answering.carry_over(work, slug=desk.slug(work, document), version=row.version if row else 0)


def _answers(work: UnitOfWork, desk: Desk, document: str) -> ChecklistAnswers | None:
    query = select(ChecklistAnswers).where(
        ChecklistAnswers.artefact_id == desk.document(work, document).id,
        ChecklistAnswers.council_id == work.actor.council_id,
    )
    return work.session.scalars(query).first()


# Lessons


@dataclass(frozen=True, slots=True)
class Pin:
    """What a lesson is pinned to: a version of a document, or the paragraph of it that begins so."""

    document: str
    number: int
    paragraph: str | None = None


@verb
def learn(
    work: UnitOfWork, desk: Desk, *, title: str, did: str, happened: str, differently: str, outcome: str,
    themes: tuple[str, ...], evidence: str = "", measures: tuple[Measure, ...] = (), project: str | None = None,
    pin: Pin | None = None,
) -> None:  # fmt: skip
    """A lead writes a lesson and publishes it."""
    content = LessonContent(
        title=title, did=_told(did), happened=_told(happened), differently=_told(differently),
        evidence=_told(evidence), outcome=outcome, measures=measures, themes=themes,
    )  # fmt: skip
    lesson = writing.draft_lesson(
        work, slug=desk.project(work, project), content=content, pin_to=_pin(work, desk, pin) if pin else None
    )
    work.session.flush()
    publishing_lessons.publish_lesson(work, slug=str(lesson.id), version=lesson.version)


def _told(text: str) -> Written:
    return written(text, under=2)


def _pin(work: UnitOfWork, desk: Desk, pin: Pin) -> PinTo:
    version = desk.version(work, pin.document, pin.number)
    if pin.paragraph is None:
        return PinTo(version.id)
    begins = pin.paragraph
    return PinTo(version.id, next(one.hash for one in paragraphs_of(version.text) if one.words.startswith(begins)))


@verb
def use(work: UnitOfWork, desk: Desk, *, lesson: str, note: str) -> None:
    """A council says that it used a lesson."""
    using.say_used(work, slug=desk.lesson(work, lesson).slug or "", note=note)


@verb
def reply(work: UnitOfWork, desk: Desk, *, lesson: str, words: str) -> None:
    """A lead of the document replies to a lesson pinned to it."""
    replying.reply_to_lesson(work, slug=desk.lesson(work, lesson).slug or "", reply=_told(words))


@verb
def answered(work: UnitOfWork, desk: Desk, *, lesson: str, number: int) -> None:
    """A lead of the document marks the version that answers a lesson."""
    replying.mark_answered(work, slug=desk.lesson(work, lesson).slug or "", number=number)
