"""Deleting a published project that nobody else has joined, with the lead council's own pledges to it; and a trial
project that nobody uses any more."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select

from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.pledges import queries
from pipeline.pledges.actions.steps import taken_project
from pipeline.pledges.models import (
    Authorisation,
    AuthorisationCode,
    AuthorisationRequest,
    Delivery,
    NotCome,
    Pledge,
    PledgeCondition,
)
from pipeline.projects import actions as projects
from pipeline.projects.actions import forget_project
from pipeline.projects.events import ProjectDeleted
from pipeline.projects.interested import others_are_interested
from pipeline.projects.joined import councils_that_joined
from pipeline.projects.models import Project, Update
from pipeline.projects.policy import may_delete_project
from pipeline.projects.queries import facts_of as facts_of_project
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import TRIAL_KEPT, ProjectStatus


def delete_project(work: UnitOfWork, *, slug: str) -> None:
    """Throw a draft away, or delete a published project that nobody else has joined.

    Raises NotFound, NotAllowed, Conflict (project.others_joined).
    """
    if taken_project(work, slug)[0].status == ProjectStatus.DRAFT:
        projects.delete_project(work, slug=slug)
    else:
        delete_published_project(work, slug=slug)


def delete_published_project(work: UnitOfWork, *, slug: str) -> None:
    """Delete a published project that nobody else has joined, with the lead council's own pledges to it.

    Raises NotFound, NotAllowed, Conflict (project.not_published, project.others_joined).
    """
    project, facts = taken_project(work, slug)
    work.require(may_delete_project(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        raise Conflict("project.not_published", Words(_("This is a draft: it is thrown away as one.")))
    is_alone = not (queries.others_have_pledged(work, project) or councils_that_joined(work.session, project))
    if not is_alone or others_are_interested(work, project):
        words = Words(_("Another council has joined, pledged or shown interest, so the project stays."))
        raise Conflict("project.others_joined", words)
    _forget(work, project)
    work.record(ProjectDeleted(project_id=project.id, slug=project.slug), audience=facts.audience)


def unused_trials(reading: Reading, most: int = 200) -> Sequence[UUID]:
    """Trial projects, drafts as well, in which nothing was done for 90 days, the oldest first."""
    since = reading.now - TRIAL_KEPT
    pledged = exists().where(Pledge.project_id == Project.id, Pledge.updated_at > since)
    written = exists().where(Update.project_id == Project.id, Update.updated_at > since)
    query = select(Project.id).where(Project.is_trial, Project.updated_at <= since, ~pledged, ~written)
    return reading.session.scalars(query.order_by(Project.updated_at, Project.id).limit(most)).all()


def delete_unused_trial(work: UnitOfWork, *, project_id: UUID) -> None:
    """Delete a trial project that nobody used for 90 days, with all that is in it. Only the clock does this.

    Raises NotFound, NotAllowed. One that was used meanwhile is left alone.
    """
    project = project_seen_by(work, str(project_id), lock=True)
    work.require(may_delete_project(work.actor, facts_of_project(work, project)))
    if project_id not in unused_trials(work):
        return
    _forget(work, project)
    event = ProjectDeleted(project_id=project_id, slug=None)
    work.record(event, audience=Audience.PROJECT, council_id=project.council_id)


def _forget(work: UnitOfWork, project: Project) -> None:
    own = select(Pledge.id).where(Pledge.project_id == project.id)
    asked = select(AuthorisationRequest.id).where(AuthorisationRequest.pledge_id.in_(own))
    for statement in (
        delete(Authorisation).where(Authorisation.pledge_id.in_(own)),
        delete(AuthorisationCode).where(AuthorisationCode.request_id.in_(asked)),
        delete(AuthorisationRequest).where(AuthorisationRequest.pledge_id.in_(own)),
        delete(Delivery).where(Delivery.pledge_id.in_(own)),
        delete(NotCome).where(NotCome.pledge_id.in_(own)),
        delete(PledgeCondition).where(PledgeCondition.pledge_id.in_(own)),
        delete(Pledge).where(Pledge.project_id == project.id),
    ):
        work.session.execute(statement, execution_options={"synchronize_session": False})
    forget_project(work, project)
