"""Knowing a person again by any of their addresses, also where the register learns only later that its domains belong
together. Which they are, `queries/persons.py` says."""

from collections.abc import Callable, Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from pipeline.accounts.models import Officer
from pipeline.accounts.queries.persons import PersonKeys, addresses_at, domains_together, keys_at, keys_of
from pipeline.accounts.rules import Address
from pipeline.db.work import UnitOfWork

KEPT_ELSEWHERE: list[Callable[[Session, PersonKeys], None]] = []
"""What keeps people's keys besides their accounts, and follows when another becomes theirs: layers above add theirs."""


def key_for(work: UnitOfWork, address: Address) -> str:
    """The key of whoever has an address, to be kept with their account. What is kept under one of their other keys is
    theirs from now on: of somebody who was erased since, nothing but that tells."""
    keys = keys_of(work.session, address)
    _bring_together(work.session, keys)
    return keys.key


def know_again(work: UnitOfWork, *, domains: Iterable[str]) -> None:
    """Give everybody at domains that came onto the register, and at those they belong together with, one key.

    The caller has changed the register and recorded it.
    """
    seen: set[str] = set()
    for domain in domains:
        if domain in seen:
            continue
        together = domains_together(work.session, domain)
        seen.update(together)
        for address in addresses_at(work.session, together) if len(together) > 1 else ():
            _bring_together(work.session, keys_at(address, together))


def _bring_together(session: Session, keys: PersonKeys) -> None:
    if not keys.others:
        return
    session.execute(
        update(Officer).where(Officer.person_key.in_(keys.others)).values(person_key=keys.key),
        execution_options={"synchronize_session": False},
    )
    for follow in KEPT_ELSEWHERE:
        follow(session, keys)
