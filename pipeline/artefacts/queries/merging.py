"""What taking changes in begins from and goes on with: which versions, which base, what was decided so far.

Plain values: the merge itself is worked out after the reading has ended (`pipeline.artefacts.merge`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased

from pipeline.artefacts.ancestry import Lineage, Step
from pipeline.artefacts.models import Artefact, Draft, Merge, Suggestion, Version
from pipeline.artefacts.queries.comparing import Offered, Reference, select_offered, sides_of
from pipeline.artefacts.rules import MergeKind, MergeStatus, VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to, drafts_shown_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.projects.models import Project

MOST_STEPS = 50
"""Rounds of looking for where a line of descent comes from: far more than there are generations."""

MOST_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Party:
    """A text of a merge: where it comes from, as people read it, and what it says."""

    slug: str | None
    number: int | None
    title: str
    council: str
    text: str
    is_removed: bool = False
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class MergeRead:
    """A merge with its three texts, ready to be worked out. `draft_text` is what the draft it goes into says now."""

    id: UUID
    version: int
    kind: MergeKind
    status: MergeStatus
    artefact_id: UUID
    base: Party
    theirs: Party
    ours: Party
    decisions: dict[str, Any]
    draft_id: UUID | None
    draft_text: str | None
    suggestion_id: UUID | None

    @property
    def is_stale(self) -> bool:
        """Whether the draft it goes into was changed since."""
        return self.draft_text is not None and self.draft_text != self.ours.text


def merge_seen_by(reading: Reading, merge_id: UUID, *, lock: bool = False) -> tuple[Merge, Artefact, Project]:
    """A merge, for the team of its document. `lock` keeps others from changing it until the work ends.

    Raises NotFound.
    """
    query = (
        select(Merge, Artefact, Project)
        .join(Artefact, Artefact.id == Merge.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(Merge.id == merge_id, artefacts_visible_to(reading.actor), _of_team(reading))
    )
    if lock:
        query = query.with_for_update(of=(Artefact, Merge)).execution_options(populate_existing=True)
    row = None if reading.actor.is_anonymous else reading.session.execute(query).first()
    if row is None:
        raise NotFound("merge")
    return row.Merge, row.Artefact, row.Project


def _of_team(reading: Reading) -> ColumnElement[bool]:
    return true() if reading.actor.is_system else drafts_shown_to(reading.actor)


def read_merge(reading: Reading, merge: Merge, artefact: Artefact) -> MergeRead:
    """A merge that was found, with its texts: two queries, three for a suggestion's."""
    parties = _parties(reading, (merge.base_id, merge.theirs_id, merge.ours_id))
    draft = reading.session.get(Draft, merge.draft_id) if merge.draft_id else None
    base = parties[merge.base_id]
    if merge.base_id == merge.theirs_id:
        base = Party(base.slug, None, base.title, base.council, "")
    if merge.suggestion_id is not None:
        theirs = _suggested(reading, merge.suggestion_id)
    else:
        theirs = parties[merge.theirs_id or merge.base_id]
    ours = parties.get(merge.ours_id) if merge.ours_id else None
    council = reading.session.get_one(Council, artefact.council_id)
    is_open = merge.status == MergeStatus.OPEN
    return MergeRead(
        id=merge.id, version=merge.version, kind=MergeKind(merge.kind), status=MergeStatus(merge.status),
        artefact_id=artefact.id, base=base, theirs=theirs,
        ours=Party(
            artefact.slug, ours.number if ours else None, draft.title if draft else artefact.title,
            council.short_name, merge.ours_text,
        ),
        decisions=merge.decisions, draft_id=merge.draft_id, draft_text=draft.text if draft and is_open else None,
        suggestion_id=merge.suggestion_id,
    )  # fmt: skip


def _parties(reading: Reading, version_ids: Iterable[UUID | None]) -> dict[UUID | None, Party]:
    query = (
        select(
            Version.id, Artefact.slug, Version.number, Version.title, Council.short_name, Version.text, Version.status
        )
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(Version.id.in_([one for one in version_ids if one is not None]))
    )
    return {
        row[0]: Party(*row[1:6], row[6] == VersionStatus.REMOVED, row[6] == VersionStatus.WITHDRAWN)
        for row in reading.session.execute(query)
    }


def _suggested(reading: Reading, suggestion_id: UUID) -> Party:
    copy = aliased(Artefact)
    query = (
        select(copy.slug, Version.number, copy.title, Council.short_name, Suggestion.text)
        .join(copy, copy.id == Suggestion.copy_id)
        .join(Version, Version.id == Suggestion.from_id)
        .join(Council, Council.id == Suggestion.council_id)
        .where(Suggestion.id == suggestion_id)
    )
    return Party(*reading.session.execute(query).one())


@dataclass(frozen=True, slots=True)
class HalfDone:
    """A merge that was begun and not finished, as a list shows it."""

    id: UUID
    kind: MergeKind
    number: int | None
    title: str
    updated_at: datetime


