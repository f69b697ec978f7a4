"""Values as people type and read them, what a measure must have, and which readings stand."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.measures.rules import (
    Actual,
    Better,
    MeasureKind,
    Point,
    Terms,
    Unit,
    check_actual,
    check_terms,
    latest_by_council,
    met,
    number_of,
    standing,
    value_from,
)

pytestmark = pytest.mark.pure
TODAY = date(2026, 11, 20)
TERMS = Terms(
    "Days to answer", MeasureKind.OUTCOME, Unit.DAYS, Better.LESS, Point(20, date(2026, 1, 31)),
    Point(8, date(2027, 1, 31)),
)  # fmt: skip


@given(st.sampled_from(Unit), st.integers(-(10**9), 10**9))
def test_a_value_is_read_as_it_is_written(unit: Unit, value: int) -> None:
    assert value_from(unit, number_of(unit, value)) == value


@pytest.mark.parametrize(
    "unit, typed, value",
    [
        (Unit.POUNDS, "£1,234.50", 123450),
        (Unit.POUNDS, "-£30", -3000),
        (Unit.DAYS, "2.5", 5),
        (Unit.DAYS, "2.3", None),
        (Unit.PERCENT, "42.5 %", 425),
        (Unit.NUMBER, "1,200", 1200),
        (Unit.NUMBER, "1.5", None),
        (Unit.SCORE, "many", None),
        (Unit.NUMBER, "999999999999999999", None),
    ],
)
def test_only_what_is_a_number_of_the_unit_is_read(unit: Unit, typed: str, value: int | None) -> None:
    assert value_from(unit, typed) == value


@pytest.mark.parametrize(
    "terms, code",
    [
        (replace(TERMS, name=""), "measure.name_missing"),
        (replace(TERMS, target=Point(8, date(2025, 1, 1))), "measure.target_too_early"),
        (replace(TERMS, kind=MeasureKind.BENEFIT), "measure.benefit_better"),
        (replace(TERMS, kind=MeasureKind.BENEFIT, better=Better.MORE, unit=Unit.SCORE), "measure.benefit_unit"),
        (replace(TERMS, baseline=Point(10**13, TODAY), target=None), "measure.value_too_large"),
        (replace(TERMS, baseline=Point(1, date(1066, 1, 1))), "measure.day_out_of_range"),
        (replace(TERMS, baseline=Point(20, date(2026, 11, 21))), "measure.baseline_in_future"),
        (replace(TERMS, target=Point(21, date(2027, 1, 31))), "measure.target_worse"),
        (replace(TERMS, better=Better.MORE), "measure.target_worse"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused(terms: Terms, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_terms(terms, TODAY)
    assert code in {problem.code for problem in refused.value.problems}
    check_terms(TERMS, TODAY)


def test_nothing_is_measured_before_its_day() -> None:
    with pytest.raises(RuleBroken, match="in_future"):
        check_actual(Actual(1, date(2026, 11, 21)), TODAY)
    check_actual(Actual(1, TODAY), TODAY)


@dataclass(frozen=True)
class Kept:
    """A reading as far as the rules look at it."""

    value: int
    read_on: date
    council_id: UUID
    id: UUID
    corrects_id: UUID | None = None


def test_a_corrected_reading_stands_no_more_and_each_council_counts_with_its_last() -> None:
    one, other = new_id(), new_id()
    wrong = Kept(9, date(2026, 3, 1), one, new_id())
    right = Kept(7, date(2026, 3, 1), one, new_id(), corrects_id=wrong.id)
    early = Kept(5, date(2026, 1, 1), one, new_id())
    others = Kept(3, date(2026, 2, 1), other, new_id())
    assert [kept.value for kept in standing([wrong, right, early, others])] == [5, 3, 7]
    assert values(latest_by_council([wrong, right, early, others])) == {one: [7], other: [3]}


def test_what_councils_reported_that_ended_is_their_successors_until_it_reports_for_itself() -> None:
    one, other, successor = new_id(), new_id(), new_id()
    theirs = [Kept(9, date(2026, 3, 1), one, new_id()), Kept(3, date(2026, 2, 1), other, new_id())]
    follows = {one: successor, other: successor}
    assert values(latest_by_council(theirs, follows)) == {successor: [3, 9]}
    own = Kept(20, date(2026, 1, 1), successor, new_id())
    assert values(latest_by_council([*theirs, own], follows)) == {successor: [20]}


def values(found: dict[UUID, list[Kept]]) -> dict[UUID, list[int]]:
    """What each council has of it."""
    return {council_id: [one.value for one in kept] for council_id, kept in found.items()}


def test_a_target_is_met_the_way_the_measure_should_go() -> None:
    assert met(TERMS, 8)
    assert not met(TERMS, 9)
    assert met(replace(TERMS, better=Better.MORE), 9)
    assert not met(replace(TERMS, target=None), 0)
