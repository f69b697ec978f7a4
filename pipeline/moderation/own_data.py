"""What moderation holds about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.moderation.models import Hiding, Report


def data_of(reading: Reading) -> dict[str, Any]:
    """What whoever asks reported, and as a coordinator hid."""
    officer_id = reading.actor.officer_id
    reported = select(Report.about_type, Report.reason, Report.words, Report.status, Report.reported_at)
    hidden = select(Hiding.about_type, Hiding.reason, Hiding.hidden_at, Hiding.restore_reason, Hiding.restored_at)
    return {
        "reports": _rows(reading, reported.where(Report.officer_id == officer_id).order_by(Report.id)),
        "hidden_by_you": _rows(reading, hidden.where(Hiding.hidden_by == officer_id).order_by(Hiding.id)),
    }


def _rows(reading: Reading, query: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in reading.session.execute(query)]
