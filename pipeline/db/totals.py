"""Totals that are kept beside the rows they come from: comparing them, and putting them right.

The rows are added up by the database, in one statement for each table of totals; only differences come back. Each
subject says what its totals are (`totals.py`); `flask reconcile` asks them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update

from pipeline.db.base import Base
from pipeline.db.work import Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class Difference:
    """One total that is not the sum of its rows."""

    table: str
    id: UUID
    column: str
    kept: int
    exact: int

    def __str__(self) -> str:
        return f"{self.table} {self.id}: {self.column} is {self.kept:,}, its rows make {self.exact:,}"


def compared(reading: Reading, table: Any, exact: Any) -> list[Difference]:
    """Rows of a table whose kept columns differ from `exact`, a SELECT of the id (as `row_id`) and those columns by
    name. A row that `exact` lacks has nothing to add up."""
    sums = exact.subquery()
    names = [column.name for column in sums.c if column.name != "row_id"]
    pairs = [(func.coalesce(getattr(table, name), 0), func.coalesce(sums.c[name], 0)) for name in names]
    columns = [column for pair in pairs for column in pair]
    query = (
        select(table.id, *columns)
        .outerjoin(sums, sums.c.row_id == table.id)
        .where(or_(*(kept != summed for kept, summed in pairs)))
        .order_by(table.id)
    )
    return [
        Difference(table.__tablename__, row[0], name, row[1 + 2 * place], int(row[2 + 2 * place]))
        for row in reading.session.execute(query)
        for place, name in enumerate(names)
        if row[1 + 2 * place] != row[2 + 2 * place]
    ]


def put_right(work: UnitOfWork, found: Sequence[Difference]) -> None:
    """Set every total that differs to the sum of its rows. The caller asks, and records it."""
    for one in found:
        table = Base.metadata.tables[one.table]
        values: dict[str, Any] = {one.column: one.exact}
        if "revision" in table.c:
            values["revision"] = table.c.revision + 1
        if "updated_at" in table.c:
            values["updated_at"] = work.now
        work.session.execute(
            update(table).where(table.c.id == one.id).values(values),
            execution_options={"synchronize_session": False},
        )
