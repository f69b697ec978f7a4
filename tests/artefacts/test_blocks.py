"""A text cut into blocks, sentences and words, so that nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.artefacts.blocks import BlockKind, blocks_of, hash_of, normal, sentences_of, words_of
from tests.artefacts.hostile_texts import markdown

pytestmark = pytest.mark.pure


def kinds(text: str) -> list[BlockKind]:
    return [block.kind for block in blocks_of(text)]


@settings(max_examples=400, deadline=None)
@given(markdown)
def test_whatever_is_cut_is_the_text_again_when_joined(text: str) -> None:
    assert "".join(block.source for block in blocks_of(text)) == text
    assert "".join(sentences_of(text)) == text
    assert "".join(words_of(text)) == text


@settings(max_examples=200, deadline=None)
@given(markdown)
def test_every_block_but_the_first_begins_with_something(text: str) -> None:
    assert all(block.source.split("\n")[0].strip() for block in blocks_of(text)[1:])


def test_nothing_has_no_blocks() -> None:
    assert blocks_of("") == []


def test_headings_know_their_level_however_they_are_written() -> None:
    blocks = blocks_of("# One\n### Three\nTwo\n---\nOne again\n===\n")
    assert [(block.kind, block.level) for block in blocks] == [
        (BlockKind.HEADING, 1), (BlockKind.HEADING, 3), (BlockKind.HEADING, 2), (BlockKind.HEADING, 1),
    ]  # fmt: skip


def test_a_hash_without_a_space_is_no_heading() -> None:
    assert kinds("#council is a tag\n") == [BlockKind.PARAGRAPH]


def test_each_item_is_a_block_and_knows_how_far_it_is_indented() -> None:
    blocks = blocks_of("- one\n  goes on\n  - two\n10) three\n")
    assert [(block.kind, block.level) for block in blocks] == [
        (BlockKind.ITEM, 0), (BlockKind.ITEM, 2), (BlockKind.ITEM, 0),
    ]  # fmt: skip
    assert blocks[0].words == "- one goes on"


def test_each_row_of_a_table_is_a_block() -> None:
    assert kinds("| a | b |\n|---|---|\n| 1 | 2 |\n") == [BlockKind.ROW] * 3


def test_a_fence_is_one_block_with_its_blank_lines_even_if_it_is_never_closed() -> None:
    assert kinds("```\na\n\n# b\n```\nafter\n") == [BlockKind.CODE, BlockKind.PARAGRAPH]
    assert kinds("~~~\na\n\n# b\n") == [BlockKind.CODE]


def test_a_fence_is_closed_by_its_own_mark_only() -> None:
    assert kinds("````\n```\n~~~~\n````\nafter\n") == [BlockKind.CODE, BlockKind.PARAGRAPH]


def test_quotations_rules_and_front_matter_are_known() -> None:
    text = "---\ntitle: A\n---\n\n> one\n> two\n\n***\n\nText.\n"
    assert kinds(text) == [BlockKind.FRONT_MATTER, BlockKind.QUOTE, BlockKind.RULE, BlockKind.PARAGRAPH]


def test_three_dashes_at_the_start_that_nothing_closes_are_a_rule() -> None:
    assert kinds("---\n\ntext\n") == [BlockKind.RULE, BlockKind.PARAGRAPH]


def test_blank_lines_belong_to_the_block_before_and_are_a_block_at_the_start_only() -> None:
    assert [block.source for block in blocks_of("\n\na\n\n\nb")] == ["\n\n", "a\n\n\n", "b"]


def test_a_paragraph_says_the_same_wherever_its_lines_are_wrapped() -> None:
    (one,), (other,) = blocks_of("What we\nshare\n"), blocks_of("What we share\n")
    assert one.words == other.words


def test_a_line_that_begins_with_a_letter_goes_on_whatever_is_indented() -> None:
    assert kinds("One\n   two\n\tthree\n") == [BlockKind.PARAGRAPH]


@pytest.mark.parametrize("text", ["\n" * 100_000, "a" * 1_000_000, "- " * 200_000, "> " * 200_000, "=\n-\n" * 50_000])
def test_hostile_texts_are_cut_and_joined_to_the_letter(text: str) -> None:
    assert "".join(block.source for block in blocks_of(text)) == text


def test_sentences_end_at_a_stop_a_question_and_before_a_figure() -> None:
    text = "We share. Do you? 10 do! “Yes,” they say. and so on"
    assert sentences_of(text) == ["We share. ", "Do you? ", "10 do! ", "“Yes,” they say. and so on"]


def test_words_keep_their_apostrophes_and_marks_stand_alone() -> None:
    assert words_of("Don’t share, yet.") == ["Don’t", " ", "share", ",", " ", "yet", "."]


def test_a_text_is_kept_composed_with_line_feeds_and_one_at_the_end() -> None:
    assert normal("Cafe\u0301\r\none\rtwo\n\n\n") == "Café\none\ntwo\n"
    assert normal("\n\n") == ""


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_texts_that_are_kept_alike_have_the_same_hash() -> None:
    assert hash_of("a\r\nb") == hash_of("a\nb\n")
    assert hash_of("a") != hash_of("b")
    assert len(hash_of("")) == 64
