"""Counting the statements a request sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from pipeline.db.engine import database


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that run while the block lasts. Beginning and ending a transaction is not counted."""
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_: object) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
