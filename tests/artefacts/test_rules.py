"""Rules of shared documents that need nothing but values."""

import time
from contextlib import suppress

import pytest

from pipeline.artefacts import rules
from pipeline.artefacts.blocks import blocks_of
from pipeline.artefacts.rules import LONGEST_DOCUMENT, MOST_BLOCKS
from pipeline.kernel.errors import RuleBroken

pytestmark = pytest.mark.pure


def codes(text: str) -> list[str]:
    with pytest.raises(RuleBroken) as refused:
        rules.check_text(text)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize("block", ["a\n\n", "- a\n", "# a\n", "| a |\n"])
def test_a_text_has_no_more_blocks_than_can_be_compared_quickly(block: str) -> None:
    number = len(blocks_of(block * 100)) / 100
    rules.check_text(block * int((MOST_BLOCKS - 10) / number))
    assert codes(block * int((MOST_BLOCKS + 10) / number)) == ["draft.too_many_blocks"]


def test_lines_of_one_paragraph_are_not_counted_as_paragraphs() -> None:
    rules.check_text("a line of it\n" * 25_000)
    rules.check_text("a word " * 57_000)


@pytest.mark.parametrize("text", ["\n" * LONGEST_DOCUMENT, "- \n" * 130_000, "> " * 200_000, "a\n\n" * 130_000])
def test_whatever_is_typed_it_is_told_quickly(text: str) -> None:
    begun = time.monotonic()
    with suppress(RuleBroken):
        rules.check_text(text)
    assert time.monotonic() - begun < 8
