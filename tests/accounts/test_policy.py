"""Who may do what to accounts, places and roles: every role, allowed and refused."""

from collections.abc import Callable
from uuid import UUID

import pytest

from pipeline.accounts import policy
from pipeline.accounts.policy import PlaceFacts
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role, system

pytestmark = pytest.mark.pure

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
ME, OTHER = UUID(int=11), UUID(int=12)


def officer(*roles: Role, council_id: UUID | None = HERE) -> Actor:
    return Actor(Channel.WEB, ME, council_id, frozenset(roles))


WHO = {
    "anonymous": ANONYMOUS,
    "officer without a place": officer(council_id=None),
    "member": officer(Role.MEMBER),
    "authoriser": officer(Role.MEMBER, Role.AUTHORISER),
    "admin": officer(Role.MEMBER, Role.COUNCIL_ADMIN),
    "admin of another council": officer(Role.MEMBER, Role.COUNCIL_ADMIN, council_id=ELSEWHERE),
    "coordinator": officer(Role.COORDINATOR, council_id=None),
    "platform admin": officer(Role.PLATFORM_ADMIN, council_id=None),
    "system": system("a duty"),
}


def place(officer_id: UUID = OTHER, *, council_has_admin: bool = True, is_waiting: bool = False) -> PlaceFacts:
    return PlaceFacts(officer_id, HERE, is_waiting, council_has_admin)


TABLE: dict[str, tuple[Callable[[Actor], policy.Decision], set[str]]] = {
    "sign up": (policy.may_sign_up, {"anonymous", "system"}),
    "use a link": (policy.may_use_link, set(WHO)),
    "ask for a new password": (policy.may_ask_reset, set(WHO)),
    "change one's own account": (lambda a: policy.may_change_account(a, ME), set(WHO) - {"anonymous"}),
    "change another's account": (lambda a: policy.may_change_account(a, OTHER), {"system"}),
    "forget accounts": (policy.may_forget_account, {"system"}),
    "join for oneself": (lambda a: policy.may_join_council(a, ME), set(WHO) - {"anonymous"}),
    "join for another": (lambda a: policy.may_join_council(a, OTHER), {"system"}),
    "see a council's people": (lambda a: policy.may_see_people(a, HERE), {"admin"}),
    "let somebody in": (lambda a: policy.may_answer_waiting(a, place(is_waiting=True)), {"admin", "system"}),
    "let in without an admin": (
        lambda a: policy.may_answer_waiting(a, place(is_waiting=True, council_has_admin=False)),
        {"admin", "coordinator", "system"},
    ),
    "let oneself in": (lambda a: policy.may_answer_waiting(a, place(ME, council_has_admin=False)), {"system"}),
    "change roles": (lambda a: policy.may_change_roles(a, place()), {"admin", "system"}),
    "change one's own roles": (lambda a: policy.may_change_roles(a, place(ME)), {"system"}),
    "remove a member": (lambda a: policy.may_remove_member(a, place()), {"admin", "system"}),
    "remove oneself": (lambda a: policy.may_remove_member(a, place(ME)), {"system"}),
    "appoint a first admin": (
        lambda a: policy.may_appoint_first_admin(a, place(council_has_admin=False)),
        {"coordinator", "system"},
    ),
    "appoint a second admin as coordinator": (lambda a: policy.may_appoint_first_admin(a, place()), {"system"}),
    "appoint oneself first admin": (
        lambda a: policy.may_appoint_first_admin(a, place(ME, council_has_admin=False)),
        {"system"},
    ),
    "see councils without admin": (policy.may_see_waiting_councils, {"coordinator"}),
    "appoint a coordinator": (lambda a: policy.may_appoint_coordinator(a, {OTHER}), {"platform admin", "system"}),
    "appoint oneself coordinator": (lambda a: policy.may_appoint_coordinator(a, {OTHER, ME}), {"system"}),
    "appoint a platform admin": (policy.may_appoint_platform_admin, {"system"}),
    "add an officer": (policy.may_add_officer, {"system"}),
}


@pytest.mark.parametrize("act", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_the_policy_answers_as_the_table_says(act: str, who: str) -> None:
    ask, allowed = TABLE[act]
    decision = ask(WHO[who])
    assert bool(decision) == (who in allowed), f"{who} to {act}"
    if not decision:
        assert decision.code
        assert str(decision.because)


def test_leaving_is_for_the_officer_whose_place_it_is() -> None:
    assert policy.may_leave_council(officer(Role.MEMBER), place(ME))
    assert not policy.may_leave_council(officer(Role.MEMBER, Role.COUNCIL_ADMIN), place(OTHER))
