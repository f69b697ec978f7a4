"""Reading what pledges wait for, always on behalf of a viewer."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import exists, or_, select

from pipeline.councils.models import Council
from pipeline.councils.rules import counts_as_council
from pipeline.db.work import Reading
from pipeline.pledges.condition_rules import ConditionTerms, NeedStands
from pipeline.pledges.conditions import PledgingCouncil, wanted
from pipeline.pledges.counting import condition_of
from pipeline.pledges.models import Pledge, PledgeCondition
from pipeline.pledges.rules import STANDING, WAITABLE, PledgeStatus
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.pledges.waiting_words import Measured, NeedNamed, WaitingPledge, WouldFollow
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, ProjectStatus

MOST_SHOWN = 50


def condition_terms_of(reading: Reading, need: Need, council_id: UUID, *, already_held: int = 0) -> ConditionTerms:
    """What the conditions of a council's offer to a need are held against: two queries.

    The need's project is loaded. `already_held` is what the same pledge holds now, when it is changed.
    """
    project = need.project
    needs = {
        one.id: NeedStands(
            one.id, NeedKind(one.kind), NeedStatus(one.status), one.is_capped, one.target,
            one.held - already_held if one.id == need.id else one.held,
        )
        for one in reading.session.scalars(select(Need).where(Need.project_id == project.id))
    }  # fmt: skip
    stands = exists().where(
        Pledge.project_id == project.id, Pledge.council_id == Council.id, Pledge.status.in_(sorted(STANDING))
    )
    rows = reading.session.execute(
        select(Council.id, Council.kind, Council.nation, Council.region, Council.is_active, stands).where(
            or_(Council.is_active, Council.id == council_id, stands)
        )
    ).all()
    councils = {row[0]: PledgingCouncil(*row[:4], is_counted=counts_as_council(row[1])) for row in rows}
    return ConditionTerms(
        council=councils[council_id], need_id=need.id, needs=needs, mode=Mode(project.mode),
        project_status=ProjectStatus(project.status), is_trial=project.is_trial,
        standing=frozenset(councils[row[0]] for row in rows if row[5]),
        on_register=Counter((row[1], row[2], row[3]) for row in rows if row[4]),
    )  # fmt: skip


def needs_named(reading: Reading, project_id: UUID) -> dict[UUID, NeedNamed]:
    """Every need of a project the viewer has been found to see, by id, the first asked for first."""
    rows = reading.session.execute(
        select(Need.id, Need.title, Need.kind, Need.thing, Need.target, Need.status)
        .where(Need.project_id == project_id)
        .order_by(Need.position, Need.id)
    )
    return {
        row[0]: NeedNamed(row[1], row[2], row[3] or "", None if row[5] == NeedStatus.DROPPED else row[4])
        for row in rows
    }


def conditions_measured(reading: Reading, pledge_ids: Collection[UUID]) -> Mapping[UUID, list[Measured]]:
    """The conditions of pledges the viewer has been found to see, in their order: one query, or none for no pledges."""
    found: dict[UUID, list[Measured]] = defaultdict(list)
    if pledge_ids:
        query = (
            select(PledgeCondition, Need.target, Need.status)
            .outerjoin(Need, Need.id == PledgeCondition.need_id)
            .where(PledgeCondition.pledge_id.in_(sorted(pledge_ids)))
            .order_by(PledgeCondition.pledge_id, PledgeCondition.position)
        )
        for row, target, status in reading.session.execute(query):
            condition = condition_of(row)
            targets = {condition.need_id: None if status == NeedStatus.DROPPED else target} if condition.need_id else {}
            found[row.pledge_id].append(Measured(condition, row.have, wanted(condition, targets), row.is_met))
    return found


def pledges_that_wait(reading: Reading, project_id: UUID) -> list[WaitingPledge]:
    """The authorised and accepted pledges of a project that count for nothing yet, as far as the viewer may know of
    them, the longest waiting first."""
    query = (
        select(Pledge.id, Council.short_name, Pledge.kind, Pledge.amount, Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(
            Pledge.project_id == project_id, Pledge.status.in_(sorted(WAITABLE)), Pledge.is_counting.is_(False),
            exists().where(PledgeCondition.pledge_id == Pledge.id), pledges_visible_to(reading.actor),
        )
        .order_by(Pledge.authorised_at, Pledge.id)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [WaitingPledge(*row) for row in reading.session.execute(query)]


def what_would_follow(reading: Reading, project_id: UUID, *, pledge_id: UUID | None = None) -> list[WouldFollow]:
    """What would follow from each offer of a project, or from one: for those who may know of the offer only."""
    offers = _offers(reading, project_id, pledge_id)
    named = {one for _id, _name, ids in offers for one in ids}
    names: dict[UUID, str] = {}
    if named:
        query = (
            select(Pledge.id, Council.short_name)
            .join(Project, Project.id == Pledge.project_id)
            .join(Council, Council.id == Pledge.council_id)
            .where(Pledge.id.in_(sorted(named)), pledges_visible_to(reading.actor))
        )
        names = {row[0]: row[1] for row in reading.session.execute(query)}
    return [
        WouldFollow(own_id, name, own_id in ids, [names[one] for one in ids if one != own_id and one in names])
        for own_id, name, ids in offers
    ]


def _offers(reading: Reading, project_id: UUID, pledge_id: UUID | None) -> list[tuple[UUID, str, list[UUID]]]:
    query = (
        select(Pledge.id, Council.short_name, Pledge.would_begin)
        .join(Project, Project.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(
            Pledge.project_id == project_id, Pledge.status == PledgeStatus.OFFERED, pledges_visible_to(reading.actor)
        )
        .order_by(Pledge.id)
        .limit(MOST_SHOWN)
    )
    if pledge_id is not None:
        query = query.where(Pledge.id == pledge_id)
    return [(row[0], row[1], [UUID(one) for one in row[2] or ()]) for row in reading.session.execute(query)]
