"""Pages of a list by key: what comes after a row, never after a number of rows.

A row that is added or removed meanwhile makes no other row come twice or be missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by: a column that is never empty, and the id of its rows where two are equal. `is_sorted`
    is for a few rows that are found by something else: neither database may walk the order's own index for them."""

    column: InstrumentedAttribute[Any]
    id_column: InstrumentedAttribute[UUID]
    is_descending: bool = False
    is_sorted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list somebody is: beyond the row with this value and id, or before it when reading backwards."""

    value: Any
    id: UUID
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list in its order, and the places of the pages before and after; None where there is none."""

    rows: Sequence[Any]
    before: Place | None
    after: Place | None


def read_page(session: Session, query: Select[Any], order: Order, place: Place | None, limit: int) -> Page:
    """Read at most `limit` rows at a place. The query selects the order's two columns under their own names."""
    is_backwards = place is not None and place.is_backwards
    key: tuple[Any, ...] = (order.column, order.id_column)
    if order.is_sorted:
        key = (func.coalesce(order.column, order.column), order.id_column)
    is_falling = order.is_descending != is_backwards
    if place is not None:
        there = tuple_(literal(place.value, order.column.type), literal(place.id, order.id_column.type))
        query = query.where(tuple_(*key) < there if is_falling else tuple_(*key) > there)
    ordered = query.order_by(*(column.desc() if is_falling else column.asc() for column in key))
    found = session.execute(ordered.limit(limit + 1)).all()
    rows, has_more = found[:limit], len(found) > limit
    if is_backwards:
        rows = rows[::-1]
        return Page(rows, _at(rows, 0, order, True) if has_more else None, _at(rows, -1, order, False))
    return Page(
        rows,
        _at(rows, 0, order, True) if place is not None else None,
        _at(rows, -1, order, False) if has_more else None,
    )


def _at(rows: Sequence[Any], number: int, order: Order, is_backwards: bool) -> Place | None:
    if not rows:
        return None
    row = rows[number]._mapping
    return Place(row[order.column], row[order.id_column], is_backwards)
