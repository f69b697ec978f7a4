"""Officers as others see them. E-mail addresses leave here for no public page."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from pipeline.accounts.messages import AN_OFFICER, FORMER_OFFICER
from pipeline.accounts.models import Membership, MembershipRole, Officer
from pipeline.accounts.rules import address_from
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words


@dataclass(frozen=True, slots=True)
class PersonShown:
    """An officer as everybody sees them: name and job title only while they chose to be named."""

    officer_id: UUID
    display_name: str | None
    job_title: str | None
    is_former: bool = False

    @property
    def is_named(self) -> bool:
        return self.display_name is not None

    @property
    def instead_of_name(self) -> Words:
        """What stands where the name would: "An officer", or "Former officer" for one who was erased."""
        return FORMER_OFFICER if self.is_former else AN_OFFICER


def people_shown(reading: Reading, officer_ids: Iterable[UUID]) -> dict[UUID, PersonShown]:
    """Officers by id, as everybody sees them. An id of nobody is answered as an officer without a name."""
    wanted = set(officer_ids)
    if not wanted:
        return {}
    rows = reading.session.execute(
        select(Officer.id, Officer.name, Officer.job_title, Officer.is_named, Officer.erased_at).where(
            Officer.id.in_(wanted)
        )
    )
    shown = {
        row.id: PersonShown(
            row.id,
            row.name if row.is_named and row.erased_at is None else None,
            row.job_title if row.is_named and row.erased_at is None else None,
            row.erased_at is not None,
        )
        for row in rows
    }
    return {one: shown.get(one) or PersonShown(one, None, None) for one in wanted}


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of one's own council, by name."""

    officer_id: UUID
    name: str
    job_title: str


def members_of(reading: Reading, council_id: UUID) -> list[Colleague]:
    """The members of a council by name, for choosing a colleague. Raises NotFound for anybody of another council."""
    if reading.actor.council_id != council_id and not reading.actor.is_system:
        raise NotFound("council")
    rows = reading.session.execute(
        select(Officer.id, Officer.name, Officer.job_title)
        .join(Membership, Membership.officer_id == Officer.id)
        .where(*_standing(council_id))
        .order_by(Officer.name, Officer.id)
    )
    return [Colleague(row.id, row.name, row.job_title) for row in rows]


def works_for(session: Session, officer_id: UUID, council_id: UUID) -> bool:
    """Whether an officer works for a council now."""
    query = select(Officer.id).join(Membership, Membership.officer_id == Officer.id)
    return session.execute(query.where(Officer.id == officer_id, *_standing(council_id))).first() is not None


def authorisers_of(session: Session, council_id: UUID) -> list[UUID]:
    """The officers who may authorise a council's pledges now."""
    return list(session.scalars(_holding(council_id, Role.AUTHORISER)))


def admins_of(session: Session, council_id: UUID) -> list[UUID]:
    """The officers who look after a council's people now."""
    return list(session.scalars(_holding(council_id, Role.COUNCIL_ADMIN)))


def _holding(council_id: UUID, role: Role) -> Select[UUID]:
    return (
        select(Officer.id)
        .join(Membership, Membership.officer_id == Officer.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(*_standing(council_id), MembershipRole.role == role.value, MembershipRole.ended_at.is_(None))
        .order_by(MembershipRole.given_at, Officer.id)
    )


def _standing(council_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.council_id == council_id, Membership.started_at.is_not(None), Membership.ended_at.is_(None),
        Officer.erased_at.is_(None),
    )  # fmt: skip


def addresses_held(session: Session, addresses: set[str]) -> bool:
    """Whether any of these e-mail addresses is that of somebody with an account."""
    forms = {form for text in addresses for form in _forms_of(text)}
    if not forms:
        return False
    found = session.execute(select(Officer.id).where(Officer.address.in_(forms), Officer.erased_at.is_(None)).limit(1))
    return found.first() is not None


def _forms_of(text: str) -> set[str]:
    address = address_from(text)
    return {text.lower()} | ({address.text} if address else set())
