"""What webhooks hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.webhooks.models import Webhook

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "webhooks_made": (Webhook.officer_id, (Webhook.address, Webhook.description, Webhook.status, Webhook.made_at)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """The webhooks whoever asks has made, for whichever council, as plain values by heading."""
    found = {}
    for name, (owner, columns) in _OWN.items():
        query = select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
        found[name] = [dict(row._mapping) for row in reading.session.execute(query)]
    return found
