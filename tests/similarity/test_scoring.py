"""What texts are about, how alike they are, and why. Pure."""

import pytest

from pipeline.similarity.messages import why
from pipeline.similarity.scoring import LEAST, Likeness, Rarity, likeness
from pipeline.similarity.terms import MOST_TERMS, Text, stem, terms_of

pytestmark = pytest.mark.pure

RARE = Rarity(1_000, {})
DAMP = Text.of("Damp and mould: finding the homes at risk", themes=("housing",), phase="alpha")
CONDENSATION = Text.of("Condensation in flats: whose dwelling is worst", themes=("housing",), phase="alpha")
LIBRARY = Text.of("Longer opening hours in village libraries", themes=("libraries",))


@pytest.mark.parametrize("words", ["inspect inspects inspected inspecting inspection", "policy policies", "bus buses"])
def test_words_that_differ_in_their_endings_are_one(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


def test_words_that_mean_the_same_are_one_term() -> None:
    assert terms_of("Missed bins").keys() & terms_of("Uncollected bins").keys()
    assert set(terms_of("Blue Badge")) == set(terms_of("disabled badges"))


def test_a_word_of_the_title_weighs_more_than_one_further_down() -> None:
    terms = terms_of("Potholes", "Drainage", "Allotments")
    assert terms["=pothole"].weight > terms["=gully"].weight > terms["=allotment"].weight


def test_words_that_stand_in_any_project_and_the_name_of_its_council_are_left_out() -> None:
    assert not terms_of("A new online service for the people of the council")
    assert set(terms_of("Leeds libraries", but_not=frozenset({"leeds"}))) == {"=library"}
    assert len(terms_of(" ".join(f"word{letter}x" for letter in range(500)))) <= MOST_TERMS


def test_what_says_the_same_in_other_words_is_alike_and_says_why() -> None:
    found = likeness(DAMP, CONDENSATION, RARE)
    assert found.score > LEAST
    assert found.words == ("condensation",), "what the theme says already is not said again"
    assert (found.themes, found.phase) == (("housing",), "alpha")


def test_what_has_nothing_in_common_is_not_alike() -> None:
    assert likeness(DAMP, LIBRARY, RARE).score < LEAST
    assert likeness(DAMP, Text.of(""), RARE).score == 0


def test_a_shared_theme_alone_is_no_reason() -> None:
    one, other = Text.of("Allotments", themes=("housing",)), Text.of("Elections", themes=("housing",))
    assert likeness(one, other, RARE).score == 0


def test_a_text_is_most_like_itself_and_likeness_goes_both_ways() -> None:
    assert likeness(DAMP, DAMP, RARE).score > 0.85
    assert likeness(DAMP, CONDENSATION, RARE).score == likeness(CONDENSATION, DAMP, RARE).score


def test_a_word_that_few_have_tells_more_than_one_that_many_have() -> None:
    one = Text.of("Sensors in allotments")
    sensors, plots = Text.of("Sensors in museums"), Text.of("Museums beside allotments")
    known = Rarity(1_000, {"=sensor": 400, "=allotment": 2})
    assert likeness(one, plots, known).score > likeness(one, sensors, known).score


def test_why_reads_as_sentences() -> None:
    found = Likeness(0.5, ("damp", "mould"), ("housing",), "alpha", ("user-researcher",))
    said = [
        str(words)
        for words in why(
            words=found.words, themes=found.themes, phase=found.phase, professions=found.professions, language="en"
        )
    ]
    assert said == [
        "Both are about housing: damp, mould.",
        "Both are in the phase alpha.",
        "Both look for a user researcher.",
    ]
