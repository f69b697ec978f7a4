"""Keeps portfolios: whatever happens in a project, its entries are written again a moment later."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.pledges.models import Pledge
from pipeline.portfolios.index import write_entries
from pipeline.portfolios.models import PortfolioEntry
from pipeline.projects.models import Project, ProjectPerson

NAME = "portfolios"


def handle(session: Session, event: LoggedEvent) -> None:
    """Write the entries of the project an event is about; of a council that changed, of all it has to do with."""
    if event.project_id is not None:
        write_entries(session, [event.project_id])
    elif event.subject_type == "council":
        council_id = event.subject_id
        theirs = union(
            select(PortfolioEntry.project_id).where(PortfolioEntry.council_id == council_id),
            select(Project.id).where(Project.council_id == council_id),
            select(Pledge.project_id).where(Pledge.council_id == council_id),
            select(ProjectPerson.project_id).where(ProjectPerson.council_id == council_id),
        )
        for project_id in session.execute(theirs).scalars().all():
            write_entries(session, [project_id])


LISTENER = Listener(NAME, handle, starts_at_the_beginning=True)
