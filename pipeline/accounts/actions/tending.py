"""What an officer does with their own account: details, password, address, and being erased."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.accounts import policy
from pipeline.accounts.actions.joining import end_all_places
from pipeline.accounts.actions.links import end_links, give_link
from pipeline.accounts.actions.signing_in import end_sessions, note
from pipeline.accounts.actions.signing_up import tell_of_repeated_sign_up
from pipeline.accounts.actions.tokens import end_tokens
from pipeline.accounts.events import (
    OfficerChanged,
    OfficerErased,
    OfficerErasureAsked,
    OfficerErasureUndone,
    OfficerLinkAsked,
    OfficerNamed,
    OfficerPasswordChanged,
)
from pipeline.accounts.models import ApiToken, Officer, PlatformRole, SavedDraft, SecurityEvent, SignInSession
from pipeline.accounts.passwords import UNUSABLE
from pipeline.accounts.rules import UNDO_ERASURE, Address, EndedBecause, LinkPurpose, details_problems
from pipeline.accounts.tokens import WhyEnded
from pipeline.db.outbox import OutboxMessage, queue_message
from pipeline.db.refusals import forget_refusal
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _

SHOWN_ELSEWHERE: list[Callable[[Session, UUID], None]] = []
"""What must know when an officer is shown otherwise (named, or no longer): layers above add theirs."""


def change_details(
    work: UnitOfWork, *, name: str, job_title: str, is_named: bool, language: str, version: int,
    is_contactable: bool = True,
) -> None:  # fmt: skip
    """Change one's name, job title and language, whether name and job title show, and whether others may write.

    Raises NotFound, NotAllowed, RuleBroken (text.holds_address), Conflict("account.stale").
    """
    officer = _own(work)
    problems = details_problems(name, job_title)
    if problems:
        raise RuleBroken(*problems)
    if officer.version != version:
        words = Words(_("Your details were changed somewhere else meanwhile. Look at them and try again."))
        raise Conflict("account.stale", words)
    new = {"name": name, "job_title": job_title, "language": language, "is_contactable": is_contactable}
    changed = [field for field, value in new.items() if getattr(officer, field) != value]
    for field in changed:
        setattr(officer, field, new[field])
    if changed:
        work.record(OfficerChanged(officer_id=officer.id, fields=changed))
    if officer.is_named != is_named:
        work.record(OfficerNamed(officer_id=officer.id, changes={"is_named": [officer.is_named, is_named]}))
        officer.is_named = is_named
        changed.append("is_named")
    if changed:
        officer.edited()
        _tell_elsewhere(work, officer.id)


def _tell_elsewhere(work: UnitOfWork, officer_id: UUID) -> None:
    for told in SHOWN_ELSEWHERE:
        told(work.session, officer_id)


def change_password(work: UnitOfWork, *, checked_hash: str, password_hash: str, source: str | None = None) -> None:
    """Set another password for oneself. Every session ends, this one too: the entry point starts a new one. So does
    every token.

    `checked_hash` is the hash the present password was found to match before this work.
    Raises NotFound, NotAllowed, Conflict("account.password_changed").
    """
    officer = _own(work)
    _check_unchanged(officer, checked_hash)
    officer.password_hash = password_hash
    officer.edited()
    end_links(work, officer.id)
    end_sessions(work.session, officer.id, "password changed", work.now)
    note(work.session, "password.changed", work.now, officer_id=officer.id, source=source)
    queue_message(work.session, kind="account.password_changed", officer_id=officer.id, payload={}, now=work.now)
    work.record(OfficerPasswordChanged(officer_id=officer.id, by_link=False))
    end_tokens(work, officer.id, WhyEnded.PASSWORD)


def ask_other_address(
    work: UnitOfWork, *, address: Address, checked_hash: str, secret_key: str, source: str | None = None
) -> None:
    """Mail a link to a new address of one's own. Nothing changes until it is used; the page says the same either way.

    Raises NotFound, NotAllowed, RuleBroken("account.same_address"), Conflict("account.password_changed").
    """
    officer = _own(work)
    _check_unchanged(officer, checked_hash)
    if address.text == officer.address:
        raise RuleBroken(Problem("account.same_address", Words(_("This is your address already")), "address"))
    holder = work.session.scalars(select(Officer).where(Officer.address == address.text)).first()
    if holder is None:
        give_link(work, officer.id, LinkPurpose.ADDRESS, address.text, secret_key=secret_key)
    elif holder.verified_at is not None:
        tell_of_repeated_sign_up(work, holder)
    note(work.session, "address.change_asked", work.now, officer_id=officer.id, source=source)
    work.record(OfficerLinkAsked(officer_id=officer.id, purpose=LinkPurpose.ADDRESS.value))


def ask_erasure(work: UnitOfWork, *, checked_hash: str, source: str | None = None) -> None:
    """Ask to be erased in seven days. Raises NotFound, NotAllowed, Conflict("account.password_changed")."""
    officer = _own(work)
    _check_unchanged(officer, checked_hash)
    if officer.erase_at is None:
        officer.erase_at = work.now + UNDO_ERASURE
        officer.edited()
        note(work.session, "erasure.asked", work.now, officer_id=officer.id, source=source)
        work.record(OfficerErasureAsked(officer_id=officer.id))


def undo_erasure(work: UnitOfWork) -> None:
    """Stay after all. Raises NotFound, NotAllowed."""
    officer = _own(work)
    if officer.erase_at is not None:
        officer.erase_at = None
        officer.edited()
        work.record(OfficerErasureUndone(officer_id=officer.id))


def erase_officer(work: UnitOfWork, *, officer_id: UUID) -> None:
    """Empty an officer's row. Places, roles, sessions, links, drafts and mail go; what the council pledged stands.

    The event log names people by id only, so no event changes. Raises NotFound, NotAllowed.
    """
    work.require(policy.may_forget_account(work.actor))
    officer = work.session.get(Officer, officer_id, with_for_update=True)
    if officer is None or officer.erased_at is not None:
        raise NotFound("officer")
    end_all_places(work, officer.id, EndedBecause.ERASED)
    for table in (PlatformRole, SignInSession, SavedDraft, ApiToken):
        work.session.execute(delete(table).where(table.officer_id == officer.id))
    waiting = OutboxMessage.sent_at.is_(None)
    work.session.execute(delete(OutboxMessage).where(OutboxMessage.officer_id == officer.id, waiting))
    work.session.execute(
        update(SecurityEvent).where(SecurityEvent.officer_id == officer.id).values(officer_id=None, source=None),
        execution_options={"synchronize_session": False},
    )
    forget_links(work, officer.id)
    gone = f"erased-{officer.id}"
    forget_refusal(work.session, officer.address)
    officer.address = officer.person_key = gone
    officer.password_hash, officer.name, officer.job_title, officer.is_named = UNUSABLE, "", "", False
    _tell_elsewhere(work, officer.id)
    officer.verified_at, officer.second_factor_at, officer.erase_at = None, None, None
    officer.erased_at = work.now
    officer.edited()
    work.record(OfficerErased(officer_id=officer.id))


def forget_links(work: UnitOfWork, officer_id: UUID) -> None:
    """Delete an officer's one-time links, with the addresses they were sent to."""
    from pipeline.accounts.models import OneTimeLink

    work.session.execute(delete(OneTimeLink).where(OneTimeLink.officer_id == officer_id))


def _own(work: UnitOfWork) -> Officer:
    officer = work.session.get(Officer, work.actor.officer_id, with_for_update=True) if work.actor.officer_id else None
    if officer is None or officer.erased_at is not None:
        raise NotFound("account")
    work.require(policy.may_change_account(work.actor, officer.id))
    return officer


def _check_unchanged(officer: Officer, checked_hash: str) -> None:
    if officer.password_hash != checked_hash:
        words = Words(_("Your password was changed a moment ago. Use the newest one."))
        raise Conflict("account.password_changed", words, field="current_password")
