"""Roles: given and taken by somebody else, never by oneself. Every session of whoever is concerned ends with it."""

from uuid import UUID

from sqlalchemy import delete, select

from pipeline.accounts import policy
from pipeline.accounts.actions.joining import place_in, place_officer, start_place
from pipeline.accounts.actions.persons import key_for
from pipeline.accounts.actions.signing_in import end_sessions, note
from pipeline.accounts.events import OfficerSignedUp, PlatformRoleGiven, PlatformRoleTaken, RoleGiven, RoleTaken
from pipeline.accounts.models import Membership, MembershipRole, Officer, PlatformRole
from pipeline.accounts.passwords import UNUSABLE
from pipeline.accounts.queries.places import accounts_of, place_facts
from pipeline.accounts.rules import GIVEN_ROLES, Address
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import PLATFORM_ROLES, Role
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _


def change_roles(
    work: UnitOfWork, *, membership_id: UUID, council_id: UUID, roles: frozenset[Role], source: str | None = None
) -> None:
    """Give a member exactly these roles beyond membership, and take the others.

    Raises NotFound, NotAllowed, Conflict("membership.waiting" | "role.unchanged").
    """
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_change_roles(work.actor, place_facts(work.session, membership)))
    if membership.started_at is None:
        raise Conflict("membership.waiting", Words(_("Let this person in first.")), ("let_in", "decline"))
    held = _held(work, membership)
    wanted = roles & frozenset(GIVEN_ROLES)
    if wanted == held.keys():
        raise Conflict("role.unchanged", Words(_("Nothing was changed: these are the roles they have.")))
    for role in GIVEN_ROLES:
        if role in wanted and role not in held:
            _give(work, membership, role)
        elif role in held and role not in wanted:
            held[role].ended_at = work.now
            work.record(RoleTaken(**_facts(membership), role=role.value), council_id=membership.council_id)
    _after_change(work, membership.officer_id, sorted(wanted), source)


def add_role(work: UnitOfWork, *, membership_id: UUID, council_id: UUID, role: Role, source: str | None = None) -> None:
    """Give a member one more role, and leave the others. Raises as `change_roles` does."""
    membership = place_in(work, membership_id, council_id)
    roles = frozenset(_held(work, membership)) | {role}
    change_roles(work, membership_id=membership_id, council_id=council_id, roles=roles, source=source)


def give_place(work: UnitOfWork, *, officer: Officer, council_id: UUID) -> Membership:
    """Give an officer a place that stands at once: for the operator. Raises NotAllowed."""
    work.require(policy.may_add_officer(work.actor))
    return place_officer(work, officer, council_id, by_address=True)


def appoint_first_admin(work: UnitOfWork, *, membership_id: UUID, council_id: UUID, source: str | None = None) -> None:
    """Make one of a council's people its first admin, letting them in if they wait.

    Raises NotFound, NotAllowed (also when it has an admin by now).
    """
    work.session.scalars(select(Council.id).where(Council.id == council_id).with_for_update()).one()
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_appoint_first_admin(work.actor, place_facts(work.session, membership)))
    if membership.started_at is None:
        start_place(work, membership)
    if Role.COUNCIL_ADMIN not in _held(work, membership):
        _give(work, membership, Role.COUNCIL_ADMIN)
    _after_change(work, membership.officer_id, [Role.COUNCIL_ADMIN], source)


def give_platform_role(work: UnitOfWork, *, officer_id: UUID, role: Role, source: str | None = None) -> None:
    """Make an officer coordinator or platform admin. Raises NotFound, NotAllowed, Conflict("role.unchanged")."""
    officer = _verified(work, officer_id)
    work.require(_may_appoint(work, officer_id, role))
    if _platform_role(work, officer_id, role) is not None:
        raise Conflict("role.unchanged", Words(_("They have this role already.")))
    given_by = work.actor.officer_id
    work.add(PlatformRole(id=new_id(), officer_id=officer.id, role=role.value, given_by=given_by, given_at=work.now))
    work.record(PlatformRoleGiven(officer_id=officer.id, role=role.value))
    _after_change(work, officer.id, [role], source)


