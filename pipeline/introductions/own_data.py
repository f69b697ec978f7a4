"""What introductions hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.introductions.models import Introduction

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
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
    found = {}
    for name, (owner, columns) in _OWN.items():
        query = select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
        found[name] = [dict(row._mapping) for row in reading.session.execute(query)]
    return found
