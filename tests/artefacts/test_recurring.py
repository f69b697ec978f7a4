"""Local changes that recur across copies: found alike whatever the white space, and made in the original."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.artefacts.recurring import CopyTexts, Recurring, recurring, with_change
from pipeline.kernel.ids import new_id

pytestmark = pytest.mark.pure

BASE = "# Policy\n\nBe kind.\n\nAnswer within ten days.\n\n- one\n- two\n"
A, B, C = (new_id() for _ in range(3))


def copies(*texts: str, base: str = BASE) -> list[CopyTexts]:
    return [CopyTexts(council_id, base, text) for council_id, text in zip((A, B, C), texts, strict=False)]


def found(*texts: str, least: int = 2) -> list[tuple[str, str, str, set[UUID]]]:
    return [
        (one.before, one.after, one.follows, set(one.council_ids)) for one in recurring(copies(*texts), least=least)
    ]


def test_a_paragraph_that_two_councils_changed_alike_recurs() -> None:
    changed = BASE.replace("ten", "five")
    assert found(changed, changed.replace("within five", "within\nfive"), BASE) == [
        ("Answer within ten days.", "Answer within five days.", "", {A, B})
    ]


def test_what_each_changed_in_their_own_way_does_not_recur() -> None:
    assert found(BASE.replace("ten", "five"), BASE.replace("ten", "six"), BASE) == []


def test_a_council_counts_once_however_many_copies_it_has() -> None:
    changed = BASE.replace("ten", "five")
    twice = [CopyTexts(A, BASE, changed), CopyTexts(A, BASE, changed)]
    assert recurring(twice) == ()


def test_what_they_added_in_the_same_place_and_what_they_took_out_recurs() -> None:
    added = BASE.replace("Be kind.\n", "Be kind.\n\nSay your name.\n")
    assert found(added, added) == [("", "Say your name.", "Be kind.", {A, B})]
    removed = BASE.replace("- one\n", "")
    assert found(removed, removed) == [("- one", "", "", {A, B})]


def test_the_change_of_most_councils_comes_first() -> None:
    five, six = BASE.replace("ten", "five"), BASE.replace("kind", "brief")
    both = five.replace("kind", "brief")
    assert [len(councils) for *_texts, councils in found(five, both, both)] == [3, 2]
    assert found(six, six, BASE)[0][3] == {A, B}


@pytest.mark.parametrize(
    "after",
    [
        BASE.replace("ten", "five"), BASE.replace("Be kind.\n", "Be kind.\n\nSay your name.\n"),
        BASE.replace("- one\n", ""), BASE.replace("- two\n", "- two\n- three\n"), f"Read this first.\n\n{BASE}",
    ],
)  # fmt: skip
def test_a_recurring_change_made_in_the_base_gives_the_copy(after: str) -> None:
    (change,) = recurring(copies(after, after))
    made = with_change(BASE, change)
    assert made is not None
    assert made.split() == after.split()


def test_a_change_is_not_made_where_the_text_reads_otherwise_or_twice() -> None:
    change = Recurring("Be kind.", "Be brief.", "", (A, B))
    assert with_change("Be stern.\n", change) is None
    assert with_change("Be kind.\n\nBe kind.\n", change) is None
    assert with_change("One.\n\nBe\nkind.\n\nTwo.\n", change) == "One.\n\nBe brief.\n\nTwo.\n"


@given(st.lists(st.sampled_from(["Alpha.", "Beta.", "Gamma.", "- one", "# Head"]), max_size=8).map("\n\n".join))
def test_copies_that_are_the_base_have_nothing_in_common(text: str) -> None:
    assert recurring([CopyTexts(A, text, text), CopyTexts(B, text, text)]) == ()


def test_its_key_does_not_depend_on_who_or_on_white_space() -> None:
    one, other = Recurring("Be  kind.", "x", "", (A,)), Recurring("Be\nkind.", "x", "", (B, C))
    assert one.key == other.key != Recurring("Be kind.", "y", "", (A,)).key
