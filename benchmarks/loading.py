"""Putting very many rows into a database quickly, and leaving it as the migrations made it.

Indexes are taken away before and made again after, from their own definitions: that is several times faster than
keeping them on every row. Foreign keys are not looked at while rows go in; `tests/benchmarks` looks at all of them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import URL

from benchmarks.rows import COLUMNS, Row

UNLOGGED = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY")
LISTED = ", ".join(f"'{table}'" for table in COLUMNS)

INDEXES_ON_SQLITE = (
    "SELECT name, sql FROM sqlite_master"  # noqa: S608
    f" WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({LISTED})"
)
INDEXES_ON_POSTGRESQL = (
    "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema()"  # noqa: S608
    f" AND i.tablename IN ({LISTED}) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"
)
"""Those that stand for themselves; an index under a constraint stays."""

NEXT_PLACE = "SELECT setval(pg_get_serial_sequence('search_entry', 'place'), (SELECT max(place) FROM search_entry))"


class Loader(Protocol):
    """A database that takes rows."""

    def add(self, table: str, rows: list[Row]) -> None:
        """Insert rows, whose columns are those of `rows.COLUMNS`."""

    def run(self, statement: str, rows: list[Row]) -> None:
        """Run a statement with `?` for values, once a row."""

    def fetch(self, statement: str) -> list[Any]:
        """The rows a statement answers."""


@contextmanager
def loading(url: URL) -> Iterator[Loader]:
    """Open a database for loading; its indexes are back when the block ends."""
    with _on_sqlite(url) if url.get_backend_name() == "sqlite" else _on_postgresql(url) as loader:
        yield loader


class SqliteLoader:
    """Inserts through the driver itself, in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def add(self, table: str, rows: list[Row]) -> None:
        columns = COLUMNS[table]
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def run(self, statement: str, rows: list[Row]) -> None:
        self.connection.executemany(statement, rows)

    def fetch(self, statement: str) -> list[Any]:
        return self.connection.execute(statement).fetchall()


@contextmanager
def _on_sqlite(url: URL) -> Iterator[SqliteLoader]:
    connection = sqlite3.connect(url.database or "", isolation_level=None)
    try:
        for pragma in UNLOGGED:
            connection.execute(f"PRAGMA {pragma}")
        loader = SqliteLoader(connection)
        indexes = loader.fetch(INDEXES_ON_SQLITE)
        connection.execute("BEGIN")
        for name, _sql in indexes:
            connection.execute(f"DROP INDEX {name}")
        yield loader
        for _name, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


class PostgresqlLoader:
    """Inserts by COPY."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def add(self, table: str, rows: list[Row]) -> None:
        statement = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[arg-type]
            copy.write("".join("\t".join(map(_escaped, row)) + "\n" for row in rows))

    def run(self, statement: str, rows: list[Row]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s"), rows)  # type: ignore[arg-type]

    def fetch(self, statement: str) -> list[Any]:
        return self.connection.execute(statement).fetchall()  # type: ignore[arg-type]


def _escaped(value: object) -> str:
    """A value as COPY's text form has it."""
    if value is None:
        return r"\N"
    text = str(value)
    if "\n" in text or "\\" in text or "\t" in text:
        return text.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")
    return text


@contextmanager
def _on_postgresql(url: URL) -> Iterator[PostgresqlLoader]:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        loader = PostgresqlLoader(connection)
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET session_replication_role = replica")
        indexes = loader.fetch(INDEXES_ON_POSTGRESQL)
        with connection.transaction():
            for name, _sql in indexes:
                connection.execute(f"DROP INDEX {name}")
            yield loader
        for _name, sql in indexes:
            connection.execute(sql)
        connection.execute(NEXT_PLACE)
        connection.execute("VACUUM ANALYZE")
