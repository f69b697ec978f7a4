"""Who may do what to a project: every kind of person, every act, allowed and refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role, system
from pipeline.kernel.decision import Decision
from pipeline.kernel.ids import new_id
from pipeline.projects import policy
from pipeline.projects.policy import CheckFacts, ProjectFacts, UpdateFacts
from pipeline.projects.rules import ProjectStatus, UpdateStatus

pytestmark = pytest.mark.pure

COUNCIL, ELSEWHERE = new_id(), new_id()
LEAD_ID, TEAM_ID = new_id(), new_id()


def officer(officer_id: object = None, *roles: Role, council_id: object = COUNCIL) -> Actor:
    """A member of the lead council, in further roles."""
    return Actor(Channel.WEB, officer_id or new_id(), council_id, frozenset({Role.MEMBER, *roles}))  # type: ignore[arg-type]


PEOPLE = {
    "anyone": ANONYMOUS,
    "officer without a membership": Actor(Channel.WEB, new_id()),
    "member": officer(),
    "authoriser": officer(None, Role.AUTHORISER),
    "council admin": officer(None, Role.COUNCIL_ADMIN),
    "member elsewhere": officer(council_id=ELSEWHERE),
    "lead": officer(LEAD_ID),
    "team": officer(TEAM_ID),
    "coordinator": Actor(Channel.WEB, new_id(), None, frozenset({Role.COORDINATOR})),
    "platform admin": Actor(Channel.WEB, new_id(), None, frozenset({Role.PLATFORM_ADMIN})),
    "worker": system("worker"),
}
OPEN = ProjectFacts(
    id=new_id(), council_id=COUNCIL, status=ProjectStatus.OPEN, is_trial=False, is_public=True,
    lead_ids=frozenset({LEAD_ID}), team_ids=frozenset({LEAD_ID, TEAM_ID}),
)  # fmt: skip
DRAFT = replace(OPEN, status=ProjectStatus.DRAFT, is_public=False)
LEFT = replace(OPEN, has_own_lead=False)
LEADS, TEAM = {"lead"}, {"lead", "team"}
Act = Callable[[Actor], Decision]

ACTS: dict[str, tuple[Act, set[str]]] = {
    "post a project": (
        policy.may_post_project,
        {"member", "authoriser", "council admin", "member elsewhere", "lead", "team"},
    ),
    "edit a draft": (lambda actor: policy.may_edit_project(actor, DRAFT), TEAM),
    "edit a published project": (lambda actor: policy.may_edit_project(actor, OPEN), LEADS),
    "publish": (lambda actor: policy.may_publish_project(actor, DRAFT), LEADS),
    "delete": (lambda actor: policy.may_delete_project(actor, DRAFT), LEADS),
    "change the phase": (lambda actor: policy.may_change_phase(actor, OPEN), LEADS),
    "change the needs of a draft": (lambda actor: policy.may_change_needs(actor, DRAFT), TEAM),
    "change needs": (lambda actor: policy.may_change_needs(actor, OPEN), LEADS),
    "see the team": (lambda actor: policy.may_see_team(actor, OPEN), TEAM),
    "change the team": (lambda actor: policy.may_change_team(actor, OPEN), LEADS),
    "see the team of what nobody of the lead council leads": (
        lambda actor: policy.may_see_team(actor, LEFT),
        TEAM | {"council admin"},
    ),
    "name a lead where nobody of the lead council leads": (
        lambda actor: policy.may_change_team(actor, LEFT),
        LEADS | {"council admin"},
    ),
    "remove another": (lambda actor: policy.may_remove_from_team(actor, OPEN, new_id()), LEADS),
    "write an update": (lambda actor: policy.may_write_update(actor, OPEN), TEAM),
    "edit an update's draft": (
        lambda actor: policy.may_edit_update(actor, UpdateFacts(OPEN, UpdateStatus.DRAFT)),
        TEAM,
    ),
    "edit an update": (lambda actor: policy.may_edit_update(actor, UpdateFacts(OPEN, UpdateStatus.PUBLISHED)), LEADS),
    "delete an update": (lambda actor: policy.may_delete_update(actor, UpdateFacts(OPEN, UpdateStatus.DRAFT)), TEAM),
    "publish an update": (lambda actor: policy.may_publish_update(actor, UpdateFacts(OPEN, UpdateStatus.DRAFT)), LEADS),
    "withdraw an update": (
        lambda actor: policy.may_withdraw_update(actor, UpdateFacts(OPEN, UpdateStatus.PUBLISHED)),
        LEADS,
    ),
    "ask for a check": (lambda actor: policy.may_ask_for_check(actor, DRAFT), TEAM),
    "answer a check": (lambda actor: policy.may_answer_check(actor, CheckFacts(TEAM_ID, is_answered=False)), {"team"}),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_may_do_what_the_table_says_and_nothing_else(person: str, act: str) -> None:
    may, allowed = ACTS[act]
    decision = may(PEOPLE[person])
    assert bool(decision) is (person in allowed)
    assert bool(decision.because) is (person not in allowed)


def test_anybody_in_the_team_may_leave_it() -> None:
    assert policy.may_remove_from_team(PEOPLE["team"], OPEN, TEAM_ID)


def test_a_lead_acting_for_another_council_leads_nothing() -> None:
    elsewhere = replace(OPEN, acts_elsewhere=True)
    actor = officer(LEAD_ID, council_id=ELSEWHERE)
    assert not policy.may_edit_project(actor, elsewhere)
    assert not policy.may_write_update(actor, elsewhere)
