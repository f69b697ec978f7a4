"""Things that use the same words."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.search.alike import alike, rarity
from pipeline.search.index import rebuild_index
from tests.factories import Factory

pytestmark = pytest.mark.database

Read = Callable[..., Any]
PROJECTS = frozenset({"project"})


def test_words_are_counted_as_they_stand_in_the_index(make: Factory, read: Read) -> None:
    council = make.council("Somewhere")
    make.project(council, title="Tŷ damp", summary="")
    make.project(council, title="Damp", summary="")
    with make.app.app_context():
        rebuild_index()
    with read() as reading:
        assert rarity(reading.session, ["Damp", "tŷ", "unheard"]) == {"Damp": 2, "tŷ": 1, "unheard": 0}
        assert rarity(reading.session, []) == {}


def test_what_shares_more_and_rarer_words_comes_first(make: Factory, read: Read) -> None:
    council = make.council("Somewhere")
    officer = make.officer(council)
    both = make.project(council, title="Both", problem="damp sensors in flats")
    rare = make.project(council, title="Rare", problem="sensors")
    for number in range(6):
        make.project(council, title=f"Other {number}", problem="damp in flats")
        make.project(council, title=f"Another {number}", problem="libraries and their opening hours")
    lesson = make.lesson(rare, officer, council, title="Sensors fail", did="They did.")
    with make.app.app_context():
        rebuild_index()
    with read() as reading:
        found = alike(reading.session, ["damp", "sensors", "unheard"], PROJECTS, 3)
        assert [(kind, subject_id) for kind, subject_id, _ in found[:2]] == [("project", both.id), ("project", rare.id)]
        assert len(found) == 3
        assert found[0][2] > found[1][2] > found[2][2]
        lessons = alike(reading.session, ["sensors"], frozenset({"lesson"}), 5)
        assert [(kind, subject_id) for kind, subject_id, _ in lessons] == [("lesson", lesson.id)]
        assert alike(reading.session, ["unheard"], PROJECTS, 3) == alike(reading.session, [], PROJECTS, 3) == []


@pytest.mark.parametrize("word", ['"', "*", ") OR (", "\x00", "%", "💥", "a" * 4_000, "x:A"])
def test_any_word_is_safe(make: Factory, read: Read, word: str) -> None:
    make.project(make.council(), title="Something else")
    with make.app.app_context():
        rebuild_index()
    with read() as reading:
        assert alike(reading.session, [word, word], PROJECTS, 3) == []
        assert rarity(reading.session, [word]) == {word: 0}
