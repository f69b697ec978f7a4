"""Hot statements: compiled once, run with bound values, driver rows taken as they are.

Building and caching a `select()` on every request costs more than running it. A `Statement` is compiled once for each
dialect and then only bound. Rows come back as the driver's own tuples: `text_of` and `moment_of` read their columns
alike on both databases.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Executable, Insert, TableClause, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

WRITTEN = "pipeline_written"
"""Where a session keeps the names of the tables it wrote, if somebody wants to know."""


class Statement:
    """A statement of constant text with named values."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        table = statement.table if isinstance(statement, Insert | Update | Delete) else None
        self._writes = table.name if isinstance(table, TableClause) else None
        self._compiled: dict[str, tuple[str, Any, dict[str, Any], tuple[str, ...] | None]] = {}

    def rows(self, session: Session, **values: Any) -> Sequence[Any]:
        """Run it with values and return the driver's rows."""
        cursor = self._executed(session, values)
        try:
            return cursor.fetchall()
        finally:
            cursor.close()

    def run(self, session: Session, **values: Any) -> None:
        """Run one that answers no rows."""
        self._executed(session, values).close()

    def _executed(self, session: Session, values: dict[str, Any]) -> Any:
        if self._writes is not None and WRITTEN in session.info:
            session.info[WRITTEN].add(self._writes)
        connection = session.connection()
        dialect = connection.dialect
        kept = self._compiled.get(dialect.name)
        if kept is None:
            kept = self._compiled[dialect.name] = self._compile(dialect)
        text, fixed, processors, order = kept
        bound = {**fixed, **values} if fixed else values
        for name in bound.keys() & processors.keys():
            bound[name] = processors[name](bound[name])
        parameters: Any = tuple(bound[name] for name in order) if order is not None else bound
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, parameters)
        except dialect.loaded_dbapi.Error as error:
            cursor.close()
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=dialect) from error
        return cursor

    def _compile(self, dialect: Any) -> tuple[str, Any, dict[str, Any], tuple[str, ...] | None]:
        compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        processors = dict(compiled._bind_processors)
        text, order = str(compiled), compiled.positiontup
        late = compiled.post_compile_params | compiled.literal_execute_params
        if late:
            # Constants that belong in the text: lists get as many places as they have values, others stand as they are.
            known = compiled.construct_params(escape_names=False, _no_postcompile=True, _check=False)
            expanded = compiled._process_parameters_for_postcompile(known)
            text, order = expanded.statement, expanded.positiontup
            fixed |= expanded.additional_parameters
            processors |= expanded.processors
        for bind in late:
            fixed.pop(compiled.bind_names[bind], None)
        return text, fixed, processors, tuple(order) if compiled.positional else None


def utc_text(value: Any) -> str | None:
    """A moment from a driver's row as the API writes it: 2026-11-20T16:05:12Z."""
    if value is None:
        return None
    if isinstance(value, str):
        return value[:19] + "Z"
    return f"{value:%Y-%m-%dT%H:%M:%S}Z"


def moment_of(value: Any) -> datetime | None:
    """A moment from a driver's row as an aware datetime."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def text_of(value: Any) -> str | None:
    """An id or a date from a driver's row as text."""
    return None if value is None else str(value)