def half_done_merges_of(reading: Reading, artefact_id: UUID) -> list[HalfDone]:
    """The merges of a document that are open, the latest first. Its team has been found."""
    query = (
        select(Merge.id, Merge.kind, Version.number, Version.title, Merge.updated_at)
        .outerjoin(Version, Version.id == Merge.theirs_id)
        .where(Merge.artefact_id == artefact_id, Merge.status == MergeStatus.OPEN.value)
        .order_by(Merge.updated_at.desc(), Merge.id)
        .limit(MOST_OFFERED)
    )
    rows = reading.session.execute(query)
    return [HalfDone(row[0], MergeKind(row[1]), row[2], row[3] or "", row[4]) for row in rows]


def newer_of_original(reading: Reading, artefact: Artefact) -> list[Offered]:
    """The live versions of the original newer than the base of a copy, the newest first: what can be taken in."""
    if artefact.upstream_id is None:
        return []
    base = select(Version.number).where(Version.id == artefact.base_id, Version.artefact_id == artefact.upstream_id)
    query = select_offered(
        reading, Version.artefact_id == artefact.upstream_id, Version.status == VersionStatus.PUBLISHED.value,
        or_(Version.number > base.scalar_subquery(), ~base.exists()),
    )  # fmt: skip
    rows = reading.session.execute(query.order_by(Version.number.desc()).limit(MOST_OFFERED))
    return [Offered(row[0], row[1], row[2], row[3], row[4], is_withdrawn=False) for row in rows]


def texts_of_base_and(reading: Reading, artefact: Artefact, newer: Reference) -> tuple[str, str]:
    """The text of a copy's base and that of a version of its original; nothing for what is gone or hidden."""
    named = and_(Artefact.slug == newer.slug, Version.number == newer.number)
    sides = sides_of(reading, Version.id == artefact.base_id, named)
    base = next((side.text for side in sides if side.id == artefact.base_id), "")
    return base, next((side.text for side in sides if side.reference == newer), "")


# The base


def base_for(reading: Reading, *, artefact: Artefact, ours: Iterable[UUID], theirs: Version) -> Step | None:
    """The version that changes are counted from when `theirs` is taken into a text of `artefact` that descends from the
    versions `ours`: `ancestry` has the rule. What a copy last took in (its base) counts for its own original even where
    no version of the copy says so. None where the two have nothing in common.
    """
    starts = [*ours]
    if artefact.base_id is not None and theirs.artefact_id == artefact.upstream_id:
        starts.append(artefact.base_id)
    lineage = _lineage(reading, {artefact.id, theirs.artefact_id}, starts)
    return lineage.common(starts, theirs.id)


def _lineage(reading: Reading, artefact_ids: set[UUID], starts: Iterable[UUID]) -> Lineage:
    """The versions of documents and of all they descend from; a query or two for each generation."""
    steps: dict[UUID, Step] = {}
    adapted_from: dict[UUID, UUID] = {}
    wanted, known = artefact_ids | _documents_of(reading, starts), set[UUID]()
    for _round in range(MOST_STEPS):
        if not wanted:
            break
        known |= wanted
        steps |= {step.id: step for step in _steps(reading, wanted)}
        adapted_from |= _adapted_from(reading, wanted, steps.values())
        missing = {step.took_in_id for step in steps.values()} | set(adapted_from.values())
        wanted = _documents_of(reading, (one for one in missing if one is not None and one not in steps)) - known
    return Lineage(steps.values(), adapted_from)


def _documents_of(reading: Reading, version_ids: Iterable[UUID]) -> set[UUID]:
    ids = list(version_ids)
    if not ids:
        return set()
    return set(reading.session.scalars(select(Version.artefact_id).where(Version.id.in_(ids))))


def _steps(reading: Reading, artefact_ids: Iterable[UUID]) -> list[Step]:
    query = (
        select(
            Version.id, Version.artefact_id, Version.number, Version.took_in_id, Version.published_at, Version.status,
            artefacts_visible_to(reading.actor).label("is_seen"),
        )
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(Version.artefact_id.in_(list(artefact_ids)))
    )  # fmt: skip
    return [
        Step(*row[:5], has_text=row.status != VersionStatus.REMOVED and bool(row.is_seen))
        for row in reading.session.execute(query)
    ]


def _adapted_from(reading: Reading, artefact_ids: Iterable[UUID], steps: Iterable[Step]) -> dict[UUID, UUID]:
    """From which version each copy was made: what its first version took in; where that says nothing, its base as long
    as it has taken nothing in."""
    query = select(Artefact.id, Artefact.base_id).where(
        Artefact.id.in_(list(artefact_ids)), Artefact.base_id.is_not(None)
    )
    took_in = {step.artefact_id for step in steps if step.took_in_id is not None}
    return {row.id: row.base_id for row in reading.session.execute(query) if row.id not in took_in}
