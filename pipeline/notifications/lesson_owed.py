"""Who is told of lessons pinned to a document: the councils that adopted that version, and those who keep it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.db.log import LoggedEvent
from pipeline.lessons.models import Lesson
from pipeline.notifications import interest_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient


def pinned(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A lesson was pinned to a version: for the councils that use it, and for the leads of the document, who may reply.

    Of each council the officer who recorded the adoption is told, while they work there; otherwise its admins.
    """
    lesson = session.get(Lesson, event.subject_id)
    artefact = session.get(Artefact, UUID(event.payload["artefact_id"]))
    if lesson is None or artefact is None:
        return
    payload = {"lesson_id": str(event.subject_id), "version_id": event.payload["version_id"]}
    for recipient in _adopters(session, UUID(event.payload["version_id"]), lesson.council_id):
        yield Telling("lesson.pinned", recipient, payload)
    for recipient in _keepers(session, artefact):
        yield Telling("lesson.raised", recipient, payload)


def _adopters(session: Session, version_id: UUID, but_not: UUID) -> Iterable[Recipient]:
    at_work = and_(
        Membership.officer_id == Adoption.officer_id, Membership.council_id == Adoption.council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip
    rows: Any = session.execute(
        select(Adoption.council_id, Membership.officer_id)
        .outerjoin(Membership, at_work)
        .where(Adoption.version_id == version_id, Adoption.ended_at.is_(None), Adoption.council_id != but_not)
        .order_by(Adoption.id)
    )
    for council_id, officer_id in rows.all():
        if officer_id is not None:
            yield Recipient(officer_id, council_id)
        else:
            yield from queries.admins_of(session, council_id)


def _keepers(session: Session, artefact: Artefact) -> Iterable[Recipient]:
    """The leads of the project that keeps a document; where nobody leads it, the admins of its council."""
    leads = list(interest_queries.leads_of_project(session, artefact.project_id))
    return leads or queries.admins_of(session, artefact.council_id)


TOLD_BY = {"lesson.pinned": pinned}
"""Who is told of each event."""
