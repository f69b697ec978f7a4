"""Counting again where something changed that no act on the project did: what a council is, on the register."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import UnitOfWork
from pipeline.pledges import counting
from pipeline.pledges.models import Pledge
from pipeline.pledges.weighing import standing_or_delivered
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus


def count_anew_for(work: UnitOfWork, *, council_ids: Sequence[UUID]) -> int:
    """Work out anew what counts in every running project to which one of the councils pledges or gave something,
    and return in how many.

    Conditions speak of kinds, nations and regions of councils. The caller has changed and recorded those.
    """
    if not council_ids:
        return 0
    pledged = select(Pledge.project_id).where(Pledge.council_id.in_(council_ids), standing_or_delivered())
    query = (
        select(Project)
        .where(Project.id.in_(pledged), Project.status.in_((ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)))
        .order_by(Project.id)
        .with_for_update(of=Project)
    )
    projects = list(work.session.scalars(query))
    for project in projects:
        counting.renew(work, project)
    return len(projects)
