"""What contact holds about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.contact.models import ContactMessage
from pipeline.db.work import Reading

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "messages_sent": (ContactMessage.officer_id, (ContactMessage.to_type, ContactMessage.sent_at)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """The messages whoever asks sent in the last 90 days: when, and to what kind of reader. Texts are not kept."""
    [(name, (owner, columns))] = _OWN.items()
    query = select(*columns).where(owner == reading.actor.officer_id).order_by(ContactMessage.id)
    return {name: [dict(row._mapping) for row in reading.session.execute(query)]}
