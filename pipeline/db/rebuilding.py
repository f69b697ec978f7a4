"""Changing the constraints of a table that has rows, in a migration.

PostgreSQL alters them. SQLite has no statement for it: there the table is made again from its own text, with the
constraints taken out and put in, and its rows and indexes carried over, as https://www.sqlite.org/lang_altertable.html
says. (Alembic's batch mode reads the table back instead, and forgets its checks and collations on the way.) Foreign
keys must be off meanwhile, which `migrations/env.py` sees to.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text


def change_constraints(
    connection: Connection, table: str, *, drop: Sequence[str] = (), add: Mapping[str, str] | None = None
) -> None:
    """Drop constraints of a table by name and add others: `add` gives the words after `CONSTRAINT name`."""
    adding = dict(add or {})
    if connection.dialect.name == "postgresql":
        for name in drop:
            connection.execute(text(f'ALTER TABLE "{table}" DROP CONSTRAINT {name}'))
        for name, words in adding.items():
            connection.execute(text(f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {words}'))
        return
    made = _text_of(connection, table)
    for name in drop:
        made = without_constraint(made, name)
    for name, words in adding.items():
        made = with_constraint(made, name, words)
    _make_again(connection, table, made)


def allow_null(connection: Connection, table: str, column: str) -> None:
    """Let a column be empty."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN {column} DROP NOT NULL'))
        return
    made = _text_of(connection, table)
    changed = re.sub(rf"(^|[\s,(])({column} [^,]*?) NOT NULL", r"\1\2", made, count=1)
    if changed == made:
        raise ValueError(f"{table}.{column} may be empty already")
    _make_again(connection, table, changed)


def without_constraint(made: str, name: str) -> str:
    """The text that makes a table, without one of its named constraints."""
    found = re.search(rf",\s*CONSTRAINT {name} ", made)
    if found is None:
        raise ValueError(f"there is no constraint {name}")
    return made[: found.start()] + made[_end_of_part(made, found.end()) :]


def with_constraint(made: str, name: str, words: str) -> str:
    """The text that makes a table, with one constraint more."""
    end = made.rindex(")")
    return f"{made[:end].rstrip()}, \n\tCONSTRAINT {name} {words}\n{made[end:]}"


def _end_of_part(made: str, start: int) -> int:
    """Where a part of a table's text ends: at the next comma or closing bracket that is not inside another part."""
    depth, place, quoted = 0, start, False
    while True:
        sign = made[place]
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            if depth == 0 and sign in ",)":
                return place
            depth += {"(": 1, ")": -1}.get(sign, 0)
        place += 1


def _text_of(connection: Connection, table: str) -> str:
    query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return str(connection.execute(query, {"name": table}).scalar_one())


def _make_again(connection: Connection, table: str, made: str) -> None:
    if connection.execute(text("PRAGMA foreign_keys")).scalar_one():
        raise RuntimeError("foreign keys must be off while a table is made again: its rows would take others with them")
    more = "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type IN ('index', 'trigger') AND sql IS NOT NULL"
    others = list(connection.execute(text(more), {"name": table}).scalars())
    columns = ", ".join(f'"{row[1]}"' for row in connection.execute(text(f'PRAGMA table_info("{table}")')))
    new = f"{table}_made_again"
    renamed = re.sub(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "{new}"', made, count=1)
    for statement in (
        renamed,
        f'INSERT INTO "{new}" ({columns}) SELECT {columns} FROM "{table}"',  # noqa: S608 (names of our own tables)
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{new}" RENAME TO "{table}"',
        *others,
    ):
        connection.exec_driver_sql(statement)
    if astray := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows refer to others that are not there: {astray[:10]}")
