"""Constraints are changed on tables that have rows, and nothing else about those tables changes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

from pipeline.db.rebuilding import allow_null, change_constraints, with_constraint, without_constraint

MADE = (
    'CREATE TABLE thing (\n\tid INTEGER NOT NULL, \n\tname VARCHAR(20) COLLATE "NOCASE" NOT NULL, '
    "\n\tsize INTEGER NOT NULL, "
    "\n\tCONSTRAINT pk_thing PRIMARY KEY (id), \n\tCONSTRAINT ck_thing_size CHECK (size IN (1, 2) OR name = ',)'), "
    "\n\tCONSTRAINT uq_thing_name UNIQUE (name)\n)"
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text(MADE))
        connection.execute(
            text("CREATE TABLE part (id INTEGER, thing_id INTEGER REFERENCES thing (id) ON DELETE CASCADE)")
        )
        connection.execute(text("CREATE INDEX ix_thing_small ON thing (size) WHERE size = 1"))
        connection.execute(text("INSERT INTO thing VALUES (1, 'One', 1), (2, 'Two', 2)"))
        connection.execute(text("INSERT INTO part VALUES (1, 1), (2, 2)"))
        yield connection


@pytest.mark.pure
def test_a_constraint_is_taken_out_of_the_text_of_a_table_and_put_back() -> None:
    without = without_constraint(MADE, "ck_thing_size")
    assert "size IN (" not in without
    assert without.count("CONSTRAINT") == 2
    assert with_constraint(without, "ck_thing_size", "CHECK (size > 0)").count("CONSTRAINT") == 3
    with pytest.raises(ValueError, match="no constraint"):
        without_constraint(MADE, "ck_thing_weight")


@pytest.mark.pure
def test_rows_indexes_and_collations_outlive_a_change_of_constraints(connection: Connection) -> None:
    change_constraints(connection, "thing", drop=["ck_thing_size"], add={"ck_thing_size": "CHECK (size <= 9)"})

    connection.execute(text("INSERT INTO thing VALUES (3, 'Three', 9)"))
    assert connection.execute(text("SELECT count(*) FROM thing")).scalar_one() == 3
    assert connection.execute(text("SELECT count(*) FROM part")).scalar_one() == 2
    assert connection.execute(text("SELECT id FROM thing WHERE name = 'TWO'")).scalar_one() == 2
    kept = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'ix_thing_small'")).scalar_one()
    assert kept.endswith("WHERE size = 1")
    with pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO thing VALUES (4, 'Four', 10)"))


@pytest.mark.pure
def test_a_column_is_let_be_empty(connection: Connection) -> None:
    allow_null(connection, "thing", "size")
    connection.execute(text("INSERT INTO thing VALUES (3, 'Three', NULL)"))
    with pytest.raises(ValueError, match="may be empty already"):
        allow_null(connection, "thing", "size")


@pytest.mark.pure
def test_a_table_is_not_made_again_while_foreign_keys_are_on(connection: Connection) -> None:
    connection.commit()
    connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    with pytest.raises(RuntimeError, match="foreign keys must be off"):
        change_constraints(connection, "thing", drop=["uq_thing_name"])
