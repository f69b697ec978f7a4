"""What counts, worked out anew in the transaction of every act that can change it, under a lock on the project.

`renew` reads the project's live pledges once, solves twice (over authorised and accepted: *pledged*; over accepted
alone: *agreed*), and writes what follows: each pledge's marks, what each condition has, the sums, the go-ahead test,
and what would follow if an offer were authorised or an authorised pledge accepted. Pages read what it wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from pipeline.councils.models import Council
from pipeline.councils.rules import counts_as_council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.pledges import events, sums
from pipeline.pledges.conditions import Candidate, Condition, ConditionKind, Counted, PledgingCouncil, counted, wanted
from pipeline.pledges.models import Pledge, PledgeCondition
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import audience_of, said, step
from pipeline.pledges.shortfall import TestedNeed, shortfall
from pipeline.projects.events import NeedMet, NeedUnmet
from pipeline.projects.models import Need, Project
from pipeline.projects.nearly import NeedProgress, is_nearly_there
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, ProjectStatus

MOST_LOOKED_AHEAD = 20_000
"""Pledges times offers up to which a project is told what would follow from each offer: solving takes its time."""
UNCOMMITTED = (PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A project's live pledges as the solver sees them: what is promised, what is accepted, what is only offered."""

    pledges: dict[UUID, Pledge]
    promised: tuple[Candidate, ...]
    accepted: tuple[Candidate, ...]
    offered: tuple[Candidate, ...]
    targets: dict[UUID, int | None]


def renew(work: UnitOfWork, project: Project) -> None:
    """Work out what counts in a project, write it down, record what changed, and commit what is bound by it.

    The caller has locked the project, changed what it changes and recorded it: what is recorded here are the effects.
    """
    work.session.flush()
    needs = _needs_of(work, project)
    standing = _standing(work, project, needs)
    pledged = counted(standing.promised, standing.targets)
    agreed = counted(standing.accepted, standing.targets)
    _note_met(work, project, needs, agreed)
    _mark(work, project, standing, pledged, agreed)
    if _takes_at_once(project):
        _commit(work, project, standing, agreed)
        _lapse_replacing(work, project, standing)
    sums.write_sums(work, project, needs, _sums(standing))
    project.is_nearly_there = is_nearly_there(progress_of(needs.values()))
    _count_councils(work, project, standing, pledged, agreed)
    _look_ahead(project, needs, standing, pledged, agreed)
    work.session.flush()


def flags_that_differ(reading: Reading, project: Project) -> list[tuple[UUID, str, bool, bool]]:
    """The marks of a project's pledges that are not what the solver says: which pledge, which mark, kept, exact."""
    standing = _standing(reading, project, _needs_of(reading, project))
    pledged = counted(standing.promised, standing.targets).ids
    agreed = counted(standing.accepted, standing.targets).ids
    return [
        (pledge_id, name, kept, pledge_id in exact)
        for pledge_id, pledge in standing.pledges.items()
        for name, kept, exact in (("is_counting", pledge.is_counting, pledged), ("is_agreed", pledge.is_agreed, agreed))
        if kept != (pledge_id in exact)
    ]


def _needs_of(work: Reading, project: Project) -> dict[UUID, Need]:
    needs = work.session.scalars(select(Need).where(Need.project_id == project.id).order_by(Need.id))
    return {need.id: need for need in needs}


def progress_of(needs: Iterable[Need]) -> list[NeedProgress]:
    """How far the needs of a project have come."""
    return [NeedProgress(one.status == NeedStatus.OPEN, one.is_essential, one.pledged, one.target) for one in needs]


def note_nearly_there(work: UnitOfWork, project: Project) -> None:
    """Say anew whether one pledge may be enough, where a need changed and nothing else that counts."""
    project.is_nearly_there = is_nearly_there(progress_of(_needs_of(work, project).values()))


def _standing(work: Reading, project: Project, needs: dict[UUID, Need]) -> _Standing:
    """The pledges that stand or were committed. One that is to replace another stands aside while the other stands."""
    query = (
        select(Pledge)
        .where(
            Pledge.project_id == project.id, or_(Pledge.status.in_(UNCOMMITTED), Pledge.committed_at.is_not(None))
        )
        .options(selectinload(Pledge.conditions))
        .order_by(Pledge.need_id, Pledge.id)
    )  # fmt: skip
    pledges = {pledge.id: pledge for pledge in work.session.scalars(query)}
    councils = _councils_of(work, pledges.values())
    candidates = {
        one.id: candidate_of(one, councils[one.council_id])
        for one in pledges.values()
        if one.bound > 0 and one.replaces_id not in pledges
    }
    promised: list[Candidate] = []
    accepted: list[Candidate] = []
    offered: list[Candidate] = []
    for pledge_id, candidate in candidates.items():
        status = pledges[pledge_id].status
        (offered if status == PledgeStatus.OFFERED else promised).append(candidate)
        if candidate.is_committed or status == PledgeStatus.ACCEPTED:
            accepted.append(candidate)
    targets = {need.id: None if need.status == NeedStatus.DROPPED else need.target for need in needs.values()}
    return _Standing(pledges, tuple(promised), tuple(accepted), tuple(offered), targets)


