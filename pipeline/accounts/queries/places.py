"""Places in councils: which council an address belongs to, who works where, who waits, and who tends them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from pipeline.accounts import policy
from pipeline.accounts.models import Membership, MembershipRole, Officer, PlatformRole
from pipeline.accounts.policy import PlaceFacts
from pipeline.accounts.rules import UNDECIDING_KINDS
from pipeline.councils.models import Council, CouncilDomain
from pipeline.councils.succession import standing_domain
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CouncilChoice:
    """A council somebody may choose."""

    id: UUID
    slug: str
    name: str
    name_cy: str | None


@dataclass(frozen=True, slots=True)
class DomainFit:
    """What the register says of an address's domain: the councils it decides, and those it only hints at."""

    decides: tuple[CouncilChoice, ...] = ()
    hints: tuple[CouncilChoice, ...] = ()

    def decides_for(self, council_id: UUID) -> bool:
        return any(choice.id == council_id for choice in self.decides)


def councils_of_domain(session: Session, domain: str) -> DomainFit:
    """The current councils an exact domain belongs to.

    Only an observed domain decides a council; one that was inferred hints at it, and so does that of a combined
    authority.
    """
    rows = session.execute(
        select(Council.id, Council.slug, Council.name, Council.name_cy, Council.kind, CouncilDomain.is_observed)
        .join(CouncilDomain, CouncilDomain.council_id == Council.id)
        .where(CouncilDomain.domain == domain, Council.is_active, standing_domain(clock.today()))
        .order_by(Council.short_name, Council.id)
    ).all()
    decides: list[CouncilChoice] = []
    hints: list[CouncilChoice] = []
    for row in rows:
        choice = CouncilChoice(row.id, row.slug, row.name, row.name_cy)
        (decides if row.is_observed and row.kind not in UNDECIDING_KINDS else hints).append(choice)
    return DomainFit(tuple(decides), tuple(hints))


def councils_to_join(reading: Reading) -> list[CouncilChoice]:
    """Every current council the officer has no place in and does not wait for, by name."""
    standing = select(Membership.council_id).where(
        Membership.officer_id == reading.actor.officer_id, Membership.ended_at.is_(None)
    )
    rows = reading.session.execute(
        select(Council.id, Council.slug, Council.name, Council.name_cy)
        .where(Council.is_active, Council.id.not_in(standing))
        .order_by(Council.short_name, Council.id)
    )
    return [CouncilChoice(*row) for row in rows]


def has_admin(session: Session, council_id: UUID) -> bool:
    """Whether a council has an admin now."""
    return bool(session.scalar(select(_admin_of(council_id))))


def _admin_of(council_id: Any) -> Any:
    return exists().where(
        Membership.council_id == council_id, Membership.ended_at.is_(None), Membership.started_at.is_not(None),
        MembershipRole.membership_id == Membership.id, MembershipRole.role == Role.COUNCIL_ADMIN.value,
        MembershipRole.ended_at.is_(None),
    )  # fmt: skip


def place_facts(session: Session, membership: Membership) -> PlaceFacts:
    """What policies need to know of a place."""
    return PlaceFacts(
        officer_id=membership.officer_id,
        council_id=membership.council_id,
        is_waiting=membership.started_at is None,
        council_has_admin=has_admin(session, membership.council_id),
        account_ids=accounts_of(session, [membership.officer_id])[membership.officer_id],
    )


