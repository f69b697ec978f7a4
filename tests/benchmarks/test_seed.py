"""What the benchmark seeds agrees with itself, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, and_, func, inspect, or_, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import aliased

from benchmarks.rows import NEEDS_EACH, OFFICERS, PLEDGES_EACH, THEMES_EACH, UPDATES_OF_OPENED
from benchmarks.seed import application, seed
from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.base import Base
from pipeline.db.engine import database
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.pledges.models import Pledge
from pipeline.pledges.totals import differences
from pipeline.projects.models import Need, Project, ProjectTheme, Update
from pipeline.search.models import SearchEntry

pytestmark = pytest.mark.database

PROJECTS = 50


@pytest.fixture(scope="module")
def seeded(
    dialect: str, database_urls: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of its own with fifty projects."""
    url = _empty_database(dialect, make_url(database_urls(dialect)), tmp_path_factory.mktemp("seeded"))
    seed(url, PROJECTS)
    app = application(url)
    with app.app_context():
        yield app
        database.session.remove()
        database.engine.dispose()


def _empty_database(dialect: str, url: URL, folder: Path) -> URL:
    if dialect == "sqlite":
        return url.set(database=str(folder / "seeded.db"))
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE DATABASE seeded")
    return url.set(database="seeded")


def _number(model: Any) -> int:
    return database.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_every_project_has_what_the_benchmark_says(seeded: Flask) -> None:
    assert _number(Project) == _number(SearchEntry) == PROJECTS
    assert _number(Need) == PROJECTS * NEEDS_EACH
    assert _number(Pledge) == PROJECTS * PLEDGES_EACH
    assert _number(ProjectTheme) == PROJECTS * THEMES_EACH
    assert _number(Update) == PROJECTS * UPDATES_OF_OPENED
    assert _number(Officer) == OFFICERS


def test_sums_and_counters_are_those_of_the_pledges(seeded: Flask) -> None:
    reading = Reading(database.session(), ANONYMOUS, clock.now())
    assert differences(reading) == []


def test_the_real_register_is_in_it(seeded: Flask) -> None:
    active = select(func.count()).where(Council.is_active)
    assert database.session.execute(active).scalar_one() == 398


def test_the_event_counter_stands_at_the_last_event(seeded: Flask) -> None:
    last = database.session.execute(select(func.max(LoggedEvent.sequence))).scalar_one()
    assert database.session.execute(select(EventCounter.last)).scalar_one() == last == _number(LoggedEvent)


def test_every_reference_leads_somewhere(seeded: Flask) -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            assert _dangling(key) == 0, key


def _dangling(key: ForeignKeyConstraint) -> int:
    parent = aliased(key.referred_table)
    pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
    filled = and_(*(own.is_not(None) for own, _theirs in pairs))
    query = (
        select(func.count())
        .select_from(key.table.outerjoin(parent, and_(*(own == theirs for own, theirs in pairs))))
        .where(filled, or_(*(theirs.is_(None) for _own, theirs in pairs)))
    )
    return database.session.execute(query).scalar_one()


def test_every_index_is_back(seeded: Flask) -> None:
    inspector = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        there = {index["name"] for index in inspector.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= there, table.name
