"""Suggesting a change: a copy's paragraphs are offered to its original, whose leads accept, edit or decline them.

What a suggestion comes to in the current version is worked out outside of these actions, like every merge. *Overtaken*
is one that has nothing left to add: taken into the current version it changes nothing (the change came another way), or
the version it was made against was removed, or the document is kept no longer.
"""

from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from sqlalchemy import func, select

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions import drafting
from pipeline.artefacts.actions.keeping import check_kept, text_kept, touch
from pipeline.artefacts.models import Artefact, Draft, Suggestion, Version
from pipeline.artefacts.queries import seeing, suggestions
from pipeline.artefacts.rules import (
    LONGEST_DOCUMENT,
    LONGEST_REASON,
    ArtefactStatus,
    DraftText,
    SuggestionStatus,
    VersionStatus,
)
from pipeline.artefacts.suggestion_events import (
    SuggestionAccepted,
    SuggestionDeclined,
    SuggestionEvent,
    SuggestionMade,
    SuggestionOvertaken,
    SuggestionPublished,
    SuggestionReopened,
    SuggestionWithdrawn,
)
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, Problem, length_problems, refuse_if_any
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.answer_clocks import first_answer, start_clock, stop_clock
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version
from pipeline.projects.models import Project
from pipeline.projects.taking_part import Answerable

MOST_OPEN = 20
"""Suggestions of one copy that wait for an answer."""


def make_suggestion(
    work: UnitOfWork, *, slug: str, number: int, against_id: UUID, text: str, reason: str
) -> Suggestion:  # fmt: skip
    """Offer changes of a copy to its original. Everybody who can see the original reads them; its leads answer.

    `number` is the copy's version the changes are from, `against_id` the original's version the copy has as its base,
    and `text` the whole of that one with the chosen changes in it. Raises NotFound, NotAllowed, RuleBroken
    (suggestion.nothing_chosen, suggestion.text_too_long, suggestion.reason_…, text.holds_address), Conflict
    (suggestion.no_original, suggestion.copy_moved, suggestion.copy_not_public, suggestion.stands, suggestion.too_many,
    artefact.ended, version.removed).
    """
    copy, project = seeing.artefact_seen_by(work, slug, lock=True)
    work.require(policy.may_suggest(work.actor, seeing.artefact_facts_of(work, copy, project)))
    check_kept(copy)
    own, against = _from(work, copy, number), _against(work, copy, against_id)
    original, its_project = seeing.artefact_by_id(work, against.artefact_id, lock=True)
    check_kept(original)
    _check_seen_alike(copy, original)
    _check_said(text_kept(text), against.text, reason)
    check_no_addresses(work, {"reason": reason, "text": _added(against.text, text_kept(text))})
    _check_room(work, copy, against, text_kept(text))
    officer_id, council_id = acting(work)
    suggestion = work.add(
        Suggestion(
            id=new_id(), artefact_id=original.id, copy_id=copy.id, against_id=against.id, from_id=own.id,
            text=text_kept(text), reason=reason, status=SuggestionStatus.MADE.value, officer_id=officer_id,
            council_id=council_id, made_at=work.now, updated_at=work.now,
        )
    )  # fmt: skip
    its_project = _locked(work, its_project)
    start_clock(work, its_project, Answerable.SUGGESTION, suggestion.id)
    touch(work, original, its_project)
    _record(work, suggestion, original, SuggestionMade, [None, suggestion.status])
    return suggestion


def _from(work: UnitOfWork, copy: Artefact, number: int) -> Version:
    if copy.current_number != number:
        words = Words(_("Another version was published meanwhile. Choose again from what it says."))
        raise Conflict("suggestion.copy_moved", words, ("choose",))
    return seeing.version_of(work, copy, number)


def _against(work: UnitOfWork, copy: Artefact, against_id: UUID) -> Version:
    """The base of the copy, with its text. Raises Conflict (suggestion.no_original, suggestion.copy_moved,
    version.removed)."""
    if copy.base_id is None:
        words = Words(_("This document was not adapted from another, so there is no original to suggest changes to."))
        raise Conflict("suggestion.no_original", words)
    if copy.base_id != against_id:
        words = Words(_("Your copy has taken in a newer version of the original meanwhile. Choose again."))
        raise Conflict("suggestion.copy_moved", words, ("choose",))
    against = work.session.get_one(Version, copy.base_id)
    if against.status == VersionStatus.REMOVED:
        words = Words(_("The version your copy is based on was removed. Take in a newer one of the original first."))
        raise Conflict("version.removed", words, ("merge",))
    return against


