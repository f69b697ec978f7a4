"""Lists by key: what was asked for, and the answer with its cursors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from pipeline.api.base import ListParameters, answer_list, own_etag, page_of
from pipeline.api.parameters import only, order_of
from pipeline.db.keyset import Page, Place
from pipeline.http.cursors import filters_hash, make_cursor, place_from, read_cursor, unreadable_cursor

SHAPE = frozenset({"limit", "cursor", "include_total", "sort", "wanted"})
"""What every list takes; what else is asked for narrows it."""
TEXTS = frozenset({"title", "short_name"})
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
        shape = {name: asked.pop(name) for name in SHAPE}
        filters = asked | within
        made_for = filters_hash({**filters, "sort": shape["sort"]})
        is_text = shape["sort"].lstrip("-") in TEXTS
        place = place_from(read_cursor(shape["cursor"], kind, made_for), is_text=is_text) if shape["cursor"] else None
        return cls(
            kind, shape["sort"], shape["limit"], place, shape["include_total"], shape["wanted"], filters, made_for
        )

    def cursor_at(self, place: Place | None) -> str | None:
        """A place, signed; None for none."""
        if place is None:
            return None
        return make_cursor(self.kind, [place.value, place.id, place.is_backwards], self.made_for)


def answer_page(
    asked: Asked, page: Page, shown: Callable[[Any], dict[str, Any]], total: Callable[[], int], etag: str | None
) -> Response:
    """A page of a list as an answer: its rows as `shown`, its links, and the total where it was asked for.

    Without an `etag` it is marked by what it holds.
    """
    return answer_rows(asked, page, [shown(row) for row in page.rows], total, etag)


def answer_rows(
    asked: Asked, page: Page, rows: Sequence[dict[str, Any]], total: Callable[[], int], etag: str | None
) -> Response:
    """As `answer_page`, with the page's rows as the API shows them."""
    body = page_of(
        [only(row, asked.fields) for row in rows],
        limit=asked.limit,
        next_cursor=asked.cursor_at(page.after),
        prev_cursor=asked.cursor_at(page.before),
        total=total() if asked.wants_total else None,
    )
    return answer_list(body, etag or own_etag(body))


class FewParameters(ListParameters):
    """What a short list takes, which is in one order: it can be turned round."""

    sort = order_of(("position", "-position"))


def answer_few(
    kind: str, parameters: dict[str, Any], rows: Sequence[dict[str, Any]], etag: str, *, name: str = "id"
) -> Response:
    """A page of a list that is short enough to be read whole: `rows` are all of it, in its order, each with a `name` of
    its own. A cursor holds the name of the row at the edge of its page. Raises BadCursor."""
    limit, sort = parameters["limit"], parameters["sort"]
    made_for = filters_hash({"sort": sort, **{key: parameters[key] for key in parameters.keys() - SHAPE}})
    rows = rows[::-1] if sort.startswith("-") else rows
    names = [str(row[name]) for row in rows]
    start, end = 0, limit
    if parameters["cursor"]:
        edge, is_backwards = read_cursor(parameters["cursor"], kind, made_for)
        if edge not in names:
            raise unreadable_cursor()
        place = names.index(edge)
        start, end = (max(place - limit, 0), place) if is_backwards else (place + 1, place + 1 + limit)

    def cursor_at(place: int, is_backwards: bool) -> str:
        return make_cursor(kind, [names[place], is_backwards], made_for)

    body = page_of(
        [only(row, parameters["wanted"]) for row in rows[start:end]],
        limit=limit,
        next_cursor=cursor_at(end - 1, False) if end < len(rows) else None,
        prev_cursor=cursor_at(start, True) if start else None,
        total=len(rows) if parameters["include_total"] else None,
    )
    return answer_list(body, etag)
