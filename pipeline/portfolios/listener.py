"""Keeps portfolios: whatever happens in a project, its entries are written again a moment later."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.kernel.ids import id_from
from pipeline.pledges.models import Pledge
from pipeline.portfolios.index import write_entries
from pipeline.portfolios.models import PortfolioEntry
from pipeline.projects.models import Project, ProjectPerson

NAME = "portfolios"


def handle(session: Session, event: LoggedEvent) -> None:
    """Write the entries of the project an event is about; of a council that changed, of all it has to do with; of an
    officer's place that passed to another council or ended, of the projects they are in."""
    for project_id in _touched(session, event):
        write_entries(session, [project_id])


def _touched(session: Session, event: LoggedEvent) -> Iterable[UUID]:
    if event.project_id is not None:
        return [event.project_id]
    if event.subject_type == "council":
        return _of_council(session, event.subject_id)
    officer_id = id_from(str(event.payload.get("officer_id", ""))) if event.subject_type == "membership" else None
    if officer_id is None:
        return []
    theirs = select(ProjectPerson.project_id).where(ProjectPerson.officer_id == officer_id).distinct()
    return session.scalars(theirs.order_by(ProjectPerson.project_id)).all()


def _of_council(session: Session, council_id: UUID) -> Iterable[UUID]:
    theirs = union(
        select(PortfolioEntry.project_id).where(PortfolioEntry.council_id == council_id),
        select(Project.id).where(Project.council_id == council_id),
        select(Pledge.project_id).where(Pledge.council_id == council_id),
        select(ProjectPerson.project_id).where(ProjectPerson.council_id == council_id),
    )
    return session.execute(theirs).scalars().all()


LISTENER = Listener(NAME, handle, starts_at_the_beginning=True)
