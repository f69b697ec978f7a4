"""Who is told of a suggested change: the leads of the original that it waits, and whoever made it how it ended."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Suggestion
from pipeline.db.log import LoggedEvent
from pipeline.notifications import interest_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient


def made(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A change was suggested: the leads answer; where nobody leads, the admins of the council that keeps it."""
    artefact = session.get(Artefact, UUID(event.payload["artefact_id"]))
    leads = interest_queries.leads_of_project(session, UUID(event.payload["project_id"]))
    admins = queries.admins_of(session, artefact.council_id) if artefact is not None and not leads else []
    for recipient in leads or admins:
        yield Telling("suggestion.made", recipient, {"suggestion_id": event.payload["suggestion_id"]})


def answered(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A suggestion was answered, or is published: whoever made it reads how."""
    suggestion = session.get(Suggestion, event.subject_id)
    if suggestion is not None:
        recipient = Recipient(suggestion.officer_id, suggestion.council_id)
        yield Telling("suggestion.answered", recipient, {"suggestion_id": str(suggestion.id), "event": event.name})


TOLD_BY = {
    "suggestion.made": made,
    "suggestion.accepted": answered,
    "suggestion.declined": answered,
    "suggestion.published": answered,
    "suggestion.overtaken": answered,
}
"""Who is told of each event."""
