"""Who is told of reports, and of what a coordinator hid or brought back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.accounts.queries.people import works_for
from pipeline.artefacts.models import Artefact, Suggestion, Version
from pipeline.comments.models import Comment
from pipeline.db.log import LoggedEvent
from pipeline.kernel.ids import id_from
from pipeline.lessons.models import Lesson
from pipeline.notifications import adoption_owed, interest_queries, project_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient
from pipeline.projects.models import Update
from pipeline.similarity.models import Difference


def reported(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Somebody reported something: the coordinators look at it."""
    for recipient in queries.coordinators(session):
        yield Telling("report.made", recipient, {"report_id": str(event.subject_id)})


def settled(_session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A coordinator looked at a report: for the officer who wanted to know."""
    officer_id = event.payload["for_officer_id"]
    if officer_id is not None:
        yield Telling("report.settled", Recipient(UUID(officer_id), None), {"outcome": event.payload["outcome"]})


def hidden_or_back(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Something was hidden, or brought back: for who wrote it and the leads; of a project, for all it concerns."""
    is_back = event.name.endswith(".restored")
    kind = "moderation.restored" if is_back else "moderation.removed"
    payload = {"about_type": event.subject_type, "about_id": str(event.subject_id)}
    if event.subject_type == "suggestion":
        payload["artefact_id"] = event.payload["artefact_id"]
    if event.subject_type == "version":
        payload |= {"artefact_id": event.payload["artefact_id"], "number": event.payload["number"]}
    for recipient in (*_writers(session, event), *_keepers(session, event)):
        yield Telling(kind, recipient, payload)
    if event.subject_type == "project":
        for recipient in project_queries.concerned_by(session, event.subject_id, event.occurred_at):
            yield Telling(f"project.{event.name.rsplit('.', 1)[1]}", recipient, {"project_id": str(event.subject_id)})


def version_hidden(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """One version of a document was hidden: besides those whose it is, the councils that use it."""
    yield from hidden_or_back(session, event)
    yield from adoption_owed.withdrawn(session, event)


WRITTEN: dict[Any, Any] = {
    "update": Update,
    "lesson": Lesson,
    "suggestion": Suggestion,
    "comment": Comment,
    "version": Version,
    "difference": Difference,
}


def _writers(session: Session, event: LoggedEvent) -> Iterable[Recipient]:
    """Who wrote it, while they work for the council they wrote it for."""
    table = WRITTEN.get(event.subject_type)
    row = session.get(table, event.subject_id) if table is not None else None
    if row is not None and works_for(session, row.officer_id, row.council_id):
        yield Recipient(row.officer_id, row.council_id)


def _keepers(session: Session, event: LoggedEvent) -> Iterable[Recipient]:
    """The leads of the project; where nobody leads what keeps a document, the admins of its council."""
    leads = interest_queries.leads_of_project(session, UUID(event.payload["project_id"]))
    artefact_id = (
        event.subject_id if event.subject_type == "artefact" else id_from(event.payload.get("artefact_id", ""))
    )
    if leads or artefact_id is None or event.subject_type == "suggestion":
        return leads
    return queries.admins_of(session, session.get_one(Artefact, artefact_id).council_id)


HIDDEN = ("project", "update", "lesson", "artefact", "suggestion", "comment", "difference")
TOLD_BY = {
    "report.made": reported,
    "report.settled": settled,
    **{f"{kind}.{what}": hidden_or_back for kind in HIDDEN for what in ("removed", "restored")},
    "version.hidden": version_hidden,
    "version.restored": hidden_or_back,
}
"""Who is told of each event."""
