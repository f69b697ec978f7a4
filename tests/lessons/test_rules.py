"""The rules of lessons: what may be written, what publishing asks for, and how measures are told."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.documents.markdown import Written
from pipeline.kernel.errors import RuleBroken
from pipeline.lessons.messages import OUTCOME_NAMES, change_words, figure_words
from pipeline.lessons.paragraphs import paragraph_in, paragraphs_of
from pipeline.lessons.rules import (
    LONGEST_PROMPT,
    MOST_MEASURES,
    LessonContent,
    LessonOutcome,
    Measure,
    check_content,
    check_publishable,
    check_reply,
    check_use_note,
    figure_from,
    measures_from,
    slug_base,
)

pytestmark = pytest.mark.pure

WHOLE = LessonContent(
    title="Title", did=Written("a", "a"), happened=Written("b", "b"), differently=Written("c", "c"), outcome="worked",
    themes=("housing",), measures=(Measure("Days", "8", "20", "days"),),
)  # fmt: skip


def codes(check: Any, *values: Any) -> list[tuple[str, str | None]]:
    """What a check finds: code and field."""
    try:
        check(*values)
    except RuleBroken as refusal:
        return [(problem.code, problem.field) for problem in refusal.problems]
    return []


def test_a_draft_needs_a_title_alone() -> None:
    assert codes(check_content, LessonContent("Title")) == []
    assert codes(check_content, LessonContent("")) == [("lesson.title_missing", "title")]


def test_publishing_asks_for_the_three_prompts_the_outcome_and_a_theme() -> None:
    assert codes(check_publishable, WHOLE) == []
    assert codes(check_publishable, LessonContent("Title")) == [
        ("lesson.did_missing", "did"), ("lesson.happened_missing", "happened"),
        ("lesson.differently_missing", "differently"), ("lesson.outcome_missing", "outcome"),
        ("lesson.themes_missing", "themes"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values, code, field",
    [
        ({"title": "x" * 121}, "lesson.title_too_long", "title"),
        ({"did": Written("x" * (LONGEST_PROMPT + 1), "")}, "lesson.did_too_long", "did"),
        ({"evidence": Written("x" * (LONGEST_PROMPT + 1), "")}, "lesson.evidence_too_long", "evidence"),
        ({"outcome": "splendid"}, "lesson.outcome_unknown", "outcome"),
        ({"language": "fr"}, "lesson.language_unknown", "language"),
        ({"themes": ("magic",)}, "lesson.theme_unknown", "themes"),
        ({"measures": (Measure("", "1"),)}, "lesson.measure_name_missing", "measures.0.name"),
        ({"measures": (Measure("x", ""),)}, "lesson.measure_after_missing", "measures.0.after"),
        ({"measures": (Measure("x", "lots"),)}, "lesson.figure_unreadable", "measures.0.after"),
        ({"measures": (Measure("x", "1", "some"),)}, "lesson.figure_unreadable", "measures.0.before"),
        ({"measures": (Measure("x", "1", unit="u" * 31),)}, "lesson.unit_too_long", "measures.0.unit"),
        ({"measures": (Measure("x" * 81, "1"),)}, "lesson.measure_too_long", "measures.0.name"),
        ({"measures": (Measure("x", "1"),) * (MOST_MEASURES + 1)}, "lesson.too_many_measures", "measures"),
    ],
)
def test_each_limit_has_its_problem(values: dict[str, Any], code: str, field: str) -> None:
    assert (code, field) in codes(check_content, replace(WHOLE, **values))


def test_six_themes_are_too_many() -> None:
    themes = ("housing", "planning", "libraries", "data-and-ai", "digital-inclusion", "information-governance")
    assert ("lesson.too_many_themes", "themes") in codes(check_content, replace(WHOLE, themes=themes))


def test_notes_and_replies_have_their_limits() -> None:
    assert codes(check_use_note, "x" * 1000) == []
    assert codes(check_use_note, "x" * 1001) == [("lesson.note_too_long", "note")]
    assert codes(check_reply, Written("", "")) == []
    assert codes(check_reply, Written("x" * 5001, "")) == [("lesson.reply_too_long", "reply")]


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("12", "12"), ("12.50", "12.5"), ("1,250.5", "1250.5"), (" -3 ", "-3"), ("007", "7"), ("0.0", "0"),
        ("1000000000", None), ("1,25", None), ("1e3", None), ("½", None), ("١٢", None), ("", None), ("NaN", None),
        ("0.00001", None),
    ],
)  # fmt: skip
def test_figures_are_read_as_people_type_them(typed: str, kept: str | None) -> None:
    assert figure_from(typed) == kept


@pytest.mark.parametrize(
    "measure, words",
    [
        (Measure("x", "8", "20", "days"), "Down by 12 days (60%)"),
        (Measure("x", "1250", "1000", "£"), "Up by £250 (25%)"),
        (Measure("x", "80", "20", "%"), "Up by 60 percentage points"),
        (Measure("x", "3.5", "5", "%"), "Down by 1.5 percentage points"),
        (Measure("x", "5", "0"), "Up by 5"),
        (Measure("x", "1000.1", "1000"), "Up by 0.1"),
        (Measure("x", "-2", "-4"), "Up by 2 (50%)"),
        (Measure("x", "5", "5"), "No change"),
        (Measure("x", "5"), "Not measured before"),
    ],
)
def test_a_change_is_told_in_words(measure: Measure, words: str) -> None:
    assert str(change_words(measure)) == words


def test_figures_carry_their_unit_as_people_write_it() -> None:
    assert [figure_words("-1250.5", unit) for unit in ("£", "%", "days", "")] == [
        "-£1,250.5", "-1,250.5%", "-1,250.5 days", "-1,250.5",
    ]  # fmt: skip


def test_every_outcome_has_its_words() -> None:
    assert OUTCOME_NAMES.keys() == set(LessonOutcome)


def test_what_is_kept_is_read_again() -> None:
    assert measures_from(WHOLE.as_kept()["measures"]) == WHOLE.measures
    assert set(WHOLE.texts) == {"title", "did", "happened", "differently", "evidence", "measures.0.name"}


def test_a_slug_never_stands_where_a_page_stands() -> None:
    assert slug_base("New!") == "lesson-new"
    assert slug_base("What we learned") == "what-we-learned"
    assert slug_base("0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b").startswith("lesson-")


def test_a_paragraph_is_found_again_however_its_lines_are_broken() -> None:
    first = paragraphs_of("# Aims\n\nBe kind\nto all.\n\n- One\n- One\n\n---\n")
    assert [one.as_read for one in first] == ["Aims", "Be kind to all.", "One"]
    kind = first[1]
    assert paragraph_in("Something new.\n\nBe kind to\nall.\n", kind.hash) == kind
    assert paragraph_in("Be kind to most.\n", kind.hash) is None