def accounts_of(session: Session, officer_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Every account of each of some people, by the one that is known. One query."""
    known, same = aliased(Officer), aliased(Officer)
    found: dict[UUID, set[UUID]] = {one: {one} for one in officer_ids}
    query = select(known.id, same.id).join(same, same.person_key == known.person_key).where(known.id.in_(found))
    for known_id, same_id in session.execute(query):
        found[known_id].add(same_id)
    return {one: frozenset(ids) for one, ids in found.items()}


@dataclass(frozen=True, slots=True)
class PersonOfCouncil:
    """An officer as those who tend a council's people see them: with address and roles."""

    membership_id: UUID
    officer_id: UUID
    name: str
    job_title: str
    address: str
    asked_at: datetime
    started_at: datetime | None
    roles: frozenset[Role]
    facts: PlaceFacts

    @property
    def is_waiting(self) -> bool:
        return self.started_at is None


@dataclass(frozen=True, slots=True)
class CouncilPeople:
    """A council and its people: those who wait first."""

    council: CouncilChoice
    waiting: tuple[PersonOfCouncil, ...]
    members: tuple[PersonOfCouncil, ...]

    @property
    def has_admin(self) -> bool:
        return any(Role.COUNCIL_ADMIN in person.roles for person in self.members)


def people_of_council(reading: Reading, slug: str) -> CouncilPeople:
    """A council's people, for its admins and for coordinators. Raises NotFound for everybody else."""
    council = _tended_council(reading, slug)
    people = _people(reading.session, Membership.council_id == council.id)
    return CouncilPeople(
        council,
        tuple(person for person in people if person.is_waiting),
        tuple(person for person in people if not person.is_waiting),
    )


def person_of_council(reading: Reading, slug: str, membership_id: UUID) -> tuple[CouncilChoice, PersonOfCouncil]:
    """One of a council's people, for the same readers. Raises NotFound."""
    council = _tended_council(reading, slug)
    people = _people(reading.session, Membership.council_id == council.id, Membership.id == membership_id)
    if not people:
        raise NotFound("membership")
    return council, people[0]


def _tended_council(reading: Reading, slug: str) -> CouncilChoice:
    row = reading.session.execute(
        select(Council.id, Council.slug, Council.name, Council.name_cy).where(Council.slug == slug, Council.is_active)
    ).first()
    if row is None:
        raise NotFound("council")
    actor = reading.actor
    if not (actor.is_system or actor.has(Role.COORDINATOR) or policy.may_see_people(actor, row.id)):
        raise NotFound("council")
    return CouncilChoice(*row)


def _people(session: Session, *where: Any) -> list[PersonOfCouncil]:
    rows = session.execute(
        select(Membership, Officer.name, Officer.job_title, Officer.address, MembershipRole.role, _admin_of_aliased())
        .join(Officer, Officer.id == Membership.officer_id)
        .outerjoin(MembershipRole, (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None))
        .where(Membership.ended_at.is_(None), Officer.erased_at.is_(None), *where)
        .order_by(Officer.name, Membership.id)
    ).all()
    accounts = accounts_of(session, {row[0].officer_id for row in rows})
    roles: dict[UUID, set[Role]] = {}
    for membership, *_rest, role, _admin in rows:
        roles.setdefault(membership.id, set()).update({Role(role)} if role else ())
    seen: dict[UUID, PersonOfCouncil] = {}
    for membership, name, job_title, address, _role, council_has_admin in rows:
        is_waiting = membership.started_at is None
        seen[membership.id] = PersonOfCouncil(
            membership.id, membership.officer_id, name, job_title, address, membership.asked_at, membership.started_at,
            frozenset() if is_waiting else frozenset(roles[membership.id] | {Role.MEMBER}),
            PlaceFacts(
                membership.officer_id, membership.council_id, is_waiting, bool(council_has_admin),
                accounts[membership.officer_id],
            ),
        )  # fmt: skip
    return list(seen.values())


def _admin_of_aliased() -> Any:
    """Whether the council of the row has an admin: one more look at the same tables, under other names."""
    member, role = aliased(Membership), aliased(MembershipRole)
    return (
        exists()
        .where(
            member.council_id == Membership.council_id, member.ended_at.is_(None), member.started_at.is_not(None),
            role.membership_id == member.id, role.role == Role.COUNCIL_ADMIN.value, role.ended_at.is_(None),
        )
        .correlate(Membership)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WaitingCouncil:
    """A council that has people and no admin, and how many of them wait."""

    council: CouncilChoice
    waiting: int
    members: int


def councils_without_admin(reading: Reading, most: int = 200) -> list[WaitingCouncil]:
    """Councils with people and no admin, those with most waiting first. Raises NotFound for all but coordinators."""
    if not (reading.actor.is_system or policy.may_see_waiting_councils(reading.actor)):
        raise NotFound
    waiting = func.count(Membership.id).filter(Membership.started_at.is_(None))
    members = func.count(Membership.id).filter(Membership.started_at.is_not(None))
    rows = reading.session.execute(
        select(Council.id, Council.slug, Council.name, Council.name_cy, waiting, members)
        .join(Membership, Membership.council_id == Council.id)
        .where(Council.is_active, Membership.ended_at.is_(None), has_no_admin())
        .group_by(Council.id, Council.slug, Council.name, Council.name_cy, Council.short_name)
        .order_by(waiting.desc(), Council.short_name)
        .limit(most)
    )
    return [WaitingCouncil(CouncilChoice(*row[:4]), row[4], row[5]) for row in rows]


def has_no_admin() -> Any:
    """Whether the council of the row has nobody who looks after its people."""
    member, role = aliased(Membership), aliased(MembershipRole)
    return ~(
        exists()
        .where(
            member.council_id == Council.id, member.ended_at.is_(None), member.started_at.is_not(None),
            role.membership_id == member.id, role.role == Role.COUNCIL_ADMIN.value, role.ended_at.is_(None),
        )
        .correlate(Council)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlatformPerson:
    """Somebody with a role on the whole platform."""

    officer_id: UUID
    name: str
    address: str
    role: Role
    given_at: datetime


def platform_people(reading: Reading) -> list[PlatformPerson]:
    """Coordinators and platform admins, for platform admins. Raises NotFound for everybody else."""
    if not (reading.actor.is_system or reading.actor.has(Role.PLATFORM_ADMIN)):
        raise NotFound
    rows = reading.session.execute(
        select(Officer.id, Officer.name, Officer.address, PlatformRole.role, PlatformRole.given_at)
        .join(PlatformRole, PlatformRole.officer_id == Officer.id)
        .order_by(PlatformRole.role, Officer.name, Officer.id)
    )
    return [PlatformPerson(row[0], row[1], row[2], Role(row[3]), row[4]) for row in rows]
