"""What counts: the laws of conditions, against an oracle that tries every set, and the examples worth a test each."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pledges.conditions import (
    Candidate,
    Condition,
    ConditionKind,
    Counted,
    PledgingCouncil,
    counted,
    key_of,
    wanted,
)
from pipeline.projects.rules import NeedKind

pytestmark = pytest.mark.pure

DAYS, MONEY = UUID(int=1), UUID(int=2)
KIND_OF = {DAYS: NeedKind.TIME, MONEY: NeedKind.FUNDING}
TARGETS: dict[UUID, int | None] = {DAYS: 20, MONEY: 2_000_000}


def council(number: int, kind: str = "unitary", **values: Any) -> PledgingCouncil:
    return PledgingCouncil(UUID(int=100 + number), kind, *values.pop("where", ("England", "North East")), **values)


def pledge(
    number: int, by: PledgingCouncil, *conditions: Condition, amount: int = 10, need: UUID = DAYS, **values: Any
) -> Candidate:
    return Candidate(UUID(int=1_000 + number), by, need, KIND_OF[need], amount, conditions, **values)


def if_councils(number: int, **of: str) -> Condition:
    return Condition(
        kind=ConditionKind.COUNCILS, at_least=number, **{f"of_{name}": value for name, value in of.items()}
    )


def if_pence(number: int) -> Condition:
    return Condition(kind=ConditionKind.TOTAL, at_least=number, unit=NeedKind.FUNDING)


def if_met(need: UUID) -> Condition:
    return Condition(kind=ConditionKind.NEED, need_id=need)


def ids(*pledges: Candidate) -> frozenset[UUID]:
    return frozenset(one.id for one in pledges)


def counting(*pledges: Candidate, targets: dict[UUID, int | None] = TARGETS) -> frozenset[UUID]:
    return counted(pledges, targets).ids


class TestTheWorkedExamples:
    a, b, c, d, e = (council(number) for number in range(5))

    def test_an_offered_pledge_is_nobodys_support_and_once_authorised_both_count(self) -> None:
        first, second = pledge(1, self.a, if_councils(1)), pledge(2, self.b, if_councils(1))
        assert counting(first) == frozenset()
        assert counting(first, second) == ids(first, second)

    @pytest.mark.parametrize("firm, all_count", [(499_999, False), (500_000, True)])
    def test_a_sum_a_penny_short_and_one_penny_more(self, firm: int, all_count: bool) -> None:
        made = [
            pledge(1, self.a, if_pence(2_000_000), amount=800_000, need=MONEY),
            pledge(2, self.b, if_pence(2_000_000), amount=700_000, need=MONEY),
            pledge(3, self.c, amount=firm - 1, need=MONEY),
            pledge(4, self.d, amount=1, need=MONEY),
        ]
        assert counting(*made) == (ids(*made) if all_count else ids(*made[2:]))

    def test_one_council_pledging_twice_is_one_council(self) -> None:
        waits = pledge(1, self.a, if_councils(2))
        twice = [pledge(2, self.b), pledge(3, self.b)]
        assert counting(waits, *twice) == ids(*twice)
        assert counting(waits, *twice, pledge(4, self.c)) >= ids(waits)

    def test_ones_own_second_pledge_is_not_another_council(self) -> None:
        waits, own = pledge(1, self.a, if_councils(1)), pledge(2, self.a)
        assert counting(waits, own) == ids(own)

    def test_two_needs_that_wait_for_each_other_are_both_met(self) -> None:
        other = UUID(int=3)
        first = pledge(1, self.a, if_met(other), amount=20)
        second = Candidate(UUID(int=9), self.b, other, NeedKind.TIME, 5, (if_met(DAYS),))
        assert counting(first, second, targets={**TARGETS, other: 5}) == ids(first, second)
        assert counting(first, second, targets={**TARGETS, other: 6}) == frozenset()

    def test_a_pledge_to_the_need_it_waits_for_is_part_of_it(self) -> None:
        half, rest = pledge(1, self.a, if_met(DAYS)), pledge(2, self.b)
        assert counting(half, rest) == ids(half, rest)

    def test_after_an_early_go_ahead_the_last_ten_thousand_pounds_bring_in_who_waited(self) -> None:
        committed = [
            pledge(1, self.a, amount=1_000_000, need=MONEY, is_committed=True),
            pledge(2, self.b, amount=500_000, need=MONEY, is_committed=True),
        ]
        waits = pledge(3, self.d, if_pence(3_000_000), amount=500_000, need=MONEY)
        assert counting(*committed, waits) == ids(*committed)
        last = pledge(4, self.e, amount=1_000_000, need=MONEY)
        assert counting(*committed, waits, last) == ids(*committed, waits, last)

    def test_a_committed_pledge_counts_whatever_its_conditions_were(self) -> None:
        bound = pledge(1, self.a, if_councils(400), is_committed=True)
        assert counting(bound) == ids(bound)

    def test_other_bodies_pledge_and_are_not_counted_as_councils(self) -> None:
        park = council(9, "other body", is_counted=False)
        waits, theirs = pledge(1, self.a, if_councils(1)), pledge(2, park, if_councils(1))
        assert counting(waits, pledge(3, park)) == frozenset({UUID(int=1_003)})
        assert counting(theirs, pledge(4, self.b)) >= ids(theirs)

    def test_only_councils_of_the_kind_nation_or_region_asked_for_are_counted(self) -> None:
        welsh = council(7, "welsh unitary", where=("Wales", "Wales"))
        for asked in (
            if_councils(1, kind="welsh unitary"),
            if_councils(1, nation="Wales"),
            if_councils(1, region="Wales"),
        ):
            waits = pledge(1, self.a, asked)
            assert counting(waits, pledge(2, self.b)) == frozenset({UUID(int=1_002)})
            assert counting(waits, pledge(3, welsh)) >= ids(waits)

    def test_ones_own_council_is_not_one_of_the_kind_it_asks_for(self) -> None:
        one = pledge(1, council(1, "county"), if_councils(1, kind="county"))
        other = pledge(2, council(2, "county"), if_councils(1, kind="county"))
        assert counting(one) == frozenset()
        assert counting(one, other) == ids(one, other)

    def test_a_need_that_was_dropped_never_is_met(self) -> None:
        waits = pledge(1, self.a, if_met(MONEY))
        gift = pledge(2, self.b, amount=5_000_000, need=MONEY)
        assert counting(waits, gift, targets={**TARGETS, MONEY: None}) == ids(gift)

    def test_a_staircase_falls_to_the_last_step(self) -> None:
        steps = [pledge(number, council(number), if_councils(number)) for number in range(1, 40)]
        assert counting(*steps) == frozenset()
        assert counting(*steps, pledge(99, council(99))) == ids(*steps) | {UUID(int=1_099)}


class TestWhatAConditionHas:
    a, b = council(1), council(2)

    def have(self, condition: Condition, waits: Candidate, *others: Candidate) -> int:
        return counted((waits, *others), TARGETS).have(condition, waits)

    def test_other_councils_are_counted_without_ones_own(self) -> None:
        asked = if_councils(2)
        waits = pledge(1, self.a, asked)
        assert self.have(asked, waits) == 0
        assert self.have(asked, waits, pledge(2, self.b), pledge(3, self.a)) == 1

    def test_a_sum_holds_the_pledge_itself_whether_it_counts_or_not(self) -> None:
        asked = if_pence(2_000)
        waits = pledge(1, self.a, asked, amount=500, need=MONEY)
        assert self.have(asked, waits) == 500
        assert self.have(asked, waits, pledge(2, self.b, amount=1_000, need=MONEY)) == 1_500
        assert self.have(asked, waits, pledge(2, self.b, amount=1_500, need=MONEY)) == 2_000

    def test_of_a_sum_of_another_kind_it_is_no_part(self) -> None:
        asked = if_pence(2_000)
        assert self.have(asked, pledge(1, self.a, asked), pledge(2, self.b, amount=300, need=MONEY)) == 300

    def test_of_a_need_it_is_what_was_pledged_to_it(self) -> None:
        asked = if_met(DAYS)
        assert self.have(asked, pledge(1, self.a, asked, amount=4), pledge(2, self.b, amount=3)) == 7
        assert self.have(asked, pledge(1, self.a, asked, need=MONEY), pledge(2, self.b, amount=3)) == 3

    def test_what_waits_is_not_had(self) -> None:
        asked = if_councils(1)
        assert self.have(asked, pledge(1, self.a, asked, if_met(MONEY)), pledge(2, self.b, if_met(MONEY))) == 0


# The oracle: every set of pledges, the plain way.


def holds_in(
    condition: Condition, one: Candidate, chosen: Iterable[Candidate], targets: dict[UUID, int | None]
) -> bool:
    chosen = tuple(chosen)
    if condition.kind is ConditionKind.COUNCILS:
        others = {
            other.council.id
            for other in chosen
            if other.council.id != one.council.id
            and other.council.is_counted
            and condition.of_kind in (None, other.council.kind)
            and condition.of_nation in (None, other.council.nation)
            and condition.of_region in (None, other.council.region)
        }
        return len(others) >= condition.at_least
    if condition.kind is ConditionKind.TOTAL:
        return sum(other.amount for other in chosen if other.kind is condition.unit) >= condition.at_least
    target = targets.get(condition.need_id) if condition.need_id else None
    return target is not None and sum(other.amount for other in chosen if other.need_id == condition.need_id) >= target


def is_consistent(chosen: tuple[Candidate, ...], targets: dict[UUID, int | None]) -> bool:
    return all(
        one.is_committed or all(holds_in(each, one, chosen, targets) for each in one.conditions) for one in chosen
    )


def largest(pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]) -> frozenset[UUID]:
    """The largest consistent set, found by trying all; it must hold every other."""
    sets = [
        ids(*chosen)
        for size in range(len(pledges) + 1)
        for chosen in combinations(pledges, size)
        if is_consistent(chosen, targets)
    ]
    assert all(one <= sets[-1] for one in sets)
    return sets[-1]


COUNCILS = (
    council(0), council(1, "county"), council(2, "county", where=("Wales", "Wales")), council(3),
    council(4, "other body", is_counted=False), council(5, where=("Wales", "Wales")),
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    match draw(st.sampled_from(ConditionKind)):
        case ConditionKind.COUNCILS:
            return Condition(
                kind=ConditionKind.COUNCILS, at_least=draw(st.integers(1, 5)),
                of_kind=draw(st.sampled_from((None, None, "county", "unitary"))),
                of_nation=draw(st.sampled_from((None, None, None, "Wales"))),
                of_region=draw(st.sampled_from((None, None, None, "North East"))),
            )  # fmt: skip
        case ConditionKind.TOTAL:
            return Condition(
                kind=ConditionKind.TOTAL,
                at_least=draw(st.integers(1, 30)),
                unit=draw(st.sampled_from(tuple(KIND_OF.values()))),
            )
        case _:
            return Condition(kind=ConditionKind.NEED, need_id=draw(st.sampled_from(tuple(KIND_OF))))


@st.composite
def candidates(draw: st.DrawFn, most: int = 12) -> tuple[Candidate, ...]:
    return tuple(
        pledge(
            number,
            draw(st.sampled_from(COUNCILS)),
            *draw(st.lists(conditions(), max_size=3)),
            amount=draw(st.integers(1, 8)),
            need=draw(st.sampled_from(tuple(KIND_OF))),
            is_committed=draw(st.integers(0, 9)) == 0,
        )
        for number in range(draw(st.integers(0, most)))
    )


TARGETS_OF_NEEDS = st.fixed_dictionaries({need: st.one_of(st.none(), st.integers(1, 30)) for need in KIND_OF})

LAWS = settings(max_examples=60, deadline=None)


@settings(max_examples=150, deadline=None)
@given(candidates(), TARGETS_OF_NEEDS)
def test_the_solver_finds_the_one_largest_set_that_is_consistent(
    pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]
) -> None:
    assert counted(pledges, targets).ids == largest(pledges, targets)


@given(candidates(most=25), TARGETS_OF_NEEDS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same(pledges: tuple[Candidate, ...], targets: dict[UUID, int | None], mix: Any) -> None:
    other = list(pledges)
    mix.shuffle(other)
    one, same = counted(pledges, targets), counted(other, targets)
    assert (one.ids, one.councils) == (same.ids, same.councils)
    assert {key: amount for key, amount in one.quantities.items() if amount} == {
        key: amount for key, amount in same.quantities.items() if amount
    }


@LAWS
@given(candidates(most=16), TARGETS_OF_NEEDS)
def test_one_pledge_less_never_makes_another_count_and_one_more_never_stops_one(
    pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]
) -> None:
    whole = counted(pledges, targets).ids
    for place in range(len(pledges)):
        assert counted(pledges[:place] + pledges[place + 1 :], targets).ids <= whole


@LAWS
@given(candidates(most=16), TARGETS_OF_NEEDS, st.data())
def test_agreed_is_a_part_of_pledged(
    pledges: tuple[Candidate, ...], targets: dict[UUID, int | None], data: st.DataObject
) -> None:
    accepted = [one for one in pledges if one.is_committed or data.draw(st.booleans())]
    assert counted(accepted, targets).ids <= counted(pledges, targets).ids


@LAWS
@given(candidates(most=16), TARGETS_OF_NEEDS)
def test_a_condition_less_never_stops_a_pledge(pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]) -> None:
    whole = counted(pledges, targets).ids
    for place, one in enumerate(pledges):
        if one.conditions:
            freer = (*pledges[:place], replace(one, conditions=one.conditions[1:]), *pledges[place + 1 :])
            assert counted(freer, targets).ids >= whole


@LAWS
@given(st.integers(2, 40), st.booleans())
def test_a_ring_in_which_each_waits_for_the_next_counts_whole_or_not_at_all(number: int, is_whole: bool) -> None:
    needs = [UUID(int=500 + place) for place in range(number)]
    ring = [
        Candidate(
            UUID(int=place), council(place), needs[place], NeedKind.TIME, 1, (if_met(needs[(place + 1) % number]),)
        )
        for place in range(number)
    ]
    kept = ring if is_whole else ring[1:]
    assert counted(kept, dict.fromkeys(needs, 1)).ids == (ids(*ring) if is_whole else frozenset())


@LAWS
@given(candidates(most=16), TARGETS_OF_NEEDS)
def test_what_counts_has_what_it_asks_for_and_what_waits_lacks_something(
    pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]
) -> None:
    found = counted(pledges, targets)
    for one in pledges:
        if not one.is_committed:
            assert (one.id in found.ids) == all(_is_had(found, each, one, targets) for each in one.conditions)


def _is_had(found: Counted, condition: Condition, one: Candidate, targets: dict[UUID, int | None]) -> bool:
    want = wanted(condition, targets)
    return want is not None and found.have(condition, one) >= want


@LAWS
@given(candidates(most=16), TARGETS_OF_NEEDS)
def test_the_quantities_are_the_sums_of_what_counts(
    pledges: tuple[Candidate, ...], targets: dict[UUID, int | None]
) -> None:
    found = counted(pledges, targets)
    kept = [one for one in pledges if one.id in found.ids]
    for need in KIND_OF:
        in_need = sum(one.amount for one in kept if one.need_id == need)
        assert found.quantities.get(key_of(if_met(need)), 0) == in_need
    assert found.councils == {one.council.id for one in kept}
