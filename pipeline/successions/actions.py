"""Passing what a council had to the one that follows it; freezing what several could have; letting lapse what nobody
assigned. Each locks what it is about first and leaves alone what somebody else has seen to."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.actions.succeeding import succeed_place
from pipeline.accounts.models import Membership
from pipeline.artefacts.actions.succeeding import succeed_adoption
from pipeline.artefacts.models import Adoption
from pipeline.councils.models import Council
from pipeline.councils.succession import carries_on, successors_of
from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import system
from pipeline.kernel.errors import NotFound
from pipeline.kernel.event import Audience
from pipeline.pledges import counting
from pipeline.pledges.actions.deciding_dates import decide_if_due, lapse_uncommitted_one
from pipeline.pledges.actions.handing_over import lead_with
from pipeline.pledges.events import PledgeEvent
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING
from pipeline.pledges.said import audience_of, said
from pipeline.projects.actions.freshness import end_standing_handover, go_on, wait
from pipeline.projects.actions.keeping import count_lead, touch
from pipeline.projects.actions.succeeding import home_of, people_follow
from pipeline.projects.freshness import Freshness
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus
from pipeline.successions import policy, rules
from pipeline.successions.events import (
    AdoptionSucceeded,
    MembershipSucceeded,
    PledgeFrozen,
    PledgeSucceeded,
    ProjectFrozen,
    ProjectSucceeded,
    passed,
)
from pipeline.successions.queries import Left
from pipeline.successions.rules import Assignment, Thing


def pass_on(work: UnitOfWork, *, left: Left) -> None:
    """Pass something to the one council that follows its own. Only the clock does this. Raises NotAllowed."""
    work.require(policy.may_carry_on(work.actor))
    successors = successors_of(work, left.council_id)
    if len(successors) == 1:
        PASS[left.thing](work, left.id, left.council_id, successors[0].id)


def assign(work: UnitOfWork, *, council_id: UUID, assignments: Sequence[Assignment]) -> int:
    """Say which successors have what a council had, as its admin or a coordinator, and return how many things passed.

    Raises NotAllowed, NotFound, Conflict (succession.not_ended, succession.not_a_successor).
    """
    work.require(policy.may_assign(work.actor, council_id))
    successors = frozenset(one.id for one in successors_of(work, council_id))
    for one in assignments:
        rules.check_successor(one.council_id, successors)
    if not successors:
        rules.check_successor(council_id, successors)
    passes = [PASS[one.thing](work, one.id, council_id, one.council_id) for one in assignments]
    if not all(passes):
        raise NotFound("succession")
    return len(passes)


def freeze(work: UnitOfWork, *, left: Left) -> None:
    """Let a project or pledge wait until somebody says which successor has it. Only the clock does this."""
    work.require(policy.may_carry_on(work.actor))
    if left.thing is Thing.PROJECT:
        project = _locked(work, left.id)
        if project is None or project.frozen_at is not None or project.council_id != left.council_id:
            return
        decide_if_due(work, project)
        project.frozen_at = work.now
        wait(work, project)
        touch(work, project)
        end_standing_handover(work, project)
        event = ProjectFrozen(project_id=project.id, from_council_id=project.council_id)
        work.record(event, audience=audience_of(project), council_id=project.council_id)
        return
    pledge, project = _locked_pledge(work, left.id)
    if pledge is None or project is None or pledge.frozen_at is not None or pledge.council_id != left.council_id:
        return
    pledge.frozen_at, pledge.updated_at = work.now, work.now
    pledge.revision += 1
    _record_of_pledge(work, project, pledge, PledgeFrozen(**said(pledge)))


def lapse_unassigned(work: UnitOfWork, *, pledge_id: UUID) -> None:
    """Let a pledge lapse that nobody assigned for 60 days. Only the clock does this."""
    work.require(policy.may_carry_on(work.actor))
    pledge, project = _locked_pledge(work, pledge_id)
    if pledge is not None and project is not None and pledge.frozen_at is not None:
        lapse_uncommitted_one(work, project=project, pledge=pledge)


def _pass_membership(work: UnitOfWork, row_id: UUID, from_id: UUID, to_id: UUID) -> bool:
    """The officer, with their places in teams, what they follow and showed an interest in, and their tokens."""
    membership = work.session.scalars(
        select(Membership).where(Membership.id == row_id, Membership.council_id == from_id).with_for_update()
    ).first()
    if membership is None or membership.ended_at is not None:
        return False
    officer_id = membership.officer_id
    old, new = work.session.get_one(Council, from_id), work.session.get_one(Council, to_id)
    succeed_place(work, membership, to_id, carries_on=carries_on(work, old, new))
    people_follow(work, officer_id, from_id, to_id)
    event = MembershipSucceeded(
        membership_id=membership.id, officer_id=officer_id, from_council_id=from_id, of_council_id=to_id
    )
    work.record(event, council_id=to_id)
    return True


def _pass_project(work: UnitOfWork, row_id: UUID, from_id: UUID, to_id: UUID) -> bool:
    """A project with its documents. Where the successor has a place for documents already, the old one is kept as
    finished work: what is in it keeps its address."""
    project = _locked(work, row_id)
    if project is None or project.council_id != from_id:
        return False
    with work.acting_as(system("successions")):
        decide_if_due(work, project)
    end_standing_handover(work, project)
    project.frozen_at = None
    if project.keeps_documents and home_of(work, to_id) is not None:
        project.keeps_documents, project.status, project.ended_at = False, ProjectStatus.FINISHED.value, work.now
        if project.is_public:
            count_lead(work, project)
    lead_with(work, project, to_id)
    if project.freshness != Freshness.LOOKING_FOR_LEAD:
        go_on(work, project)
    event = ProjectSucceeded(
        project_id=project.id, from_council_id=from_id, to_council_id=to_id, changes=passed(from_id, to_id)
    )
    work.record(event, audience=audience_of(project), council_id=to_id)
    if project.status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD):
        counting.renew(work, project)
    return True


def _pass_pledge(work: UnitOfWork, row_id: UUID, from_id: UUID, to_id: UUID) -> bool:
    """A pledge that stands, under the name it was made by. Councils that merged count once."""
    pledge, project = _locked_pledge(work, row_id)
    if pledge is None or project is None or pledge.council_id != from_id or pledge.status not in STANDING:
        return False
    with work.acting_as(system("successions")):
        decide_if_due(work, project)
    with keeping_joined(work, project):
        pledge.pledged_as_id = pledge.pledged_as_id or from_id
        pledge.council_id, pledge.frozen_at, pledge.updated_at = to_id, None, work.now
        pledge.edited()
    event = PledgeSucceeded(**said(pledge), from_council_id=from_id, changes=passed(from_id, to_id))
    _record_of_pledge(work, project, pledge, event)
    counting.renew(work, project)
    return True


def _pass_adoption(work: UnitOfWork, row_id: UUID, from_id: UUID, to_id: UUID) -> bool:
    """The use of a document; where the successor uses or keeps it already, the old use ends."""
    query = select(Adoption).where(Adoption.id == row_id, Adoption.council_id == from_id).with_for_update()
    adoption = work.session.scalars(query).first()
    if adoption is None or adoption.ended_at is not None:
        return False
    project_id, audience = succeed_adoption(work, adoption, to_id)
    if adoption.ended_at is None:
        event = AdoptionSucceeded(
            adoption_id=adoption.id, artefact_id=adoption.artefact_id, project_id=project_id,
            adopting_council_id=to_id, from_council_id=from_id,
        )  # fmt: skip
        work.record(event, audience=audience, council_id=to_id)
    return True


PASS: dict[Thing, Callable[[UnitOfWork, UUID, UUID, UUID], bool]] = {
    Thing.MEMBERSHIP: _pass_membership,
    Thing.PROJECT: _pass_project,
    Thing.PLEDGE: _pass_pledge,
    Thing.ADOPTION: _pass_adoption,
}
"""How each thing passes from one council to another; each returns whether it was there to pass."""


def _locked(work: UnitOfWork, project_id: UUID) -> Project | None:
    query = select(Project).where(Project.id == project_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).first()


def _locked_pledge(work: UnitOfWork, pledge_id: UUID) -> tuple[Pledge | None, Project | None]:
    """The project is locked first, as every act on its pledges does."""
    project_id = work.session.scalar(select(Pledge.project_id).where(Pledge.id == pledge_id))
    project = _locked(work, project_id) if project_id is not None else None
    query = select(Pledge).where(Pledge.id == pledge_id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).first(), project


def _record_of_pledge(work: UnitOfWork, project: Project, pledge: Pledge, event: PledgeEvent) -> None:
    audience = audience_of(project) if pledge.authorised_at else Audience.PROJECT
    work.record(event, audience=audience, council_id=pledge.council_id)
