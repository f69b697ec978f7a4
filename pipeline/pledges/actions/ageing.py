"""What follows from the silence of a project's leads, to the end: an open project that nobody takes over lapses."""

from uuid import UUID

from sqlalchemy import or_, select

from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.clock import end_of, uk_date
from pipeline.pledges.actions.deciding_dates import decide_if_due, lapse_project
from pipeline.pledges.actions.ending import release_committed
from pipeline.projects import freshness
from pipeline.projects.actions.freshness import end_standing_handover, take_step, takeover_of
from pipeline.projects.freshness_events import ProjectGivenUp
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.terms import RUNNING

NOBODY_LED = "Nobody led this project any more."


def age_project(work: UnitOfWork, *, project_id: UUID) -> None:
    """Take the step that the silence of a project's leads has led to. Sixty days after it began to look for a lead an
    open project lapses, and one that is going ahead is for the coordinators.

    Only the clock does this. A project that somebody else works on is left for the next time. Raises NotAllowed.
    """
    query = select(Project).where(Project.id == project_id).with_for_update(skip_locked=True)
    project = work.session.scalars(query).first()
    if project is None:
        return
    decide_if_due(work, project)
    before = project.freshness_step
    if before == freshness.STEP_LOOKING and takeover_of(work, project) is not None:
        # Somebody has asked for it: what nobody wants is given up, not this.
        return
    step = take_step(work, project=project)
    if step == before or step < freshness.STEP_GIVEN_UP:
        return
    if project.status == ProjectStatus.GOING_AHEAD:
        work.record(ProjectGivenUp(project_id=project.id), council_id=project.council_id)
        return
    project.edited()
    project.updated_at = work.now
    end_standing_handover(work, project)
    lapse_project(work, project, nobody_led=True)
    release_committed(work, project, NOBODY_LED)


def projects_gone_silent(reading: Reading, most: int = 200) -> list[UUID]:
    """Projects with a step coming, the longest silent first."""
    today = uk_date(reading.now)
    comes = or_(
        *(
            (Project.freshness_step == step)
            & (Project.last_sign_of_life_at < end_of(freshness.latest_sign_on(step, today)))
            for step in range(len(freshness.STEPS))
        )
    )
    query = select(Project.id).where(
        Project.is_public, Project.keeps_documents.is_(False), Project.status.in_(RUNNING),
        Project.frozen_at.is_(None), comes,
    )  # fmt: skip
    return list(reading.session.scalars(query.order_by(Project.last_sign_of_life_at, Project.id).limit(most)))
