"""A new password for somebody who cannot sign in."""

from uuid import UUID

from sqlalchemy import select

from pipeline.accounts import policy
from pipeline.accounts.actions.joining import place_by_address
from pipeline.accounts.actions.links import end_links, give_link, use_link
from pipeline.accounts.actions.signing_in import end_sessions, note
from pipeline.accounts.actions.tokens import end_tokens
from pipeline.accounts.events import OfficerLinkAsked, OfficerPasswordChanged, OfficerVerified
from pipeline.accounts.models import Officer
from pipeline.accounts.rules import Address, LinkPurpose
from pipeline.accounts.tokens import WhyEnded
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork


def ask_reset(work: UnitOfWork, *, address: Address | None, secret_key: str, source: str | None = None) -> None:
    """Mail a link for a new password to an address that has an account. The caller learns nothing of whether it has.

    For an address without one a security event is written instead: as much work, and as slow. Raises NotAllowed.
    """
    work.require(policy.may_ask_reset(work.actor))
    officer = None
    if address is not None:
        officer = work.session.scalars(
            select(Officer).where(Officer.address == address.text, Officer.erased_at.is_(None)).with_for_update()
        ).first()
    note(work.session, "reset.asked", work.now, officer_id=officer.id if officer else None, source=source)
    nobody = UUID(int=0)  # as the subject of an event that must be written, or the answer would be quicker
    if officer is not None:
        give_link(work, officer.id, LinkPurpose.RESET, officer.address, secret_key=secret_key)
    asked = OfficerLinkAsked(officer_id=officer.id if officer else nobody, purpose=LinkPurpose.RESET.value)
    work.record(asked)


def reset_password(work: UnitOfWork, *, token: str, password_hash: str, source: str | None = None) -> None:
    """Set a new password with the link that was mailed. It verifies the address as well; every session and token ends.

    Raises Gone, NotAllowed.
    """
    work.require(policy.may_use_link(work.actor))
    _link, officer = use_link(work, token, LinkPurpose.RESET)
    officer.password_hash = password_hash
    officer.edited()
    end_links(work, officer.id)
    end_sessions(work.session, officer.id, "password changed", work.now)
    if officer.verified_at is None:
        officer.verified_at = work.now
        work.record(OfficerVerified(officer_id=officer.id))
        place_by_address(work, officer, None)
    note(work.session, "password.reset", work.now, officer_id=officer.id, source=source)
    queue_message(work.session, kind="account.password_changed", officer_id=officer.id, payload={}, now=work.now)
    work.record(OfficerPasswordChanged(officer_id=officer.id, by_link=True))
    end_tokens(work, officer.id, WhyEnded.PASSWORD)
