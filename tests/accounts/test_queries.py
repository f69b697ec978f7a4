"""What others may read of officers, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pipeline.accounts import queries
from pipeline.councils.models import CouncilDomain
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import new_id
from tests.factories import Factory

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def test_an_officer_is_named_only_by_their_own_choice(read: Read, make: Factory) -> None:
    named = make.officer(name="Ada", job_title="Analyst", is_named=True)
    unnamed = make.officer(name="Eve")
    former = make.officer(name="Old", is_named=True, erased_at=clock.now())
    nobody = new_id()
    with read(ANONYMOUS) as reading:
        shown = queries.people_shown(reading, [named.id, unnamed.id, former.id, nobody])
    assert (shown[named.id].display_name, shown[named.id].job_title) == ("Ada", "Analyst")
    for officer_id in (unnamed.id, former.id, nobody):
        assert (shown[officer_id].display_name, shown[officer_id].job_title) == (None, None)
    assert str(shown[unnamed.id].instead_of_name) == "An officer"
    assert str(shown[former.id].instead_of_name) == "Former officer"


def test_members_of_a_council_are_listed_for_its_own_people_only(read: Read, make: Factory) -> None:
    here, there = make.council(), make.council()
    member, stranger = make.officer(here, name="Ada"), make.officer(there)
    make.membership(make.officer(), here, is_waiting=True)
    with read(make.actor(member, here)) as reading:
        assert [one.name for one in queries.members_of(reading, here.id)] == ["Ada"]
        with pytest.raises(NotFound):
            queries.members_of(reading, there.id)
    for actor in (ANONYMOUS, make.actor(stranger, there)):
        with read(actor) as reading, pytest.raises(NotFound):
            queries.members_of(reading, here.id)


def test_authorisers_and_admins_are_those_whose_role_and_place_stand(read: Read, make: Factory) -> None:
    council = make.council()
    authoriser, admin = make.officer(council, Role.AUTHORISER), make.officer(council, Role.COUNCIL_ADMIN)
    make.officer(council)
    make.membership(make.officer(), council, Role.AUTHORISER, is_waiting=True)
    with read() as reading:
        assert queries.authorisers_of(reading.session, council.id) == [authoriser.id]
        assert queries.admins_of(reading.session, council.id) == [admin.id]
        assert queries.has_admin(reading.session, council.id)


def test_an_address_is_held_however_it_is_written(read: Read, make: Factory) -> None:
    make.officer(address="ada@northborough.example")
    with read() as reading:
        assert queries.addresses_held(reading.session, {"x@y.uk", "ADA@Northborough.example"})
        assert not queries.addresses_held(reading.session, {"eve@northborough.example"})
        assert not queries.addresses_held(reading.session, set())


def test_an_inferred_domain_only_hints_at_a_council(read: Read, make: Factory) -> None:
    council = make.council()
    make.keep(CouncilDomain(council_id=council.id, domain="guess.example", is_observed=False))
    with read() as reading:
        fit = queries.councils_of_domain(reading.session, "guess.example")
    assert fit.decides == ()
    assert [one.id for one in fit.hints] == [council.id]


def test_a_councils_people_are_for_its_admins_and_coordinators(app: Flask, read: Read, make: Factory) -> None:
    here, there = make.council(), make.council()
    admin, member = make.officer(here, Role.COUNCIL_ADMIN), make.officer(here)
    make.membership(make.officer(), here, is_waiting=True)
    coordinator = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    for actor in (make.actor(admin, here, Role.COUNCIL_ADMIN), coordinator):
        with read(actor) as reading:
            people = queries.people_of_council(reading, here.slug)
        assert (len(people.waiting), len(people.members), people.has_admin) == (1, 2, True)
    for actor in (ANONYMOUS, make.actor(member, here), make.actor(admin, there, Role.COUNCIL_ADMIN)):
        with read(actor) as reading, pytest.raises(NotFound):
            queries.people_of_council(reading, here.slug)


def test_councils_without_an_admin_are_listed_with_who_waits(read: Read, make: Factory) -> None:
    tended, left = make.council("Tended"), make.council("Left")
    make.officer(tended, Role.COUNCIL_ADMIN)
    make.officer(left)
    make.membership(make.officer(), left, is_waiting=True)
    coordinator = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with read(coordinator) as reading:
        found = queries.councils_without_admin(reading)
    assert [(one.council.id, one.waiting, one.members) for one in found] == [(left.id, 1, 1)]
    with read(make.actor(make.officer(left), left)) as reading, pytest.raises(NotFound):
        queries.councils_without_admin(reading)
