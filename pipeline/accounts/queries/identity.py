"""Who is signed in: found by the token of a session, and read again inside every work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership, MembershipRole, Officer, PlatformRole, SignInSession
from pipeline.accounts.rules import IDLE_SESSION, LONGEST_SESSION
from pipeline.councils.models import Council
from pipeline.db.statements import Statement, moment_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import Actor, Channel, Role

NO_ROLES: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A council an officer works for, and their roles in it. `is_waiting` until somebody there lets them in."""

    council_id: UUID
    slug: str
    name: str
    short_name: str
    is_waiting: bool
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in: the officer, the council they act for now, and every place they have."""

    session_id: UUID
    seen_at: datetime
    officer_id: UUID
    name: str
    job_title: str
    language: str
    council_id: UUID | None
    places: tuple[Place, ...]
    platform_roles: frozenset[Role]
    # What Flask-Login asks of a user.
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.officer_id)

    @property
    def place(self) -> Place | None:
        """The place in the council the officer acts for now."""
        here = (place for place in self.places if place.council_id == self.council_id and not place.is_waiting)
        return next(here, None)

    @property
    def roles(self) -> frozenset[Role]:
        return (self.place.roles if self.place else NO_ROLES) | self.platform_roles

    @property
    def actor(self) -> Actor:
        return Actor(Channel.WEB, self.officer_id, self.council_id, self.roles)


@dataclass(frozen=True, slots=True)
class FoundSession:
    """What a session token led to: an identity, or the officer whose session has ended, or nothing."""

    identity: Identity | None
    ended_officer_id: UUID | None = None


_SESSION_BY_TOKEN = Statement(
    select(
        SignInSession.id, SignInSession.officer_id, SignInSession.council_id, SignInSession.created_at,
        SignInSession.seen_at, SignInSession.ended_at, Officer.name, Officer.job_title, Officer.language,
        Membership.id, Membership.council_id, Membership.started_at, MembershipRole.role,
        Council.slug, Council.name, Council.short_name, PlatformRole.role,
    )
    .join(Officer, Officer.id == SignInSession.officer_id)
    .outerjoin(Membership, (Membership.officer_id == Officer.id) & Membership.ended_at.is_(None))
    .outerjoin(Council, Council.id == Membership.council_id)
    .outerjoin(MembershipRole, (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None))
    .outerjoin(PlatformRole, PlatformRole.officer_id == Officer.id)
    .where(SignInSession.token_hash == bindparam("token_hash"), Officer.erased_at.is_(None))
    .order_by(Council.short_name, Membership.id)
)  # fmt: skip


def session_by_token(session: Session, token_hash: str, now: datetime) -> FoundSession:
    """Find the session a token belongs to: one query for session, officer, memberships and roles."""
    rows = _SESSION_BY_TOKEN.rows(session, token_hash=token_hash)
    if not rows:
        return FoundSession(None)
    first = rows[0]
    created_at, seen_at = moment_of(first[3]) or now, moment_of(first[4]) or now
    officer_id = _id(first[1])
    if first[5] is not None or now - seen_at > IDLE_SESSION or now - created_at > LONGEST_SESSION:
        return FoundSession(None, officer_id)
    places = _places(rows)
    identity = Identity(
        session_id=_id(first[0]), seen_at=seen_at, officer_id=officer_id, name=first[6], job_title=first[7],
        language=first[8], council_id=_acting_for(first[2], places), places=places,
        platform_roles=frozenset(Role(row[16]) for row in rows if row[16]),
    )  # fmt: skip
    return FoundSession(identity)


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _places(rows: Any) -> tuple[Place, ...]:
    roles: dict[Any, set[Role]] = {}
    first_rows: dict[Any, Any] = {}
    for row in rows:
        if row[9] is None:
            continue
        first_rows.setdefault(row[9], row)
        roles.setdefault(row[9], set()).update([Role(row[12])] if row[12] else [])
    return tuple(
        Place(
            council_id=_id(row[10]), slug=row[13], name=row[14], short_name=row[15], is_waiting=row[11] is None,
            roles=frozenset() if row[11] is None else frozenset(roles[key] | {Role.MEMBER}),
        )
        for key, row in first_rows.items()
    )  # fmt: skip


def _acting_for(chosen: Any, places: tuple[Place, ...]) -> UUID | None:
    """The council chosen for the session while the place stands; otherwise the first that does."""
    standing = [place.council_id for place in places if not place.is_waiting]
    if chosen is not None and _id(chosen) in standing:
        return _id(chosen)
    return standing[0] if standing else None


_STANDING = Statement(
    select(Membership.council_id, MembershipRole.role, PlatformRole.role)
    .select_from(Officer)
    .outerjoin(
        Membership,
        (Membership.officer_id == Officer.id)
        & (Membership.council_id == bindparam("council_id"))
        & Membership.ended_at.is_(None)
        & Membership.started_at.is_not(None),
    )
    .outerjoin(MembershipRole, (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None))
    .outerjoin(PlatformRole, PlatformRole.officer_id == Officer.id)
    .where(Officer.id == bindparam("officer_id"), Officer.erased_at.is_(None))
)


def standing_now(work: Reading) -> Actor:
    """The actor with the council and roles they hold at this moment, read inside the work.

    A role taken away between the page and the press of its button is gone.
    """
    actor = work.actor
    if actor.officer_id is None:
        return actor
    council_id = actor.council_id or UUID(int=0)
    rows = _STANDING.rows(work.session, officer_id=actor.officer_id, council_id=council_id)
    platform = {Role(row[2]) for row in rows if row[2]}
    if not rows or rows[0][0] is None:
        return actor.with_standing(None, frozenset(platform))
    roles = {Role(row[1]) for row in rows if row[1]} | {Role.MEMBER} | platform
    return actor.with_standing(actor.council_id, frozenset(roles))
