"""The made-up texts on which comparison is timed are as hard as they say. Nothing here is timed itself."""

import pytest

from benchmarks.comparison import CASES, changed, measure, page_of, written
from benchmarks.report import Ratio, ratios_table
from pipeline.artefacts.blocks import BlockKind, blocks_of
from pipeline.artefacts.diff import PieceKind, compare

pytestmark = pytest.mark.pure


def test_a_text_has_so_many_words_under_headings_and_in_lists() -> None:
    text = written(5_000)
    assert 5_000 <= len(text.split()) < 5_200
    assert {block.kind for block in blocks_of(text)} == {BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM}


def test_some_six_words_in_a_hundred_are_others_in_nearly_every_paragraph() -> None:
    old = written(5_000)
    comparison = compare(old, changed(old))
    removed = sum(
        len(piece.text.split()) for row in comparison.rows for piece in row.pieces if piece.kind is PieceKind.REMOVED
    )
    assert 0.03 < removed / 5_000 < 0.08
    assert comparison.summary.changed > 0.6 * len(comparison.rows)


def test_the_page_shows_what_was_removed_and_added() -> None:
    page = page_of("We share data.\n", "We share tools.\n")
    assert "<del>" in page
    assert "<ins>" in page


def test_every_case_is_measured_beside_git() -> None:
    ratios = measure(runs=1)
    assert [one.name for one in ratios] == [case.name for case in CASES]
    assert all(one.taken > 0 and one.by_git > 0 for one in ratios)


def test_a_ratio_above_what_is_asked_is_too_slow() -> None:
    slow, fast = (Ratio("one", "words", 3, 2, ratio, 1.5, 1.25) for ratio in (1.6, 1.4))
    assert (slow.is_slow, fast.is_slow) == (True, False)
    assert ratios_table([slow]).endswith("too slow")
    assert ratios_table([fast]).endswith("as asked")
