"""Limits of authority as histories: what is narrowed holds at once, what is widened never serves whoever widened it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.accounts.limits import (
    NO_LIMIT,
    USUAL_CEILING,
    CouncilAuthority,
    Given,
    Limit,
    Sums,
    all_that_hold,
    authority_that_holds,
    check_authority,
    check_limit,
    limit_that_holds,
    narrowest,
    reach,
)
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id

pytestmark = pytest.mark.pure

OFFERED = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEFORE, LONG_BEFORE, AFTER = OFFERED - timedelta(days=1), OFFERED - timedelta(days=9), OFFERED + timedelta(days=1)
OFFERER, ADMIN = new_id(), new_id()
TODAY = date(2026, 11, 22)


def limit(half_days: int | None) -> Limit:
    return Limit(half_days=half_days)


def holds(*given: tuple[int | None, UUID, datetime]) -> int | None:
    history = [Given(limit(half_days), by, at) for half_days, by, at in given]
    return limit_that_holds(history, moment=OFFERED, not_by=frozenset({OFFERER})).half_days


def test_an_authoriser_without_a_limit_has_none() -> None:
    assert holds() is None


def test_the_limit_that_stood_at_the_offer_holds() -> None:
    assert holds((10, ADMIN, BEFORE)) == 10


def test_a_limit_raised_after_the_offer_does_not_serve_for_it() -> None:
    assert holds((10, ADMIN, BEFORE), (99, ADMIN, AFTER)) == 10
    assert holds((10, ADMIN, BEFORE), (None, ADMIN, AFTER)) == 10


def test_a_limit_lowered_after_the_offer_holds_at_once() -> None:
    assert holds((10, ADMIN, BEFORE), (4, ADMIN, AFTER)) == 4
    assert holds((4, ADMIN, AFTER)) == 4


def test_a_limit_raised_by_whoever_offered_does_not_serve() -> None:
    assert holds((10, ADMIN, LONG_BEFORE), (99, OFFERER, BEFORE)) == 10


def test_a_limit_lowered_by_whoever_offered_holds_as_well() -> None:
    assert holds((10, ADMIN, LONG_BEFORE), (4, OFFERER, BEFORE)) == 4


SETTINGS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 50)), st.sampled_from([OFFERER, ADMIN]), st.integers(-5, 5)),
    max_size=6,
)


@given(SETTINGS)
def test_no_setting_by_whoever_offered_or_after_the_offer_ever_widens_anything(
    settings: list[tuple[int | None, UUID, int]],
) -> None:
    given_ = [(n, by, OFFERED + timedelta(days=at)) for n, by, at in sorted(settings, key=lambda one: one[2])]
    by_others = [one for one in given_ if one[1] == ADMIN and one[2] <= OFFERED]
    widest = by_others[-1][0] if by_others else None

    found = holds(*given_)

    assert widest is None or (found is not None and found <= widest)


def test_the_narrowest_of_limits_keeps_to_all_of_them() -> None:
    one = Limit(half_days=4, pence=100, first_on=date(2026, 1, 1))
    other = Limit(half_days=9, first_on=date(2026, 3, 1), last_on=date(2026, 12, 31))

    assert narrowest(one, other) == Limit(half_days=4, pence=100, first_on=date(2026, 3, 1), last_on=date(2026, 12, 31))
    assert narrowest() == NO_LIMIT


@pytest.mark.parametrize(
    "limit, is_time, may",
    [
        (NO_LIMIT, True, True),
        (Limit(half_days=20), True, True),
        (Limit(half_days=19), True, False),
        (Limit(half_days=0), False, True),
        (Limit(pence=500), False, True),
        (Limit(pence=499), False, False),
        (Limit(pence=0), True, True),
        (Limit(first_on=TODAY), True, True),
        (Limit(first_on=TODAY + timedelta(days=1)), True, False),
        (Limit(last_on=TODAY), True, True),
        (Limit(last_on=TODAY - timedelta(days=1)), False, False),
    ],
    ids=str,
)
def test_a_limit_reaches_to_its_sum_and_its_days(limit: Limit, is_time: bool, may: bool) -> None:
    assert bool(reach(limit, Sums(20, 500), is_time=is_time, today=TODAY)) is may


def authority(*given: tuple[CouncilAuthority, UUID, datetime], has_admin: bool = True) -> CouncilAuthority:
    history = [Given(*one) for one in given]
    return authority_that_holds(history, moment=OFFERED, not_by=frozenset({OFFERER}), has_admin=has_admin)


def test_before_anything_is_set_there_is_no_standing_rule_and_the_usual_ceiling() -> None:
    usual = authority()

    assert not usual.has_standing_rule
    assert usual.has_named_way
    assert usual.ceiling == USUAL_CEILING == Limit(half_days=20, pence=500_000)


def test_a_standing_rule_switched_on_by_whoever_offers_does_not_serve_for_their_offer() -> None:
    rule = CouncilAuthority(standing_rule_on=date(2026, 1, 5))

    assert authority((rule, ADMIN, BEFORE)).standing_rule_on == date(2026, 1, 5)
    assert not authority((rule, OFFERER, BEFORE)).has_standing_rule
    assert not authority((rule, ADMIN, AFTER)).has_standing_rule
    assert not authority((rule, ADMIN, BEFORE), (CouncilAuthority(), ADMIN, AFTER)).has_standing_rule


def test_a_council_without_an_admin_has_no_higher_ceiling_than_the_usual_one() -> None:
    wide = CouncilAuthority(ceiling=Limit(half_days=400))

    assert authority((wide, ADMIN, BEFORE)).ceiling == Limit(half_days=400)
    assert authority((wide, ADMIN, BEFORE), has_admin=False).ceiling == USUAL_CEILING


def test_what_holds_is_what_is_now_what_was_then_and_what_others_set() -> None:
    history = [Given("a", ADMIN, LONG_BEFORE), Given("b", OFFERER, BEFORE), Given("c", ADMIN, AFTER)]

    assert all_that_hold(history, usual="-", moment=OFFERED, not_by=frozenset({OFFERER})) == ("c", "b", "a")


@pytest.mark.parametrize(
    "limit, code",
    [
        (Limit(half_days=-1), "limit.out_of_range"),
        (Limit(pence=10**15), "limit.out_of_range"),
        (Limit(first_on=TODAY, last_on=TODAY - timedelta(days=1)), "limit.days_in_order"),
    ],
    ids=str,
)
def test_a_limit_is_an_amount_and_its_days_are_in_order(limit: Limit, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_limit(limit)
    assert refused.value.code == code


def test_a_standing_rule_was_decided_by_now() -> None:
    check_authority(CouncilAuthority(standing_rule_on=TODAY), TODAY)
    with pytest.raises(RuleBroken) as refused:
        check_authority(CouncilAuthority(standing_rule_on=TODAY + timedelta(days=1)), TODAY)
    assert refused.value.code == "limit.rule_in_future"
