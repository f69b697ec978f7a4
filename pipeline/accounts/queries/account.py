"""An account as its own officer sees it, and what signing in needs to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.models import (
    ApiToken,
    Membership,
    MembershipRole,
    Officer,
    OneTimeLink,
    PlatformRole,
    SavedDraft,
    SecurityEvent,
    SignInSession,
)
from pipeline.accounts.queries.places import DomainFit, councils_of_domain
from pipeline.accounts.rules import IDLE_SESSION, LONGEST_SESSION, Address, LinkPurpose, hash_of
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """One's own account."""

    officer_id: UUID
    address: str
    name: str
    job_title: str
    is_named: bool
    is_contactable: bool
    language: str
    password_hash: str
    erase_at: datetime | None
    version: int


def own_account(reading: Reading) -> OwnAccount:
    """The account of whoever asks. Raises NotFound when nobody is signed in."""
    row: Any = reading.session.execute(
        select(
            Officer.id, Officer.address, Officer.name, Officer.job_title, Officer.is_named,
            Officer.is_contactable, Officer.language, Officer.password_hash, Officer.erase_at,
            Officer.version,
        ).where(Officer.id == reading.actor.officer_id, Officer.erased_at.is_(None))
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("account")
    return OwnAccount(*row)


@dataclass(frozen=True, slots=True)
class DeviceSession:
    """One of one's own sessions: where, since when, when last used, and whether it is this very one."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def own_sessions(reading: Reading, this_session_id: UUID | None) -> list[DeviceSession]:
    """The sessions of whoever asks that still work, the last used first."""
    rows = reading.session.execute(
        select(SignInSession.id, SignInSession.device, SignInSession.created_at, SignInSession.seen_at)
        .where(
            SignInSession.officer_id == reading.actor.officer_id, SignInSession.ended_at.is_(None),
            SignInSession.seen_at > reading.now - IDLE_SESSION,
            SignInSession.created_at > reading.now - LONGEST_SESSION,
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id)
    )  # fmt: skip
    return [DeviceSession(*row, row.id == this_session_id) for row in rows]


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """What signing in compares: whose account, its hash, and whether the address is verified."""

    officer_id: UUID
    password_hash: str
    is_verified: bool


def sign_in_facts(session: Session, address: Address | None) -> SignInFacts | None:
    """The account of an address; None where there is none. Never shown to anybody."""
    if address is None:
        return None
    row = session.execute(
        select(Officer.id, Officer.password_hash, Officer.verified_at).where(
            Officer.address == address.text, Officer.erased_at.is_(None)
        )
    ).first()
    return SignInFacts(row[0], row[1], row[2] is not None) if row else None


def has_place(session: Session, officer_id: UUID) -> bool:
    """Whether an officer has a place in a council that stands."""
    place = select(Membership.id).where(
        Membership.officer_id == officer_id, Membership.ended_at.is_(None), Membership.started_at.is_not(None)
    )
    return session.execute(place.limit(1)).first() is not None


def officer_by_address(reading: Reading, address: Address | None) -> UUID | None:
    """The verified officer with an address, for those who appoint. Raises NotFound for everybody else."""
    if not (reading.actor.is_system or reading.actor.has(Role.PLATFORM_ADMIN)):
        raise NotFound
    if address is None:
        return None
    return reading.session.scalar(
        select(Officer.id).where(
            Officer.address == address.text, Officer.verified_at.is_not(None), Officer.erased_at.is_(None)
        )
    )


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A one-time link that still works, and what its page has to ask."""

    officer_id: UUID
    purpose: LinkPurpose
    address: str
    password_hash: str
    fit: DomainFit


def link_seen_by(reading: Reading, token: str, *purposes: LinkPurpose) -> LinkShown | None:
    """The link a token opens; None when it was used, replaced, is too old, or never was. Reading does not use it up."""
    row = reading.session.execute(
        select(OneTimeLink.officer_id, OneTimeLink.purpose, OneTimeLink.address, Officer.password_hash)
        .join(Officer, Officer.id == OneTimeLink.officer_id)
        .where(
            OneTimeLink.token_hash == hash_of(token), OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > reading.now, Officer.erased_at.is_(None),
            OneTimeLink.purpose.in_([purpose.value for purpose in purposes]),
        )
    ).first()  # fmt: skip
    if row is None:
        return None
    fit = councils_of_domain(reading.session, row.address.rsplit("@", 1)[1])
    return LinkShown(row.officer_id, LinkPurpose(row.purpose), row.address, row.password_hash, fit)


def own_events(reading: Reading, most: int = 10_000) -> list[dict[str, Any]]:
    """What the event log says the officer did, the last first: ids and times, as the log holds no more."""
    event = LoggedEvent
    rows = reading.session.execute(
        select(event.id, event.name, event.occurred_at, event.subject_type, event.subject_id)
        .where(LoggedEvent.officer_id == reading.actor.officer_id)
        .order_by(LoggedEvent.sequence.desc())
        .limit(most)
    )
    return [_as_said(*row) for row in rows]


def _as_said(event_id: UUID, name: str, occurred_at: datetime, subject_type: str, subject_id: UUID) -> dict[str, Any]:
    return {
        "id": event_id,
        "type": name,
        "occurred_at": occurred_at,
        "subject": {"type": subject_type, "id": subject_id},
    }


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything accounts hold about whoever asks, as plain values: for "download my data"."""
    account = own_account(reading)
    session, officer_id = reading.session, account.officer_id
    places = session.execute(
        select(Council.name, Membership.asked_at, Membership.started_at, Membership.ended_at)
        .join(Council, Council.id == Membership.council_id)
        .where(Membership.officer_id == officer_id)
        .order_by(Membership.asked_at)
    )
    roles = session.execute(
        select(Council.name, MembershipRole.role, MembershipRole.given_at, MembershipRole.ended_at)
        .join(Membership, Membership.id == MembershipRole.membership_id)
        .join(Council, Council.id == Membership.council_id)
        .where(Membership.officer_id == officer_id)
        .order_by(MembershipRole.given_at)
    )
    platform = session.execute(
        select(PlatformRole.role, PlatformRole.given_at).where(PlatformRole.officer_id == officer_id)
    )
    sessions = session.execute(
        select(SignInSession.device, SignInSession.created_at, SignInSession.seen_at, SignInSession.ended_at)
        .where(SignInSession.officer_id == officer_id)
        .order_by(SignInSession.created_at)
    )
    security = session.execute(
        select(SecurityEvent.at, SecurityEvent.name, SecurityEvent.source)
        .where(SecurityEvent.officer_id == officer_id)
        .order_by(SecurityEvent.at)
    )
    tokens = session.execute(
        select(
            ApiToken.name, ApiToken.scopes, ApiToken.created_at, ApiToken.expires_at, ApiToken.used_at,
            ApiToken.ended_at,
        )
        .where(ApiToken.officer_id == officer_id)
        .order_by(ApiToken.created_at)
    )  # fmt: skip
    drafts = session.execute(
        select(SavedDraft.path, SavedDraft.content, SavedDraft.saved_at).where(SavedDraft.officer_id == officer_id)
    )
    return {
        "account": {
            "id": account.officer_id, "address": account.address, "name": account.name, "job_title": account.job_title,
            "show_my_name": account.is_named, "others_may_write": account.is_contactable, "language": account.language,
        },
        "places": [dict(row._mapping) for row in places],
        "roles": [dict(row._mapping) for row in roles],
        "platform_roles": [dict(row._mapping) for row in platform],
        "sessions": [dict(row._mapping) for row in sessions],
        "api_tokens": [dict(row._mapping) for row in tokens],
        "security_events": [dict(row._mapping) for row in security],
        "kept_for_you": [dict(row._mapping) for row in drafts],
        "what_you_did": own_events(reading),
    }  # fmt: skip
