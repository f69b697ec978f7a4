"""Ids, moments and JSON come back as they went in, and read alike as driver's rows. On both databases."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import bindparam, literal, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from pipeline.accounts.models import Officer, SecurityEvent
from pipeline.councils.models import Council, CouncilDomain
from pipeline.db.engine import database
from pipeline.db.statements import Statement, moment_of, text_of, utc_text
from pipeline.kernel.ids import new_id
from tests.factories import Factory

pytestmark = pytest.mark.database

MOMENTS = [
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 1, 0, 0, 1, tzinfo=UTC),
    datetime(1974, 4, 1, tzinfo=UTC),
    datetime(2027, 6, 30, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=1))),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_comes_back_the_same_and_aware(app: Flask, make: Factory, moment: datetime) -> None:
    officer = make.officer(created_at=moment)

    with app.app_context(), Session(database.engine) as session:
        kept = session.get_one(Officer, officer.id).created_at
    assert kept == moment
    assert kept.utcoffset() == timedelta()


def test_a_moment_without_a_time_zone_is_refused(make: Factory) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        make.officer(created_at=datetime(2027, 1, 1))  # noqa: DTZ001


def test_moments_sort_as_time_does(app: Flask, make: Factory) -> None:
    for moment in MOMENTS:
        make.officer(created_at=moment)

    with app.app_context(), Session(database.engine) as session:
        assert session.scalars(select(Officer.created_at).order_by(Officer.created_at)).all() == sorted(MOMENTS)
        late = session.scalars(
            select(Officer.created_at).where(Officer.created_at > datetime(2027, 6, 1, tzinfo=UTC))
        ).all()
    assert len(late) == 2


def test_an_id_comes_back_as_an_id(app: Flask, make: Factory) -> None:
    council = make.council()

    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(Council.id)) == council.id


def test_json_comes_back_as_it_went_in(app: Flask, make: Factory) -> None:
    details = {"words": ["Tŷ", "🎉"], "number": 2**53, "nothing": None, "nested": {"is": True}}
    make.keep(SecurityEvent(id=new_id(), at=MOMENTS[0], name="test", details=details))

    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(SecurityEvent.details)) == details


def test_a_statement_binds_values_and_reads_alike_on_both_databases(app: Flask, make: Factory) -> None:
    officer = make.officer(created_at=MOMENTS[0])
    council = make.council(started_on=date(1974, 4, 1))
    one = Statement(
        select(Officer.id, Officer.created_at, Officer.erased_at, Council.started_on)
        .join(Council, Council.id == bindparam("council_id"))
        .where(Officer.created_at == bindparam("moment"), Officer.language == literal("en"))
    )

    for _ in range(2):
        with app.app_context(), Session(database.engine) as session:
            ((row_id, created, erased, started),) = one.rows(session, council_id=council.id, moment=MOMENTS[0])
        assert text_of(row_id) == str(officer.id)
        assert moment_of(created) == MOMENTS[0]
        assert utc_text(created) == "2027-03-28T01:30:00Z"
        assert (moment_of(erased), utc_text(erased), text_of(erased)) == (None, None, None)
        assert text_of(started) == "1974-04-01"


def test_foreign_keys_hold(make: Factory) -> None:
    with pytest.raises(IntegrityError):
        make.keep(CouncilDomain(council_id=new_id(), domain="nowhere.gov.uk", is_observed=True))


def test_a_word_outside_its_vocabulary_is_refused_by_the_table(make: Factory) -> None:
    with pytest.raises(IntegrityError):
        make.council(kind="kingdom")


def test_sqlite_is_set_to_lose_nothing(app: Flask, dialect: str) -> None:
    if dialect != "sqlite":
        pytest.skip("settings of SQLite")
    with app.app_context(), database.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_every_wait_on_postgresql_has_an_end(app: Flask, dialect: str) -> None:
    if dialect != "postgresql":
        pytest.skip("settings of PostgreSQL")
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
    with app.app_context(), database.engine.connect() as connection:
        settings = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names}

    assert settings == {
        "statement_timeout": "5s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s",
        "timezone": "UTC",
    }  # fmt: skip
