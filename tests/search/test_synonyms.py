"""What councils call the same thing, in one list for the search and for similar work. Pure."""

from collections import defaultdict

import pytest

from pipeline.search.asking import question_of
from pipeline.search.synonyms import LONGEST_NAME, NAMES, WAY, is_known, meaning_of, meanings, other_names
from pipeline.search.words import plain
from pipeline.similarity.terms import terms_of

pytestmark = pytest.mark.pure


def lines() -> list[list[list[str]]]:
    """The names of each line, by its parts."""
    kept = [line for line in NAMES.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    return [
        [[name.strip() for name in part.split(",") if name.strip()] for part in line.removeprefix(WAY).split("|")]
        for line in kept
    ]


def test_a_line_has_a_name_and_at_most_three_parts_and_none_of_its_names_is_too_long_to_be_looked_up() -> None:
    for parts in lines():
        assert parts[0], parts
        assert len(parts) <= 3, parts
        names = [name for part in parts for name in part]
        assert len(names) > 1, f"{names} is the only name of its kind"
        for name in names:
            assert 0 < len(plain(name).split()) <= LONGEST_NAME, name


def test_a_name_means_one_thing() -> None:
    lines_of = defaultdict(set)
    for parts in lines():
        for name in (name for part in parts[:2] for name in part):
            lines_of[name].add(parts[0][0])
            assert meaning_of(tuple(plain(name).split())) == plain(parts[0][0]), name
    assert {name: found for name, found in lines_of.items() if len(found) > 1} == {}
    assert len(meanings()) == len(lines())


def test_what_is_said_of_one_name_holds_of_its_plural_and_of_long_names_in_any_form() -> None:
    assert meaning_of(("potholes",)) == meaning_of(("pothole",)) == "pothole"
    assert meaning_of(("building", "inspections")) == meaning_of(("building", "inspectors")) == "building control"
    assert other_names(("recruiters",)) == other_names(("recruiter",))


def test_a_short_word_is_not_taken_for_another_that_begins_as_it_does() -> None:
    assert meaning_of(("parking",)) != meaning_of(("park",))
    assert meaning_of(("cars",)) is None
    assert ("carer",) not in other_names(("cars",))


def test_a_search_knows_near_names_that_similar_work_does_not_conclude_from() -> None:
    assert ("slot",) in other_names(("appointment",))
    assert ("appointment",) in other_names(("slot",))
    assert meaning_of(("slot",)) is None
    assert terms_of("Appointment").keys() != terms_of("Slot").keys()


def test_acronyms_and_welsh_lead_to_the_same() -> None:
    assert terms_of("EHCP").keys() == terms_of("Education, health and care plans").keys()
    assert terms_of("Gwastraff").keys() == terms_of("Refuse").keys()
    assert ("twll", "yn", "y", "ffordd") in other_names(("pothole",))
    assert ("freedom", "of", "information") in question_of("FOI").terms[0].others


def test_a_common_word_among_stop_words_is_a_name_to_look_up_and_not_to_look_for() -> None:
    [tip] = {meaning_of(("the", "tip"))}
    assert tip == "recycling centre"
    assert ("the", "tip") not in other_names(("hwrc",))
    assert ("tip",) in other_names(("hwrc",))


def test_a_word_of_the_list_is_no_typing_mistake() -> None:
    assert is_known("potholes")
    assert is_known("pcn")
    assert not is_known("pottholes")


def test_a_mistake_is_not_taken_for_a_form_of_a_short_word() -> None:
    assert not is_known("wating"), "it is no water"