def take_platform_role(work: UnitOfWork, *, officer_id: UUID, role: Role, source: str | None = None) -> None:
    """Take a role on the platform away. Raises NotFound, NotAllowed."""
    work.require(_may_appoint(work, officer_id, role))
    if _platform_role(work, officer_id, role) is None:
        raise NotFound("role")
    work.session.execute(
        delete(PlatformRole).where(PlatformRole.officer_id == officer_id, PlatformRole.role == role.value)
    )
    work.record(PlatformRoleTaken(officer_id=officer_id, role=role.value))
    _after_change(work, officer_id, [], source)


def add_officer(
    work: UnitOfWork,
    *,
    address: Address,
    name: str,
    job_title: str,
    is_named: bool = False,
    language: str = "en",
    password_hash: str = UNUSABLE,
    council_id: UUID | None = None,
    roles: frozenset[Role] = frozenset(),
) -> UUID:
    """Make a verified officer without any mail, with a place and roles: for the operator and the demonstration.

    Without a password hash nobody signs in with a password until it is reset. Raises NotAllowed.
    """
    work.require(policy.may_add_officer(work.actor))
    officer = work.add(
        Officer(
            id=new_id(), address=address.text, person_key=key_for(work, address), name=name, job_title=job_title,
            password_hash=password_hash, is_named=is_named, language=language, created_at=work.now,
            verified_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    work.record(OfficerSignedUp(officer_id=officer.id))
    if council_id is not None:
        membership = place_officer(work, officer, council_id, by_address=True)
        for role in GIVEN_ROLES:
            if role in roles:
                _give(work, membership, role)
    for role in roles & PLATFORM_ROLES:
        work.add(PlatformRole(id=new_id(), officer_id=officer.id, role=role.value, given_at=work.now))
        work.record(PlatformRoleGiven(officer_id=officer.id, role=role.value))
    return officer.id


def _may_appoint(work: UnitOfWork, officer_id: UUID, role: Role) -> Decision:
    if role is Role.COORDINATOR:
        accounts = accounts_of(work.session, [officer_id])[officer_id]
        return policy.may_appoint_coordinator(work.actor, accounts)
    return policy.may_appoint_platform_admin(work.actor)


def _platform_role(work: UnitOfWork, officer_id: UUID, role: Role) -> UUID | None:
    return work.session.scalar(
        select(PlatformRole.id).where(PlatformRole.officer_id == officer_id, PlatformRole.role == role.value)
    )


def _verified(work: UnitOfWork, officer_id: UUID) -> Officer:
    officer = work.session.get(Officer, officer_id, with_for_update=True)
    if officer is None or officer.verified_at is None or officer.erased_at is not None:
        raise NotFound("officer")
    return officer


def _held(work: UnitOfWork, membership: Membership) -> dict[Role, MembershipRole]:
    rows = work.session.scalars(
        select(MembershipRole).where(MembershipRole.membership_id == membership.id, MembershipRole.ended_at.is_(None))
    )
    return {Role(row.role): row for row in rows}


def _give(work: UnitOfWork, membership: Membership, role: Role) -> None:
    work.add(
        MembershipRole(
            id=new_id(), membership_id=membership.id, role=role.value, given_by=work.actor.officer_id, given_at=work.now
        )
    )
    work.record(RoleGiven(**_facts(membership), role=role.value), council_id=membership.council_id)


def _facts(membership: Membership) -> dict[str, UUID]:
    return {
        "membership_id": membership.id,
        "officer_id": membership.officer_id,
        "of_council_id": membership.council_id,
    }


def _after_change(work: UnitOfWork, officer_id: UUID, roles: list[Role], source: str | None) -> None:
    """Whoever's roles changed signs in again; it is noted among the security events."""
    end_sessions(work.session, officer_id, "roles changed", work.now)
    by = str(work.actor.officer_id or work.actor.system)
    words = [role.value for role in roles]
    note(work.session, "roles.changed", work.now, officer_id=officer_id, source=source, by=by, roles=words)