def _check_seen_alike(copy: Artefact, original: Artefact) -> None:
    if original.is_public and not copy.is_public:
        words = Words(_("Your copy is not public, and what you suggest would be. Suggest it once the copy is public."))
        raise Conflict("suggestion.copy_not_public", words)


def _check_said(text: str, base: str, reason: str) -> None:
    """Something is suggested, and why. Raises RuleBroken with every problem."""
    problems = []
    if text == base:
        words = Words(_("Choose at least one change"))
        problems.append(Problem("suggestion.nothing_chosen", words, "changes"))
    problems += length_problems("suggestion", "text", text, LONGEST_DOCUMENT)
    refuse_if_any([*problems, *_reason_problems("reason", reason, _("Say why the original should say this"))])


def _added(base: str, text: str) -> str:
    """The lines a suggestion brings, as typed and as they would read: Markdown lets one write `\\@` or `&#64;`."""
    known = set(base.splitlines())
    lines = "\n".join(line for line in text.splitlines() if line not in known)
    return f"{lines}\n{unquote(unescape(lines)).replace(chr(92), '')}"


def _reason_problems(field: str, reason: str, missing: str) -> list[Problem]:
    if not reason:
        return [Problem(f"suggestion.{field}_missing", Words(missing), field)]
    return length_problems("suggestion", field, reason, LONGEST_REASON)


def _check_room(work: UnitOfWork, copy: Artefact, against: Version, text: str) -> None:
    """The same is not suggested twice, nor more than the leads can answer."""
    waiting = (Suggestion.copy_id == copy.id, Suggestion.status == SuggestionStatus.MADE.value)
    alike = select(Suggestion.id).where(*waiting, Suggestion.against_id == against.id, Suggestion.text == text)
    if work.session.scalar(alike.limit(1)) is not None:
        words = Words(_("You have suggested exactly this already, and it waits for an answer."))
        raise Conflict("suggestion.stands", words, ("withdraw",))
    if (work.session.scalar(select(func.count()).select_from(Suggestion).where(*waiting)) or 0) >= MOST_OPEN:
        words = Words(_("{n} of your suggestions wait for an answer. Wait, or take one back first."), n=MOST_OPEN)
        raise Conflict("suggestion.too_many", words, ("withdraw",))


def accept_suggestion(
    work: UnitOfWork, *, suggestion_id: UUID, version: int, number: int, text: str, was_edited: bool = False
) -> Draft:  # fmt: skip
    """Take a suggestion into a new draft, as it stands or edited. Its council is named when the draft is published.

    `version` is that of the suggestion the lead looked at, `number` the current version it was merged into, and `text`
    what came of it. Raises NotFound, NotAllowed, RuleBroken (draft.text_too_long, draft.too_many_blocks), Conflict
    (suggestion.not_open, suggestion.changed_meanwhile, suggestion.document_moved, suggestion.changes_nothing,
    artefact.ended, draft.too_many).
    """
    suggestion, artefact, _project = _to_answer(work, suggestion_id)
    check_version(suggestion, version, "suggestion")
    current = seeing.current_version_of(work, artefact)
    if current is None or current.number != number:
        words = Words(_("Another version was published meanwhile. Look at what the suggestion comes to in it."))
        raise Conflict("suggestion.document_moved", words, ("look",))
    return take_into_draft(work, suggestion.id, current, text, was_edited=was_edited)


def take_into_draft(
    work: UnitOfWork, suggestion_id: UUID | None, current: Version, text: str, *, was_edited: bool
) -> Draft:  # fmt: skip
    """Accept a suggestion with what it comes to in a version of its document. See `accept_suggestion`."""
    suggestion, artefact, project = _to_answer(work, suggestion_id)
    check_kept(artefact)
    rules.check_text(text)
    if text == current.text:
        words = Words(_("This changes nothing in version {number}. Decline it, or close it."), number=current.number)
        raise Conflict("suggestion.changes_nothing", words, ("decline", "close"))
    drafting.check_room_for_draft(work, artefact)
    draft = drafting.new_draft(
        work, artefact, DraftText(title=current.title, text=text, licence=current.licence), started_from_id=current.id,
    )  # fmt: skip
    draft.credits = [{"council_id": str(suggestion.council_id), "suggestion_id": str(suggestion.id)}]
    suggestion.was_edited = was_edited
    _answer(work, suggestion, project, SuggestionStatus.ACCEPTED)
    touch(work, artefact, project)
    changes = [SuggestionStatus.MADE.value, suggestion.status]
    _record(work, suggestion, artefact, SuggestionAccepted, changes, was_edited=was_edited)
    return draft


