"""What spare capacity holds about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.spare_capacity.models import SpareCapacity

_OWN: Own = {
    "spare_capacity_listed": (
        SpareCapacity.officer_id,
        (
            SpareCapacity.kind, SpareCapacity.profession, SpareCapacity.thing, SpareCapacity.amount,
            SpareCapacity.from_on, SpareCapacity.to_on, SpareCapacity.note,
            SpareCapacity.listed_at, SpareCapacity.ended_at,
        ),
    ),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything spare capacity holds about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
