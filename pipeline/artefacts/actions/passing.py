"""What follows for shared documents when another council leads the project that keeps them: they are its own from then
on. Versions keep the name under which they were published."""

from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.actions.adopting import finish, standing_adoption
from pipeline.artefacts.models import Artefact
from pipeline.db.work import UnitOfWork
from pipeline.kernel.event import Audience
from pipeline.projects.leading import WHEN_LED_BY_ANOTHER
from pipeline.projects.models import Project


def documents_follow_project(work: UnitOfWork, project: Project, before_id: UUID) -> None:
    """Give the documents of a project to the council that leads it now; nobody adopts what is their own."""
    query = select(Artefact).where(Artefact.project_id == project.id, Artefact.council_id == before_id)
    for artefact in work.session.scalars(query.order_by(Artefact.id)).all():
        artefact.council_id = project.council_id
        artefact.edited()
        artefact.updated_at = work.now
        own = standing_adoption(work, artefact.id, project.council_id)
        if own is not None:
            finish(work, own, artefact, "", Audience.PUBLIC if artefact.is_public else Audience.PROJECT)


WHEN_LED_BY_ANOTHER.append(documents_follow_project)
