"""What a project shows of others: the names of its leads and authors, and its council's.

When one of them is shown otherwise, the project's representation changes with it, so its revision (and with it the
ETag) rises in the same transaction. The layers below know nothing of projects: they call who has signed up here.
"""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.accounts.actions.tending import SHOWN_ELSEWHERE as OFFICER_SHOWN_ELSEWHERE
from pipeline.councils.actions import SHOWN_ELSEWHERE as COUNCIL_SHOWN_ELSEWHERE
from pipeline.projects.models import Project, ProjectPerson, Update


def officer_shown_otherwise(session: Session, officer_id: UUID) -> None:
    """Raise the revision of the projects an officer leads and of the updates they wrote."""
    led = select(ProjectPerson.project_id).where(
        ProjectPerson.officer_id == officer_id, ProjectPerson.ended_at.is_(None)
    )
    no_rows = {"synchronize_session": False}
    session.execute(
        update(Project).where(Project.id.in_(led)).values(revision=Project.revision + 1), execution_options=no_rows
    )
    written = update(Update).where(Update.officer_id == officer_id).values(revision=Update.revision + 1)
    session.execute(written, execution_options=no_rows)


def council_shown_otherwise(session: Session, council_id: UUID) -> None:
    """Raise the revision of the projects a council leads and of its updates."""
    no_rows = {"synchronize_session": False}
    led = update(Project).where(Project.council_id == council_id).values(revision=Project.revision + 1)
    session.execute(led, execution_options=no_rows)
    written = update(Update).where(Update.council_id == council_id).values(revision=Update.revision + 1)
    session.execute(written, execution_options=no_rows)


OFFICER_SHOWN_ELSEWHERE.append(officer_shown_otherwise)
COUNCIL_SHOWN_ELSEWHERE.append(council_shown_otherwise)
