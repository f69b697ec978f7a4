"""Who is one person: addresses that differ only in dots, in a +tag, or in which of their council's domains they are at.

A council has several domains where it changed its name, or shares one with a neighbour. Mail to the same name at any of
them often reaches one mailbox, and whoever has that can have an account for each: so they are one person to every rule
that asks whether somebody acts for themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, or_, select
from sqlalchemy.orm import Session, aliased

from pipeline.accounts.models import Officer, PlatformRole
from pipeline.accounts.rules import UNDECIDING_KINDS, Address, address_from
from pipeline.councils.models import Council, CouncilDomain


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """What tells a person: `key` is kept with what they do. `others` are what it would be at their council's other
    domains; something may have been kept under those before the register knew that the domains belong together."""

    key: str
    others: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.others | {self.key}


def keys_of(session: Session, address: Address) -> PersonKeys:
    """What tells whoever has an address: one or two queries."""
    return keys_at(address, domains_together(session, address.domain))


def keys_at(address: Address, domains: Sequence[str]) -> PersonKeys:
    """What tells whoever has an address, where its domain belongs together with these, in their order."""
    key, *others = (address.key_at(domain) for domain in domains)
    return PersonKeys(key, frozenset(others))


def domains_together(session: Session, domain: str) -> Sequence[str]:
    """A domain and every one that belongs together with it, by name: those of the councils it is a domain of, and so on
    where several councils share one.

    A combined authority uses those of its members, who are no less apart for it: its own do not count.
    """
    found = {domain}
    own, other = aliased(CouncilDomain), aliased(CouncilDomain)
    while True:
        query = (
            select(other.domain)
            .join(own, own.council_id == other.council_id)
            .join(Council, Council.id == own.council_id)
            .where(own.domain.in_(sorted(found)), Council.kind.not_in(sorted(UNDECIDING_KINDS)))
            .distinct()
        )
        more = set(session.scalars(query)) - found
        if not more:
            return sorted(found)
        found |= more


def own_key(officer_id: UUID | None) -> ScalarSelect[str]:
    """The key of an officer, within a statement."""
    return select(Officer.person_key).where(Officer.id == officer_id).correlate(None).scalar_subquery()


def has_platform_role(person_key: Any) -> ColumnElement[bool]:
    """Whether the person with a key has a role on the whole platform, by any account of theirs."""
    same = aliased(Officer)
    return exists().where(PlatformRole.officer_id == same.id, same.person_key == person_key)


def addresses_at(session: Session, domains: Iterable[str]) -> list[Address]:
    """The addresses of everybody with an account at some domains."""
    at_one = or_(*(Officer.address.endswith(f"@{domain}", autoescape=True) for domain in domains))
    read = (address_from(text) for text in session.scalars(select(Officer.address).where(at_one)))
    return [address for address in read if address is not None]
