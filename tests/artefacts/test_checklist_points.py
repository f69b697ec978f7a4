"""Which parts of a text are points of a checklist, what became of each, and how answers follow."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.artefacts.checklists import (
    LONGEST_NOTE,
    Answer,
    Point,
    answers_from,
    carried,
    check_answers,
    counts_of,
    explanations_of,
    points_from,
    points_of,
)
from pipeline.artefacts.rules import LONGEST_DOCUMENT, MOST_POINTS, PointAnswer, PointStanding
from pipeline.kernel.errors import RuleBroken

pytestmark = pytest.mark.pure

STANDARD = """\
# A standard

Some words before.

- for managers
- for developers

## 1. Understand users and their needs

Say who they are.

- talk to them
- watch them

## 2. Solve a whole problem for users

Not half of one.

### 2.1 How

By looking.

## 3. Make the service simple to use

## About this standard

Who keeps it.
"""


def said(text: str, previous: tuple[Point, ...] = ()) -> list[str]:
    """What the points of a text say."""
    return [one.text for one in points_of(text, previous).points]


def test_numbered_headings_are_points_and_what_stands_under_them_explains() -> None:
    assert said(STANDARD) == [
        "Understand users and their needs", "Solve a whole problem for users", "Make the service simple to use",
    ]  # fmt: skip
    explained = explanations_of(STANDARD)
    assert explained == [
        "Say who they are.\n\n- talk to them\n- watch them", "Not half of one.\n\n### 2.1 How\n\nBy looking.", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text, points",
    [
        ("- one thing\n- another\n", ["one thing", "another"]),
        ("1. one thing\n2. another\n\n- not this\n", ["one thing", "another"]),
        ("- outer\n  - inner\n  - inner too\n- outer too\n", ["outer", "outer too"]),
        ("1. outer\n   more of it\n\n   - inner\n2. outer too\n", ["outer more of it", "outer too"]),
        (" - outer\n - outer too\n", ["outer", "outer too"]),
        ("- [ ] tick me\n- [x] and me\n\n## 1. Not me\n\n## 2. Nor me\n", ["tick me", "and me"]),
        ("## Point 1: Users\n\n## Point 2 – Service\n", ["Users", "Service"]),
        ("## Pwynt 1: Defnyddwyr\n\n## Pwynt 2: Gwasanaeth\n", ["Defnyddwyr", "Gwasanaeth"]),
        ("Users\n-----\n\n1 One\n-----\n\n2 Two\n-----\n", ["One", "Two"]),
        ("# 1. The only one\n\n## 1.1 First\n\n## 1.2 Second\n", ["First", "Second"]),
        ("* **Bold** and [a link](https://example.org/a_b) and `code`\n", ["Bold and a link and code"]),
        ("## 1. Closed ##\n\n## 2. Closed too ##\n", ["Closed", "Closed too"]),
        ("1) a\n2) b\n", ["a", "b"]),
        ("- 3 copies are kept\n- none\n", ["3 copies are kept", "none"]),
        ("- first list\n\nText.\n\n   - second list\n", ["first list", "second list"]),
    ],
)
def test_other_ways_people_write_checklists(text: str, points: list[str]) -> None:
    assert said(text) == points
    assert len(explanations_of(text)) == len(points)


@pytest.mark.parametrize("text", ["", "Just words.\n", "# Heading\n\nWords.\n", "-\n-\n", "```\n- code\n```\n"])
def test_a_text_without_points_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        points_of(text)
    assert caught.value.code == "checklist.no_points"


def test_too_many_points_are_refused() -> None:
    assert len(points_of("- a\n" * MOST_POINTS).points) == MOST_POINTS
    with pytest.raises(RuleBroken) as caught:
        points_of("- a\n" * (MOST_POINTS + 1))
    assert caught.value.code == "checklist.too_many_points"


def test_a_new_version_says_of_each_point_what_became_of_it() -> None:
    first = points_of(STANDARD).points
    changed = (
        STANDARD.replace("2. Solve a whole problem for users", "3. Solve the whole problem for your users")
        .replace("3. Make the service simple to use", "4. Publish what you spend")
        .replace("## 1.", "## 1. Have one name to call\n\n## 2.")
    )
    second = points_of(changed, first)
    assert [(one.text, one.standing) for one in second.points] == [
        ("Have one name to call", PointStanding.NEW),
        ("Understand users and their needs", PointStanding.SAME),
        ("Solve the whole problem for your users", PointStanding.REWORDED),
        ("Publish what you spend", PointStanding.NEW),
    ]
    assert second.points[1].id == first[0].id
    assert second.points[2].id == first[1].id
    assert [one.text for one in second.dropped] == ["Make the service simple to use"]


def test_two_as_like_are_not_guessed_at() -> None:
    first = points_of("- The council has a policy A\n- The council has a policy B\n").points
    second = points_of("- The council has a policy C\n", first)
    assert [one.standing for one in second.points] == [PointStanding.NEW]
    assert len(second.dropped) == 2


def test_a_point_wrapped_anew_or_set_in_bold_is_the_same() -> None:
    first = points_of("1. Understand users and their needs\n2. Other\n").points
    second = points_of("- Other\n- **Understand** users\n  and their needs\n", first)
    assert {one.standing for one in second.points} == {PointStanding.SAME}
    assert {one.id for one in second.points} == {one.id for one in first}


WORDS = st.text(alphabet="abcdefgh ", min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
LISTS = st.lists(WORDS, min_size=1, max_size=12)


def listed(points: list[str]) -> str:
    """A text of a list, an item a point."""
    return "".join(f"- x{one.strip()}\n" for one in points)


@given(LISTS)
def test_law_the_same_text_has_the_same_points(points: list[str]) -> None:
    first = points_of(listed(points)).points
    second = points_of(listed(points), first)
    assert [(one.id, one.text) for one in second.points] == [(one.id, one.text) for one in first]
    assert {one.standing for one in second.points} == {PointStanding.SAME}
    assert second.dropped == ()


@given(st.lists(WORDS, min_size=1, max_size=12, unique_by=lambda text: " ".join(text.split())), st.randoms())
def test_law_another_order_keeps_every_id(points: list[str], random: object) -> None:
    first = points_of(listed(points)).points
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    second = points_of(listed(shuffled), first)
    assert {one.text: one.id for one in second.points} == {one.text: one.id for one in first}


@given(LISTS, LISTS, LISTS)
def test_law_ids_are_unique_and_every_point_is_accounted_for(a: list[str], b: list[str], c: list[str]) -> None:
    previous: tuple[Point, ...] = ()
    for texts in (a, b, c, a):
        made = points_of(listed(texts), previous)
        ids = [one.id for one in made.points]
        assert len(set(ids)) == len(ids)
        assert len(made.points) == len(texts)
        kept = {one.id for one in made.points if one.standing is not PointStanding.NEW}
        assert kept | {one.id for one in made.dropped} == {one.id for one in previous}
        assert kept.isdisjoint(one.id for one in made.dropped)
        texts_before = {one.id: one.text for one in previous}
        assert all(texts_before[one.id] == one.text for one in made.points if one.standing is PointStanding.SAME)
        previous = made.points


@given(st.text(alphabet="#-*1. [x]\nab`>|_ \t", max_size=400))
def test_law_any_text_has_points_or_is_refused(text: str) -> None:
    try:
        points = points_of(text).points
    except RuleBroken:
        return
    assert len(explanations_of(text)) == len(points)
    assert all(one.text for one in points)


@pytest.mark.parametrize(
    "text",
    ["*" * LONGEST_DOCUMENT, "- " + "*a" * 190_000, "[" * LONGEST_DOCUMENT, "# " * 200_000, "- [ ] " * 60_000,
     "- a\n" * 100_000, "- " + "` " * 190_000, "1. " * 130_000, "# 1 " + " #" * 190_000],
)  # fmt: skip
def test_hostile_texts_are_bounded(text: str) -> None:
    start = time.process_time()
    with suppress(RuleBroken):
        points_of(text, points_of("- a\n- b\n").points)
    assert time.process_time() - start < 3


def test_many_long_points_all_reworded_are_bounded() -> None:
    old = points_of("".join(f"- {'word ' * 200}{number}\n" for number in range(MOST_POINTS))).points
    start = time.process_time()
    new = points_of("".join(f"- {number} {'word ' * 200}\n" for number in range(MOST_POINTS)), old)
    assert len(new.points) == MOST_POINTS
    assert time.process_time() - start < 5


def given_to(points: tuple[Point, ...], **answers: PointAnswer) -> dict[str, Answer]:
    """Answers by the words of their points."""
    ids = {one.text: one.id for one in points}
    return {ids[text]: Answer(answer, f"about {text}") for text, answer in answers.items()}


def test_answers_follow_the_points_to_a_newer_version() -> None:
    first = points_of("- alpha\n- understand users and their needs\n- gamma\n").points
    answers = given_to(first, alpha=PointAnswer.MET, gamma=PointAnswer.PARTLY)
    answers[first[1].id] = Answer(PointAnswer.NOT_YET, "in spring")
    second = points_of("- understand your users and their needs\n- alpha\n- brand new\n", first).points
    moved = carried(answers, first, second)
    assert moved == {
        first[0].id: Answer(PointAnswer.MET, "about alpha"),
        first[1].id: Answer(PointAnswer.NOT_YET, "in spring", check_again=True),
    }
    third = points_of("- alpha\n- understand users and their needs\n", second).points
    assert carried(moved, second, third)[first[1].id].check_again
    assert not carried(answers, first, third)[first[1].id].check_again
    assert carried(answers, first, first) == answers


def test_answers_and_points_are_kept_and_read_again() -> None:
    points = points_of("- a thing\n- something else\n")
    kept, dropped = points.as_json()
    assert points_from(kept) == points.points
    assert dropped == []
    answers = {points.points[0].id: Answer(PointAnswer.MET, "yes", check_again=True)}
    assert answers_from({point: one.as_json() for point, one in answers.items()}) == answers
    assert counts_of(answers) == {"met": 1, "partly": 0, "not_yet": 0, "not_applicable": 0}


def test_answers_to_what_is_not_asked_and_long_notes_are_refused() -> None:
    points = points_of("- a thing\n- something else\n").points
    check_answers({points[0].id: Answer(PointAnswer.MET, "x" * LONGEST_NOTE)}, points)
    answers = {points[0].id: Answer(PointAnswer.MET, "x" * (LONGEST_NOTE + 1)), "zz": Answer(PointAnswer.MET)}
    with pytest.raises(RuleBroken) as caught:
        check_answers(answers, points)
    assert [(one.code, one.field) for one in caught.value.problems] == [
        ("checklist.unknown_point", "zz"), ("checklist.note_too_long", points[0].id),
    ]  # fmt: skip
