"""One-time links: given, and used up. 256 bits, hashed, once, one hour; a newer one ends the older."""

from uuid import UUID

from sqlalchemy import select, update

from pipeline.accounts.models import Officer, OneTimeLink
from pipeline.accounts.rules import LINK_LASTS, SEND_AGAIN_AFTER, LinkPurpose, hash_of, link_token
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Gone
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _

MAIL = {
    LinkPurpose.VERIFY: "account.verify",
    LinkPurpose.ADDRESS: "account.verify",
    LinkPurpose.RESET: "account.reset",
}
"""Which message carries the link of each purpose."""


def give_link(work: UnitOfWork, officer_id: UUID, purpose: LinkPurpose, address: str, *, secret_key: str) -> None:
    """Owe somebody a mail with a one-time link to `address`, and end the older links of the same purpose.

    Nothing is sent while a link to the same address is younger than a minute.
    """
    standing = (OneTimeLink.officer_id == officer_id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
    newest = select(OneTimeLink.id).where(
        *standing, OneTimeLink.address == address, OneTimeLink.created_at > work.now - SEND_AGAIN_AFTER
    )
    if work.session.execute(newest.limit(1)).first() is not None:
        return
    end_links(work, officer_id, purpose)
    link_id = new_id()
    work.add(
        OneTimeLink(
            id=link_id, officer_id=officer_id, purpose=purpose.value, address=address, created_at=work.now,
            token_hash=hash_of(link_token(secret_key, link_id)), expires_at=work.now + LINK_LASTS,
        )
    )  # fmt: skip
    queue_message(
        work.session, kind=MAIL[purpose], officer_id=officer_id, payload={"link_id": str(link_id)}, now=work.now,
        address=address,
    )  # fmt: skip


def end_links(work: UnitOfWork, officer_id: UUID, *purposes: LinkPurpose) -> None:
    """End the standing links of an officer, all or those of some purposes."""
    ended = update(OneTimeLink).where(OneTimeLink.officer_id == officer_id, OneTimeLink.used_at.is_(None))
    if purposes:
        ended = ended.where(OneTimeLink.purpose.in_([purpose.value for purpose in purposes]))
    work.session.execute(ended.values(used_at=work.now), execution_options={"synchronize_session": False})


def use_link(work: UnitOfWork, token: str, *purposes: LinkPurpose) -> tuple[OneTimeLink, Officer]:
    """Use a link up, and return it with its officer, both locked. Raises Gone when it does not work any more."""
    link = work.session.scalars(
        select(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_of(token), OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > work.now,
            OneTimeLink.purpose.in_([purpose.value for purpose in purposes]),
        )
        .with_for_update()
    ).first()  # fmt: skip
    if link is None:
        raise link_gone()
    link.used_at = work.now
    officer = work.session.get_one(Officer, link.officer_id, with_for_update=True)
    if officer.erased_at is not None:
        raise link_gone()
    return link, officer


def link_gone() -> Gone:
    """The refusal of a link that was used, replaced or is too old, or that never was."""
    return Gone("link.gone", Words(_("This link does not work any more. Links work once, and for one hour.")))
