"""Cursors: where a reader of a list is, signed so that nobody can make one up.

A cursor holds the sort key and id of the last row, and a hash of the filters it belongs to.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from flask import current_app

from pipeline.db.keyset import Place
from pipeline.kernel.errors import Problem, Refusal
from pipeline.kernel.words import Words, _

OF_EVENTS = "events"
"""The kind of the cursors of the log of events, which other pages take too."""
SIGNATURE = 16
LONGEST = 1_000
A_DAY = len("2026-11-20")
AN_ID = len("0196f0a0-0000-7000-8000-000000000000")


class BadCursor(Refusal):
    """The cursor was not made here, or belongs to another list (400)."""


def filters_hash(filters: Mapping[str, Any]) -> str:
    """What a list was asked for, short: a cursor is good only for the same."""
    asked = orjson.dumps(
        {key: value for key, value in filters.items() if value not in (None, "", [])},
        option=orjson.OPT_SORT_KEYS,
        default=str,
    )
    return hashlib.sha256(asked).hexdigest()[:16]


def make_cursor(kind: str, position: list[Any], filters: str = "") -> str:
    """Sign a position in a list of a kind."""
    body = orjson.dumps([kind, filters, position], default=str)
    return base64.urlsafe_b64encode(_signature(body) + body).rstrip(b"=").decode()


def read_cursor(cursor: str, kind: str, filters: str = "", *, name: str = "cursor") -> list[Any]:
    """Return the position a cursor holds; `name` is the parameter it came in.

    Raises BadCursor (cursor.unreadable, cursor.mismatch).
    """
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    signature, body = raw[:SIGNATURE], raw[SIGNATURE:]
    if len(cursor) > LONGEST or not hmac.compare_digest(signature, _signature(body)):
        raise unreadable_cursor(name)
    made_for, made_with, position = orjson.loads(body)
    if made_for != kind or made_with != filters:
        words = Words(_("This page marker belongs to a list with other filters. Start again from the first page."))
        raise BadCursor(Problem("cursor.mismatch", words, name))
    place: list[Any] = position
    return place


def unreadable_cursor(name: str = "cursor") -> BadCursor:
    """The refusal of a cursor that leads nowhere; `name` is the parameter it came in."""
    words = Words(_("This page marker cannot be read. Start again from the first page."))
    return BadCursor(Problem("cursor.unreadable", words, name))


def _signature(body: bytes) -> bytes:
    key = b"cursor:" + current_app.secret_key.encode()  # type: ignore[union-attr]
    return hmac.digest(key, body, "sha256")[:SIGNATURE]


def place_from(position: list[Any], *, is_text: bool = False) -> Place:
    """The place in a list that a cursor holds: by a moment, a day, an id or a number, or by a text. Raises
    BadCursor."""
    if len(position) != 3:
        raise unreadable_cursor()
    value, row_id, is_backwards = position
    if isinstance(value, str) and not is_text and len(value) == AN_ID:
        value = UUID(value)
    elif isinstance(value, str) and not is_text:
        value = date.fromisoformat(value) if len(value) == A_DAY else datetime.fromisoformat(value)
    return Place(value, UUID(row_id), is_backwards)
