"""The connection to the database, prepared so that no write is lost and no reader waits.

SQLite: the driver's own transactions lose updates silently, so we begin them ourselves: `BEGIN` for reading, and
`BEGIN IMMEDIATE` for connections that write. PostgreSQL: every wait has an end.
"""

import sqlite3
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from pipeline.db.base import Base

database = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False})

WRITES = "pipeline_writes"
"""The execution option of a connection whose transactions write."""

POSTGRESQL_OPTIONS = (
    "-c timezone=utc -c statement_timeout=5000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000"
)

LONGER_FOR_WRITES = "SET LOCAL statement_timeout = 15000"
"""Waiting for a lock counts as time of the statement, so one that writes gets longer than the longest wait."""


def engine_options(url: str) -> dict[str, Any]:
    """Options of `create_engine` for a database address."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 10, "check_same_thread": False}, "pool_size": 8, "max_overflow": 8}
    return {"connect_args": {"options": POSTGRESQL_OPTIONS}, "pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}


def prepare_database(app: Flask) -> None:
    """Connect the application to its database and prepare the engine."""
    database.init_app(app)
    with app.app_context():
        prepare_engine(database.engine)
    _refuse_changes_while_reading()


def prepare_engine(engine: Engine) -> None:
    """Attach what an engine needs at the beginning of connections and transactions."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "begin", _begin_postgresql)
        return
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-16000",
        # As much as there may be: what the system holds in memory is then read without copying it.
        "mmap_size=2147418112",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Straight to the driver, which costs a quarter: no request goes without, and it waits for nobody.
        connection.connection.cursor().execute("BEGIN").close()


def _begin_postgresql(connection: Connection) -> None:
    """Let a statement that writes wait its turn: the limit of locks is for that, not the limit of slow reads."""
    if connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql(LONGER_FOR_WRITES)


def _refuse_changes_while_reading() -> None:
    if not event.contains(database.session, "before_flush", _refuse_flush):
        event.listen(database.session, "before_flush", _refuse_flush)


def _refuse_flush(session: Session, *_: Any) -> None:
    raise RuntimeError(
        f"a reading session was asked to save {list(session.new) or list(session.dirty)}; use a unit of work"
    )