def _councils_of(work: Reading, pledges: Iterable[Pledge]) -> dict[UUID, PledgingCouncil]:
    query = select(Council.id, Council.kind, Council.nation, Council.region)
    rows = work.session.execute(query.where(Council.id.in_(sorted({pledge.council_id for pledge in pledges}))))
    return {row[0]: PledgingCouncil(*row, counts_as_council(row.kind)) for row in rows}


def candidate_of(pledge: Pledge, council: PledgingCouncil) -> Candidate:
    """A pledge as the solver sees it, its conditions loaded."""
    return Candidate(
        pledge.id, council, pledge.need_id, NeedKind(pledge.kind), pledge.bound,
        tuple(condition_of(one) for one in pledge.conditions), pledge.committed_at is not None,
    )  # fmt: skip


def condition_of(row: PledgeCondition) -> Condition:
    """A condition as the solver sees it."""
    return Condition(
        kind=ConditionKind(row.kind), at_least=row.at_least, unit=NeedKind(row.unit) if row.unit else None,
        need_id=row.need_id, of_kind=row.of_kind, of_nation=row.of_nation, of_region=row.of_region,
    )  # fmt: skip


def _note_met(work: UnitOfWork, project: Project, needs: dict[UUID, Need], agreed: Counted) -> None:
    """Record which needs what is agreed reaches now, and which it no longer does."""
    for need in needs.values():
        was_met = need.agreed >= need.target
        is_met = agreed.quantities.get((ConditionKind.NEED, need.id), 0) >= need.target
        if was_met != is_met and need.status != NeedStatus.DROPPED:
            event = NeedMet if is_met else NeedUnmet
            happened = event(need_id=need.id, project_id=project.id)
            work.record(happened, audience=audience_of(project), council_id=project.council_id)


def _mark(work: UnitOfWork, project: Project, standing: _Standing, pledged: Counted, agreed: Counted) -> None:
    """Set the flags of each pledge and what each of its conditions has, and record what began or stopped counting."""
    candidates = {one.id: one for one in (*standing.promised, *standing.offered)}
    for pledge_id, pledge in standing.pledges.items():
        was = pledge.is_counting
        pledge.is_agreed = pledge_id in agreed.ids
        pledge.is_counting = pledge_id in pledged.ids
        candidate = candidates.get(pledge_id)
        is_nearer = False
        if candidate is not None and not candidate.is_committed:
            is_nearer = _measure(pledge, candidate, pledged, standing.targets)
        if is_nearer or work.session.is_modified(pledge):
            pledge.revision += 1
            pledge.updated_at = work.now
        if was != pledge.is_counting and pledge.conditions and pledge.committed_at is None:
            event = events.PledgeCounting if pledge.is_counting else events.PledgeWaiting
            work.record(event(**said(pledge)), audience=audience_of(project), council_id=pledge.council_id)


def _measure(pledge: Pledge, candidate: Candidate, pledged: Counted, targets: dict[UUID, int | None]) -> bool:
    """Keep how much each condition of a pledge has; whether any of it changed."""
    before = [(row.have, row.is_met) for row in pledge.conditions]
    for row, condition in zip(pledge.conditions, candidate.conditions, strict=True):
        want = wanted(condition, targets)
        row.have = pledged.have(condition, candidate)
        row.is_met = want is not None and row.have >= want
    return before != [(row.have, row.is_met) for row in pledge.conditions]


def _takes_at_once(project: Project) -> bool:
    """Whether what is accepted and counts is bound at once: in a flexible project, and after the go-ahead."""
    if project.status == ProjectStatus.GOING_AHEAD:
        return True
    return project.status == ProjectStatus.OPEN and project.mode == Mode.FLEXIBLE


def _commit(work: UnitOfWork, project: Project, standing: _Standing, agreed: Counted) -> None:
    """Bind every accepted pledge that counts among the accepted. Its conditions are spent."""
    for pledge_id, pledge in standing.pledges.items():
        if pledge.status != PledgeStatus.ACCEPTED or pledge_id not in agreed.ids:
            continue
        pledge.status, pledge.committed_at = PledgeStatus.COMMITTED, work.now
        pledge.edited()
        pledge.updated_at = work.now
        changes = step(PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED)
        event = events.PledgeCommitted(**said(pledge), changes=changes)
        work.record(event, audience=audience_of(project), council_id=pledge.council_id)


