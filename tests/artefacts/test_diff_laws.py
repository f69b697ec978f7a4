"""What holds for the comparison of any two texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.artefacts.comparison_forms import as_json, from_json
from pipeline.artefacts.diff import Comparison, PieceKind, RowKind, apply, compare, unapply
from tests.artefacts.hostile_texts import markdown

pytestmark = pytest.mark.pure

passages = st.lists(markdown, max_size=6)


def holds(comparison: Comparison, old: str, new: str) -> None:
    """Both texts can be made of each other, and the rows go through them without a gap."""
    assert apply(comparison, old) == new
    assert unapply(comparison, new) == old
    assert "".join(block.source for row in comparison.rows for block in row.olds) == old
    assert "".join(block.source for row in comparison.rows for block in row.news) == new


@settings(max_examples=800, deadline=None)
@given(markdown, markdown)
def test_any_two_texts_are_made_of_each_other_to_the_letter(old: str, new: str) -> None:
    holds(compare(old, new), old, new)


@settings(max_examples=300, deadline=None)
@given(passages, st.data())
def test_passages_in_any_other_order_are_too(parts: list[str], data: st.DataObject) -> None:
    old, new = "\n\n".join(parts), "\n\n".join(data.draw(st.permutations(parts)))
    holds(compare(old, new), old, new)


@settings(max_examples=300, deadline=None)
@given(passages, passages, passages)
def test_a_passage_in_the_midst_is_too(before: list[str], midst: list[str], after: list[str]) -> None:
    old, new = "\n\n".join([*before, *after]), "\n".join([*before, *midst, *after])
    holds(compare(old, new), old, new)
    holds(compare(new, old), new, old)


@settings(max_examples=300, deadline=None)
@given(markdown)
def test_a_text_and_itself_are_the_same(text: str) -> None:
    comparison = compare(text, text)
    assert comparison.is_same
    assert comparison.changes == ()
    assert all(row.kind is RowKind.SAME for row in comparison.rows)


@settings(max_examples=300, deadline=None)
@given(markdown, markdown)
def test_only_equal_texts_are_the_same(old: str, new: str) -> None:
    assert compare(old, new).is_same == (old == new)


@settings(max_examples=300, deadline=None)
@given(markdown, markdown)
def test_changes_are_numbered_in_reading_order_and_moves_know_each_other(old: str, new: str) -> None:
    changes = compare(old, new).changes
    assert [row.change for row in changes] == list(range(1, len(changes) + 1))
    for row in changes:
        moved = {RowKind.MOVED_FROM: RowKind.MOVED_TO, RowKind.MOVED_TO: RowKind.MOVED_FROM}.get(row.kind)
        assert (row.partner is not None) == (moved is not None)
        if row.partner is not None:
            assert changes[row.partner - 1].kind is moved
            assert changes[row.partner - 1].partner == row.change


@settings(max_examples=300, deadline=None)
@given(markdown, markdown)
def test_blocks_are_counted_from_where_they_stand(old: str, new: str) -> None:
    at_old = at_new = 0
    for row in compare(old, new).rows:
        assert (row.old_at, row.new_at) == (at_old, at_new)
        at_old, at_new = at_old + len(row.olds), at_new + len(row.news)


@settings(max_examples=300, deadline=None)
@given(markdown, markdown)
def test_white_space_alone_is_never_marked(old: str, new: str) -> None:
    for row in compare(old, new).rows:
        if row.kind is RowKind.CHANGED:
            assert not any(piece.text.isspace() for piece in row.pieces if piece.kind is not PieceKind.SAME)


@settings(max_examples=300, deadline=None)
@given(markdown, markdown)
def test_a_comparison_that_was_kept_is_the_same_comparison(old: str, new: str) -> None:
    comparison = compare(old, new)
    assert from_json(as_json(comparison)) == comparison
