"""Marks: they change when something public does, and tell nothing of how often it did."""

import pytest
from flask import Flask

from pipeline.http import marks

pytestmark = pytest.mark.pure


def marks_of(sequences: range, monkeypatch: pytest.MonkeyPatch, key: str = "one of this test") -> list[str]:
    """The mark at each state of the log."""
    app = Flask("marks")
    app.secret_key = key
    found = []
    with app.app_context():
        for sequence in sequences:
            monkeypatch.setattr(marks, "last_public_now", lambda now=str(sequence): now)
            found.append(marks.public_mark())
    return found


def test_a_mark_stays_until_something_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    assert marks_of(range(50), monkeypatch) == marks_of(range(50), monkeypatch)
    assert len(set(marks_of(range(50), monkeypatch))) == 50


def test_nobody_without_the_key_can_count_by_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = marks_of(range(50), monkeypatch, "a key somebody guessed")
    assert not set(theirs) & set(marks_of(range(50), monkeypatch))