def _lapse_replacing(work: UnitOfWork, project: Project, standing: _Standing) -> None:
    """Let what was to replace a pledge lapse once that one is bound: what is committed is changed no more."""
    for pledge_id, pledge in list(standing.pledges.items()):
        replaced = standing.pledges.get(pledge.replaces_id) if pledge.replaces_id else None
        if replaced is None or replaced.committed_at is None or pledge.committed_at is not None:
            continue
        before = PledgeStatus(pledge.status)
        pledge.status, pledge.ended_at, pledge.updated_at = PledgeStatus.LAPSED, work.now, work.now
        pledge.edited()
        event = events.PledgeLapsed(**said(pledge), changes=step(before, PledgeStatus.LAPSED))
        audience = audience_of(project) if pledge.authorised_at else events.PledgeOffered.audience
        work.record(event, audience=audience, council_id=pledge.council_id)
        del standing.pledges[pledge_id]


def _sums(standing: _Standing) -> dict[UUID, dict[str, int]]:
    """The five sums of each need, in its unit."""
    found: dict[UUID, dict[str, int]] = {}
    for pledge in standing.pledges.values():
        of_need = found.setdefault(pledge.need_id, dict.fromkeys(sums.SUMS, 0))
        of_need["held"] += held_by(pledge, standing.pledges.get(pledge.replaces_id) if pledge.replaces_id else None)
        of_need["pledged"] += pledge.bound if pledge.is_counting else 0
        of_need["agreed"] += pledge.bound if pledge.is_agreed else 0
        of_need["committed"] += pledge.bound if pledge.committed_at else 0
        of_need["delivered"] += pledge.delivered
    return found


def held_by(pledge: Pledge, replaced: Pledge | None) -> int:
    """The room a pledge holds: all that is bound of it, and of one that is to replace another only what is more."""
    return pledge.bound if replaced is None else max(pledge.bound - replaced.bound, 0)


def _count_councils(work: UnitOfWork, project: Project, standing: _Standing, pledged: Counted, agreed: Counted) -> None:
    """How many councils besides the lead council have a pledge that counts, and one that is agreed."""
    councils = other_councils(standing.promised, pledged, project.council_id)
    agreed_councils = other_councils(standing.accepted, agreed, project.council_id)
    if (project.councils, project.agreed_councils) != (councils, agreed_councils):
        project.councils, project.agreed_councils = councils, agreed_councils
        project.revision += 1
        project.updated_at = work.now


def other_councils(candidates: Sequence[Candidate], among: Counted, lead_council_id: UUID) -> int:
    """How many councils besides the lead council are among those that count; other bodies are not counted."""
    counting = {one.council.id for one in candidates if one.id in among.ids and one.council.is_counted}
    return len(counting - {lead_council_id})


def _look_ahead(
    project: Project, needs: dict[UUID, Need], standing: _Standing, pledged: Counted, agreed: Counted
) -> None:
    """Whether the go-ahead test passes; what would follow from one offer more authorised, one pledge more accepted."""
    project.is_passing = _passes(project, needs, standing.accepted, agreed)
    is_asked = project.status == ProjectStatus.OPEN and project.mode == Mode.ALL_OR_NOTHING and not project.is_passing
    waiting = [one for one in standing.promised if one not in standing.accepted] if is_asked else []
    project.would_pass = [
        str(one.id) for one in _bounded(waiting, standing)
        if _passes(project, needs, (*standing.accepted, one), counted((*standing.accepted, one), standing.targets))
    ]  # fmt: skip
    for one in _bounded(standing.offered, standing):
        with_it = counted((*standing.promised, one), standing.targets)
        standing.pledges[one.id].would_begin = sorted(str(pledge_id) for pledge_id in with_it.ids - pledged.ids)


def _bounded(candidates: Sequence[Candidate], standing: _Standing) -> Sequence[Candidate]:
    return candidates[: MOST_LOOKED_AHEAD // (len(standing.promised) + 1)]


def _passes(project: Project, needs: dict[UUID, Need], accepted: Sequence[Candidate], agreed: Counted) -> bool:
    tested = (
        TestedNeed(
            need.id, need.target, agreed.quantities.get((ConditionKind.NEED, need.id), 0), need.is_essential,
            need.status == NeedStatus.DROPPED,
        )
        for need in needs.values()
    )  # fmt: skip
    councils = other_councils(accepted, agreed, project.council_id)
    return shortfall(tested, least_councils=project.least_councils, agreed_councils=councils).is_none
