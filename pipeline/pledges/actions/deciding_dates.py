"""The decision date of an all-or-nothing project: taken once, by whoever comes first after its last day has ended.

The worker looks for dates that have passed; any act on the project that comes before it decides first and then answers.
The project's row is locked by whoever calls, and `decided_at` says that it was done.
"""

from datetime import date

from sqlalchemy import select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import system
from pipeline.kernel.clock import uk_date
from pipeline.pledges import counting, events
from pipeline.pledges.models import Pledge
from pipeline.pledges.owed_answers import answer_not_owed
from pipeline.pledges.policy import may_take_decision
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import audience_of, said, step
from pipeline.projects.actions.freshness import ask_no_more
from pipeline.projects.actions.taking import DUE_FIRST
from pipeline.projects.events import NeedClosed
from pipeline.projects.freshness import Freshness
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import Mode, NeedStatus, ProjectStatus

DECISION_DATES = "decision dates"
UNDECIDED = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
UNCOMMITTED = (PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)


def is_due(project: Project, work: UnitOfWork) -> bool:
    """Whether the decision date has ended and nobody has seen to it."""
    return (
        project.decided_at is None
        and project.decision_on is not None
        and project.mode == Mode.ALL_OR_NOTHING
        and project.status in UNDECIDED
        and project.waits_from_on is None
        and project.decision_on < uk_date(work.now)
    )


def decide_if_due(work: UnitOfWork, project: Project) -> bool:
    """Take the decision where its date has ended, on what stood then, and keep it whatever becomes of the act that came
    first. Returns whether it was taken now."""
    if not is_due(project, work):
        return False
    with work.acting_as(system(DECISION_DATES)):
        take_decision(work, project=project)
    work.keep()
    return True


def take_decision(work: UnitOfWork, *, project: Project) -> None:
    """Let the project go ahead if its test passes, or lapse; in one that went ahead before, what still waits lapses.

    A hidden project does not go ahead. Raises NotAllowed for anybody but the clock.
    """
    work.require(may_take_decision(work.actor))
    project.decided_at = work.now
    project.edited()
    project.updated_at = work.now
    if project.status == ProjectStatus.OPEN:
        if project.decision_on is not None:
            lapse_past_their_date(work, project, project.decision_on)
        counting.renew(work, project)
        if project.is_passing and not project.is_hidden:
            go_ahead(work, project)
        else:
            _lapse_project(work, project)
    else:
        _record(work, project, events.ProjectDateEnded(project_id=project.id))
    _lapse_what_waits(work, project)


def go_ahead(work: UnitOfWork, project: Project) -> None:
    """Turn an open project to *going ahead*: exactly the pledges that made its test pass commit, and in a flexible one
    those that were bound before stay so."""
    project.status, project.went_ahead_at = ProjectStatus.GOING_AHEAD, work.now
    if project.mode == Mode.ALL_OR_NOTHING:
        _record(work, project, events.ProjectTestPassed(project_id=project.id))
    changes = {"status": [ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD]}
    _record(work, project, events.ProjectGoingAhead(project_id=project.id, changes=changes))
    counting.renew(work, project)


def _lapse_project(work: UnitOfWork, project: Project) -> None:
    _record(work, project, events.ProjectTestFailed(project_id=project.id))
    lapse_project(work, project)


def lapse_project(work: UnitOfWork, project: Project, *, nobody_led: bool = False) -> None:
    """Let an open project lapse, by its date or because nobody led it: its needs close, and what is not committed
    lapses with it."""
    project.status, project.ended_at = ProjectStatus.LAPSED, work.now
    changes = {"status": [ProjectStatus.OPEN.value, ProjectStatus.LAPSED.value]}
    if nobody_led:
        changes["freshness"] = [project.freshness, Freshness.FRESH.value]
    ask_no_more(project)
    _record(work, project, events.ProjectLapsed(project_id=project.id, changes=changes))
    close_needs(work, project)
    lapse_uncommitted(work, project)


def _lapse_what_waits(work: UnitOfWork, project: Project) -> None:
    """After the date a pledge that was authorised and whose conditions do not hold has nothing more to wait for."""
    if project.status == ProjectStatus.GOING_AHEAD:
        lapse_uncommitted(work, project, only_waiting=True)


def close_needs(work: UnitOfWork, project: Project) -> None:
    """Close the needs of a project that ends: they take no more pledges."""
    for need in work.session.scalars(
        select(Need).where(Need.project_id == project.id, Need.status == NeedStatus.OPEN).order_by(Need.id)
    ):
        need.status = NeedStatus.CLOSED
        need.edited()
        need.updated_at = work.now
        changes: dict[str, list[object]] = {"status": [NeedStatus.OPEN.value, need.status]}
        event = NeedClosed(need_id=need.id, project_id=project.id, changes=changes)
        work.record(event, audience=audience_of(project), council_id=project.council_id)


def lapse_uncommitted(work: UnitOfWork, project: Project, *, only_waiting: bool = False) -> None:
    """Let the pledges lapse that are not committed: all of them, or those whose conditions do not hold."""
    query = select(Pledge).where(Pledge.project_id == project.id, Pledge.status.in_(UNCOMMITTED))
    if only_waiting:
        query = query.where(Pledge.status != PledgeStatus.OFFERED, Pledge.is_counting.is_(False))
    pledges = work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)).all()
    if not pledges:
        return
    with keeping_joined(work, project):
        for pledge in pledges:
            lapse_one(work, project, pledge)
    counting.renew(work, project)


def lapse_past_their_date(work: UnitOfWork, project: Project, day: date) -> None:
    """Let what stood until a day before `day` lapse, where the worker has not come to it yet: it decides nothing."""
    query = select(Pledge).where(
        Pledge.project_id == project.id, Pledge.status.in_((PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)),
        Pledge.stands_until < day,
    )  # fmt: skip
    pledges = work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)).all()
    if not pledges:
        return
    with keeping_joined(work, project), work.acting_as(system(DECISION_DATES)):
        for pledge in pledges:
            lapse_one(work, project, pledge)
    counting.renew(work, project)


def lapse_uncommitted_one(work: UnitOfWork, *, project: Project, pledge: Pledge) -> None:
    """Let one pledge lapse that is not committed, and renew what counts."""
    if pledge.status not in UNCOMMITTED:
        return
    with keeping_joined(work, project):
        lapse_one(work, project, pledge)
    counting.renew(work, project)


def lapse_one(work: UnitOfWork, project: Project, pledge: Pledge) -> None:
    """End one pledge by the clock or with its project; the caller renews what counts."""
    before = PledgeStatus(pledge.status)
    pledge.status, pledge.ended_at = PledgeStatus.LAPSED, work.now
    pledge.is_counting = pledge.is_agreed = False
    pledge.would_begin = []
    answer_not_owed(work, pledge)
    pledge.edited()
    pledge.updated_at = work.now
    event = events.PledgeLapsed(**said(pledge), changes=step(before, PledgeStatus.LAPSED))
    audience = audience_of(project) if pledge.authorised_at else events.PledgeOffered.audience
    work.record(event, audience=audience, council_id=pledge.council_id)


def _record(work: UnitOfWork, project: Project, event: events.ProjectDecision) -> None:
    work.record(event, audience=audience_of(project), council_id=project.council_id)


DUE_FIRST.append(decide_if_due)