def decline_suggestion(work: UnitOfWork, *, suggestion_id: UUID, version: int, reason: str) -> Suggestion:
    """Decline a suggestion, with a reason everybody reads who can see it.

    Raises NotFound, NotAllowed, RuleBroken (suggestion.answer_…, text.holds_address), Conflict (suggestion.not_open,
    suggestion.changed_meanwhile).
    """
    suggestion, artefact, project = _to_answer(work, suggestion_id)
    check_version(suggestion, version, "suggestion")
    refuse_if_any(_reason_problems("answer", reason, _("Say why not, so that they know what would help")))
    check_no_addresses(work, {"answer": reason})
    suggestion.answer = reason
    _answer(work, suggestion, project, SuggestionStatus.DECLINED)
    touch(work, artefact, project)
    _record(work, suggestion, artefact, SuggestionDeclined, [SuggestionStatus.MADE.value, suggestion.status])
    return suggestion


def close_suggestion(work: UnitOfWork, *, suggestion_id: UUID, version: int, changes_nothing: bool) -> Suggestion:
    """Close a suggestion that was overtaken. `changes_nothing` says that the current version holds all of it.

    Raises NotFound, NotAllowed, Conflict (suggestion.not_open, suggestion.changed_meanwhile,
    suggestion.adds_something).
    """
    suggestion, artefact, project = _to_answer(work, suggestion_id)
    check_version(suggestion, version, "suggestion")
    against = work.session.get_one(Version, suggestion.against_id)
    is_over = against.status == VersionStatus.REMOVED or artefact.status == ArtefactStatus.ENDED
    if not (changes_nothing or is_over):
        words = Words(_("This still adds something to the current version. Accept or decline it."))
        raise Conflict("suggestion.adds_something", words, ("accept", "decline"))
    _overtake(work, suggestion, artefact, project)
    return suggestion


def withdraw_suggestion(work: UnitOfWork, *, suggestion_id: UUID) -> Suggestion:
    """Take a suggestion back, for the council that made it.

    Raises NotFound, NotAllowed, Conflict (suggestion.not_open).
    """
    suggestion, artefact, project = suggestions.suggestion_seen_by(work, suggestion_id, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_withdraw_suggestion(work.actor, suggestions.suggestion_facts_of(facts, suggestion)))
    check_made(suggestion)
    _close(work, suggestion, SuggestionStatus.WITHDRAWN)
    touch(work, artefact, project)
    _record(work, suggestion, artefact, SuggestionWithdrawn, [SuggestionStatus.MADE.value, suggestion.status])
    return suggestion


def check_made(suggestion: Suggestion) -> None:
    """An answered suggestion stays as it is. Raises Conflict (suggestion.not_open)."""
    if suggestion.status != SuggestionStatus.MADE:
        raise Conflict("suggestion.not_open", Words(_("This suggestion waits for no answer any more.")))


# What follows from what happens to the original


def _taken_in(draft: Draft) -> list[UUID]:
    """The suggestions a draft took. Councils are credited without one for what several of them changed alike."""
    return [UUID(str(credit["suggestion_id"])) for credit in draft.credits if credit.get("suggestion_id")]


def version_published(work: UnitOfWork, draft: Draft, version: Version) -> None:
    """A draft became a version: the suggestions it took are in it, and it names their councils.

    Publishing calls this.
    """
    artefact = work.session.get_one(Artefact, version.artefact_id)
    for suggestion_id in _taken_in(draft):
        suggestion = work.session.get(Suggestion, suggestion_id, with_for_update=True)
        if suggestion is None or suggestion.status != SuggestionStatus.ACCEPTED:
            continue
        suggestion.status, suggestion.published_in_id = SuggestionStatus.PUBLISHED.value, version.id
        _touched(work, suggestion)
        changes = [SuggestionStatus.ACCEPTED.value, suggestion.status]
        _record(
            work, suggestion, artefact, SuggestionPublished, changes, version_id=version.id, number=version.number
        )  # fmt: skip


