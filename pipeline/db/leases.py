"""Taking work from a table so that two workers never take the same row.

A lease ends by itself: what a dead worker held comes back. PostgreSQL skips rows that another is taking; on SQLite
`BEGIN IMMEDIATE` lets one in at a time, and the same statement runs on both.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

LEASE = timedelta(minutes=2)

Leased = TypeVar("Leased")


def take(
    session: Session, model: type[Leased], due: ColumnElement[bool], order: Any, now: datetime, most: int = 20
) -> list[Leased]:
    """Lease up to `most` rows of `model` that are due, and return them. The model has `id` and `leased_until`."""
    table: Any = model
    free = table.leased_until.is_(None) | (table.leased_until < now)
    ids = session.scalars(
        select(table.id).where(due, free).order_by(order, table.id).limit(most).with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    taken = session.scalars(
        update(table).where(table.id.in_(ids)).values(leased_until=now + LEASE).returning(table),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()
    return sorted(taken, key=lambda row: row.id)
