"""Taking changes in: the original's newer version into a copy, what came since into a draft, a suggestion.

A merge is begun with three texts, decided on a page in as many sittings as it takes, and finished as a draft. It is
worked out outside of these actions (`pipeline.artefacts.merge`): they are given what came of it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions import drafting, suggesting
from pipeline.artefacts.actions.keeping import check_kept
from pipeline.artefacts.merge_events import (
    MergeBegun,
    MergeCompleted,
    MergeDiscarded,
    MergeRenewed,
    MergeSaved,
)
from pipeline.artefacts.models import Artefact, Draft, Merge, Version
from pipeline.artefacts.queries import comparing, merging, seeing, suggestions
from pipeline.artefacts.rules import (
    DraftText,
    MergeKind,
    MergeStatus,
    VersionStatus,
)
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import acting, check_version
from pipeline.projects.models import Project

MOST_OPEN = 20
"""Half-done merges of one document."""


def begin_merge(
    work: UnitOfWork, *, slug: str, theirs: comparing.Reference, draft_id: UUID | None = None
) -> Merge:  # fmt: skip
    """Begin to take a version of the original, or of another document of the lineage, into a copy.

    It goes into a new draft that starts from the current version, or into the open draft `draft_id`. A half-done merge
    of the same texts is gone on with. Raises NotFound, NotAllowed, RuleBroken (comparison.*), Conflict (artefact.ended,
    merge.same_document, merge.withdrawn, merge.nothing_newer, merge.nothing_in_common, merge.no_version,
    merge.too_many, merge.draft_took_in, draft.not_open).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    work.require(policy.may_merge(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    check_kept(artefact)
    version, other = _theirs(work, artefact, theirs)
    draft = _draft_of(work, artefact, draft_id) if draft_id is not None else None
    if draft is not None:
        _check_took_in_nothing_else(work, draft, other)
    ours = None if draft else seeing.current_version_of(work, artefact)
    if draft is None and ours is None:
        words = Words(_("There is no version yet to take this into. Take it into the draft instead."))
        raise Conflict("merge.no_version", words, ("draft",))
    starts = [draft.started_from_id, draft.took_in_id] if draft else [ours.id if ours else None]
    base = merging.base_for(work, artefact=artefact, ours=[one for one in starts if one], theirs=version)
    if base is None:
        words = Words(_("The two have no version in common to count the changes from. Compare them instead."))
        raise Conflict("merge.nothing_in_common", words, ("compare",))
    if base.id == version.id or _is_older(work, artefact, other, version):
        words = Words(_("Your text holds all of version {number} already."), number=version.number)
        raise Conflict("merge.nothing_newer", words, ("compare",))
    text = draft.text if draft else (ours.text if ours else "")
    return _begin(
        work, artefact, kind=MergeKind.UPSTREAM, base_id=base.id, theirs_id=version.id,
        ours_id=ours.id if ours else None, ours_text=text, draft_id=draft.id if draft else None,
    )  # fmt: skip


def _theirs(work: UnitOfWork, artefact: Artefact, theirs: comparing.Reference) -> tuple[Version, Artefact]:
    """The version that is taken in, of another document of the lineage and in its language."""
    other, _project = seeing.artefact_seen_by(work, theirs.slug)
    version = seeing.version_of(work, other, theirs.number)
    if other.id == artefact.id:
        words = Words(_("This is a version of the document itself. Start a new version from it instead."))
        raise Conflict("merge.same_document", words, ("restore",))
    comparing.check_comparable(artefact, other, field="theirs")
    check_not_withdrawn(version)
    return version, other


def check_not_withdrawn(version: Version) -> None:
    """What its leads withdrew is taken in by nobody. Raises Conflict (merge.withdrawn)."""
    if version.status != VersionStatus.PUBLISHED:
        words = Words(_("Version {number} was withdrawn, so it cannot be taken in."), number=version.number)
        raise Conflict("merge.withdrawn", words, ("compare",))


def _is_older(work: UnitOfWork, artefact: Artefact, other: Artefact, version: Version) -> bool:
    """Whether a version of the original came before the one the copy has as its base."""
    if other.id != artefact.upstream_id or artefact.base_id is None:
        return False
    base = work.session.get(Version, artefact.base_id)
    return base is not None and base.artefact_id == other.id and version.number <= base.number


def _draft_of(work: UnitOfWork, artefact: Artefact, draft_id: UUID) -> Draft:
    draft, of_draft, _project = seeing.draft_seen_by(work, draft_id, lock=True)
    if of_draft.id != artefact.id:
        raise NotFound("draft")
    drafting.check_open(draft)
    return draft


def _check_took_in_nothing_else(work: UnitOfWork, draft: Draft, other: Artefact) -> None:
    """A version says of one document which version it took in. Raises Conflict (merge.draft_took_in)."""
    taken_in = work.session.get(Version, draft.took_in_id) if draft.took_in_id else None
    if taken_in is not None and taken_in.artefact_id != other.id:
        words = Words(_("This draft has taken in changes of another document. Publish it first, then take these in."))
        raise Conflict("merge.draft_took_in", words, ("publish",))


def begin_own_merge(work: UnitOfWork, *, draft_id: UUID) -> Merge:
    """Begin to take into a draft what was published since it was begun, so that it can be published.

    Counted from the version the draft started from; where that is gone, from the latest before it that is there, and
    where there is none from nothing, so that everything is decided. Raises NotFound, NotAllowed, Conflict
    (artefact.ended, draft.not_open, merge.nothing_newer, merge.too_many).
    """
    draft, artefact, project = seeing.draft_seen_by(work, draft_id, lock=True)
    work.require(policy.may_merge(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    check_kept(artefact)
    drafting.check_open(draft)
    current = seeing.current_version_of(work, artefact)
    if current is None or draft.started_from_id == current.id:
        words = Words(_("Nothing was published since this draft was begun."))
        raise Conflict("merge.nothing_newer", words, ("publish",))
    base_id = _own_base(work, artefact, draft) or current.id
    return _begin(
        work, artefact, kind=MergeKind.OWN, base_id=base_id, theirs_id=current.id, ours_id=None,
        ours_text=draft.text, draft_id=draft.id,
    )  # fmt: skip


def _own_base(work: UnitOfWork, artefact: Artefact, draft: Draft) -> UUID | None:
    if draft.started_from_id is None:
        return artefact.base_id
    started_from = work.session.get_one(Version, draft.started_from_id)
    query = (
        select(Version.id)
        .where(
            Version.artefact_id == artefact.id, Version.number <= started_from.number,
            Version.status != VersionStatus.REMOVED.value,
        )
        .order_by(Version.number.desc())
        .limit(1)
    )  # fmt: skip
    return work.session.scalar(query)


def begin_suggestion_merge(work: UnitOfWork, *, suggestion_id: UUID) -> Merge:
    """Begin to take a suggestion into the current version of the document it was made to, choosing where both changed.

    Raises NotFound, NotAllowed, Conflict (suggestion.not_open, artefact.ended, merge.no_version, merge.too_many).
    """
    suggestion, artefact, project = suggestions.suggestion_seen_by(work, suggestion_id, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_answer_suggestion(work.actor, suggestions.suggestion_facts_of(facts, suggestion)))
    suggesting.check_made(suggestion)
    check_kept(artefact)
    current = seeing.current_version_of(work, artefact)
    if current is None:
        raise Conflict("merge.no_version", Words(_("There is no current version to take this into.")))
    return _begin(
        work, artefact, kind=MergeKind.SUGGESTION, base_id=suggestion.against_id, theirs_id=None, ours_id=current.id,
        ours_text=current.text, draft_id=None, suggestion_id=suggestion.id,
    )  # fmt: skip


def _begin(
    work: UnitOfWork,
    artefact: Artefact,
    *,
    kind: MergeKind,
    base_id: UUID,
    theirs_id: UUID | None,
    ours_id: UUID | None,
    ours_text: str,
    draft_id: UUID | None,
    suggestion_id: UUID | None = None,
) -> Merge:
    """Add a merge, or go on with the one that was begun with the same texts."""
    of_artefact = (Merge.artefact_id == artefact.id, Merge.status == MergeStatus.OPEN.value)
    same = select(Merge).where(
        *of_artefact, Merge.kind == kind.value, Merge.base_id == base_id,
        Merge.theirs_id.is_not_distinct_from(theirs_id),
        Merge.suggestion_id.is_not_distinct_from(suggestion_id), Merge.draft_id.is_not_distinct_from(draft_id),
        Merge.ours_id.is_not_distinct_from(ours_id),
    )  # fmt: skip
    begun = next((one for one in work.session.scalars(same) if one.ours_text == ours_text), None)
    if begun is not None:
        return begun
    if (work.session.scalar(select(func.count()).select_from(Merge).where(*of_artefact)) or 0) >= MOST_OPEN:
        words = Words(_("{n} merges are half done already. Finish or discard one first."), n=MOST_OPEN)
        raise Conflict("merge.too_many", words, ("discard",))
    officer_id, council_id = acting(work)
    merge = work.add(
        Merge(
            id=new_id(), artefact_id=artefact.id, kind=kind.value, base_id=base_id, theirs_id=theirs_id,
            ours_id=ours_id, ours_text=ours_text, draft_id=draft_id, suggestion_id=suggestion_id, decisions={},
            status=MergeStatus.OPEN.value, officer_id=officer_id, council_id=council_id, created_at=work.now,
            updated_at=work.now,
        )
    )  # fmt: skip
    event = MergeBegun(
        merge_id=merge.id, artefact_id=artefact.id, project_id=artefact.project_id, kind=kind.value, base_id=base_id,
        theirs_id=theirs_id,
    )  # fmt: skip
    work.record(event)
    return merge


def save_decisions(work: UnitOfWork, *, merge_id: UUID, version: int, decisions: Mapping[str, Any]) -> Merge:
    """Keep what was decided so far. `version` is that of the merge the officer looked at.

    Raises NotFound, NotAllowed, Conflict (merge.not_open, merge.changed_meanwhile).
    """
    merge, _artefact, project = _open_merge(work, merge_id, version)
    if merge.decisions == decisions:
        return merge
    _keep(work, merge, decisions)
    event = MergeSaved(
        merge_id=merge.id, artefact_id=merge.artefact_id, project_id=project.id, kind=merge.kind,
        decided=len(decisions),
    )  # fmt: skip
    work.record(event)
    return merge


def renew_merge(
    work: UnitOfWork, *, merge_id: UUID, version: int, ours_text: str, decisions: Mapping[str, Any]
) -> Merge:  # fmt: skip
    """Go on with what the draft says now, after somebody changed it. `decisions` are those that still fit.

    Raises NotFound, NotAllowed, Conflict (merge.not_open, merge.changed_meanwhile, merge.draft_changed,
    draft.not_open).
    """
    merge, artefact, project = _open_merge(work, merge_id, version)
    if merge.draft_id is not None and _draft_of(work, artefact, merge.draft_id).text != ours_text:
        raise _draft_changed()
    merge.ours_text = ours_text
    _keep(work, merge, decisions)
    event = MergeRenewed(merge_id=merge.id, artefact_id=artefact.id, project_id=project.id, kind=merge.kind)
    work.record(event)
    return merge


def _keep(work: UnitOfWork, merge: Merge, decisions: Mapping[str, Any]) -> None:
    merge.decisions, merge.updated_at = dict(decisions), work.now
    merge.edited()


def finish_merge(
    work: UnitOfWork, *, merge_id: UUID, version: int, decisions: Mapping[str, Any], text: str, was_edited: bool = False
) -> Draft:
    """Put what was decided into a draft, which knows what it took in: a new one, or the draft the merge goes into.

    `text` is what the three texts and `decisions` come to. `was_edited` says of a suggestion that it was not taken as
    it stands. Nothing is published; that everything was kept as it was is a decision too. Raises NotFound, NotAllowed,
    RuleBroken (draft.text_too_long, draft.too_many_blocks), Conflict (merge.not_open, merge.changed_meanwhile,
    merge.withdrawn, merge.draft_changed, draft.not_open, draft.too_many, suggestion.not_open, artefact.ended).
    """
    merge, artefact, project = _open_merge(work, merge_id, version)
    check_kept(artefact)
    rules.check_text(text)
    theirs = work.session.get(Version, merge.theirs_id) if merge.theirs_id else None
    if theirs is not None:
        check_not_withdrawn(theirs)
    if merge.draft_id is not None:
        draft = _into_draft(work, merge, artefact, text)
    elif merge.kind == MergeKind.SUGGESTION:
        draft = suggesting.take_into_draft(work, merge.suggestion_id, _ours(work, merge), text, was_edited=was_edited)
    else:
        draft = _into_new_draft(work, merge, artefact, text)
    merge.status, merge.draft_id = MergeStatus.FINISHED.value, draft.id
    _keep(work, merge, decisions)
    event = MergeCompleted(
        merge_id=merge.id, artefact_id=artefact.id, project_id=project.id, kind=merge.kind, draft_id=draft.id,
        theirs_id=merge.theirs_id,
    )  # fmt: skip
    work.record(event)
    return draft


def _ours(work: UnitOfWork, merge: Merge) -> Version:
    return work.session.get_one(Version, merge.ours_id)


def _into_new_draft(work: UnitOfWork, merge: Merge, artefact: Artefact, text: str) -> Draft:
    drafting.check_room_for_draft(work, artefact)
    ours = _ours(work, merge)
    return drafting.new_draft(
        work, artefact, DraftText(title=ours.title, text=text, licence=ours.licence), started_from_id=ours.id,
        took_in_id=merge.theirs_id,
    )  # fmt: skip


def _into_draft(work: UnitOfWork, merge: Merge, artefact: Artefact, text: str) -> Draft:
    """Change the draft a merge goes into, which has stayed as it was since."""
    draft = _draft_of(work, artefact, merge.draft_id) if merge.draft_id else None
    if draft is None or draft.text != merge.ours_text:
        raise _draft_changed()
    draft.text, draft.updated_at, draft.saved_by = text, work.now, acting(work)[0]
    if merge.kind == MergeKind.OWN:
        draft.started_from_id = merge.theirs_id
    else:
        draft.took_in_id = merge.theirs_id
    draft.edited()
    return draft


def _draft_changed() -> Conflict:
    words = Words(_("Somebody changed the draft meanwhile. Go on with what it says now: your decisions are kept."))
    return Conflict("merge.draft_changed", words, ("renew",))


def discard_merge(work: UnitOfWork, *, merge_id: UUID) -> Artefact:
    """Throw a half-done merge away. The document and its drafts stay as they are.

    Raises NotFound, NotAllowed, Conflict (merge.not_open).
    """
    merge, artefact, project = _open_merge(work, merge_id, None)
    merge.status, merge.updated_at = MergeStatus.DISCARDED.value, work.now
    merge.edited()
    event = MergeDiscarded(merge_id=merge.id, artefact_id=artefact.id, project_id=project.id, kind=merge.kind)
    work.record(event)
    return artefact


def version_removed(work: UnitOfWork, version: Version) -> None:
    """The text of a version is gone for good: so are the half-done merges that were made with it, and what was kept of
    it in those that are over. Removing a version calls this."""
    made_with = Merge.base_id == version.id, Merge.theirs_id == version.id, Merge.ours_id == version.id
    for merge in work.session.scalars(select(Merge).where(or_(*made_with)).with_for_update()):
        merge.ours_text, merge.decisions, merge.updated_at = "", {}, work.now
        if merge.status == MergeStatus.OPEN:
            merge.status = MergeStatus.DISCARDED.value
            merge.edited()


def _open_merge(work: UnitOfWork, merge_id: UUID, version: int | None) -> tuple[Merge, Artefact, Project]:
    """A merge to go on with, locked.

    Raises NotFound, NotAllowed, Conflict (merge.not_open, merge.changed_meanwhile).
    """
    merge, artefact, project = merging.merge_seen_by(work, merge_id, lock=True)
    work.require(policy.may_merge(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    if merge.status != MergeStatus.OPEN:
        is_done = merge.status == MergeStatus.FINISHED
        words = _("This is finished: it stands in a draft.") if is_done else _("Somebody discarded this.")
        raise Conflict("merge.not_open", Words(words), ("draft",) if is_done else ("begin",))
    if version is not None:
        check_version(merge, version, "merge")
    return merge, artefact, project


__all__ = [
    "begin_merge", "begin_own_merge", "begin_suggestion_merge", "check_not_withdrawn", "discard_merge", "finish_merge",
    "renew_merge", "save_decisions", "version_removed",
]  # fmt: skip
