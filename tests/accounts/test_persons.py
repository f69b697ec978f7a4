"""Who is one person, on both databases: the same name at any domain of one council, whatever the register learns."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from pipeline.accounts import actions
from pipeline.accounts.actions.persons import know_again
from pipeline.accounts.models import Officer
from pipeline.accounts.queries.persons import domains_together, keys_of
from pipeline.accounts.rules import Address
from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.councils.models import Council, CouncilDomain
from pipeline.db.engine import WRITES, database
from pipeline.kernel.actor import Channel, system
from pipeline.pledges.models import Pledge
from tests.factories import Factory, key_of

pytestmark = pytest.mark.database

Work = Callable[..., Any]
OPERATOR = system("tests", Channel.COMMAND)
HARTLEPOOL = next(one for one in register.rows() if one.slug == "hartlepool")


def keys_at(app: Flask, *addresses: str) -> list[str]:
    with app.app_context():
        split = (address.split("@") for address in addresses)
        return [keys_of(database.session(), Address(local, domain)).key for local, domain in split]


def key_kept(make: Factory, row: Officer | Pledge) -> str:
    with make.session() as session:
        return session.get_one(type(row), row.id).person_key


def add_domain(make: Factory, council: Council, domain: str) -> None:
    make.keep(CouncilDomain(council_id=council.id, domain=domain, is_observed=True))


def sign_up(work: Work, address: Address) -> None:
    with work() as unit:
        actions.sign_up(
            unit, address=address, name="Jo", job_title="Analyst", password_hash="$hash", language="en",
            secret_key="a secret for tests",
        )  # fmt: skip


def test_one_name_at_any_domain_of_a_council_is_one_person_and_elsewhere_another(app: Flask, make: Factory) -> None:
    make.council("Redditch", domains=("redditch.example", "shared.example"))
    make.council("Bromsgrove", domains=("shared.example",))
    make.council("Elsewhere", domains=("elsewhere.example",))
    redditch, shared, elsewhere, other = keys_at(
        app, "jo.smith@redditch.example", "josmith+two@shared.example", "jo.smith@elsewhere.example",
        "sam@redditch.example",
    )  # fmt: skip
    assert redditch == shared
    assert len({redditch, elsewhere, other}) == 3


def test_domains_belong_together_by_every_council_that_shares_them_but_not_by_a_combined_authority(
    app: Flask, make: Factory
) -> None:
    make.council("A", domains=("a.example", "ab.example"))
    make.council("B", domains=("ab.example", "bc.example"))
    make.council("C", domains=("bc.example", "c.example"), is_active=False)
    make.council("All", domains=("c.example", "d.example"), kind="combined authority")
    make.council("D", domains=("d.example",))
    with app.app_context():
        for domain in ("a.example", "ab.example", "c.example"):
            found = domains_together(database.session(), domain)
            assert list(found) == ["a.example", "ab.example", "bc.example", "c.example"]
        assert list(domains_together(database.session(), "d.example")) == ["d.example"]
        assert list(domains_together(database.session(), "nobodys.example")) == ["nobodys.example"]


def test_who_signs_up_or_changes_to_another_domain_of_the_council_keeps_one_key(
    app: Flask, work: Work, make: Factory
) -> None:
    make.council("Giver", domains=("a-giver.example", "giver.example"))
    for domain in ("giver.example", "a-giver.example"):
        sign_up(work, Address("jo.smith", domain))
    with make.session() as session:
        assert len(set(session.scalars(select(Officer.person_key)))) == 1


def test_when_the_register_gains_a_domain_everybody_known_by_it_is_known_again(
    app: Flask, work: Work, make: Factory
) -> None:
    with work(OPERATOR) as unit:
        import_councils(unit, facts=[HARTLEPOOL])
    own = HARTLEPOOL.domains[0]
    jo = make.officer(address=f"jo@{own}")
    twin = make.officer(address="j.o@a-new-name.example")
    other = make.officer(address="sam@a-new-name.example")
    with make.session() as session:
        council = session.scalars(select(Council)).one()
    pledge = make.pledge(make.need(make.project(make.council())), council, jo)

    with work(OPERATOR) as unit:
        facts = replace(HARTLEPOOL, domains=(own, "a-new-name.example"))
        imported = import_councils(unit, facts=[facts])
        know_again(unit, domains=imported.domains)
    assert (imported.changed, imported.domains) == (1, ["a-new-name.example"])

    assert key_kept(make, jo) == key_kept(make, twin) == key_of("jo@a-new-name.example")
    assert key_kept(make, other) == key_of("sam@a-new-name.example")
    assert key_kept(make, pledge) == key_kept(make, jo)


def test_who_was_erased_before_the_register_knew_of_the_other_domain_is_known_again(
    app: Flask, work: Work, make: Factory
) -> None:
    giver = make.council("Giver", domains=("giver.example",))
    jo = make.officer(giver, address="jo@giver.example")
    pledge = make.pledge(make.need(make.project(make.council())), giver, jo)
    with work(system("erase officers")) as unit:
        actions.erase_officer(unit, officer_id=jo.id)
    add_domain(make, giver, "a-giver.example")

    sign_up(work, Address("jo", "giver.example"))

    with make.session() as session:
        twin = session.scalars(select(Officer).where(Officer.erased_at.is_(None))).one()
        assert session.get_one(Pledge, pledge.id).person_key == twin.person_key == key_of("jo@a-giver.example")


def test_the_migration_gives_those_who_are_there_the_key_they_would_get_now(app: Flask, make: Factory) -> None:
    giver = make.council("Giver", domains=("giver.example", "shared.example"))
    make.council("Neighbour", domains=("shared.example", "a-neighbour.example"))
    make.council("Both", domains=("giver.example", "other.example"), kind="combined authority")
    addresses = ("jo.smith@giver.example", "josmith+x@shared.example", "joe@a-neighbour.example", "jo@other.example")
    officers = [make.officer(address=address) for address in addresses]
    pledge = make.pledge(make.need(make.project(make.council())), giver, officers[0])
    before = key_kept(make, officers[3])

    with app.app_context(), database.engine.execution_options(**{WRITES: True}).begin() as connection:
        _migration().know_again(connection)

    assert [key_kept(make, one) for one in officers] == keys_at(app, *addresses)
    assert key_kept(make, officers[0]) == key_kept(make, officers[1]) == key_of("josmith@a-neighbour.example")
    assert key_kept(make, officers[3]) == before
    assert key_kept(make, pledge) == key_kept(make, officers[0])


def _migration() -> ModuleType:
    path = ROOT / "migrations" / "versions" / "0009_one_person_at_a_council.py"
    spec = importlib.util.spec_from_file_location("one_person_at_a_council", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
