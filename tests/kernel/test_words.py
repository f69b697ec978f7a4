"""Sentences that are not yet in anybody's language."""

import pytest

from pipeline.kernel.words import Words, english_many

pytestmark = pytest.mark.pure

WELSH = {
    "{n} day": "{n} diwrnod",
    "{n} days": "{n} diwrnod",
    "Ask {whom}.": "Gofynnwch i {whom}.",
    "a colleague": "gydweithiwr",
}


def test_a_sentence_fills_its_places() -> None:
    assert str(Words("{name} has {left} left", name="Camden", left=3)) == "Camden has 3 left"


def test_a_sentence_without_places_keeps_its_braces() -> None:
    assert str(Words("Type {like this}")) == "Type {like this}"


@pytest.mark.parametrize("number, said", [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_the_value_called_n_chooses_singular_or_plural(number: int, said: str) -> None:
    assert str(Words("{n} day", "{n} days", n=number)) == said


def test_a_sentence_inside_a_sentence_is_translated_too() -> None:
    words = Words("Ask {whom}.", whom=Words("a colleague"))

    assert words.in_language(lambda sentence: WELSH[sentence], english_many) == "Gofynnwch i gydweithiwr."


def test_equal_sentences_are_one_in_a_set() -> None:
    assert len({Words("{n} left", n=1), Words("{n} left", n=1), Words("{n} left", n=2)}) == 2


def test_words_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Words("Here").sentence = "There"  # type: ignore[misc]
