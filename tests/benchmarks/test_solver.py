"""The made-up pledges on which the solver is timed are as hard as they say. Nothing here is timed itself."""

import pytest

from benchmarks.solver import CASES, crowd, measure, staircase
from pipeline.pledges.conditions import ConditionKind, counted

pytestmark = pytest.mark.pure


def test_the_crowd_has_three_conditions_each_of_every_kind_and_only_some_of_it_counts() -> None:
    pledges, targets = crowd()
    assert len(pledges) == 1_000
    assert {len(one.conditions) for one in pledges} == {3}
    assert {condition.kind for one in pledges for condition in one.conditions} == set(ConditionKind)
    assert 100 < len(counted(pledges, targets).ids) < 900


def test_of_the_staircase_all_fall() -> None:
    assert len(counted(*staircase(200)).ids) == 0


def test_one_council_more_and_the_whole_staircase_stands() -> None:
    pledges, targets = staircase(200)
    *others, last = pledges
    without_a_condition = type(last)(last.id, last.council, last.need_id, last.kind, last.amount)
    assert len(counted([*others, without_a_condition], targets).ids) == 200


def test_every_case_is_measured() -> None:
    assert [one.name for one in measure(runs=1)] == [case.name for case in CASES]
