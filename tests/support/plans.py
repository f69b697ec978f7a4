"""How a database goes about what it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from pipeline.db.engine import database

ONLY_BY_INDEX = ("SET enable_seqscan = off", "SET enable_sort = off", "SET enable_bitmapscan = off")
"""Tables of tests are so small that PostgreSQL would rather read them whole."""
AS_USUAL = ("RESET enable_seqscan", "RESET enable_sort", "RESET enable_bitmapscan")


@contextmanager
def explained(app: Flask) -> Iterator[list[str]]:
    """Collect the plan of every statement that runs while the block lasts, in a line each step."""
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        is_sqlite = database.engine.dialect.name == "sqlite"
        asking = cursor.connection.cursor()
        for setting in () if is_sqlite else ONLY_BY_INDEX:
            asking.execute(setting)
        asking.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
        plans.append("\n".join(str(row[-1]) for row in asking.fetchall()))
        for setting in () if is_sqlite else AS_USUAL:
            asking.execute(setting)
        asking.close()

    with app.app_context():
        engine = database.engine
        event.listen(engine, "before_cursor_execute", explain)
        try:
            yield plans
        finally:
            event.remove(engine, "before_cursor_execute", explain)
