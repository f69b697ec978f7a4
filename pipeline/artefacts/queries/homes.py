"""Where a document of a council may be kept: the projects it leads that the viewer is in."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.visibility import in_team

MOST_SHOWN = 200


class Home(NamedTuple):
    """A project that can keep a document."""

    id: UUID
    slug: str | None
    title: str


def homes_of(reading: Reading) -> list[Home]:
    """The projects the viewer's council leads that are open and in whose team they are, by title.

    *Documents of (council)* is not among them: it is there for every officer of the council.
    """
    if reading.actor.council_id is None:
        return []
    status = (ProjectStatus.DRAFT, ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
    query = (
        select(Project.id, Project.slug, Project.title)
        .where(
            Project.council_id == reading.actor.council_id, Project.status.in_(status), in_team(reading.actor),
            Project.is_trial.is_(False), Project.is_recorded.is_(False), Project.keeps_documents.is_(False),
        )
        .order_by(Project.title, Project.id)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [Home(*row) for row in reading.session.execute(query)]
