"""Who can be named by e-mail, what the standing rule lets through, and what a code is. Pure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.accounts.limits import Sums
from pipeline.kernel.decision import no
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words
from pipeline.pledges.authority import (
    CODE_DIGITS,
    MOST_CODE_TRIES,
    Grounds,
    LetThrough,
    NamedFacts,
    Statement,
    Weight,
    check_answer,
    check_people,
    code_of,
    is_code,
    is_let_through,
    is_team_address,
    may_still_be_used,
    named_decision,
    request_id_from,
    request_token,
    weight_of,
)
from pipeline.pledges.rules import Capacity
from pipeline.projects.rules import NeedKind

pytestmark = pytest.mark.pure

SECRET = "a secret only for tests"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "local",
    ["info", "finance", "Finance", "finance+leeds", "it-support", "digital.team", "customer.services", "financeteam",
     "no-reply", "noreply", "planning.policy", "section151", "s151.officer", "housing_enquiries", "team2", "1234"],
)  # fmt: skip
def test_an_address_of_a_team_is_known(local: str) -> None:
    assert is_team_address(local)


@pytest.mark.parametrize(
    "local",
    ["jo.smith", "j.head", "grace.page", "finance.jones", "mark.office-brown", "a.steam", "jo", "may.services-lee"],
)
def test_an_address_of_a_person_is_not_taken_for_a_teams(local: str) -> None:
    assert not is_team_address(local)


def test_time_weighs_half_days_and_everything_else_pence() -> None:
    weights = [
        Weight(NeedKind.TIME, 7),
        Weight(NeedKind.FUNDING, 100),
        Weight(NeedKind.IN_KIND, 3, 5_000),
        Weight(NeedKind.IN_KIND, 0, 7_000),
    ]

    assert weight_of(weights) == Sums(7, 5_100)


@pytest.mark.parametrize(
    "offer, is_through",
    [
        (LetThrough(NeedKind.TIME, 10, 0, 0), True),
        (LetThrough(NeedKind.TIME, 11, 0, 0), False),
        (LetThrough(NeedKind.TIME, 1, 10, 10), False),
        (LetThrough(NeedKind.TIME, 10, 0, 30), True),
        (LetThrough(NeedKind.TIME, 10, 0, 31), False),
        (LetThrough(NeedKind.FUNDING, 1, 0, 0), False),
        (LetThrough(NeedKind.IN_KIND, 1, 0, 0), False),
    ],
    ids=str,
)
def test_the_standing_rule_lets_ten_half_days_through_in_a_project_and_forty_in_a_year(
    offer: LetThrough, is_through: bool
) -> None:
    assert is_let_through(offer) is is_through


def named(**values: object) -> NamedFacts:
    defaults: dict[str, object] = {
        "keys": frozenset({"boss@leeds.example"}), "is_at_council": True, "is_platform": False,
        "asker_keys": frozenset({"jo@leeds.example"}), "offerer_keys": frozenset({"jo@leeds.example"}),
        "lead_keys": frozenset({"lead@york.example"}), "has_named_way": True,
    }  # fmt: skip
    return NamedFacts(**defaults | values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values, code",
    [
        ({}, ""),
        ({"keys": frozenset({"jo@leeds.example"})}, "authorisation.own_offer"),
        ({"asker_keys": frozenset({"boss@leeds.example"})}, "authorisation.own_offer"),
        ({"lead_keys": frozenset({"boss@leeds.example"})}, "authorisation.leads_project"),
        ({"is_platform": True}, "authorisation.platform_role"),
        ({"is_at_council": False}, "authorisation.not_at_council"),
        ({"has_named_way": False}, "authorisation.way_off"),
        ({"within": no("authorisation.over_limit", Words("x"))}, "authorisation.over_limit"),
    ],
    ids=str,
)
def test_nobody_is_named_who_could_not_decide(values: dict[str, object], code: str) -> None:
    assert named_decision(named(**values)).code == code


def test_three_people_can_be_named_and_each_of_them_again() -> None:
    assert check_people(["a", "b"], "c")
    assert check_people(["a", "b", "c"], "c")
    assert not check_people(["a", "b", "c"], "d")


ME = Statement(name="Ada Boss", job_title="Head of service", has_authority=True)


@pytest.mark.parametrize(
    "statement, capacity, grounds, codes",
    [
        (ME, Capacity.BUDGET_HOLDER, Grounds(), set()),
        (ME, Capacity.COMMITTEE, Grounds(decided_on=TODAY, reference="C/12"), set()),
        (ME, Capacity.COMMITTEE, Grounds(),
         {"authorisation.decided_on_missing", "authorisation.reference_missing"}),
        (ME, Capacity.COMMITTEE, Grounds(decided_on=TODAY + timedelta(days=1), reference="C/12"),
         {"authorisation.decided_on_in_future"}),
        (ME, Capacity.LINE_MANAGER, Grounds(reasons="x" * 4_001), {"authorisation.text_too_long"}),
        (Statement(name=" ", job_title="Head", has_authority=False), Capacity.LINE_MANAGER, Grounds(),
         {"authorisation.person_missing", "authorisation.authority_not_stated"}),
        (Statement(name="a@leeds.gov.uk", job_title="Head", has_authority=True), Capacity.LINE_MANAGER, Grounds(),
         {"authorisation.person_unreadable"}),
    ],
)  # fmt: skip
def test_whoever_decides_says_who_they_are_and_that_they_may(
    statement: Statement, capacity: Capacity, grounds: Grounds, codes: set[str]
) -> None:
    found = set()
    try:
        check_answer(statement, capacity, grounds, TODAY)
    except RuleBroken as refused:
        found = {problem.code for problem in refused.problems}
    assert found == codes


def test_the_token_of_a_link_leads_to_its_request_and_no_other_text_does() -> None:
    request_id = new_id()
    token = request_token(SECRET, request_id)

    assert request_id_from(SECRET, token) == request_id
    assert request_id_from("another secret", token) is None
    other = request_token(SECRET, new_id())
    for forged in (token[:-1], "", "x" * 64, "é" * 64, token[:22] + other[22:]):
        assert request_id_from(SECRET, forged) is None


def test_a_code_is_eight_figures_and_may_be_typed_with_spaces() -> None:
    code_id = new_id()
    code = code_of(SECRET, code_id)

    assert len(code) == CODE_DIGITS
    assert code.isdigit()
    assert is_code(SECRET, code_id, f" {code[:4]} {code[4:]} ")
    assert not is_code(SECRET, new_id(), code)
    assert not is_code(SECRET, code_id, "")


@pytest.mark.parametrize(
    "tries, used, minutes, may",
    [(1, False, 59, True), (MOST_CODE_TRIES, False, 59, True), (MOST_CODE_TRIES + 1, False, 1, False),
     (1, True, 1, False), (1, False, 60, False)],
)  # fmt: skip
def test_a_code_works_once_within_the_hour_for_a_few_tries(tries: int, used: bool, minutes: int, may: bool) -> None:
    now = NOW + timedelta(minutes=minutes)
    found = may_still_be_used(tries=tries, used_at=NOW if used else None, expires_at=NOW + timedelta(hours=1), now=now)
    assert found is may
