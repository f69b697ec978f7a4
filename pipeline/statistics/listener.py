"""Keeps the sums: whatever happens to a project, its part of them is counted again a moment later."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Adoption, Artefact
from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson
from pipeline.statistics.keeping import CHUNK, count_projects, counted_at, note_place, take_turn

WHERE = frozenset({"kind", "nation", "region"})
"""Facts of a council that say where it is counted, in every project it takes part in."""
OF_PEOPLE = "membership"
"""What ends or passes on an officer's places in teams, in every project they are in."""


def handle(session: Session, event: LoggedEvent) -> None:
    """Count the project an event is about; for a council or an officer, those they take part in. A project that was
    counted later than the event is left as it is: a hundred events of one project are one count."""
    take_turn(session)
    if event.name == "council.changed" and WHERE & event.payload.get("changes", {}).keys():
        _count_each(session, _projects_of_council(session, event.subject_id), event)
    elif event.subject_type == OF_PEOPLE:
        _count_each(session, _projects_of_officer(session, event), event)
    elif event.project_id is not None and not counted_at(session, [event.project_id], event.sequence):
        count_projects(session, [event.project_id])
    note_place(session, event.sequence, event.occurred_at)


def _count_each(session: Session, project_ids: Sequence[UUID], event: LoggedEvent) -> None:
    for start in range(0, len(project_ids), CHUNK):
        some = project_ids[start : start + CHUNK]
        counted = counted_at(session, some, event.sequence)
        count_projects(session, [one for one in some if one not in counted])


def _projects_of_council(session: Session, council_id: UUID) -> Sequence[UUID]:
    """The projects a council leads, has pledged to, is in the team or a partner of, or uses a document of."""
    query = union(
        select(Project.id).where(Project.council_id == council_id),
        select(Pledge.project_id).where(Pledge.council_id == council_id),
        select(ProjectPerson.project_id).where(ProjectPerson.council_id == council_id),
        select(ProjectPartner.project_id).where(ProjectPartner.council_id == council_id),
        select(Artefact.project_id)
        .join(Adoption, Adoption.artefact_id == Artefact.id)
        .where(Adoption.council_id == council_id),
    )
    return session.scalars(query).all()


def _projects_of_officer(session: Session, event: LoggedEvent) -> Sequence[UUID]:
    officer_id = event.payload.get("officer_id")
    if officer_id is None:
        return []
    query = select(ProjectPerson.project_id).where(ProjectPerson.officer_id == UUID(officer_id)).distinct()
    return session.scalars(query).all()


LISTENER = Listener("statistics", handle, starts_at_the_beginning=True)
