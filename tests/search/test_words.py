"""Words as the index keeps them and as people look for them."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.words import LONGEST_WORD, MOST_WORDS, plain, words_of


def test_accents_capitals_and_marks_make_no_difference() -> None:
    assert plain("Tŷ'r  Cyngor: CAFÉ-style, ‘e-forms’!") == "ty r cyngor cafe style e forms"


def test_words_that_say_nothing_are_left_out() -> None:
    assert words_of("the repairs of a house") == ("repairs", "house")
    assert words_of("y tai") == ("tai",)
    assert words_of("the of and") == words_of("") == words_of("💥 % \" ' ( )") == ()


def test_operators_are_words_like_others() -> None:
    words = words_of('housing NEAR(repairs) title:x* "quoted -minus')
    assert words == ("housing", "near", "repairs", "title", "x", "quoted", "minus")


def test_a_word_is_looked_for_once_and_no_more_than_twelve_are() -> None:
    assert words_of("tai tai TAI") == ("tai",)
    assert len(words_of(" ".join(f"word{number}" for number in range(200)))) == MOST_WORDS


@given(st.text(max_size=2_000))
def test_whatever_is_typed_leaves_plain_words(text: str) -> None:
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words)


@given(st.text(max_size=300))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_capital_inside_another_sign_is_folded_too() -> None:
    assert plain("ᴬ℡") == "atel"


def test_signs_that_nobody_sees_do_not_take_a_word_apart() -> None:
    assert plain("bi\u200bns re\u00adcycling \u202etrees\u202c") == "bins recycling trees"
