"""Lists by key: what was asked for, and the answer with its cursors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from pipeline.api.base import answer_list, own_etag, page_of
from pipeline.api.parameters import only
from pipeline.db.keyset import Page, Place
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor

TEXTS = frozenset({"title"})
"""The orders by a text; the others are by a moment or a number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a list: of which list, in which order, where in it, how long, and narrowed to what."""

    kind: str
    sort: str
    limit: int
    place: Place | None
    wants_total: bool
    fields: frozenset[str] | None
    filters: dict[str, Any]
    made_for: str

    @classmethod
    def of(cls, kind: str, asked: dict[str, Any], **within: Any) -> "Asked":
        """Sort parameters apart. `within` narrows the list by its address. Raises BadCursor."""
        shape = {name: asked.pop(name) for name in ("limit", "cursor", "include_total", "sort", "wanted")}
        filters = asked | within
        made_for = filters_hash({**filters, "sort": shape["sort"]})
        is_text = shape["sort"].lstrip("-") in TEXTS
        place = _place(read_cursor(shape["cursor"], kind, made_for), is_text) if shape["cursor"] else None
        return cls(
            kind, shape["sort"], shape["limit"], place, shape["include_total"], shape["wanted"], filters, made_for
        )

    def cursor_at(self, place: Place | None) -> str | None:
        """A place, signed; None for none."""
        if place is None:
            return None
        return make_cursor(self.kind, [place.value, place.id, place.is_backwards], self.made_for)


def _place(position: list[Any], is_text: bool) -> Place:
    value, row_id, is_backwards = position
    is_moment = isinstance(value, str) and not is_text
    return Place(datetime.fromisoformat(value) if is_moment else value, UUID(row_id), is_backwards)


def answer_page(
    asked: Asked, page: Page, shown: Callable[[Any], dict[str, Any]], total: Callable[[], int], etag: str | None
) -> Response:
    """A page of a list as an answer: its rows as `shown`, its links, and the total where it was asked for.

    Without an `etag` it is marked by what it holds.
    """
    body = page_of(
        [only(shown(row), asked.fields) for row in page.rows],
        limit=asked.limit,
        next_cursor=asked.cursor_at(page.after),
        prev_cursor=asked.cursor_at(page.before),
        total=total() if asked.wants_total else None,
    )
    return answer_list(body, etag or own_etag(body))
