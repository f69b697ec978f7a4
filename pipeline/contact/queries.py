"""Whom a message reaches, on behalf of whoever writes it. Addresses leave here for nobody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership, MembershipRole, Officer, PlatformRole
from pipeline.contact.models import ContactMessage
from pipeline.contact.rules import ContactTo
from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.projects.interested import leads_project
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import PersonRole


@dataclass(frozen=True, slots=True)
class Reader:
    """An officer whom a message reaches, and the council they read it as an officer of."""

    officer_id: UUID
    council_id: UUID | None
    is_contactable: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An officer who chose to be named, as others may write to them."""

    reader: Reader
    name: str
    council: str


def named_officer(reading: Reading, officer_id: UUID) -> Named:
    """An officer who chose to be named and works for a council. Raises NotFound for anybody else, and for oneself."""
    row = reading.session.execute(
        select(Officer.name, Officer.is_contactable, Council.id, Council.short_name)
        .join(Membership, Membership.officer_id == Officer.id)
        .join(Council, Council.id == Membership.council_id)
        .where(
            Officer.id == officer_id, Officer.is_named, Officer.erased_at.is_(None),
            Membership.started_at.is_not(None), Membership.ended_at.is_(None),
        )
        .order_by(Membership.started_at)
    ).first()  # fmt: skip
    if row is None or reading.actor.officer_id in (None, officer_id):
        raise NotFound("officer")
    return Named(Reader(officer_id, row[2], row[1]), row[0], row[3])


def leads_to_write_to(reading: Reading, slug: str) -> tuple[Project, list[Reader]]:
    """A project the viewer may know of, and its leads besides the viewer, while they work there. Raises NotFound."""
    project = project_seen_by(reading, slug)
    query = (
        select(Officer.id, ProjectPerson.council_id, Officer.is_contactable)
        .join(ProjectPerson, ProjectPerson.officer_id == Officer.id)
        .join(Membership, _works_for(ProjectPerson.council_id))
        .where(
            ProjectPerson.project_id == project.id, ProjectPerson.role == PersonRole.LEAD.value,
            ProjectPerson.ended_at.is_(None),
        )
    )  # fmt: skip
    return project, _others(reading, query)


def readers_for_council(reading: Reading, code: str) -> tuple[Council, list[Reader]]:
    """A council, and who reads what is written to it: its admins besides the viewer; where none of them takes messages,
    or there is none, the coordinators. Raises NotFound."""
    council = council_seen_by(reading, code)
    query = (
        select(Officer.id, Membership.council_id, Officer.is_contactable)
        .join(Membership, _works_for(council.id))
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(MembershipRole.role == Role.COUNCIL_ADMIN.value, MembershipRole.ended_at.is_(None))
    )
    admins = [one for one in _others(reading, query) if one.is_contactable]
    return council, admins or coordinators(reading.session)


def _works_for(council_id: Any) -> Any:
    return and_(
        Membership.officer_id == Officer.id, Membership.council_id == council_id, Membership.started_at.is_not(None),
        Membership.ended_at.is_(None),
    )  # fmt: skip


def _others(reading: Reading, query: Any) -> list[Reader]:
    rows = reading.session.execute(query.where(Officer.erased_at.is_(None)).order_by(Officer.id))
    return [Reader(*row) for row in rows if row[0] != reading.actor.officer_id]


def coordinators(session: Session) -> list[Reader]:
    """Those who run the place."""
    ids = session.scalars(select(PlatformRole.officer_id).where(PlatformRole.role == Role.COORDINATOR.value))
    return [Reader(one, None, is_contactable=True) for one in sorted(ids)]


def message_to(reading: Reading, message_id: UUID) -> ContactMessage:
    """A message an officer wrote that reached the viewer. Raises NotFound for one that reached others."""
    message = reading.session.get(ContactMessage, message_id)
    if message is None or message.officer_id is None or not _reached(reading, message):
        raise NotFound("message")
    return message


def _reached(reading: Reading, message: ContactMessage) -> bool:
    actor = reading.actor
    match ContactTo(message.to_type):
        case ContactTo.OFFICER:
            return actor.officer_id == message.to_id
        case ContactTo.COUNCIL:
            is_admin = actor.has(Role.COUNCIL_ADMIN) and actor.council_id == message.to_id
            return is_admin or actor.has(Role.COORDINATOR)
        case ContactTo.PROJECT:
            leads = select(Project.id).where(Project.id == message.to_id, leads_project(reading, Project.id))
            return actor.officer_id is not None and reading.session.scalar(leads) is not None
        case _:
            return actor.has(Role.COORDINATOR)


def writer_of(reading: Reading, message: ContactMessage) -> Reader:
    """Who wrote a message, while they have an account. Raises NotFound."""
    officer = reading.session.get(Officer, message.officer_id)
    if officer is None or officer.erased_at is not None:
        raise NotFound("officer")
    # Whoever wrote first wants the answer, whatever they chose for others.
    return Reader(officer.id, message.council_id, is_contactable=True)


def sent_within_a_day(reading: Reading) -> int:
    """How many messages the viewer sent in the last 24 hours."""
    query = select(func.count(ContactMessage.id)).where(
        ContactMessage.officer_id == reading.actor.officer_id, ContactMessage.sent_at > reading.now - timedelta(days=1)
    )
    return reading.session.scalar(query) or 0
