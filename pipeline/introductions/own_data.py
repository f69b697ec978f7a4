"""What introductions hold about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.introductions.models import Introduction

_OWN: Own = {
    "introductions_made": (
        Introduction.made_by,
        (
            Introduction.message, Introduction.made_at, Introduction.outcome, Introduction.outcome_at,
        ),
    ),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything introductions hold about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
