"""What contact holds about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.contact.models import ContactMessage
from pipeline.db.work import Reading


def data_of(reading: Reading) -> dict[str, Any]:
    """The messages whoever asks sent in the last 90 days: when, and to what kind of reader. Texts are not kept."""
    query = select(ContactMessage.to_type, ContactMessage.sent_at).where(
        ContactMessage.officer_id == reading.actor.officer_id
    )
    rows = reading.session.execute(query.order_by(ContactMessage.id))
    return {"messages_sent": [dict(row._mapping) for row in rows]}
