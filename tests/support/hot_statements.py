"""Counting every statement: those that go through SQLAlchemy, and the hot ones that go straight to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from pipeline.db.engine import database
from pipeline.db.statements import Statement
from tests.support.queries import counted


@contextmanager
def all_counted(app: Flask) -> Iterator[list[str]]:
    """Collect every statement that runs while the block lasts."""
    rows = Statement.rows
    with counted(app) as statements:

        def noted(self: Statement, session: Any, **values: Any) -> Any:
            statements.append(str(self._statement))
            return rows(self, session, **values)

        Statement.rows = noted  # type: ignore[method-assign]
        try:
            yield statements
        finally:
            Statement.rows = rows  # type: ignore[method-assign]


def plan_of(app: Flask, statement: Statement, **values: Any) -> list[str]:
    """How SQLite runs a hot statement."""
    with app.app_context():
        connection = database.session().connection()
        text, fixed, processors, order = statement._compile(connection.dialect)
        bound = {**fixed, **values}
        bound |= {name: processors[name](bound[name]) for name in bound.keys() & processors.keys()}
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN QUERY PLAN {text}", tuple(bound[name] for name in order or ()))
        return [row[3] for row in cursor.fetchall()]
