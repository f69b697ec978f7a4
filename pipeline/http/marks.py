"""What an ETag says of the state of the site: whether anything public changed, and nothing of how much.

The sequence of the event log is internal. Outside, a keyed hash stands for the last event: two of them tell only
whether they are the same.
"""

import hmac
from functools import lru_cache

from flask import current_app

from pipeline.db.log import last_public_now

LENGTH = 12
"""Bytes of the hash that are shown."""


def public_mark() -> str:
    """The mark of the last event that changed what the public reads. Read it before the rows it stands for."""
    return mark_of(last_public_now())


def mark_of(event: str) -> str:
    """What stands outside for a place in the log."""
    return _mark(current_app.config["SECRET_KEY"], event)


@lru_cache(maxsize=8)
def _mark(secret_key: str, event: str) -> str:
    return hmac.digest(b"mark:" + secret_key.encode(), event.encode(), "sha256")[:LENGTH].hex()
