"""What webhooks hold about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.webhooks.models import Webhook

_OWN: Own = {
    "webhooks_made": (Webhook.officer_id, (Webhook.address, Webhook.description, Webhook.status, Webhook.made_at)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """The webhooks whoever asks has made, for whichever council, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
