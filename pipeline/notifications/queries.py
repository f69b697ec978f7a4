"""Whom an event concerns, and what the reader of a mail may see at the moment it leaves."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session, aliased

from pipeline.accounts import queries as people
from pipeline.accounts.models import Membership, Officer, OneTimeLink, PlatformRole
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.notifications.messages import PledgeTold, Side, amount_words
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.models import Check, Need, Project, ProjectPerson
from pipeline.projects.rules import PersonRole
from pipeline.projects.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to tell, and the council they are told as an officer of."""

    officer_id: UUID
    council_id: UUID | None


@dataclass(frozen=True, slots=True)
class CheckTold:
    """A check of a draft: who was asked, who asked, and the address of the draft's page."""

    project_id: UUID
    asked: Recipient
    asker: Recipient
    is_answered: bool
    path: str


@dataclass(frozen=True, slots=True)
class WaitingTold:
    """The council somebody waits to be let in to."""

    council_id: UUID
    council: str
    slug: str


FOLDERS = {"project": "projects", "update": "updates", "lesson": "lessons", "draft": "drafts"}
"""What comes before the id of each kind of draft in the address of its page."""


def leads_of(session: Session, pledge_id: UUID) -> list[Recipient]:
    """Those who lead the project a pledge is for, while they work there."""
    query = (
        select(ProjectPerson.officer_id, ProjectPerson.council_id)
        .join(Pledge, Pledge.project_id == ProjectPerson.project_id)
        .join(
            Membership,
            (Membership.officer_id == ProjectPerson.officer_id) & (Membership.council_id == ProjectPerson.council_id),
        )
        .where(
            Pledge.id == pledge_id, ProjectPerson.role == PersonRole.LEAD, ProjectPerson.ended_at.is_(None),
            Membership.ended_at.is_(None), Membership.started_at.is_not(None),
        )
    )  # fmt: skip
    return _recipients(session, query)


def authorisers_for(session: Session, pledge_id: UUID) -> list[Recipient]:
    """Those who authorise for the council of a pledge."""
    council_id = session.execute(select(Pledge.council_id).where(Pledge.id == pledge_id)).scalar_one()
    return [Recipient(officer_id, council_id) for officer_id in people.authorisers_of(session, council_id)]


def admins_of(session: Session, council_id: UUID) -> list[Recipient]:
    """Those who look after a council's people and settings."""
    return [Recipient(officer_id, council_id) for officer_id in people.admins_of(session, council_id)]


def coordinators(session: Session) -> list[Recipient]:
    """Every coordinator."""
    ids = session.scalars(select(PlatformRole.officer_id).where(PlatformRole.role == Role.COORDINATOR))
    return [Recipient(officer_id, None) for officer_id in sorted(ids)]


def had_a_part_in(session: Session, pledge_id: UUID) -> list[Recipient]:
    """Who offered a pledge and who authorised it, while they work for its council."""
    offered = select(Pledge.officer_id, Pledge.council_id).where(Pledge.id == pledge_id)
    authorised = select(Authorisation.officer_id, Authorisation.council_id).where(
        Authorisation.pledge_id == pledge_id, Authorisation.officer_id.is_not(None)
    )
    part = offered.union(authorised).subquery()
    query = select(part.c.officer_id, part.c.council_id).join(
        Membership,
        (Membership.officer_id == part.c.officer_id)
        & (Membership.council_id == part.c.council_id)
        & Membership.ended_at.is_(None),
    )
    return _recipients(session, query)


def membership_of(session: Session, membership_id: UUID) -> Recipient | None:
    """Whose place in which council it is, while it has not ended."""
    query = select(Membership.officer_id, Membership.council_id)
    found = _recipients(session, query.where(Membership.id == membership_id, Membership.ended_at.is_(None)))
    return found[0] if found else None


def membership_waiting(session: Session, membership_id: UUID) -> WaitingTold | None:
    """The council somebody waits to be let in to, while they wait."""
    row = session.execute(
        select(Council.id, Council.short_name, Council.slug)
        .join(Membership, Membership.council_id == Council.id)
        .where(Membership.id == membership_id, Membership.started_at.is_(None), Membership.ended_at.is_(None))
    ).first()
    return None if row is None else WaitingTold(*row)


def _recipients(session: Session, query: Executable) -> list[Recipient]:
    return sorted({Recipient(*row) for row in session.execute(query)}, key=lambda one: one.officer_id)


def check_of(session: Session, check_id: UUID) -> CheckTold | None:
    """A check of a draft, with the councils its two people know of the project by."""
    check = session.get(Check, check_id)
    if check is None:
        return None
    asked, asker = (
        Recipient(officer_id, _council_in(session, officer_id, check.project_id))
        for officer_id in (check.officer_id, check.asked_by)
    )
    folder = FOLDERS.get(check.subject_type, "projects")
    return CheckTold(check.project_id, asked, asker, check.answered_at is not None, f"/{folder}/{check.subject_id}")


def _council_in(session: Session, officer_id: UUID, project_id: UUID) -> UUID | None:
    """The council somebody is in a project's team for; otherwise the first they work for."""
    in_team = select(ProjectPerson.council_id).where(
        ProjectPerson.project_id == project_id, ProjectPerson.officer_id == officer_id, ProjectPerson.ended_at.is_(None)
    )
    at_work = (
        select(Membership.council_id)
        .where(Membership.officer_id == officer_id, Membership.ended_at.is_(None), Membership.started_at.is_not(None))
        .order_by(Membership.id)
    )
    return session.scalar(in_team.limit(1)) or session.scalar(at_work.limit(1))


def project_is_seen(reading: Reading, project_id: UUID) -> bool:
    """Whether the reader may know of a project now."""
    query = select(Project.id).where(Project.id == project_id, visible_to(reading.actor))
    return reading.session.execute(query).first() is not None


def pledge_told(reading: Reading, pledge_id: UUID, side: Side) -> tuple[PledgeStatus, PledgeTold]:
    """Where a pledge stands and what a mail says of it, if the reader may know of it now. Raises NotFound."""
    council, lead_council = aliased(Council), aliased(Council)
    row = reading.session.execute(
        select(
            Pledge.status, Pledge.kind, Pledge.amount, Pledge.sign_off_by, Need.title.label("need"), Need.thing,
            Project.title.label("project"), council.short_name.label("council"),
            lead_council.short_name.label("lead_council"),
        )
        .join(Need, Need.id == Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(council, council.id == Pledge.council_id)
        .join(lead_council, lead_council.id == Project.council_id)
        .where(Pledge.id == pledge_id, pledges_visible_to(reading.actor))
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("pledge")
    told = PledgeTold(
        pledge_id=pledge_id, project=row.project, lead_council=row.lead_council, need=row.need, council=row.council,
        amount=amount_words(row.kind, row.amount, row.thing), sign_off_by=row.sign_off_by, side=side,
    )  # fmt: skip
    return PledgeStatus(row.status), told


def council_named(session: Session, council_id: UUID) -> str:
    """A council's short name."""
    return session.execute(select(Council.short_name).where(Council.id == council_id)).scalar_one()


def reader_of(session: Session, officer_id: UUID) -> Officer | None:
    """The officer a message is for; None once their account is gone."""
    officer = session.get(Officer, officer_id)
    return None if officer is None or officer.erased_at is not None else officer


def link_of(session: Session, link_id: UUID) -> OneTimeLink | None:
    """A one-time link, used or not."""
    return session.get(OneTimeLink, link_id)
