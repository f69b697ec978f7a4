"""Hot statements: compiled once, run with bound values, driver rows taken as they are.

Building and caching a `select()` on every request costs more than running it. A `Statement` is compiled once for each
dialect and then only bound. Rows come back as the driver's own tuples: `text_of` and `moment_of` read their columns
alike on both databases.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Delete, Engine, Executable, Insert, TableClause, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

WRITTEN = "pipeline_written"
"""Where a session keeps the names of the tables it wrote, if somebody wants to know."""


_CONNECTION = "pipeline_connection"
"""Where a session keeps its transaction and that transaction's connection."""


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

    def run_each(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Run one that answers no rows with each of several sets of values."""
        self._executed(session, rows).close()

    def _executed(self, session: Session, values: dict[str, Any] | Sequence[dict[str, Any]]) -> Any:
        if self._writes is not None and WRITTEN in session.info:
            session.info[WRITTEN].add(self._writes)
        dialect, cursor = _cursor_of(session)
        kept = self._compiled.get(dialect.name)
        if kept is None:
            kept = self._compiled[dialect.name] = self._compile(dialect)
        text, fixed, processors, order = kept
        try:
            if isinstance(values, dict):
                cursor.execute(text, _bound(values, fixed, processors, order))
            else:
                cursor.executemany(text, [_bound(one, fixed, processors, order) for one in values])
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


def _bound(values: dict[str, Any], fixed: Any, processors: dict[str, Any], order: tuple[str, ...] | None) -> Any:
    """Values as the driver takes them."""
    bound = {**fixed, **values}
    for name in bound.keys() & processors.keys():
        bound[name] = processors[name](bound[name])
    return tuple([bound[name] for name in order]) if order is not None else bound


class PlainSession:
    """Stands for a session where nothing but `Statement`s is run: a connection of the pool, in one transaction, without
    the machinery of objects, which costs as much as reading a page. Nothing else of a session is there."""

    def __init__(self, engine: Engine) -> None:
        self.info: dict[str, Any] = {}
        self._engine = engine
        self._connection = engine.raw_connection()
        if engine.dialect.name == "sqlite":
            self._connection.cursor().execute("BEGIN").close()

    def get_bind(self) -> Engine:
        return self._engine

    def cursor(self) -> Any:
        """A cursor of the driver's."""
        return self._connection.cursor()

    def close(self) -> None:
        """Give the connection back; the pool ends its transaction."""
        self._connection.close()


@contextmanager
def plain_session(engine: Engine) -> Iterator[Session]:
    """A `PlainSession` for a block, which passes for a session with whatever only runs `Statement`s."""
    plain = PlainSession(engine)
    try:
        yield cast(Session, plain)
    finally:
        plain.close()


def _cursor_of(session: Session | PlainSession) -> tuple[Any, Any]:
    """The dialect, and a cursor on the connection of the session's transaction.

    The session is asked for its connection once a transaction, because asking costs as much as a small statement. A
    transaction that has failed is the session's to complain of.
    """
    if isinstance(session, PlainSession):
        return session.get_bind().dialect, session.cursor()
    transaction, connection = session.info.get(_CONNECTION, (None, None))
    if transaction is None or transaction is not session.get_transaction() or not session.is_active:
        connection = session.connection()
        session.info[_CONNECTION] = (session.get_transaction(), connection)
    return connection.dialect, connection.connection.cursor()


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


def date_of(value: Any) -> date | None:
    """A date from a driver's row."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def id_of(value: Any) -> UUID | None:
    """An id from a driver's row."""
    return UUID(value) if isinstance(value, str) else value


def text_of(value: Any) -> str | None:
    """An id or a date from a driver's row as text."""
    return None if value is None else str(value)
