"""The fixed vocabularies are whole, in both languages, and agree with the register."""

import pytest

from pipeline.councils import register
from pipeline.councils.rules import CouncilKind
from pipeline.councils.vocabulary import KINDS, NATIONS, REGION_BY_VALUE, REGIONS
from pipeline.kernel.label import Label
from pipeline.kernel.text import slug_from
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PHASES, PROFESSIONS, THEME_BY_VALUE, THEMES

VOCABULARIES: dict[str, tuple[Label, ...]] = {
    "themes": THEMES,
    "phases": PHASES,
    "professions": PROFESSIONS,
    "nations": NATIONS,
    "regions": REGIONS,
    "kinds": KINDS,
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_never_says_a_thing_twice(name: str) -> None:
    labels = VOCABULARIES[name]
    for field in ("value", "slug", "en", "cy"):
        assert len({getattr(label, field) for label in labels}) == len(labels), field


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_word_reads_in_english_and_welsh(name: str) -> None:
    for label in VOCABULARIES[name]:
        assert label.in_language("en") == label.en != ""
        assert label.in_language("cy") == label.cy != ""


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_slug_can_stand_in_an_address(name: str) -> None:
    assert [label.slug for label in VOCABULARIES[name] if label.slug != slug_from(label.slug)] == []


@pytest.mark.parametrize("name", ["themes", "phases", "professions"])
def test_words_a_project_keeps_are_slugs_themselves(name: str) -> None:
    assert [label.value for label in VOCABULARIES[name] if label.value != label.slug] == []


def test_there_are_25_themes_of_which_21_have_functions_on_the_national_list() -> None:
    assert len(THEMES) == 25
    assert sum(bool(theme.esd_functions) for theme in THEMES) == 21


def test_a_function_belongs_to_one_theme_only() -> None:
    numbers = [number for theme in THEMES for number in theme.esd_functions]
    assert len(numbers) == len(set(numbers))
    assert THEME_BY_VALUE["libraries"].esd_addresses == ("http://id.esd.org.uk/function/76",)


def test_phases_come_in_the_order_work_passes_through_them() -> None:
    assert list(PHASE_BY_VALUE) == ["concept", "discovery", "alpha", "beta", "live", "retired"]


def test_each_phase_says_what_it_means_in_one_sentence() -> None:
    for phase in PHASES:
        for meaning in (phase.meaning_in_language("en"), phase.meaning_in_language("cy")):
            assert meaning.endswith(".")
            assert ". " not in meaning


def test_the_words_for_councils_are_those_of_the_register() -> None:
    councils = list(register.rows())
    assert {council.nation for council in councils} == {label.value for label in NATIONS}
    assert {council.region for council in councils} == {label.value for label in REGIONS}
    assert {council.kind for council in councils} == {label.value for label in KINDS} - {"other body"}


def test_the_rules_of_councils_know_the_same_kinds() -> None:
    assert {label.value for label in KINDS} == {kind.value for kind in CouncilKind}


def test_a_region_lies_in_the_nation_the_register_puts_it_in() -> None:
    assert [c.slug for c in register.rows() if REGION_BY_VALUE[c.region].nation != c.nation] == []
