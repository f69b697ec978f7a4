"""Searching: what is found, in which order, and that anything at all may be asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from pipeline.projects.listing import rows_of
from pipeline.projects.models import Project
from pipeline.search import queries
from pipeline.search.index import rebuild_index
from pipeline.search.queries import projects_found
from tests.factories import Factory
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def index(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()


def found(read: Read, typed: str, **asked: Any) -> list[str]:
    with read() as reading:
        ids = projects_found(reading.session, typed, asked).ids
        return [row.title for row in rows_of(reading.session, ids)]


def test_all_words_must_occur_anywhere_in_the_project(make: Factory, read: Read) -> None:
    council = make.council("Northborough", name_cy="Cyngor y Gogledd")
    officer = make.officer(council)
    project = make.project(
        council, title="Mouldy homes", summary="Finding damp early", problem="Sensors in flats", themes=("housing",)
    )
    make.need(project, title="Somebody who asks", profession="user-researcher")
    make.update(project, officer, council, title="We met", body="Tenants told us of *condensation*.")
    make.update(project, officer, council, title="Not yet", body="unpublished words", status="draft")
    make.project(council, title="Libraries", summary="Opening hours", problem="Books", themes=("libraries",))
    index(make)
    for words in (
        "mouldy", "damp homes", "sensor", "user researcher", "condensation tenants", "northborough damp",
        "gogledd sensors", "DAMP", "finding early in the homes", "tai mouldy", "housing", "discovery damp",
    ):  # fmt: skip
        assert found(read, words) == ["Mouldy homes"], words
    assert found(read, "damp books") == found(read, "unpublished") == found(read, "xyzzy") == []
    assert sorted(found(read, "northborough")) == ["Libraries", "Mouldy homes"]


def test_accents_are_folded_on_both_sides(make: Factory, read: Read) -> None:
    make.project(make.council(), title="Tŷ Cyngor a chaffi")
    make.project(make.council(), title="Zoë's cafe")
    index(make)
    assert found(read, "ty") == found(read, "TŶ") == ["Tŷ Cyngor a chaffi"]
    assert found(read, "zoe café") == ["Zoë's cafe"]


def test_the_last_word_may_be_unfinished(make: Factory, read: Read) -> None:
    make.project(make.council(), title="Homelessness prevention")
    index(make)
    assert found(read, "homeles") == found(read, "prevention homele") == ["Homelessness prevention"]
    assert found(read, "homele prevention") == []


def test_titles_come_before_summaries_before_the_rest_and_newer_ones_first(make: Factory, read: Read) -> None:
    council = make.council()
    make.project(council, title="Deep", problem="parking permits")
    make.project(council, title="Summed up", summary="parking permits")
    make.project(council, title="Parking permits, the first")
    make.project(council, title="Parking", summary="and permits")
    make.project(council, title="Permits for parking, the second")
    index(make)
    assert found(read, "parking permits") == [
        "Permits for parking, the second", "Parking permits, the first", "Parking", "Summed up", "Deep",
    ]  # fmt: skip


def test_the_index_only_proposes(make: Factory, read: Read) -> None:
    council = make.council()
    hidden, shown = make.project(council, title="Parking one"), make.project(council, title="Parking two")
    index(make)
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_public=False, is_hidden=True))
    assert found(read, "parking") == ["Parking two"]
    assert shown.id


def test_filters_narrow_what_was_found(make: Factory, read: Read) -> None:
    council, other = make.council("Here"), make.council("There")
    make.project(council, title="Parking here", themes=("planning",))
    project = make.project(other, title="Parking there", phase="beta")
    make.pledge(make.need(project), council, make.officer(council), status="accepted")
    index(make)
    assert found(read, "parking", theme="planning") == found(read, "parking", council="here") == ["Parking here"]
    assert found(read, "parking", phase="beta") == found(read, "parking", partner="here") == ["Parking there"]
    assert found(read, "parking", need_kind="time", open_needs=True) == ["Parking there"]
    assert found(read, "parking", theme="libraries") == []


def test_a_search_looks_at_a_bounded_number_of_the_newest(
    make: Factory, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make.council()
    for number in range(8):
        make.project(council, title=f"Parking {number}")
    index(make)
    monkeypatch.setattr(queries, "MOST_FOUND", 5)
    monkeypatch.setattr(queries, "MOST_NARROWED", 7)
    with read() as reading:
        result = projects_found(reading.session, "parking", {})
        narrowed = projects_found(reading.session, "parking", {"nation": "England"})
    assert (len(result.ids), result.has_more) == (5, True)
    assert (len(narrowed.ids), narrowed.has_more) == (7, True)
    assert found(read, "parking") == [f"Parking {number}" for number in (7, 6, 5, 4, 3)]


def test_better_places_are_told_from_others_only_where_there_are_any(make: Factory, read: Read) -> None:
    council = make.council()
    make.project(council, title="Kerbs", summary="What it costs", problem="Parking costs")
    make.project(council, title="Verges", summary="What it costs", problem="Parking costs")
    index(make)
    assert found(read, "parking costs") == ["Verges", "Kerbs"]
    make.project(council, title="Bollards", summary="Parking and what it costs")
    make.project(council, title="Bays", problem="Parking costs")
    index(make)
    assert found(read, "parking costs") == ["Bollards", "Bays", "Verges", "Kerbs"]


@pytest.mark.parametrize(
    "typed",
    [
        '"', "''", "*", "a*b", "(", ") OR (", "NEAR", "AND", "NOT x", "title:", "{title} : x", "-", "^x", "%", "_",
        "\\", "x'); DROP TABLE project", "💥", "\u200b", ":*", "&|!<->", "x:A", "ﬁ ligature", "١٢٣", "日本語", " ",
        "a" * 4_000, "w " * 2_000,
    ],
)  # fmt: skip
def test_anything_may_be_asked_for(make: Factory, read: Read, typed: str) -> None:
    make.project(make.council(), title="Something")
    index(make)
    assert "Something" not in found(read, typed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=120))
def test_any_text_is_answered(app: Flask, read: Read, typed: str) -> None:
    with read() as reading:
        assert projects_found(reading.session, typed, {}).ids == ()


def test_a_search_takes_three_statements_and_four_where_the_last_word_is_unfinished(
    app: Flask, make: Factory, read: Read
) -> None:
    council = make.council()
    for number in range(25):
        make.project(council, title=f"Parking {number}")
    index(make)
    for typed, most in (("parking", 3), ("parki", 4), ("the", 0)):
        with read() as reading, all_counted(app) as statements:
            projects_found(reading.session, typed, {})
        assert len(statements) <= most, typed
