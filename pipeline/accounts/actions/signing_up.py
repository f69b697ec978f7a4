"""Making an account, and showing that the address is one's own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.accounts import policy
from pipeline.accounts.actions.joining import end_places_that_do_not_fit, place_by_address
from pipeline.accounts.actions.links import end_links, give_link, use_link
from pipeline.accounts.actions.persons import key_for
from pipeline.accounts.actions.signing_in import end_sessions
from pipeline.accounts.events import (
    OfficerAddressChanged,
    OfficerLinkAsked,
    OfficerSignedUp,
    OfficerSignUpRepeated,
    OfficerVerified,
)
from pipeline.accounts.models import Officer, OneTimeLink
from pipeline.accounts.queries.places import councils_of_domain
from pipeline.accounts.rules import SEND_AGAIN_AFTER, Address, LinkPurpose, address_from
from pipeline.db.outbox import OutboxMessage, queue_message
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _


def sign_up(
    work: UnitOfWork,
    *,
    address: Address,
    name: str,
    job_title: str,
    password_hash: str,
    language: str,
    secret_key: str,
) -> None:
    """Make an account that counts once its address is verified.

    For an address that has a verified account nothing changes but that its owner is told by mail; for one that was
    never verified the newest details stand. The caller learns nothing of either. Raises NotAllowed.
    """
    work.require(policy.may_sign_up(work.actor))
    officer_id = _insert_officer(work, address, name, job_title, password_hash, language)
    if officer_id is not None:
        give_link(work, officer_id, LinkPurpose.VERIFY, address.text, secret_key=secret_key)
        work.record(OfficerSignedUp(officer_id=officer_id))
        return
    officer = work.session.scalars(select(Officer).where(Officer.address == address.text).with_for_update()).one()
    if officer.verified_at is not None:
        tell_of_repeated_sign_up(work, officer)
        return
    officer.name, officer.job_title, officer.language = name, job_title, language
    officer.password_hash = password_hash
    officer.edited()
    give_link(work, officer.id, LinkPurpose.VERIFY, address.text, secret_key=secret_key)
    work.record(OfficerSignedUp(officer_id=officer.id))


def _insert_officer(
    work: UnitOfWork, address: Address, name: str, job_title: str, password_hash: str, language: str
) -> UUID | None:
    """A new officer's id, or None when the address has an account: also when it got one a moment ago."""
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = work.session.execute(
        insert(Officer)
        .values(
            id=new_id(), address=address.text, person_key=key_for(work, address), name=name, job_title=job_title,
            password_hash=password_hash, language=language, created_at=work.now, is_named=False, version=1, revision=1,
        )
        .on_conflict_do_nothing(index_elements=["address"])
        .returning(Officer.id)
    ).first()  # fmt: skip
    return made.id if made else None


def tell_of_repeated_sign_up(work: UnitOfWork, officer: Officer) -> None:
    """Mail the owner of an address that somebody gave it for a new account, at most once a minute."""
    recent = select(OutboxMessage.id).where(
        OutboxMessage.officer_id == officer.id, OutboxMessage.kind == "account.already_here",
        OutboxMessage.created_at > work.now - SEND_AGAIN_AFTER,
    )  # fmt: skip
    if work.session.execute(recent.limit(1)).first() is None:
        queue_message(work.session, kind="account.already_here", officer_id=officer.id, payload={}, now=work.now)
    work.record(OfficerSignUpRepeated(officer_id=officer.id))


def ask_link_again(work: UnitOfWork, *, officer_id: UUID, secret_key: str) -> None:
    """Send another link to verify an address, to somebody who gave the right password. Raises NotAllowed."""
    work.require(policy.may_use_link(work.actor))
    officer = work.session.get_one(Officer, officer_id, with_for_update=True)
    give_link(work, officer.id, LinkPurpose.VERIFY, officer.address, secret_key=secret_key)
    work.record(OfficerLinkAsked(officer_id=officer.id, purpose=LinkPurpose.VERIFY.value))


def verify_address(work: UnitOfWork, *, token: str, checked_hash: str, council_id: UUID | None = None) -> UUID:
    """Use up the link that was mailed to an address, and return its officer's id.

    `checked_hash` is the hash the password was found to match before this work: whoever verifies an address knows the
    password of the account, so nobody can have a stranger's sign-up verified by its true owner. The address decides the
    council; `council_id` is the choice where it fits several.
    Raises Gone, NotAllowed, RuleBroken("membership.choose"), Conflict("account.password_changed" |
    "account.address_taken").
    """
    work.require(policy.may_use_link(work.actor))
    link, officer = use_link(work, token, LinkPurpose.VERIFY, LinkPurpose.ADDRESS)
    if officer.password_hash != checked_hash:
        words = Words(_("The password was changed a moment ago. Use the newest one."))
        raise Conflict("account.password_changed", words, field="password")
    if link.purpose == LinkPurpose.ADDRESS:
        _take_address(work, officer, link)
    if officer.verified_at is None:
        officer.verified_at = work.now
        work.record(OfficerVerified(officer_id=officer.id))
    end_links(work, officer.id, LinkPurpose.VERIFY, LinkPurpose.ADDRESS)
    place_by_address(work, officer, council_id)
    return officer.id


def _take_address(work: UnitOfWork, officer: Officer, link: OneTimeLink) -> None:
    """Give an officer the new address they verified; the old one is told, and every session ends."""
    address = address_from(link.address)
    if address is None or work.session.scalar(select(Officer.id).where(Officer.address == link.address)) is not None:
        words = Words(_("This address has an account of its own. Use another."))
        raise Conflict("account.address_taken", words)
    old = officer.address
    officer.address, officer.person_key = address.text, key_for(work, address)
    officer.edited()
    queue_message(
        work.session, kind="account.address_changed", officer_id=officer.id, payload={}, now=work.now, address=old
    )
    end_places_that_do_not_fit(work, officer, councils_of_domain(work.session, address.domain))
    end_sessions(work.session, officer.id, "address changed", work.now)
    work.record(OfficerAddressChanged(officer_id=officer.id))
