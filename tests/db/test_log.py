"""The event log: commit order is sequence order, without gaps, whoever writes. On both databases."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.log import EventCounter, LoggedEvent, last_public_sequence
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id
from tests.support.facts import ThingHappened, ThingKeptQuiet
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database

Working = Callable[..., AbstractContextManager[UnitOfWork]]

WRITERS = 20
WRITES_EACH = 100


class Follower(threading.Thread):
    """Reads what is new after the last sequence it saw, over and over, as a reader with a cursor does."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app
        self.seen: list[int] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        with self.app.app_context(), Session(database.engine) as session:
            while not self.is_over.is_set():
                self.look(session)
                time.sleep(0.002)
            self.look(session)

    def look(self, session: Session) -> None:
        place = self.seen[-1] if self.seen else 0
        query = select(LoggedEvent.sequence).where(LoggedEvent.sequence > place).order_by(LoggedEvent.sequence)
        self.seen += session.scalars(query).all()
        session.rollback()


def test_a_reader_who_follows_20_writers_misses_nothing_and_sees_nothing_twice(app: Flask) -> None:
    committed: list[int] = []

    def write(place: int) -> None:
        for number in range(WRITES_EACH):
            try:
                with app.app_context(), unit_of_work(ANONYMOUS) as work:
                    work.record(ThingHappened(thing_id=new_id(), number=place * 1000 + number))
                    if number % 10 == 9:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
            committed.append(place * 1000 + number)

    follower = Follower(app)
    follower.start()
    results = at_once(WRITERS, write)
    follower.is_over.set()
    follower.join()

    assert failures(results) == []
    assert follower.seen == list(range(1, len(committed) + 1))
    with app.app_context(), Session(database.engine) as session:
        kept = [row.payload["number"] for row in session.scalars(select(LoggedEvent))]
        assert sorted(kept) == sorted(committed)
        assert session.scalar(select(EventCounter.last)) == len(committed)


WRITES_MANY = """
import sys, threading
from config import Settings
from pipeline.app import create_app
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id
from tests.support.facts import ThingHappened
app = create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": sys.argv[1]}))
def write():
    for _ in range(25):
        with app.app_context(), unit_of_work(ANONYMOUS) as work:
            work.record(ThingHappened(thing_id=new_id()))
threads = [threading.Thread(target=write) for _ in range(5)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_20_writers_in_4_processes_never_meet_a_locked_database(
    app: Flask, dialect: str, database_urls: Callable[[str], str]
) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITES_MANY, database_urls(dialect)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    complaints = [process.communicate(timeout=120)[1] for process in processes]

    assert complaints == [""] * 4
    with app.app_context(), Session(database.engine) as session:
        assert session.scalars(select(LoggedEvent.sequence).order_by(LoggedEvent.sequence)).all() == list(range(1, 501))


def test_several_events_of_one_work_keep_their_order(app: Flask, work: Working) -> None:
    with work() as unit:
        for number in range(5):
            unit.record(ThingHappened(thing_id=new_id(), number=number))

    with app.app_context(), Session(database.engine) as session:
        rows = session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)).all()
    assert [(row.sequence, row.payload["number"]) for row in rows] == [(n + 1, n) for n in range(5)]


def test_only_what_changes_the_public_view_moves_the_mark_of_public_lists(app: Flask, work: Working) -> None:
    marks = []
    for event in (ThingHappened, ThingKeptQuiet, ThingHappened):
        with work() as unit:
            unit.record(event(thing_id=new_id()))
        with app.app_context(), Session(database.engine) as session:
            marks.append(last_public_sequence(session))

    assert marks == [1, 1, 3]
