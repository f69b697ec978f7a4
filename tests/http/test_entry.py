"""Who may enter a route: every route says so, and the request fails where one does not. On both databases."""

import pytest
from flask import Flask

from pipeline.http.entry import Entry
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

YES, NO, SIGN_IN = 200, 403, 303

TABLE: dict[str, dict[Entry, int]] = {
    "nobody": {
        Entry.ANYONE: YES, Entry.OFFICER: SIGN_IN, Entry.MEMBER: SIGN_IN, Entry.COUNCIL_ADMIN: SIGN_IN,
        Entry.COORDINATOR: SIGN_IN, Entry.PLATFORM_ADMIN: SIGN_IN,
    },
    "an officer without a council": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: NO, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: NO,
    },
    "an officer who waits to be let in": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: NO, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: NO,
    },
    "a member": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: YES, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: NO,
    },
    "an authoriser": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: YES, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: NO,
    },
    "a council admin": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: YES, Entry.COUNCIL_ADMIN: YES, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: NO,
    },
    "a coordinator": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: NO, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: YES,
        Entry.PLATFORM_ADMIN: NO,
    },
    "a platform admin": {
        Entry.ANYONE: YES, Entry.OFFICER: YES, Entry.MEMBER: NO, Entry.COUNCIL_ADMIN: NO, Entry.COORDINATOR: NO,
        Entry.PLATFORM_ADMIN: YES,
    },
}  # fmt: skip

ROLES = {
    "a member": (), "an authoriser": (Role.AUTHORISER,), "a council admin": (Role.COUNCIL_ADMIN,),
    "a coordinator": (Role.COORDINATOR,), "a platform admin": (Role.PLATFORM_ADMIN,),
}  # fmt: skip


def become(who: str, make: Factory, visitor: CheckedClient) -> None:
    """Sign in as one of the people of the table."""
    if who == "nobody":
        return
    if who == "an officer without a council":
        make.signed_in(visitor, make.officer())
        return
    council = make.council()
    if who == "an officer who waits to be let in":
        officer = make.officer()
        make.membership(officer, council, is_waiting=True)
    else:
        has_council = who not in ("a coordinator", "a platform admin")
        officer = make.officer(council if has_council else None, *ROLES[who])
    make.signed_in(visitor, officer)


@pytest.mark.parametrize("who", TABLE)
@pytest.mark.parametrize("entry", Entry)
def test_each_entry_lets_in_whom_it_names(
    make: Factory, visitor: CheckedClient, site: Flask, who: str, entry: Entry
) -> None:
    if "accounts.sign_in" not in site.view_functions and TABLE[who][entry] == SIGN_IN:
        pytest.skip("there is no page to sign in on")
    become(who, make, visitor)

    assert visitor.get(f"/tests/for/{entry}").status_code == TABLE[who][entry]


def test_a_route_that_does_not_say_who_may_enter_lets_nobody_in(visitor: CheckedClient) -> None:
    assert visitor.get("/tests/unsaid").status_code == 500


def test_whoever_must_sign_in_first_is_brought_back_afterwards(visitor: CheckedClient, site: Flask) -> None:
    if "accounts.sign_in" not in site.view_functions:
        pytest.skip("there is no page to sign in on")

    answer = visitor.get("/tests/for/officer?a=1&b=2")

    assert answer.headers["Location"] == "/sign-in?next=/tests/for/officer?a%3D1%26b%3D2"


def test_a_role_in_one_council_is_none_in_another(make: Factory, visitor: CheckedClient) -> None:
    one, other = make.council(), make.council()
    officer = make.officer(one, Role.COUNCIL_ADMIN)
    make.membership(officer, other)
    make.signed_in(visitor, officer, other)

    assert visitor.get("/tests/for/council-admin").status_code == NO
