"""What tables hold about an officer, for "download my data"."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, select

from pipeline.db.work import Reading

Own = Mapping[str, tuple[Any, tuple[Any, ...]]]
"""Each heading: the column that names the officer, and the columns that are given."""


def rows_about_reader(reading: Reading, own: Own) -> dict[str, list[dict[str, Any]]]:
    """The rows that name whoever asks, in the order of their keys, as plain values by heading."""
    found = {}
    for name, (owner, columns) in own.items():
        query = select(*columns).where(owner == reading.actor.officer_id).order_by(*inspect(owner.class_).primary_key)
        found[name] = [dict(row._mapping) for row in reading.session.execute(query)]
    return found
