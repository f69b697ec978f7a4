"""Keeps the search index: whatever changes what a project says, its row is written again a moment later."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.projects.models import Project
from pipeline.search.index import index_project

TELLING = frozenset({"project", "need", "update"})
"""What a change is to, for it to change what a project says. Pledges change sums, not words."""


def handle(session: Session, event: LoggedEvent) -> None:
    """Index the project an event is about; for a council, the projects it leads, which are found by its name."""
    if event.subject_type == "council":
        for project_id in session.scalars(select(Project.id).where(Project.council_id == event.subject_id)):
            index_project(session, project_id)
    elif event.project_id is not None and event.subject_type in TELLING:
        index_project(session, event.project_id)


LISTENER = Listener("search", handle, starts_at_the_beginning=True)
