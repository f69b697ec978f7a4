"""The made-up texts a merge is timed on are as they say. Nothing here is timed itself."""

import pytest

from benchmarks.comparison import written
from benchmarks.merging import CASES, edited, measure
from pipeline.artefacts.merge import merge

pytestmark = pytest.mark.pure


def test_each_side_changed_a_part_of_the_blocks_and_both_some() -> None:
    base = written(5_000)
    merged = merge(base, edited(base, 3), edited(base, 4))
    assert 5_000 <= len(base.split()) < 5_200
    assert merged.counts.came_in > 8
    assert merged.counts.stayed > 8
    assert merged.counts.to_decide > 0


def test_every_case_is_measured_beside_git() -> None:
    assert [one.name for one in measure(runs=1)] == [case.name for case in CASES]
