"""A project ends by somebody's act: it is stopped, or its work is finished.

What was never bound lapses with it. What is bound is released where the project stops, and stays to be delivered where
the work is finished.
"""

from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.clock import uk_date
from pipeline.pledges import counting
from pipeline.pledges.actions.breaking import end_what_is_left, ledger_of
from pipeline.pledges.actions.deciding_dates import close_needs, lapse_uncommitted
from pipeline.pledges.actions.steps import taken_project
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects import actions, policy, terms
from pipeline.projects.actions.freshness import ask_no_more, end_standing_handover
from pipeline.projects.actions.keeping import check_no_addresses
from pipeline.projects.actions.terms import call_of, check_reason
from pipeline.projects.events import ProjectFinished, ProjectStopped
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus


def stop_project(work: UnitOfWork, *, slug: str, reason: str) -> Project:
    """Stop a project, for a reason everybody reads: its needs close, what is not committed lapses, and what is left of
    what was committed is released.

    A lead does this, or a coordinator where nobody leads it or it looks for a new lead. Raises NotFound, NotAllowed,
    RuleBroken (project.reason_…, text.holds_address), Conflict (project.wrong_status).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_stop_project(work.actor, facts))
    terms.check_can_stop(call_of(work, project))
    check_reason(work, reason)
    before = project.status
    project.stop_reason = reason
    _end(work, project, ProjectStatus.STOPPED)
    event = ProjectStopped(project_id=project.id, changes={"status": [before, project.status]})
    work.record(event, audience=facts.audience, council_id=project.council_id)
    close_needs(work, project)
    lapse_uncommitted(work, project)
    release_committed(work, project, reason)
    return project


def finish_project(work: UnitOfWork, *, slug: str, year_ended: int | None, outcome: Written) -> Project:
    """Say, as a lead, that the work is finished, in which year it ended and what came of it.

    Its needs close and what is not committed lapses; what is committed stays until delivered, broken or released.
    Raises NotFound, NotAllowed, RuleBroken (project.*, text.holds_address), Conflict (project.wrong_status).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_finish_project(work.actor, facts))
    terms.check_can_finish(call_of(work, project))
    terms.check_outcome(year_ended, outcome, uk_date(work.now))
    check_no_addresses(work, {"outcome": outcome.as_read})
    before = project.status
    project.year_ended, project.outcome, project.outcome_html = year_ended, outcome.text, outcome.html
    # From here on it is a record of past work, whose outcome its leads keep right as of any other.
    project.is_past, project.is_under_way = True, False
    _end(work, project, ProjectStatus.FINISHED)
    event = ProjectFinished(project_id=project.id, changes={"status": [before, project.status]})
    work.record(event, audience=facts.audience)
    close_needs(work, project)
    lapse_uncommitted(work, project)
    return project


def post_again(work: UnitOfWork, *, slug: str) -> Project:
    """Begin a new draft from a project that has ended, also by a decision that is taken now. Raises what
    `projects.actions.post_again` raises."""
    taken_project(work, slug)
    return actions.post_again(work, slug=slug)


def _end(work: UnitOfWork, project: Project, status: ProjectStatus) -> None:
    project.status, project.ended_at, project.updated_at = status, work.now, work.now
    project.edited()
    end_standing_handover(work, project)
    ask_no_more(project)


def release_committed(work: UnitOfWork, project: Project, reason: str, need_id: UUID | None = None) -> None:
    """Let the councils off what is left of what they committed to a project, or to one of its needs. What was recorded
    and waits for its answer stays to come until then."""
    query = select(Pledge).where(Pledge.project_id == project.id, Pledge.status == PledgeStatus.COMMITTED)
    if need_id is not None:
        query = query.where(Pledge.need_id == need_id)
    pledges = work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)).all()
    if not pledges:
        return
    with keeping_joined(work, project):
        for pledge in pledges:
            if ledger_of(work, pledge).left:
                end_what_is_left(work, project, pledge, PledgeStatus.RELEASED, reason)
    counting.renew(work, project)
