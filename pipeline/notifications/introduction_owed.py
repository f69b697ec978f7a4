"""Who is told of an introduction: the admins of the two councils, and the leads of the project it is about."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.log import LoggedEvent
from pipeline.notifications import interest_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.projects.models import Need

KIND = "introduction.made"


def made(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A coordinator introduced two councils: for the leads concerned, and for the admins of both."""
    payload = {"introduction_id": str(event.subject_id)}
    if event.payload["need_id"]:
        project_id = session.scalar(select(Need.project_id).where(Need.id == UUID(event.payload["need_id"])))
        if project_id is not None:
            for recipient in interest_queries.leads_of_project(session, project_id):
                yield Telling(KIND, recipient, payload)
    for name in ("of_council_id", "other_council_id"):
        for recipient in queries.admins_of(session, UUID(event.payload[name])):
            yield Telling(KIND, recipient, payload)


TOLD_BY = {KIND: made}
"""Who is told of each event."""
