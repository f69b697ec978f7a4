"""The rules of pledges, without a database."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import rules
from pipeline.pledges.messages import amount_words, financial_years_words, room_words
from pipeline.pledges.rules import Act, NeedTerms, NoRoom, Offer, PledgeStatus, Spending
from pipeline.projects.rules import NeedKind, NeedStatus, ProjectStatus

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
DECISION = date(2027, 1, 29)


def terms(**values: Any) -> NeedTerms:
    defaults: dict[str, Any] = {
        "kind": NeedKind.TIME, "status": NeedStatus.OPEN, "is_capped": True, "target": 40, "held": 0,
        "project_status": ProjectStatus.OPEN, "decision_on": DECISION, "is_hidden": False, "nation": "England",
    }  # fmt: skip
    return NeedTerms(**defaults | values)


def offer(**values: Any) -> Offer:
    defaults: dict[str, Any] = {
        "amount": 4, "sign_off_by": date(2026, 12, 18), "from_on": date(2027, 2, 1), "to_on": date(2027, 4, 30),
    }  # fmt: skip
    return Offer(**defaults | values)


def problems(given_offer: Offer, **values: Any) -> list[tuple[str, str | None]]:
    try:
        rules.check_offer(given_offer, terms(**values), TODAY)
    except RuleBroken as refusal:
        return [(problem.code, problem.field) for problem in refusal.problems]
    return []


def test_an_offer_of_time_that_says_everything_is_fine() -> None:
    assert problems(offer()) == []


@pytest.mark.parametrize(
    "values, found",
    [
        ({"amount": 0}, [("offer.amount", "half_days")]),
        ({"amount": rules.MOST_AMOUNT[NeedKind.TIME] + 1}, [("offer.amount", "half_days")]),
        ({"from_on": None}, [("offer.from_on_missing", "from_on")]),
        ({"to_on": date(2027, 1, 31)}, [("offer.dates_in_order", "to_on")]),
        ({"from_on": date(2026, 1, 1), "to_on": date(2026, 11, 22)}, [("offer.dates_past", "to_on")]),
        ({"to_on": date(2040, 1, 1)}, [("offer.dates_far", "to_on")]),
        ({"from_on": date(1999, 1, 1)}, [("offer.dates_past", "from_on")]),
        ({"sign_off_by": date(2026, 11, 22)}, [("offer.sign_off_by", "sign_off_by")]),
        ({"sign_off_by": DECISION + timedelta(days=1)}, [("offer.sign_off_by", "sign_off_by")]),
        ({"message": "x" * 2001}, [("offer.message_too_long", "message")]),
    ],
)
def test_an_offer_of_time_that_breaks_a_rule_is_told_which(
    values: dict[str, Any], found: list[tuple[str, str | None]]
) -> None:
    assert problems(offer(**values)) == found


def test_money_says_its_financial_years_and_revenue_or_capital() -> None:
    money = offer(
        from_on=None, to_on=None, first_financial_year=2026, last_financial_year=2027, spending=Spending.CAPITAL
    )
    assert problems(money, kind=NeedKind.FUNDING) == []
    assert problems(offer(), kind=NeedKind.FUNDING) == [
        ("offer.spending_missing", "spending"),
        ("offer.financial_year_missing", "first_financial_year"),
    ]
    for first, last in ((2025, 2026), (2027, 2026), (2026, 2031)):
        wrong = offer(first_financial_year=first, last_financial_year=last, spending=Spending.REVENUE)
        assert problems(wrong, kind=NeedKind.FUNDING) == [("offer.financial_years", "last_financial_year")]


def test_a_thing_says_what_it_is_worth() -> None:
    assert problems(offer(worth_pence=0), kind=NeedKind.IN_KIND) == []
    for worth in (None, -1):
        found = problems(offer(worth_pence=worth), kind=NeedKind.IN_KIND)
        assert found == [("offer.worth_missing", "worth_pence")]


def test_financial_years_begin_on_the_first_of_april() -> None:
    assert [rules.financial_year(day) for day in (date(2027, 3, 31), date(2027, 4, 1))] == [2026, 2027]


def test_the_usual_sign_off_date_is_20_working_days_on_and_never_after_the_decision_date() -> None:
    assert rules.usual_sign_off(TODAY, terms()) == after_working_days(TODAY, 20, "England")
    soon = TODAY + timedelta(days=3)
    assert rules.usual_sign_off(TODAY, terms(decision_on=soon)) == soon
    assert rules.last_sign_off(TODAY, terms(decision_on=soon)) == soon


def test_a_project_going_ahead_has_no_decision_date_to_keep_to() -> None:
    going = terms(project_status=ProjectStatus.GOING_AHEAD)
    latest = after_working_days(TODAY, 90, "England")
    assert rules.last_sign_off(TODAY, going) == latest
    assert latest > DECISION
    assert problems(offer(sign_off_by=latest), project_status=ProjectStatus.GOING_AHEAD) == []


@pytest.mark.parametrize(
    "values, code",
    [
        ({"status": NeedStatus.CLOSED}, "need.closed"),
        ({"status": NeedStatus.DROPPED}, "need.closed"),
        ({"project_status": ProjectStatus.DRAFT}, "project.takes_no_pledges"),
        ({"project_status": ProjectStatus.FINISHED}, "project.takes_no_pledges"),
        ({"is_hidden": True}, "project.takes_no_pledges"),
        ({"decision_on": TODAY - timedelta(days=1)}, "project.decision_date_passed"),
    ],
)
def test_what_takes_no_pledges_says_why(values: dict[str, Any], code: str) -> None:
    with pytest.raises(Conflict) as caught:
        rules.check_takes_pledges(terms(**values), TODAY)
    assert caught.value.code == code


def test_the_decision_date_itself_still_counts() -> None:
    rules.check_takes_pledges(terms(decision_on=TODAY), TODAY)


@pytest.mark.parametrize(
    "kind, left, api, page",
    [
        (NeedKind.TIME, 12, "12 half-days are left.", "Only 6 days are left. Offer that or less."),
        (NeedKind.TIME, 1, "1 half-day is left.", "Only half a day is left. Offer that or less."),
        (NeedKind.TIME, 2, "2 half-days are left.", "Only 1 day is left. Offer that or less."),
        (NeedKind.FUNDING, 150_000, "150000 pence are left.", "Only £1,500 is left. Offer that or less."),
        (NeedKind.IN_KIND, 3, "3 are left.", "Only 3 are left. Offer that or less."),
        (NeedKind.TIME, 0, "0 half-days are left.", "There is no room left for another pledge."),
    ],
)
def test_who_finds_no_room_is_told_what_is_left(kind: NeedKind, left: int, api: str, page: str) -> None:
    with pytest.raises(NoRoom) as caught:
        rules.check_room(terms(kind=kind, target=200_000, held=200_000 - left), left + 1)
    assert str(caught.value.words) == api
    assert str(room_words(kind, left)) == page


@given(st.integers(0, 200), st.integers(1, 300), st.integers(0, 100))
def test_what_is_let_in_never_exceeds_the_target(held: int, amount: int, own: int) -> None:
    assume(held + own <= 200)
    capped = terms(target=200, held=held + own)
    left = 200 - held
    if amount <= left:
        rules.check_room(capped, amount, already_held=own)
    else:
        with pytest.raises(NoRoom) as caught:
            rules.check_room(capped, amount, already_held=own)
        assert caught.value.left == left
    rules.check_room(terms(is_capped=False), 10**9)


@pytest.mark.parametrize("status", PledgeStatus)
@pytest.mark.parametrize("act", Act)
def test_each_act_leads_on_only_from_its_states(status: PledgeStatus, act: Act) -> None:
    if status in rules.STEPS[act]:
        rules.check_step(status, act)
        return
    with pytest.raises(Conflict) as caught:
        rules.check_step(status, act)
    assert caught.value.code == "pledge.wrong_step"
    assert caught.value.allowed == rules.next_acts(status)


def test_an_ended_pledge_allows_nothing_but_more_of_what_was_delivered() -> None:
    assert rules.next_acts(PledgeStatus.DELIVERED) == (Act.DELIVER,)
    assert all(rules.next_acts(status) == () for status in rules.ENDED - {PledgeStatus.DELIVERED})


def test_amounts_read_as_people_say_them() -> None:
    cases = [("time", 1), ("time", 2), ("time", 5), ("time", 20), ("funding", 1_500_050), ("in_kind", 2)]
    said = [str(amount_words(kind, amount, "test group")) for kind, amount in cases]
    assert said == ["half a day", "1 day", "2.5 days", "10 days", "£15,000.50", "2 × test group"]
    assert str(financial_years_words(2027, 2028)) == "2027/28 to 2028/29"
    assert str(financial_years_words(2099, 2099)) == "2099/00"
