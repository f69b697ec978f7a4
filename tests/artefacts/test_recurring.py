"""Local changes that recur across copies: found alike whatever the white space, and made in the original."""

from random import Random
from time import perf_counter
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


LONG = "Council officers answer every question from the public within ten working days of the day it came in."
NEARLY = LONG.replace("within ten", "politely, in plain words and within five")
NEAR = NEARLY.replace("plain words", "plain English words")
OTHERWISE = LONG.replace("ten working days", "one calendar month")


def test_changes_that_are_nearly_alike_stand_under_what_most_say() -> None:
    texts = [NEARLY, NEAR, NEARLY, OTHERWISE]
    ids = [new_id() for _ in texts]
    (change,) = recurring(CopyTexts(one, LONG, text) for one, text in zip(ids, texts, strict=True))
    assert (change.after, set(change.council_ids), change.exactly) == (NEARLY, {ids[0], ids[1], ids[2]}, 2)
    assert [(one.after, one.council_ids) for one in change.variants] == [(NEAR, (ids[1],))]


def test_one_word_changed_to_different_words_is_not_alike_however_long_the_paragraph() -> None:
    five, six = (LONG.replace("ten", number) for number in ("five", "six"))
    assert recurring(copies(five, six, base=LONG)) == ()


def test_paragraphs_added_in_one_place_are_compared_by_their_words() -> None:
    added = (f"{BASE}\nSay who you are and how to reach you.\n", f"{BASE}\nSay who you are and how we reach you.\n")
    (change,) = recurring(copies(*added))
    assert len(change.variants) == 1
    assert recurring(copies(added[0], f"{BASE}\nKeep notes of every call.\n")) == ()


def test_a_council_with_two_wordings_counts_once() -> None:
    assert recurring([CopyTexts(A, LONG, NEARLY), CopyTexts(A, LONG, NEAR)]) == ()


WORDS = st.lists(
    st.sampled_from(["be", "kind", "and", "brief", "to", "all", "who", "ask", "of", "us"]), min_size=1, max_size=7
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=3).map("\n\n".join)


@given(st.lists(TEXTS, min_size=2, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_copies_changes_nothing(texts: list[str], random: Random) -> None:
    made = [CopyTexts(UUID(int=place), "be kind to all\n\nbe brief", text) for place, text in enumerate(texts)]
    shuffled = random.sample(made, len(made))
    assert recurring(made) == recurring(shuffled)


@given(st.lists(TEXTS, min_size=2, max_size=9))
def test_equal_changes_are_always_together_and_nobody_is_named_twice(texts: list[str]) -> None:
    base = "be kind to all\n\nbe brief"
    made = [CopyTexts(UUID(int=place), base, text) for place, text in enumerate(texts * 2)]
    found = recurring(made)
    for change in found:
        assert len(change.council_ids) == len(set(change.council_ids)) >= 2
        for one in change.council_ids:
            # The one whose copy reads the same letter for letter made the same changes.
            twin = UUID(int=(one.int + len(texts)) % (2 * len(texts)))
            assert twin in change.council_ids
        for variant in change.variants:
            assert set(variant.council_ids) <= set(change.council_ids)
    assert len({change.key for change in found}) == len(found)


@pytest.mark.parametrize("is_alike", [True, False])
def test_a_thousand_copies_take_bounded_time(is_alike: bool) -> None:
    """A hundred paragraphs, each changed in a thousand ways."""
    random = Random(1)
    vocabulary = [f"word{number}" for number in range(60 if is_alike else 60_000)]
    base = [" ".join(random.choices(vocabulary, k=30)) for _ in range(20)]
    made = []
    for place in range(1_000):
        text = [f"{line} {' '.join(random.choices(vocabulary, k=5))}" for line in base]
        made.append(CopyTexts(UUID(int=place), "\n\n".join(base), "\n\n".join(text)))
    begun = perf_counter()
    recurring(made)
    assert perf_counter() - begun < 30
