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
    return [row for row, _left in take_over(session, model, due, order, now, most)]


def take_over(
    session: Session, model: type[Leased], due: ColumnElement[bool], order: Any, now: datetime, most: int
) -> list[tuple[Leased, datetime | None]]:
    """The same, each row with the end of the lease it was left in by somebody who died over it; None for the others."""
    table: Any = model
    free = table.leased_until.is_(None) | (table.leased_until < now)
    query = select(table.id, table.leased_until).where(due, free).order_by(order, table.id).limit(most)
    left = {row.id: row.leased_until for row in session.execute(query.with_for_update(skip_locked=True))}
    if not left:
        return []
    taken = session.scalars(
        update(table).where(table.id.in_(left)).values(leased_until=now + LEASE).returning(table),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).all()
    return [(row, left[row.id]) for row in sorted(taken, key=lambda row: row.id)]
