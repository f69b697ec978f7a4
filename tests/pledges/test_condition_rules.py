"""What conditions may ask for, and which could never come true. Without a database."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.pledges.condition_rules import (
    ConditionTerms,
    NeedStands,
    check_can_come_true,
    check_conditions,
)
from pipeline.pledges.conditions import Condition, ConditionKind, PledgingCouncil
from pipeline.pledges.rules import Offer
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, ProjectStatus

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
SIGN_OFF = date(2026, 12, 18)
DAYS, MONEY, THINGS = UUID(int=1), UUID(int=2), UUID(int=3)
OWN = PledgingCouncil(UUID(int=9), "unitary", "England", "North East")
REGISTER = {("unitary", "England", "North East"): 12, ("county", "England", "East of England"): 5}


def need(need_id: UUID, kind: NeedKind, **values: Any) -> NeedStands:
    defaults: dict[str, Any] = {"status": NeedStatus.OPEN, "is_capped": False, "target": 40, "held": 0}
    return NeedStands(id=need_id, kind=kind, **defaults | values)


def terms(*needs: NeedStands, **values: Any) -> ConditionTerms:
    all_needs = {one.id: one for one in (need(DAYS, NeedKind.TIME), need(MONEY, NeedKind.FUNDING), *needs)}
    defaults: dict[str, Any] = {
        "council": OWN, "need_id": DAYS, "needs": all_needs, "mode": Mode.ALL_OR_NOTHING,
        "project_status": ProjectStatus.OPEN, "on_register": REGISTER,
    }  # fmt: skip
    return ConditionTerms(**defaults | values)


def offer(*conditions: Condition, **values: Any) -> Offer:
    return Offer(**{"amount": 4, "sign_off_by": SIGN_OFF, "conditions": conditions} | values)


def councils(number: int, **of: str) -> Condition:
    return Condition(
        kind=ConditionKind.COUNCILS, at_least=number, **{f"of_{name}": value for name, value in of.items()}
    )


def in_all(number: int, unit: NeedKind = NeedKind.TIME) -> Condition:
    return Condition(kind=ConditionKind.TOTAL, at_least=number, unit=unit)


def met(need_id: UUID) -> Condition:
    return Condition(kind=ConditionKind.NEED, need_id=need_id)


def problems(given: Offer, held_against: ConditionTerms | None = None) -> list[tuple[str, str | None]]:
    try:
        check_conditions(given, held_against or terms(), TODAY)
    except RuleBroken as refusal:
        return [(problem.code, problem.field) for problem in refusal.problems]
    return []


def test_one_condition_of_each_kind_is_fine() -> None:
    assert problems(offer(councils(2, kind="county"), in_all(2_000_000, NeedKind.FUNDING), met(DAYS))) == []


def test_without_conditions_nothing_is_asked() -> None:
    assert problems(offer(), terms(mode=Mode.FLEXIBLE)) == []


@pytest.mark.parametrize(
    "condition, code",
    [
        (councils(0), "condition.councils"),
        (councils(401), "condition.councils"),
        (councils(1, kind="other body"), "condition.group_unknown"),
        (councils(1, kind="parish"), "condition.group_unknown"),
        (councils(1, nation="France"), "condition.group_unknown"),
        (councils(1, region="Mercia"), "condition.group_unknown"),
        (in_all(0), "condition.total"),
        (in_all(10**14, NeedKind.FUNDING), "condition.total"),
        (in_all(5, NeedKind.IN_KIND), "condition.unit"),
        (in_all(4), "condition.met_alone"),
        (met(UUID(int=77)), "condition.need_unknown"),
        (replace(met(DAYS), at_least=3), "condition.misplaced"),
        (replace(councils(2), unit=NeedKind.TIME), "condition.misplaced"),
        (replace(in_all(9), of_kind="county"), "condition.misplaced"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_told_why(condition: Condition, code: str) -> None:
    assert problems(offer(councils(1), condition)) == [(code, "conditions/1")]


def test_what_the_pledge_brings_by_itself_is_nothing_to_wait_for() -> None:
    small = terms(need(DAYS, NeedKind.TIME, target=4))
    assert problems(offer(met(DAYS)), small) == [("condition.met_alone", "conditions/0")]
    assert problems(offer(met(DAYS), amount=3), small) == []
    assert problems(offer(in_all(5))) == []
    assert problems(offer(in_all(3, NeedKind.FUNDING))) == []


def test_a_dropped_need_is_nothing_to_wait_for() -> None:
    dropped = terms(need(MONEY, NeedKind.FUNDING, status=NeedStatus.DROPPED))
    assert problems(offer(met(MONEY)), dropped) == [("condition.need_dropped", "conditions/0")]


def test_five_conditions_and_no_more_and_none_twice() -> None:
    five = [councils(number) for number in range(1, 6)]
    assert problems(offer(*five)) == []
    assert problems(offer(*five, councils(6))) == [("condition.too_many", "conditions")]
    assert problems(offer(councils(1), councils(1))) == [("condition.repeated", "conditions/1")]


@pytest.mark.parametrize(
    "values", [{"mode": Mode.FLEXIBLE}, {"project_status": ProjectStatus.GOING_AHEAD}], ids=("flexible", "going ahead")
)
def test_where_no_decision_date_ends_the_wait_it_ends_within_six_months(values: dict[str, Any]) -> None:
    held_against = terms(**values)
    assert problems(offer(councils(1)), held_against) == [("offer.stands_until_missing", "stands_until")]
    for day, is_fine in ((date(2027, 5, 23), True), (date(2027, 5, 24), False), (SIGN_OFF, True)):
        found = problems(offer(councils(1), stands_until=day), held_against)
        assert found == ([] if is_fine else [("offer.stands_until", "stands_until")])


def test_a_pledge_stands_at_least_until_its_council_has_decided() -> None:
    early = offer(stands_until=date(2026, 12, 17))
    assert problems(early) == [("offer.stands_until", "stands_until")]
    assert problems(replace(early, stands_until=date(2028, 1, 1))) == []


def never(given: Offer, held_against: ConditionTerms | None = None) -> str | None:
    """The condition that could never hold, where there is one."""
    try:
        check_can_come_true(given, held_against or terms())
    except Conflict as refusal:
        return refusal.problems[0].field
    return None


def test_that_it_could_never_hold_is_a_conflict_with_the_room_there_is() -> None:
    with pytest.raises(Conflict) as refused:
        check_can_come_true(offer(councils(400)), terms())
    assert refused.value.code == "condition.cannot_hold"


class TestWhatCouldNeverComeTrue:
    capped_days = need(DAYS, NeedKind.TIME, is_capped=True, target=10, held=4)
    capped_money = need(MONEY, NeedKind.FUNDING, is_capped=True, target=5, held=5)

    def test_where_a_need_takes_any_amount_every_sum_can_come_together(self) -> None:
        assert never(offer(in_all(1_000_000), met(MONEY), councils(5, kind="county"))) is None

    def test_a_sum_beyond_all_the_room_there_is_cannot(self) -> None:
        held_against = terms(self.capped_days)
        assert never(offer(in_all(10)), held_against) is None
        assert never(offer(in_all(11)), held_against) == "conditions/0"

    def test_a_need_that_takes_no_more_is_met_only_by_what_it_has(self) -> None:
        closed = need(MONEY, NeedKind.FUNDING, status=NeedStatus.CLOSED, held=39)
        assert never(offer(met(MONEY)), terms(closed)) == "conditions/0"
        assert never(offer(met(MONEY)), terms(replace(closed, held=40))) is None

    def test_each_further_council_needs_room_for_something(self) -> None:
        held_against = terms(self.capped_days, self.capped_money)
        assert never(offer(councils(2)), held_against) is None
        assert never(offer(councils(3)), held_against) == "conditions/0"
        assert never(offer(councils(2), amount=5), held_against) == "conditions/0"

    def test_councils_whose_pledges_stand_need_no_more_room(self) -> None:
        other = PledgingCouncil(UUID(int=8), "county", "England", "East of England")
        park = PledgingCouncil(UUID(int=7), "other body", "England", "East of England", is_counted=False)
        held_against = terms(self.capped_days, self.capped_money, standing=frozenset({other, OWN, park}))
        assert never(offer(councils(3)), held_against) is None
        assert never(offer(councils(4)), held_against) == "conditions/0"

    def test_there_must_be_so_many_councils_besides_ones_own(self) -> None:
        assert never(offer(councils(11, kind="unitary"))) is None
        assert never(offer(councils(12, kind="unitary"))) == "conditions/0"
        assert never(offer(councils(5, kind="county"))) is None
        assert never(offer(councils(1, nation="Wales"))) == "conditions/0"

    def test_in_a_trial_nobody_is_told_that_others_cannot_come(self) -> None:
        assert never(offer(councils(5)), terms(is_trial=True, on_register={})) is None
