"""API tokens: whom a token acts for, and an officer's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import ApiToken, Membership, MembershipRole, Officer, PlatformRole
from pipeline.accounts.tokens import Scope, WhyEnded, scopes_from
from pipeline.councils.models import Council
from pipeline.db.statements import Statement, moment_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import Actor, Channel, Role


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token acts for: its officer, in one council, with the roles they hold there now and the token's scopes."""

    token_id: UUID
    officer_id: UUID
    council_id: UUID
    name: str
    job_title: str
    roles: frozenset[Role]
    scopes: frozenset[Scope]
    used_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor(Channel.API, self.officer_id, self.council_id, self.roles)


@dataclass(frozen=True, slots=True)
class FoundToken:
    """What a token led to: somebody it acts for, or why it no longer works, or (neither) nothing."""

    bearer: Bearer | None = None
    ended: WhyEnded | None = None


_BY_HASH = Statement(
    select(
        ApiToken.id, ApiToken.officer_id, ApiToken.council_id, ApiToken.scopes, ApiToken.expires_at, ApiToken.used_at,
        ApiToken.ended_because, Officer.name, Officer.job_title, Membership.id, MembershipRole.role, PlatformRole.role,
    )
    .join(Officer, Officer.id == ApiToken.officer_id)
    .outerjoin(
        Membership,
        (Membership.officer_id == ApiToken.officer_id)
        & (Membership.council_id == ApiToken.council_id)
        & Membership.ended_at.is_(None)
        & Membership.started_at.is_not(None),
    )
    .outerjoin(MembershipRole, (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None))
    .outerjoin(PlatformRole, PlatformRole.officer_id == ApiToken.officer_id)
    .where(ApiToken.token_hash == bindparam("token_hash"), Officer.erased_at.is_(None))
)  # fmt: skip


def token_by_hash(session: Session, token_hash: str, now: datetime) -> FoundToken:
    """Find whom a token acts for: one query for token, officer, place and roles.

    A token whose officer no longer has the place works no more, whether or not anybody ended it.
    """
    rows = _BY_HASH.rows(session, token_hash=token_hash)
    if not rows:
        return FoundToken()
    first = rows[0]
    if first[6] is not None:
        return FoundToken(ended=WhyEnded(first[6]))
    if first[9] is None:
        return FoundToken(ended=WhyEnded.LEFT)
    if (moment_of(first[4]) or now) <= now:
        return FoundToken(ended=WhyEnded.EXPIRED)
    roles = {Role(role) for row in rows for role in (row[10], row[11]) if role}
    bearer = Bearer(
        token_id=_id(first[0]), officer_id=_id(first[1]), council_id=_id(first[2]), name=first[7], job_title=first[8],
        roles=frozenset(roles | {Role.MEMBER}), scopes=scopes_from(first[3]), used_at=moment_of(first[5]),
    )  # fmt: skip
    return FoundToken(bearer)


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def is_live(reading: Reading, token_id: UUID) -> bool:
    """Whether a token works at this moment: asked inside the work it is used for."""
    live = select(ApiToken.id).where(
        ApiToken.id == token_id, ApiToken.ended_at.is_(None), ApiToken.expires_at > reading.now
    )
    return reading.session.scalar(live) is not None


@dataclass(frozen=True, slots=True)
class OwnToken:
    """One of one's own tokens, as its list shows it."""

    id: UUID
    name: str
    last_four: str
    scopes: tuple[Scope, ...]
    council_name: str
    council_slug: str
    gss_code: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    ended_because: WhyEnded | None


def own_tokens(reading: Reading) -> Sequence[OwnToken]:
    """The tokens of whoever asks: those that work first, each the newest first."""
    found = [_as_own(row) for row in reading.session.execute(_own(reading).order_by(ApiToken.id.desc()))]
    return sorted(found, key=lambda one: one.ended_at is not None or one.expires_at <= reading.now)


def own_token(reading: Reading, token_id: UUID) -> OwnToken | None:
    """One of one's own tokens; None where it is nobody's or another's."""
    row = reading.session.execute(_own(reading).where(ApiToken.id == token_id)).first()
    return _as_own(row) if row else None


def _own(reading: Reading) -> Any:
    return (
        select(
            ApiToken.id, ApiToken.name, ApiToken.last_four, ApiToken.scopes, Council.name, Council.slug,
            Council.gss_code, ApiToken.created_at, ApiToken.expires_at, ApiToken.used_at, ApiToken.ended_at,
            ApiToken.ended_because,
        )
        .join(Council, Council.id == ApiToken.council_id)
        .where(ApiToken.officer_id == reading.actor.officer_id)
    )  # fmt: skip


def _as_own(row: Any) -> OwnToken:
    scopes = scopes_from(row[3])
    return OwnToken(
        id=row[0], name=row[1], last_four=row[2], scopes=tuple(scope for scope in Scope if scope in scopes),
        council_name=row[4], council_slug=row[5], gss_code=row[6], created_at=row[7], expires_at=row[8],
        used_at=row[9], ended_at=row[10], ended_because=WhyEnded(row[11]) if row[11] else None,
    )  # fmt: skip
