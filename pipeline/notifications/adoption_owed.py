"""Who is told of versions of documents that councils use: a larger change at once, and one that must not be used."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Adoption
from pipeline.db.log import LoggedEvent
from pipeline.notifications import queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient


def published(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A major version: the councils that use the document. Of smaller changes nobody is written to at once."""
    if event.payload["is_major"]:
        artefact_id = UUID(event.payload["artefact_id"])
        yield from _to_adopters(session, event, "adoption.newer_version", Adoption.artefact_id == artefact_id)


def withdrawn(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A version was withdrawn or removed: the councils that use it, as it is or as the base of their copy."""
    return _to_adopters(session, event, "adoption.version_withdrawn", Adoption.version_id == event.subject_id)


def _to_adopters(
    session: Session, event: LoggedEvent, kind: str, which: ColumnElement[bool]
) -> Iterable[Telling]:  # fmt: skip
    """Of each council the officer who recorded the adoption, while they work there; otherwise its admins."""
    at_work = and_(
        Membership.officer_id == Adoption.officer_id, Membership.council_id == Adoption.council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip
    query = (
        select(Adoption.id, Adoption.council_id, Membership.officer_id.label("at_work"))
        .outerjoin(Membership, at_work)
        .where(which, Adoption.ended_at.is_(None))
        .order_by(Adoption.id)
    )
    for row in session.execute(query).all():
        payload = {"adoption_id": str(row.id), "version_id": str(event.subject_id)}
        told = [Recipient(row.at_work, row.council_id)] if row.at_work else queries.admins_of(session, row.council_id)
        for recipient in told:
            yield Telling(kind, recipient, payload)


TOLD_BY = {"version.published": published, "version.withdrawn": withdrawn, "version.removed": withdrawn}
"""Who is told of each event."""
