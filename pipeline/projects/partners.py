"""Which councils are in which projects: what a council's own page lists."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, String, exists, or_, select, type_coerce

from pipeline.db.work import Reading
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson
from pipeline.projects.visibility import visible_to

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in one line of a list."""

    slug: str
    title: str
    summary: str
    status: str
    phase: str | None
    updated_at: datetime


_SLUG = type_coerce(Project.slug, String)  # A public project has one.
_LINE = (_SLUG, Project.title, Project.summary, Project.status, Project.phase, Project.updated_at)


def projects_led_by(reading: Reading, council_id: UUID, most: int = MOST_SHOWN) -> list[ProjectLine]:
    """The public projects a council leads, the latest changed first."""
    query = select(*_LINE).where(
        Project.council_id == council_id, Project.is_public, Project.keeps_documents.is_(False),
        visible_to(reading.actor),
    )  # fmt: skip
    query = query.order_by(Project.updated_at.desc(), Project.id.desc()).limit(most)
    return [ProjectLine(*row) for row in reading.session.execute(query)]


def projects_joined_by(
    reading: Reading, council_id: UUID, pledged_to: Select[UUID], most: int = MOST_SHOWN
) -> list[ProjectLine]:
    """The public projects of other councils it is a partner in: by an officer in the team, by what public sources say,
    or by a pledge. `pledged_to` selects the ids of projects by its pledges; that layer is above this one."""
    in_team = exists().where(
        ProjectPerson.project_id == Project.id, ProjectPerson.council_id == council_id, ProjectPerson.ended_at.is_(None)
    )
    recorded = exists().where(ProjectPartner.project_id == Project.id, ProjectPartner.council_id == council_id)
    query = (
        select(*_LINE)
        .where(
            Project.is_public, Project.council_id != council_id,
            or_(in_team, recorded, Project.id.in_(pledged_to)),
        )
        .order_by(Project.updated_at.desc(), Project.id.desc())
        .limit(most)
    )  # fmt: skip
    return [ProjectLine(*row) for row in reading.session.execute(query)]
