"""Cursors: signed, good for one list and its filters, and safe with any text."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from pipeline.http.cursors import BadCursor, filters_hash, make_cursor, read_cursor
from pipeline.http.statuses import status_of

pytestmark = pytest.mark.pure

APP = Flask("cursors")
APP.secret_key = "a secret only for this test, and long enough"

POSITIONS = st.lists(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=40)), max_size=4
)


def code_of(cursor: str, kind: str = "projects", filters: str = "") -> str:
    with APP.app_context(), pytest.raises(BadCursor) as caught:
        read_cursor(cursor, kind, filters)
    assert status_of(caught.value) == 400
    return caught.value.code


@given(POSITIONS)
def test_a_cursor_reads_back_as_it_was_made(position: list[object]) -> None:
    with APP.app_context():
        assert read_cursor(make_cursor("projects", position, "abc"), "projects", "abc") == position


@given(st.text(max_size=200))
def test_no_text_is_a_cursor(text: str) -> None:
    assert code_of(text) == "cursor.unreadable"


@given(POSITIONS, st.data())
def test_a_cursor_with_one_character_changed_is_refused(position: list[object], data: st.DataObject) -> None:
    with APP.app_context():
        cursor = make_cursor("projects", position)
    place = data.draw(st.integers(0, len(cursor) - 2))
    other = "A" if cursor[place] != "A" else "B"

    assert code_of(cursor[:place] + other + cursor[place + 1 :]) == "cursor.unreadable"


def test_a_cursor_of_another_list_or_with_other_filters_is_refused() -> None:
    with APP.app_context():
        cursor = make_cursor("projects", ["x"], filters_hash({"theme": "housing"}))

    assert code_of(cursor, "pledges", filters_hash({"theme": "housing"})) == "cursor.mismatch"
    assert code_of(cursor, "projects", filters_hash({"theme": "planning"})) == "cursor.mismatch"


def test_a_cursor_signed_with_another_secret_is_refused() -> None:
    other = Flask("other")
    other.secret_key = "another secret, also long enough to be one"
    with other.app_context():
        cursor = make_cursor("projects", ["x"])

    assert code_of(cursor) == "cursor.unreadable"


def test_a_cursor_longer_than_any_of_ours_is_refused() -> None:
    with APP.app_context():
        cursor = make_cursor("projects", ["x" * 2_000])

    assert code_of(cursor) == "cursor.unreadable"


def test_filters_that_are_not_set_make_no_difference() -> None:
    assert filters_hash({"a": "1", "b": None, "c": ""}) == filters_hash({"a": "1"})
    assert filters_hash({"a": "1", "b": "2"}) == filters_hash({"b": "2", "a": "1"})
