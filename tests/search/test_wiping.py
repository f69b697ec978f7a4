"""The index is wiped and made again while people read and the worker listens."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pipeline.db.engine import database
from pipeline.projects.models import Project
from pipeline.search.index import rebuild_index, renew, wipe_index
from pipeline.search.models import EntryKind, SearchEntry
from tests.factories import Factory
from tests.search.test_listener import happened

pytestmark = pytest.mark.database

ADDRESSES = (
    "/search?q=parking",
    "/search?theme=housing",
    "/projects?q=parking",
    "/projects",
    "/api/v1/search?q=parking",
)


class Drill:
    """Acts in threads of their own, each with what it failed on; readers go on until they are told to stop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stop = threading.Event()
        self.answers: list[int] = []
        self.failures: list[Exception] = []

    def begin(self, *acts: Callable[[], Any]) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._guarded, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        return threads

    def read(self) -> None:
        client = self.app.test_client()
        while not self.stop.is_set():
            self.answers += [client.get(address).status_code for address in ADDRESSES]

    def _guarded(self, act: Callable[[], Any]) -> None:
        try:
            with self.app.app_context():
                act()
        except Exception as error:
            self.failures.append(error)


def test_pages_answer_all_the_while_and_nothing_is_missing_afterwards(make: Factory) -> None:
    council = make.council()
    projects = [make.project(council, title=f"Parking {number}", themes=("housing",)) for number in range(30)]
    changed = projects[7]

    def listen() -> None:
        for _ in range(10):
            happened(make, "project", changed.id, changed.id)
            renew()

    with make.app.app_context():
        rebuild_index()
    drill = Drill(make.app)
    readers = drill.begin(drill.read, drill.read)
    with make.session() as session:
        session.execute(update(Project).where(Project.id == changed.id).values(title="Verges"))
    for thread in drill.begin(listen, wipe_index, rebuild_index):
        thread.join()
    with make.app.app_context():
        while renew():
            pass
    drill.stop.set()
    for thread in readers:
        thread.join()
    assert drill.failures == []
    assert set(drill.answers) == {200}
    with make.app.app_context():
        kept = database.session.scalars(select(SearchEntry.title).where(SearchEntry.kind == EntryKind.PROJECT)).all()
    assert sorted(kept) == sorted(["verges", *(one.title.lower() for one in projects if one.id != changed.id)])
