"""Reading everything as it stood at one moment, for as long as that takes.

Requests read for milliseconds; an export reads for minutes. Its transaction is on a connection of its own, so that no
connection of the pool is held or changed. On PostgreSQL it repeats its reads (every statement sees the same rows); on
SQLite any reading transaction does, and holds back nothing but the moment at which the log of writes is folded in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pipeline.db.engine import POSTGRESQL_OPTIONS, prepare_engine

LITTLE_MEMORY = ("mmap_size=0", "cache_size=-1000")
"""A file that is read once from end to end is not to stay in the process's memory."""

PATIENT_OPTIONS = f"{POSTGRESQL_OPTIONS} -c idle_in_transaction_session_timeout=120000"
"""Between two pages of a snapshot, what was read is written, and the reader rests."""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session that reads the database as it stands at its first statement, and never changes it."""
    is_sqlite = engine.dialect.name == "sqlite"
    settings: dict[str, Any] = (
        {"connect_args": {"timeout": 10, "check_same_thread": False}}
        if is_sqlite
        else {"connect_args": {"options": PATIENT_OPTIONS}, "isolation_level": "REPEATABLE READ"}
    )
    own = create_engine(engine.url, poolclass=NullPool, **settings)
    prepare_engine(own)
    if is_sqlite:
        read_with_little_memory(own)
    try:
        with Session(own, autoflush=False) as session:
            yield session
    finally:
        own.dispose()


def read_with_little_memory(engine: Engine) -> None:
    """Have the connections an engine makes from now on keep little of an SQLite file in memory: what the worker reads
    once, it need not keep."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _keep_little)


def _keep_little(connection: Any, _record: Any) -> None:
    for pragma in LITTLE_MEMORY:
        connection.execute(f"PRAGMA {pragma}")
