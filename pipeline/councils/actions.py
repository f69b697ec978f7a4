"""The verbs of the register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.councils import policy
from pipeline.councils.events import CouncilAdded, CouncilChanged
from pipeline.councils.models import Council, CouncilDomain, CouncilFormerCode, CouncilSuccession
from pipeline.councils.register import OBSERVED, CouncilFacts
from pipeline.councils.succession import take_effect
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.ids import new_id

ALWAYS_TAKEN = (
    "name",
    "short_name",
    "kind",
    "nation",
    "is_principal",
    "is_active",
    "county_code",
    "combined_authority_code",
)
TAKEN_WHERE_GIVEN = ("name_cy", "region", "gss_code", "started_on", "last_day", "website")

DESCRIBING = frozenset({"kind", "nation", "region"})

SHOWN_ELSEWHERE: list[Callable[[Session, UUID], None]] = []
"""What must know when facts of a council change that are shown with other things: layers above add theirs."""


@dataclass(slots=True)
class Imported:
    """What an import did, in numbers of councils; those whose kind, nation or region changed, which conditions of
    pledges speak of; and the e-mail domains that councils got."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    described_anew: list[UUID] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Kept:
    """Former codes, and e-mail domains by council, that are on the register."""

    codes: set[str]
    domains: set[tuple[UUID, str]]

    def lacks(self, council: Council, facts: CouncilFacts) -> set[str]:
        """The names of the facts of which a council has not all."""
        lacking = set()
        if any(code not in self.codes and code != facts.gss_code for code in facts.former_gss_codes):
            lacking.add("former_gss_codes")
        if any((council.id, domain) not in self.domains for domain in facts.domains):
            lacking.add("domains")
        return lacking


def import_councils(work: UnitOfWork, *, facts: Iterable[CouncilFacts], is_made_up: bool = False) -> Imported:
    """Bring the register up to date with facts: add councils, change what differs, say who followed whom.

    Nothing is ever taken away, and domains and websites are only added. Importing the same again changes nothing. An
    active council whose first day is yet to come is kept inactive until then.
    """
    work.require(policy.may_import_councils(work.actor))
    rows = list(facts)
    known = {council.authority_code: council for council in work.session.scalars(select(Council))}
    slugs = {council.slug for council in known.values()}
    kept = _kept(work)
    imported = Imported()
    added: list[Council] = []
    for one in rows:
        council = known.get(one.authority_code)
        if council is None:
            council = known[one.authority_code] = _new_council(one, slugs, uk_date(work.now), is_made_up=is_made_up)
            work.add(council)
            added.append(council)
            imported.added += 1
        elif changed := _change(work, council, one, kept.lacks(council, one)):
            imported.changed += 1
            if changed & DESCRIBING:
                imported.described_anew.append(council.id)
        else:
            imported.unchanged += 1
    work.session.flush()
    for council in added:
        work.record(CouncilAdded(council_id=council.id), council_id=council.id)
    imported.domains = _keep_codes_and_domains(work, rows, known, kept)
    _keep_successions(work, rows, known)
    return imported


def _new_council(facts: CouncilFacts, slugs: set[str], today: date, *, is_made_up: bool) -> Council:
    slug, number = facts.slug, 2
    while slug in slugs:
        slug, number = f"{facts.slug}-{number}", number + 1
    slugs.add(slug)
    values = {name: getattr(facts, name) for name in (*ALWAYS_TAKEN, *TAKEN_WHERE_GIVEN)}
    values["is_active"] = _is_active(facts, today)
    return Council(id=new_id(), slug=slug, authority_code=facts.authority_code, is_made_up=is_made_up, **values)


def _is_active(facts: CouncilFacts, today: date) -> bool:
    """Whether the council exists today: a current one whose last day has not passed and whose first has come."""
    has_begun = facts.started_on is None or facts.started_on <= today
    has_ended = facts.last_day is not None and facts.last_day < today
    return (facts.is_active or (facts.last_day is not None and not has_ended)) and has_begun and not has_ended


def _change(work: UnitOfWork, council: Council, facts: CouncilFacts, lacking: set[str]) -> set[str]:
    """Take over what differs, and say so, also of what it lacks and gets by itself. Returns the names of what did."""
    changes: dict[str, Any] = dict.fromkeys(sorted(lacking))
    for name in (*ALWAYS_TAKEN, *TAKEN_WHERE_GIVEN):
        old = getattr(council, name)
        new = _is_active(facts, uk_date(work.now)) if name == "is_active" else getattr(facts, name)
        if new == old or (new in (None, "") and name in TAKEN_WHERE_GIVEN):
            continue
        changes[name] = [old, new]
        setattr(council, name, new)
    if not changes:
        return set()
    if "gss_code" in changes and changes["gss_code"][0]:
        work.session.merge(CouncilFormerCode(code=changes["gss_code"][0], council_id=council.id))
    council.edited()
    council.updated_at = work.now
    for told in SHOWN_ELSEWHERE:
        told(work.session, council.id)
    work.record(CouncilChanged(council_id=council.id, changes=_without_text(changes)), council_id=council.id)
    return set(changes)


def _without_text(changes: dict[str, Any]) -> dict[str, Any]:
    """Names are text: the event says that they changed, not what they say."""
    return {name: (None if "name" in name or name == "website" else pair) for name, pair in changes.items()}


def _kept(work: UnitOfWork) -> _Kept:
    codes = work.session.scalars(select(CouncilFormerCode.code))
    domains = work.session.execute(select(CouncilDomain.council_id, CouncilDomain.domain))
    return _Kept(set(codes), {(row.council_id, row.domain) for row in domains})


def _keep_codes_and_domains(
    work: UnitOfWork, rows: list[CouncilFacts], known: dict[str | None, Council], kept: _Kept
) -> list[str]:
    """Add the former codes and e-mail domains that are not there yet. Returns the domains."""
    added = []
    for one in rows:
        council_id = known[one.authority_code].id
        for code in one.former_gss_codes:
            if code not in kept.codes and code != one.gss_code:
                kept.codes.add(code)
                work.add(CouncilFormerCode(code=code, council_id=council_id))
        for domain in one.domains:
            if (council_id, domain) not in kept.domains:
                kept.domains.add((council_id, domain))
                added.append(domain)
                is_observed = one.domain_basis == OBSERVED
                work.add(
                    CouncilDomain(
                        council_id=council_id, domain=domain, is_observed=is_observed, source=one.domain_source
                    )
                )
    work.session.flush()
    return added


def _keep_successions(work: UnitOfWork, rows: list[CouncilFacts], known: dict[str | None, Council]) -> None:
    kept = set(work.session.execute(select(CouncilSuccession.predecessor_id, CouncilSuccession.successor_id)))
    for one in rows:
        council = known[one.authority_code]
        successors = [known[code].id for code in one.successors if code in known and code != one.authority_code]
        new = [successor for successor in successors if (council.id, successor) not in kept]
        for successor_id in new:
            work.add(CouncilSuccession(predecessor_id=council.id, successor_id=successor_id))
        if new:
            work.session.flush()
            _touch(work, council.id, *new)
            take_effect(work, predecessor_id=council.id)


def _touch(work: UnitOfWork, *council_ids: UUID) -> None:
    """Raise the revision of councils whose public representation changed with another's."""
    for council_id in council_ids:
        council = work.session.get_one(Council, council_id)
        council.revision += 1
        council.updated_at = work.now
