"""The laws of merging, on made-up texts."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.artefacts.merge import Choice, Decision, Merged, Part, PartKind, merge, resolved
from tests.artefacts.hostile_texts import markdown
from tests.artefacts.merge_texts import blocks, front, sentences_in, text_of, three

pytestmark = pytest.mark.pure

any_text = st.one_of(st.builds(text_of, front, blocks), markdown, st.text(alphabet="aB.! \n#-*|>`1\t\\", max_size=60))
CHOICES = (Choice.OURS, Choice.THEIRS, Choice.BOTH, Choice.BOTH_REVERSED, Choice.BASE)
SWAPPED = {
    Choice.OURS: Choice.THEIRS, Choice.THEIRS: Choice.OURS, Choice.BOTH: Choice.BOTH_REVERSED,
    Choice.BOTH_REVERSED: Choice.BOTH, Choice.BASE: Choice.BASE,
}  # fmt: skip
OTHER_KIND = {PartKind.THEIRS: PartKind.OURS, PartKind.OURS: PartKind.THEIRS}


def decided(data: Any, merged: Merged, choices: tuple[Choice, ...] = CHOICES) -> dict[int, Choice]:
    """A choice for each clash, or for each clash among its pieces."""
    made: dict[int, Choice] = {}
    for clash in merged.clashes:
        pieces = [piece for piece in clash.pieces if piece.kind is PartKind.CLASH]
        for part in pieces if pieces and data.draw(st.booleans()) else [clash]:
            made[part.number] = data.draw(st.sampled_from(choices))
    return made


def text_with(merged: Merged, choices: dict[int, Choice]) -> str:
    return resolved(merged, {number: Decision(choice) for number, choice in choices.items()})


@given(any_text, any_text)
def test_what_only_one_side_changed_comes_in_whole_and_to_the_letter(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other


@given(any_text, any_text)
def test_what_both_changed_alike_comes_in_once_and_to_the_letter(base: str, other: str) -> None:
    assert merge(base, other, other).text == other


@given(three())
def test_the_same_holds_of_texts_that_share_most_of_their_blocks(texts: tuple[str, str, str]) -> None:
    base, theirs, ours = texts
    assert merge(base, theirs, base).text == theirs
    assert merge(base, base, ours).text == ours
    assert merge(base, theirs, theirs).text == theirs


@given(any_text, any_text, any_text)
def test_the_parts_are_the_three_texts_again(base: str, theirs: str, ours: str) -> None:
    check_slices(merge(base, theirs, ours), base, theirs, ours)


@given(three())
def test_the_parts_of_related_texts_are_the_three_texts_again(texts: tuple[str, str, str]) -> None:
    merged = merge(*texts)
    check_slices(merged, *texts)
    event(f"clashes: {min(len(merged.clashes), 3)}")
    event(f"in stretches: {any(part.pieces for part in merged.parts)}")
    event(f"within blocks: {any(not part.is_whole for part in merged.parts)}")


def check_slices(merged: Merged, base: str, theirs: str, ours: str) -> None:
    for parts in [merged.parts, *(part.pieces for part in merged.clashes if part.pieces)]:
        whole = base, theirs, ours
        if parts is not merged.parts:
            clash = next(part for part in merged.clashes if part.pieces == parts)
            whole = clash.base, clash.theirs, clash.ours
        assert "".join(part.base for part in parts) == whole[0]
        assert "".join(part.theirs for part in parts) == whole[1]
        assert "".join(part.ours for part in parts) == whole[2]
    numbers = [part.number for part in merged.clashes]
    assert numbers == list(range(1, len(numbers) + 1))
    every = [piece for part in merged.parts for piece in (part, *part.pieces)]
    named = [part.number for part in every if part.kind is not PartKind.SAME]
    assert sorted(named) == list(range(1, len(named) + 1))


@given(three(), st.data())
def test_swapping_the_sides_swaps_them_in_the_answer_and_changes_nothing_else(
    texts: tuple[str, str, str], data: Any
) -> None:
    base, theirs, ours = texts
    one, other = merge(base, theirs, ours), merge(base, ours, theirs)
    assert [swapped(part) for part in one.parts] == list(other.parts)
    choices = decided(data, one)
    assert text_with(one, choices) == text_with(other, {number: SWAPPED[choice] for number, choice in choices.items()})


def swapped(part: Part) -> Part:
    return Part(
        OTHER_KIND.get(part.kind, part.kind), part.base, part.ours, part.theirs, part.text, part.number,
        part.begins_block, part.ends_block, part.space, tuple(swapped(piece) for piece in part.pieces),
    )  # fmt: skip


@settings(max_examples=300)
@given(three(), st.data())
def test_every_sentence_comes_from_one_of_the_three(texts: tuple[str, str, str], data: Any) -> None:
    merged = merge(*texts)
    said = set().union(*(sentences_in(text) for text in texts))
    assert sentences_in(text_with(merged, decided(data, merged))) <= said


@settings(max_examples=300)
@given(three(), st.data())
def test_no_choice_loses_a_sentence_all_three_have(texts: tuple[str, str, str], data: Any) -> None:
    merged = merge(*texts)
    said = set.intersection(*(sentences_in(text, is_coarse=True) for text in texts))
    assert said <= sentences_in(text_with(merged, decided(data, merged)), is_coarse=True)


@given(three(), st.data())
def test_what_one_side_added_is_in_every_text_or_in_a_clash(texts: tuple[str, str, str], data: Any) -> None:
    base, theirs, ours = texts
    merged = merge(base, theirs, ours)
    added = (sentences_in(theirs) | sentences_in(ours)) - sentences_in(base)
    in_dispute = set().union(*(sentences_in(clash.theirs) | sentences_in(clash.ours) for clash in merged.clashes))
    assert added <= sentences_in(text_with(merged, decided(data, merged))) | in_dispute


@given(three())
def test_taking_the_same_side_of_every_clash_keeps_all_that_side_changed(texts: tuple[str, str, str]) -> None:
    base, theirs, ours = texts
    merged = merge(base, theirs, ours)
    text = text_with(merged, dict.fromkeys((clash.number for clash in merged.clashes), Choice.OURS))
    assert sentences_in(ours) - sentences_in(base) <= sentences_in(text)


@given(any_text, any_text, any_text, st.data())
def test_any_three_texts_can_be_merged(base: str, theirs: str, ours: str, data: Any) -> None:
    merged = merge(base, theirs, ours)
    assert isinstance(text_with(merged, decided(data, merged)), str)
    assert merged == merge(base, theirs, ours)
