"""Rows as lines of a file, and which events take something away."""

import csv
import io

import orjson
import pytest

import pipeline.app  # noqa: F401 - every subject declares its events
from pipeline.api.export_kinds import LISTED
from pipeline.exports.keeping import HOLDING, is_withheld
from pipeline.exports.kinds import Column, ColumnType, Form, Kind, lines_of, written
from pipeline.exports.messages import KIND_NAMES, KIND_WORDS
from pipeline.kernel.event import CATALOGUE

pytestmark = pytest.mark.pure

THING = Kind(
    "things",
    (
        Column(("id",), ColumnType.STRING),
        Column(("place", "name"), ColumnType.STRING),
        Column(("number",), ColumnType.INTEGER),
        Column(("is_new",), ColumnType.BOOLEAN),
        Column(("words",), ColumnType.ARRAY),
    ),
    lambda _reading: iter(()),
)
ROWS = [
    {"id": "1", "place": {"name": 'A "quoted",\nbroken line'}, "number": -5, "is_new": True, "words": ["a", "ŵ"]},
    {"id": "2", "place": None, "number": None, "is_new": False, "words": []},
]


def test_a_table_can_be_read_back_whatever_its_cells_hold() -> None:
    text = b"".join(written(THING, Form.CSV, [ROWS[:1], ROWS[1:]])).decode()

    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["id", "place.name", "number", "is_new", "words"],
        ["1", 'A "quoted",\nbroken line', "-5", "true", '["a","ŵ"]'],
        ["2", "", "", "false", "[]"],
    ]
    assert text.endswith("\r\n")


def test_each_line_of_json_is_a_row() -> None:
    assert [orjson.loads(line) for line in lines_of(THING, Form.NDJSON, ROWS).splitlines()] == ROWS


def test_a_thing_that_is_gone_is_withheld_where_it_may_stand() -> None:
    assert is_withheld("updates", frozenset({"update"}))
    assert not is_withheld("projects", frozenset({"update"}))
    assert is_withheld("projects", frozenset({"update", "something new"})), "of what is not known, from everywhere"
    assert not is_withheld("projects", frozenset())


def test_every_kind_has_a_name_and_says_what_it_is() -> None:
    assert set(KIND_NAMES) == set(KIND_WORDS) == set(LISTED)
    assert set().union(*HOLDING.values()) <= set(LISTED)


ENDINGS = ("removed", "deleted", "withdrawn", "hidden", "erased", "named", "suspended")


def test_every_event_that_sounds_like_it_says_whether_something_is_gone() -> None:
    unsaid = [
        name
        for name, event in CATALOGUE.items()
        if event.changes_public and name.endswith(ENDINGS) and "takes_away" not in event.__dict__
    ]

    assert unsaid == []
