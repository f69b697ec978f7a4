"""What work that is alike holds about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.similarity.models import Difference, DuplicateDismissal

_OWN: Own = {
    "differences_said": (
        Difference.officer_id, (Difference.reason, Difference.status, Difference.said_at, Difference.withdrawn_at),
    ),
    "duplicates_dismissed": (
        DuplicateDismissal.dismissed_by, (DuplicateDismissal.reason, DuplicateDismissal.dismissed_at),
    ),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything that is held here about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
