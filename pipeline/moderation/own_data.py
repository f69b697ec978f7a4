"""What moderation holds about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.moderation.models import Hiding, Report

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "reports": (
        Report.officer_id, (Report.about_type, Report.reason, Report.words, Report.status, Report.reported_at),
    ),
    "hidden_by_you": (
        Hiding.hidden_by,
        (Hiding.about_type, Hiding.reason, Hiding.hidden_at, Hiding.restore_reason, Hiding.restored_at),
    ),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """What whoever asks reported, and as a coordinator hid."""
    return {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    query = select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
    return [dict(row._mapping) for row in reading.session.execute(query)]
