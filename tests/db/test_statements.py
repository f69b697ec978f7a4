"""Statements of constant text: on a session, on one that only passes for a session, and for rows written whole."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.engine import WRITES, database
from pipeline.db.statements import Statement, date_of, id_of, plain_session
from pipeline.db.work import UnitOfWork
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.decision import YES
from pipeline.kernel.ids import new_id
from tests.support.facts import ThingHappened

pytestmark = pytest.mark.database

Working = Callable[..., AbstractContextManager[UnitOfWork]]

COUNT = Statement(select(func.count()).select_from(Council))
NAMED = Statement(select(Council.name).where(Council.slug == bindparam("slug")))
KEEP = Statement(insert(Council))


def values(slug: str) -> dict[str, Any]:
    return {
        "id": new_id(), "slug": slug, "name": slug.title(), "short_name": slug, "kind": "unitary", "nation": "England",
        "region": "London", "is_principal": True, "is_active": True,
    }  # fmt: skip


def whole(council: Council) -> dict[str, Any]:
    """A council's values with those of the columns nobody set."""
    return {column.key: getattr(council, column.key) for column in Council.__table__.columns}


@pytest.fixture
def writing(app: Flask) -> Any:
    with app.app_context(), Session(database.engine.execution_options(**{WRITES: True})) as session:
        yield session


def test_a_plain_session_reads_what_a_session_does(app: Flask, writing: Session) -> None:
    writing.add(Council(**values("ham")))
    writing.commit()
    with plain_session(database.engine) as plain:
        assert COUNT.rows(plain) == COUNT.rows(writing)
        assert NAMED.rows(plain, slug="ham")[0][0] == "Ham"


def test_a_plain_session_reads_one_moment_on_sqlite(app: Flask, writing: Session) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads each statement's own moment")
    with plain_session(database.engine) as plain:
        before = COUNT.rows(plain)
        writing.add(Council(**values("ham")))
        writing.commit()
        assert COUNT.rows(plain) == before
    with plain_session(database.engine) as plain:
        assert COUNT.rows(plain) != before


def test_a_plain_session_leaves_no_transaction_behind(app: Flask) -> None:
    with app.app_context():
        engine = database.engine
        with contextlib.suppress(ZeroDivisionError), plain_session(engine) as plain:
            COUNT.rows(plain)
            raise ZeroDivisionError
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_statement_after_a_rollback_is_in_the_new_transaction(writing: Session) -> None:
    ((before,),) = COUNT.rows(writing)
    writing.add(Council(**values("ham")))
    writing.flush()
    assert COUNT.rows(writing)[0][0] == before + 1
    writing.rollback()
    assert COUNT.rows(writing)[0][0] == before


def test_a_statement_in_a_transaction_that_failed_is_refused(writing: Session) -> None:
    COUNT.rows(writing)
    writing.add_all([Council(**values("ham")), Council(**values("ham"))])
    with pytest.raises(IntegrityError):
        writing.flush()
    with pytest.raises(PendingRollbackError):
        COUNT.rows(writing)


def test_one_statement_keeps_several_rows(writing: Session) -> None:
    ((before,),) = COUNT.rows(writing)
    councils = [Council(**values("ham")), Council(**values("eggs"))]
    writing.add_all(councils)
    writing.flush()
    rows = [whole(council) for council in councils]
    writing.rollback()
    KEEP.run_each(writing, rows)
    assert COUNT.rows(writing)[0][0] == before + 2


def test_values_of_a_drivers_row_are_read_alike() -> None:
    text = "0199b03f-1af7-772b-bb56-08c2eee5e0df"
    assert id_of(text) == id_of(UUID(text)) == UUID(text)
    assert date_of("2026-11-22") == date_of(date(2026, 11, 22)) == date(2026, 11, 22)
    assert (id_of(None), date_of(None)) == (None, None)


def test_a_row_is_inserted_whole_and_can_be_changed_afterwards(app: Flask, work: Working) -> None:
    with work() as writing:
        writing.require(YES)
        council = writing.insert(Council(**values("ham")))
        assert NAMED.rows(writing.session, slug="ham")[0][0] == "Ham"
        assert (council.version, council.projects_led) == (1, 0)
        council.name = "Ham and Eggs"
        writing.record(ThingHappened(thing_id=council.id))
    with app.app_context():
        assert database.session.get_one(Council, council.id).name == "Ham and Eggs"


def test_an_insert_that_breaks_a_constraint_says_so_as_any_other(app: Flask, writing: Session) -> None:
    work = UnitOfWork(writing, ANONYMOUS, clock.now())
    work.insert(Council(**values("ham")))
    with pytest.raises(IntegrityError):
        work.insert(Council(**values("ham")))


def test_an_insert_counts_as_writing(app: Flask, work: Working) -> None:
    with pytest.raises(RuntimeError, match="council"), work() as writing:
        writing.insert(Council(**values("ham")))
