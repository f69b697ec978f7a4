"""Who acts, in which roles."""

import pytest

from pipeline.kernel.actor import ANONYMOUS, COUNCIL_ROLES, PLATFORM_ROLES, Actor, Channel, Role, system
from pipeline.kernel.ids import new_id

pytestmark = pytest.mark.pure


def test_every_actor_is_exactly_one_of_officer_system_and_anonymous() -> None:
    actors = (ANONYMOUS, system("sign-off dates"), Actor(officer_id=new_id()))

    assert [(one.is_officer, one.is_system, one.is_anonymous) for one in actors] == [
        (False, False, True), (False, True, False), (True, False, False),
    ]  # fmt: skip


def test_rights_do_not_include_each_other() -> None:
    admin = Actor(officer_id=new_id(), council_id=new_id(), roles=frozenset({Role.COUNCIL_ADMIN}))

    assert admin.has(Role.COUNCIL_ADMIN)
    assert not admin.has(Role.AUTHORISER)
    assert not admin.has(Role.MEMBER)


def test_a_role_belongs_to_a_council_or_to_the_platform() -> None:
    assert set(Role) == COUNCIL_ROLES | PLATFORM_ROLES
    assert not COUNCIL_ROLES & PLATFORM_ROLES


def test_standing_that_was_read_again_replaces_what_the_page_knew() -> None:
    council_id = new_id()
    actor = Actor(Channel.API, new_id(), new_id(), frozenset({Role.AUTHORISER}))

    again = actor.with_standing(council_id, frozenset({Role.MEMBER}))

    assert (again.officer_id, again.channel) == (actor.officer_id, Channel.API)
    assert (again.council_id, again.roles) == (council_id, frozenset({Role.MEMBER}))


def test_an_actor_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ANONYMOUS.roles = frozenset({Role.PLATFORM_ADMIN})  # type: ignore[misc]
