"""What moderation holds about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.moderation.models import Hiding, Report

_OWN: Own = {
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
    return rows_about_reader(reading, _OWN)
