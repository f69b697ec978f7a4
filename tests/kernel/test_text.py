"""Text that people type, made clean once and the same for every database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.text import addresses_in, clean, clean_line, is_storable, slug_from

pytestmark = pytest.mark.pure

ANY_TEXT = st.text(max_size=200)


@given(ANY_TEXT)
def test_clean_text_is_clean_already(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY_TEXT)
def test_clean_text_can_be_stored_on_both_databases(text: str) -> None:
    assert is_storable(clean(text))


@given(ANY_TEXT)
def test_a_line_is_one_line(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1


@given(ANY_TEXT, st.integers(5, 80))
def test_a_slug_is_short_ascii_and_never_empty(title: str, most: int) -> None:
    slug = slug_from(title, most)

    assert 0 < len(slug) <= max(most, len("untitled"))
    assert slug.isascii()
    assert not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Shared repairs form", "shared-repairs-form"), ("Tŷ Gwyn: cam 2", "ty-gwyn-cam-2"), ("£££", "untitled"),
        ("日本", "untitled"), ("  --A--  ", "a"),
    ],
)  # fmt: skip
def test_slugs_of_titles(title: str, slug: str) -> None:
    assert slug_from(title) == slug


def test_a_long_slug_ends_at_a_word() -> None:
    assert slug_from("one two three four", 12) == "one-two"


def test_nul_and_halves_of_surrogate_pairs_cannot_be_stored() -> None:
    assert not is_storable("a\x00b")
    assert not is_storable("a\ud800b")
    assert is_storable("Ŵylfa 🎉")


def test_addresses_are_found_wherever_they_stand() -> None:
    text = "Write to Jo.Bloggs+work@Camden.gov.uk, or <mailto:team@hartlepool.gov.uk>."

    assert addresses_in(text) == {"jo.bloggs+work@camden.gov.uk", "team@hartlepool.gov.uk"}


@pytest.mark.parametrize("text", ["\u200b", "\u200d\u00a0\u2060", "\u3164", "\u202e", "\ufeff", "\uffff", "\ue000"])
def test_what_nobody_can_see_is_nothing(text: str) -> None:
    assert clean(text) == clean_line(text) == ""


def test_a_family_and_a_name_from_right_to_left_stay_as_they_are() -> None:
    for text in ("\U0001f469\u200d\U0001f467", "שלום", "₤5", "Siân"):
        assert clean_line(text) == text
    assert clean_line("Ann \u202enettirw") == "Ann nettirw"


@pytest.mark.parametrize("text", ["see @camden on the web", "5 @ £3", "a@b", ""])
def test_what_is_no_address(text: str) -> None:
    assert addresses_in(text) == set()
