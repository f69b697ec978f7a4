"""Who may do what to a pledge: the whole table, allowed and refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role, system
from pipeline.kernel.ids import new_id
from pipeline.pledges import policy
from pipeline.pledges.policy import PledgeFacts, RoleFacts
from pipeline.pledges.rules import Act, PledgeStatus
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import ProjectStatus

pytestmark = pytest.mark.pure

LEAD_COUNCIL, GIVER, OTHER = new_id(), new_id(), new_id()
OFFERED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
OFFERER, LEAD, TWIN = new_id(), new_id(), new_id()
LONG_AGO = RoleFacts(new_id(), OFFERED_AT - timedelta(days=90))


def person(council: UUID | None, *roles: Role, officer_id: UUID | None = None) -> Actor:
    held = {*roles, Role.MEMBER} if council else set(roles)
    return Actor(Channel.WEB, officer_id or new_id(), council, frozenset(held))


PEOPLE: dict[str, Actor] = {
    "anyone": ANONYMOUS,
    "officer without a council": person(None),
    "member": person(GIVER),
    "offerer": person(GIVER, officer_id=OFFERER),
    "authoriser": person(GIVER, Role.AUTHORISER),
    "council admin": person(GIVER, Role.COUNCIL_ADMIN),
    "lead": person(LEAD_COUNCIL, officer_id=LEAD),
    "member of the lead council": person(LEAD_COUNCIL, Role.AUTHORISER, Role.COUNCIL_ADMIN),
    "authoriser elsewhere": person(OTHER, Role.AUTHORISER, Role.COUNCIL_ADMIN),
    "coordinator": person(None, Role.COORDINATOR),
    "platform admin": person(None, Role.PLATFORM_ADMIN),
    "the system": system("sign-off dates"),
}

TABLE: dict[Act, set[str]] = {
    Act.CHANGE: {"offerer"},
    Act.AUTHORISE: {"authoriser"},
    Act.REFUSE: {"authoriser"},
    Act.ACCEPT: {"lead"},
    Act.DECLINE: {"lead"},
    Act.WITHDRAW: {"offerer", "authoriser", "council admin"},
    Act.LAPSE: {"the system"},
    Act.DELIVER: {"member", "offerer", "authoriser", "council admin", "lead"},
    Act.BREAK: {"authoriser", "council admin", "the system"},
    Act.RELEASE: {"lead", "the system"},
    Act.ASK_RELEASE: {"member", "offerer", "authoriser", "council admin"},
    Act.REFUSE_RELEASE: {"lead"},
    Act.NOT_COME: {"lead"},
    Act.REPLACE: {"member", "offerer", "authoriser", "council admin"},
}
"""Who may, and nobody else."""


def facts(**values: object) -> PledgeFacts:
    project = ProjectFacts(
        id=new_id(), council_id=LEAD_COUNCIL, status=ProjectStatus.OPEN, is_trial=False, is_public=True,
        lead_ids=frozenset({LEAD}), team_ids=frozenset({LEAD}),
    )  # fmt: skip
    pledge = PledgeFacts(
        id=new_id(), council_id=GIVER, status=PledgeStatus.OFFERED, offered_at=OFFERED_AT,
        offerer_ids=frozenset({OFFERER, TWIN}), authoriser_ids=frozenset(), lead_ids=frozenset({LEAD}), role=LONG_AGO,
        project=project,
    )  # fmt: skip
    return replace(pledge, **values)  # type: ignore[arg-type]


MAY: dict[Act, Callable[[Actor, PledgeFacts], object]] = {**policy.MAY, Act.LAPSE: policy.may_lapse_pledge}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_act_is_for_exactly_those_the_table_names(who: str, act: Act) -> None:
    decision = MAY[act](PEOPLE[who], facts())
    assert bool(decision) == (who in TABLE[act])


@pytest.mark.parametrize("who", PEOPLE)
def test_only_members_of_a_council_offer(who: str) -> None:
    expected = who not in ("anyone", "officer without a council", "coordinator", "platform admin", "the system")
    assert bool(policy.may_offer_pledge(PEOPLE[who])) == expected


@pytest.mark.parametrize(
    "actor, given, code",
    [
        (person(GIVER, Role.AUTHORISER, officer_id=OFFERER), facts(), "pledge.own_offer"),
        (person(GIVER, Role.AUTHORISER, officer_id=TWIN), facts(), "pledge.own_offer"),
        (person(GIVER, Role.AUTHORISER, officer_id=LEAD), facts(), "pledge.leads_project"),
        (PEOPLE["authoriser"], facts(role=RoleFacts(TWIN, OFFERED_AT - timedelta(days=1))), "pledge.role_from_offerer"),
        (PEOPLE["authoriser"], facts(role=RoleFacts(None, OFFERED_AT + timedelta(seconds=1))), "pledge.role_too_new"),
        (PEOPLE["authoriser"], facts(role=None), "pledge.not_an_authoriser"),
        (person(GIVER, Role.AUTHORISER, Role.COORDINATOR), facts(), "pledge.platform_role"),
        (person(GIVER, Role.AUTHORISER, Role.PLATFORM_ADMIN), facts(), "pledge.platform_role"),
        (PEOPLE["member"], facts(), "pledge.not_an_authoriser"),
        (PEOPLE["authoriser elsewhere"], facts(), "pledge.not_its_council"),
    ],
)
def test_who_is_not_independent_never_authorises_nor_refuses(actor: Actor, given: PledgeFacts, code: str) -> None:
    for may in (policy.may_authorise_pledge, policy.may_refuse_pledge):
        decision = may(actor, given)
        assert not decision
        assert decision.code == code
        assert decision.because is not None


def test_a_role_as_old_as_the_offer_serves() -> None:
    assert policy.may_authorise_pledge(PEOPLE["authoriser"], facts(role=RoleFacts(None, OFFERED_AT)))


@pytest.mark.parametrize("side", ["offerer_ids", "authoriser_ids"])
def test_a_lead_who_offered_or_authorised_answers_nothing(side: str) -> None:
    given = facts(**{side: frozenset({LEAD})})
    for may in (policy.may_accept_pledge, policy.may_decline_pledge):
        assert may(PEOPLE["lead"], given).code == "pledge.both_sides"


def test_in_a_trial_project_one_person_plays_every_part() -> None:
    actor = person(LEAD_COUNCIL, officer_id=LEAD)
    ids = frozenset({LEAD})
    project = replace(facts().project, is_trial=True, is_public=False)
    given = facts(council_id=LEAD_COUNCIL, offerer_ids=ids, authoriser_ids=ids, role=None, project=project)
    assert all(policy.MAY[act](actor, given) for act in policy.MAY)
    stranger = person(OTHER, Role.AUTHORISER)
    assert not any(policy.MAY[act](stranger, given) for act in policy.MAY)


def test_messages_are_for_the_two_councils_and_the_leads() -> None:
    readers = {who for who, actor in PEOPLE.items() if policy.may_read_message(actor, facts())}
    assert readers == {
        "member", "offerer", "authoriser", "council admin", "lead", "member of the lead council", "the system",
    }  # fmt: skip


@pytest.mark.parametrize("status, lead_reads", [(PledgeStatus.REFUSED, False), (PledgeStatus.DECLINED, True)])
def test_a_reason_is_its_councils_and_not_the_publics(status: PledgeStatus, *, lead_reads: bool) -> None:
    readers = {who for who, actor in PEOPLE.items() if policy.may_read_reason(actor, facts(status=status))}
    own = {"member", "offerer", "authoriser", "council admin", "the system"}
    assert readers == own | ({"lead"} if lead_reads else set())


def test_open_acts_follow_state_and_person() -> None:
    assert policy.acts_open_to(PEOPLE["authoriser"], facts()) == (Act.AUTHORISE, Act.REFUSE, Act.WITHDRAW)
    authorised = facts(status=PledgeStatus.AUTHORISED)
    assert policy.acts_open_to(PEOPLE["lead"], authorised) == (Act.ACCEPT, Act.DECLINE)
    assert policy.acts_open_to(PEOPLE["offerer"], facts(status=PledgeStatus.LAPSED)) == ()
