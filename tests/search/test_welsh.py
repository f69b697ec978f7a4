"""Welsh words whose first letter changed. Pure."""

import pytest

from pipeline.search.synonyms import meaning_of, other_names
from pipeline.search.welsh import radicals

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "changed, before",
    [
        ("dai", "tai"), ("nhai", "tai"), ("thai", "tai"), ("nghynllunio", "cynllunio"), ("wastraff", "gwastraff"),
        ("lyfrgell", "llyfrgell"), ("feithrinfa", "meithrinfa"), ("fin", "bin"), ("phlant", "plant"),
        ("hysgol", "ysgol"),
        ("ddigartrefedd", "digartrefedd"), ("mharcio", "parcio"), ("rianta", "rhianta"), ("ngwastraff", "gwastraff"),
    ],
)  # fmt: skip
def test_a_changed_word_leads_to_what_it_was(changed: str, before: str) -> None:
    assert before in radicals(changed)


def test_a_changed_word_means_what_it_meant_and_an_english_one_is_left_alone() -> None:
    assert meaning_of(("wastraff",)) == meaning_of(("gwastraff",)) == "waste"
    assert meaning_of(("lyfrgelloedd",)) == "library"
    assert meaning_of(("barks",)) is None, "no changed form of an English word"
    assert ("library",) in other_names(("lyfrgell",))


def test_short_words_are_left_alone() -> None:
    assert radicals("fo") == radicals("") == ()
