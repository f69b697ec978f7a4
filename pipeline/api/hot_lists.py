"""The lists that are read most: what was asked for, and the answer with its cursors. See `db/hot_lists.py`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from pipeline.api.base import answer_list, own_etag, page_of
from pipeline.db.hot_lists import HotList
from pipeline.db.keyset import Page, Place
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.projects.listing import MOST_COUNTED, KeptCounts

SHAPE = ("limit", "cursor", "include_total", "sort", "wanted")


@dataclass(frozen=True, slots=True)
class HotAsked:
    """A page of a hot list: in which order, where in it, how long, and narrowed to what."""

    kind: str
    order: str
    descending: bool
    limit: int
    place: Place | None
    offset: int
    """How many of the things a search found come before this page; nothing else is paged by number."""
    wants_total: bool
    fields: frozenset[str] | None
    filters: dict[str, Any]
    made_for: str

    @classmethod
    def of(cls, kind: str, asked: dict[str, Any], **within: Any) -> "HotAsked":
        """Sort parameters apart. `within` narrows the list by its address. Raises BadCursor."""
        shape = {name: asked.pop(name) for name in SHAPE}
        filters = asked | within
        made_for = filters_hash({**filters, "sort": shape["sort"]})
        position = read_cursor(shape["cursor"], kind, made_for) if shape["cursor"] else []
        return cls(
            kind, shape["sort"].removeprefix("-"), shape["sort"].startswith("-"), shape["limit"],
            Place(position[0], UUID(position[1]), position[2]) if len(position) == 3 else None,
            position[0] if len(position) == 1 else 0,
            shape["include_total"], shape["wanted"], filters, made_for,
        )  # fmt: skip

    @property
    def which(self) -> dict[str, Any]:
        """What `HotList.page` is asked for."""
        return {"order": self.order, "descending": self.descending, "limit": self.limit, "place": self.place}

    def page_of(
        self, session: Session, listing: HotList, filters: dict[str, Any], counts: KeptCounts
    ) -> tuple[Page, int]:
        """Read the page, and count the list where a total was asked for."""
        if not self.wants_total:
            return listing.page(session, filters, **self.which), 0
        return counts.page_and_count(session, listing, filters, self.made_for, **self.which)

    def total(self, number: int, at_least: int | None = None) -> dict[str, int]:
        """The total as a page says it, where it was asked for: exact, or at least so many where there are more."""
        if not self.wants_total:
            return {}
        if number > MOST_COUNTED:
            at_least = MOST_COUNTED
        return {"total": number} if at_least is None else {"total_at_least": at_least}

    def cursor_at(self, place: Place | None) -> str | None:
        """A place, signed; None for none."""
        return make_cursor(self.kind, [place.value, place.id, place.is_backwards], self.made_for) if place else None

    def cursor_after(self, offset: int) -> str:
        """So many of the things a search found, signed."""
        return make_cursor(self.kind, [offset], self.made_for)


def answer_hot_page(
    asked: HotAsked, page: Page, rows: list[dict[str, Any]], total: dict[str, int], etag: str | None
) -> Response:
    """A page of a hot list as an answer: its rows, its links, and the total where it was asked for. Without an `etag`
    it is marked by what it holds."""
    body = page_of(
        chosen(rows, asked.fields),
        limit=asked.limit,
        next_cursor=asked.cursor_at(page.after),
        prev_cursor=asked.cursor_at(page.before),
    )
    body["page"] |= total
    return answer_list(body, etag or own_etag(body))


def answer_found(asked: HotAsked, rows: list[dict[str, Any]], number: int, total: dict[str, int]) -> Response:
    """A page of what a search found, `number` in all. It is marked by what it holds: the index follows the projects a
    moment later."""
    end = asked.offset + asked.limit
    body = page_of(
        chosen(rows, asked.fields),
        limit=asked.limit,
        next_cursor=asked.cursor_after(end) if end < number else None,
        prev_cursor=asked.cursor_after(max(asked.offset - asked.limit, 0)) if asked.offset else None,
    )
    body["page"] |= total
    return answer_list(body, own_etag(body))


def chosen(rows: list[dict[str, Any]], fields: frozenset[str] | None) -> list[dict[str, Any]]:
    """The rows with the members that were asked for."""
    if fields is None:
        return rows
    return [{name: value for name, value in row.items() if name in fields} for row in rows]
