"""What the acts on pledges share: taking a pledge into the work, and moving it to another state.

The project's row is locked first, so acts on one project take turns; and whoever comes first after a decision date
takes the decision before anything else is done.
"""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting, queries, rules, sums
from pipeline.pledges.actions.deciding_dates import decide_if_due
from pipeline.pledges.models import Pledge
from pipeline.pledges.owed_answers import answer_not_owed
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import audience_of
from pipeline.projects.actions import taking
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.queries import facts_of as facts_of_project
from pipeline.projects.rules import NeedStatus, ProjectStatus


def taken(work: UnitOfWork, pledge_id: UUID) -> tuple[Pledge, PledgeFacts]:
    """The pledge, locked with its project and need, and what the policies need to know of it. Raises NotFound,
    Conflict (pledge.frozen)."""
    pledge = queries.pledge_seen_by(work, pledge_id, lock=True)
    decide_if_due(work, pledge.need.project)
    if pledge.frozen_at is not None and not work.actor.is_system:
        words = Words(_("The council that made this pledge has ended. First somebody says which council has it now."))
        raise Conflict("pledge.frozen", words)
    return pledge, queries.facts_of(work, pledge)


def taken_project(work: UnitOfWork, slug: str) -> tuple[Project, ProjectFacts]:
    """A project, locked, and what the policies need to know of it. Raises NotFound."""
    project = taking.taken_project(work, slug)
    return project, facts_of_project(work, project)


def who(work: UnitOfWork) -> tuple[UUID, UUID]:
    """The officer who acts, and their council. The policies let nobody come this far without both."""
    officer_id, council_id = work.actor.officer_id, work.actor.council_id
    if officer_id is None or council_id is None:
        raise RuntimeError("only an officer of a council offers and answers pledges")
    return officer_id, council_id


def move(work: UnitOfWork, pledge: Pledge, status: PledgeStatus) -> None:
    """Give a pledge its new state. What follows for the sums is worked out by `settle`, once the act is recorded."""
    was_partner, is_partner = pledge.status in rules.PARTNERING, status in rules.PARTNERING
    pledge.updated_at = work.now
    pledge.edited()
    if was_partner == is_partner:
        pledge.status = status
        return
    with keeping_joined(work, pledge.need.project):
        pledge.status = status


def end(work: UnitOfWork, pledge: Pledge, status: PledgeStatus, reason: str | None) -> None:
    """End a pledge that was not committed. It holds no room any more and counts for nothing."""
    pledge.ended_at, pledge.reason = work.now, reason
    pledge.is_counting = pledge.is_agreed = False
    pledge.would_begin = []
    if status is not PledgeStatus.DECLINED:
        answer_not_owed(work, pledge)
    pledge.nudge_on = None
    move(work, pledge, status)


def settle(work: UnitOfWork, pledge: Pledge, before: PledgeStatus) -> None:
    """Work out what an act on a pledge changed. An offer only holds room: where nothing waits for anything, its coming
    and going changes one sum and nothing else."""
    project = pledge.need.project
    is_alone = not project.has_conditions and pledge.replaces_id is None
    if before is PledgeStatus.OFFERED and pledge.status in rules.ENDED and is_alone:
        work.session.flush()
        sums.hold(work, pledge.need, -pledge.amount)
    else:
        counting.renew(work, project)


def audience_of_end(pledge: Pledge) -> Audience:
    """An end is public only where the pledge was."""
    return audience_of(pledge.need.project) if pledge.authorised_at else Audience.PROJECT


def check_runs(pledge: Pledge) -> None:
    """Pledges are authorised and accepted while the project runs. Raises Conflict (project.takes_no_pledges)."""
    project = pledge.need.project
    is_running = project.status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD) and not project.is_hidden
    if not is_running or pledge.need.status == NeedStatus.DROPPED:
        words = Words(_("This project takes no pledges any more."))
        raise Conflict("project.takes_no_pledges", words, (rules.Act.WITHDRAW, rules.Act.DECLINE))
