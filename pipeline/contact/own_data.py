"""What contact holds about an officer: for "download my data"."""

from typing import Any

from pipeline.contact.models import ContactMessage
from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading

_OWN: Own = {
    "messages_sent": (ContactMessage.officer_id, (ContactMessage.to_type, ContactMessage.sent_at)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """The messages whoever asks sent in the last 90 days: when, and to what kind of reader. Texts are not kept."""
    return rows_about_reader(reading, _OWN)
