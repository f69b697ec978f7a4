"""What spare capacity holds about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.spare_capacity.models import SpareCapacity

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
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
    found = {}
    for name, (owner, columns) in _OWN.items():
        query = select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
        found[name] = [dict(row._mapping) for row in reading.session.execute(query)]
    return found