def draft_discarded(work: UnitOfWork, draft: Draft) -> None:
    """A draft was thrown away: the suggestions it took wait for an answer again. Discarding a draft calls this."""
    artefact = work.session.get_one(Artefact, draft.artefact_id)
    for suggestion_id in _taken_in(draft):
        suggestion = work.session.get(Suggestion, suggestion_id, with_for_update=True)
        if suggestion is None or suggestion.status != SuggestionStatus.ACCEPTED:
            continue
        suggestion.status, suggestion.was_edited = SuggestionStatus.MADE.value, False
        suggestion.answered_at = suggestion.answered_by = None
        _touched(work, suggestion)
        changes = [SuggestionStatus.ACCEPTED.value, suggestion.status]
        _record(work, suggestion, artefact, SuggestionReopened, changes)


def version_removed(work: UnitOfWork, version: Version) -> None:
    """The text of a version is gone: what was suggested against it is overtaken, and the same words go from the
    suggestions that were made from it or against it. Removing a version calls this."""
    concerned = select(Suggestion).where(
        (Suggestion.against_id == version.id) | (Suggestion.from_id == version.id)
    )  # fmt: skip
    for suggestion in work.session.scalars(concerned.with_for_update()):
        artefact = work.session.get_one(Artefact, suggestion.artefact_id)
        if suggestion.status == SuggestionStatus.MADE:
            _overtake(work, suggestion, artefact, work.session.get_one(Project, artefact.project_id))
        suggestion.text = ""
        _touched(work, suggestion)


def document_ended(work: UnitOfWork, artefact: Artefact) -> None:
    """A document is kept no longer: nobody will take what was suggested to it. Ending a document calls this."""
    waiting = select(Suggestion).where(
        Suggestion.artefact_id == artefact.id, Suggestion.status == SuggestionStatus.MADE.value
    )
    project = work.session.get_one(Project, artefact.project_id)
    for suggestion in work.session.scalars(waiting.with_for_update()):
        _overtake(work, suggestion, artefact, project)


def _overtake(work: UnitOfWork, suggestion: Suggestion, artefact: Artefact, project: Project) -> None:
    _close(work, suggestion, SuggestionStatus.OVERTAKEN)
    touch(work, artefact, project)
    _record(work, suggestion, artefact, SuggestionOvertaken, [SuggestionStatus.MADE.value, suggestion.status])


def _close(work: UnitOfWork, suggestion: Suggestion, status: SuggestionStatus) -> None:
    """No answer is wanted any more."""
    suggestion.status = status.value
    stop_clock(work, suggestion.id)
    _touched(work, suggestion)


def _answer(work: UnitOfWork, suggestion: Suggestion, project: Project, status: SuggestionStatus) -> None:
    suggestion.status, suggestion.answered_at = status.value, work.now
    suggestion.answered_by = acting(work)[0]
    first_answer(work, _locked(work, project), suggestion.id)
    _touched(work, suggestion)


def _touched(work: UnitOfWork, suggestion: Suggestion) -> None:
    suggestion.updated_at = work.now
    suggestion.edited()


def _to_answer(work: UnitOfWork, suggestion_id: UUID | None) -> tuple[Suggestion, Artefact, Project]:
    """A suggestion for its leads to answer, locked. Raises NotFound, NotAllowed, Conflict (suggestion.not_open)."""
    suggestion, artefact, project = suggestions.suggestion_seen_by(work, suggestion_id or new_id(), lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_answer_suggestion(work.actor, suggestions.suggestion_facts_of(facts, suggestion)))
    check_made(suggestion)
    return suggestion, artefact, project


def _locked(work: UnitOfWork, project: Project) -> Project:
    """The project, locked after its document, as clocks want it."""
    query = select(Project).where(Project.id == project.id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).one()


def _record(
    work: UnitOfWork,
    suggestion: Suggestion,
    artefact: Artefact,
    kind: type[SuggestionEvent],
    status: list[Any],
    **more: Any,
) -> None:
    audience = Audience.PUBLIC if artefact.is_public else Audience.PROJECT
    event = kind(
        suggestion_id=suggestion.id, artefact_id=artefact.id, project_id=artefact.project_id,
        copy_id=suggestion.copy_id, for_council_id=suggestion.council_id, changes={"status": status}, **more,
    )  # fmt: skip
    work.record(event, audience=audience)
