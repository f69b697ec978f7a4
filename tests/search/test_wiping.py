"""The index is wiped and made again while people read and the worker listens."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
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


def test_pages_answer_all_the_while_and_nothing_is_missing_afterwards(make: Factory) -> None:
    app, council = make.app, make.council()
    projects = [make.project(council, title=f"Parking {number}", themes=("housing",)) for number in range(30)]
    changed = projects[7]
    with app.app_context():
        rebuild_index()
    stop, answers, failures = threading.Event(), [], []

    def read() -> None:
        client = app.test_client()
        while not stop.is_set():
            for address in ADDRESSES:
                answers.append(client.get(address).status_code)

    def guarded(act: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                with app.app_context():
                    act()
            except Exception as error:
                failures.append(error)

        return run

    def listen() -> None:
        for _ in range(10):
            happened(make, "project", changed.id, changed.id)
            renew()
            database.session.remove()

    readers = [threading.Thread(target=guarded(read)) for _ in range(2)]
    for thread in readers:
        thread.start()
    with make.session() as session:
        session.execute(update(Project).where(Project.id == changed.id).values(title="Verges"))
    writers = [threading.Thread(target=guarded(act)) for act in (listen, wipe_index, rebuild_index)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    with app.app_context():
        while renew():
            pass
    stop.set()
    for thread in readers:
        thread.join()
    assert failures == []
    assert answers and set(answers) == {200}
    with app.app_context():
        kept = database.session.scalars(select(SearchEntry.title).where(SearchEntry.kind == EntryKind.PROJECT)).all()
    assert sorted(kept) == sorted(["verges", *(one.title.lower() for one in projects if one.id != changed.id)])
