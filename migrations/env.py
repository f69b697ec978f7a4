"""Runs the migrations, on SQLite and PostgreSQL alike. Numbered, forward only: a restored backup is the way back."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from pipeline.db.engine import WRITES

INDEX_OF_WORDS = ("search_entry_index", "ix_search_entry_words")
COLUMN_OF_WORDS = "words"
LOCK_WAIT = "10s"


def included(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Leave the full-text index out of comparisons: its tables differ between the databases."""
    if kind == "column":
        return name != COLUMN_OF_WORDS
    return not (name and name.startswith(INDEX_OF_WORDS))


def run() -> None:
    """Bring the database of the application up to date, or the connection a test has given."""
    given = context.config.attributes.get("connection")
    if given is not None:
        upgrade(given)
        return
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Migrate in one transaction, waiting only so long for other users of the tables.

    SQLite checks no foreign key while tables are made again (`pipeline/db/rebuilding.py`), which checks them itself.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        set_foreign_keys(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=included,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        context.run_migrations()
    if is_sqlite:
        connection.commit()
        set_foreign_keys(connection, "ON")


def set_foreign_keys(connection: Connection, word: str) -> None:
    """Turn the checking of foreign keys on or off, which SQLite does only between transactions."""
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={word}")


run()
