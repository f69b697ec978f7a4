"""Rows that are kept as JSON: written once for each mark, in the order of the list, and never more than so many."""

from typing import Any

import orjson
import pytest
from flask import Flask

from pipeline.api.kept_rows import KeptRows
from pipeline.councils.models import Council
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient


class Writer:
    """Writes rows of (id, mark), and notes which."""

    def __init__(self) -> None:
        self.written: list[Any] = []

    def __call__(self, rows: list[Any]) -> list[dict[str, Any]]:
        self.written.append([row[0] for row in rows])
        return [{"id": row[0], "says": f"{row[0]} at {row[1]}"} for row in rows]

    def of(self, kept: KeptRows, *rows: tuple[int, int]) -> list[str]:
        made = kept.of(rows, lambda row: row[1], self)
        return [one["says"] for one in orjson.loads(orjson.dumps(made))]


@pytest.mark.pure
def test_a_row_is_written_again_only_when_its_mark_changes() -> None:
    kept, writer = KeptRows(), Writer()
    assert writer.of(kept, (1, 1), (2, 1)) == ["1 at 1", "2 at 1"]
    assert writer.of(kept, (2, 1), (1, 1)) == ["2 at 1", "1 at 1"]
    assert writer.of(kept, (1, 2), (3, 1), (2, 1)) == ["1 at 2", "3 at 1", "2 at 1"]
    assert writer.written == [[1, 2], [1, 3]]


@pytest.mark.pure
def test_no_more_rows_are_kept_than_there_is_room_for() -> None:
    kept, writer = KeptRows(most=3), Writer()
    for number in range(10):
        assert writer.of(kept, (number, 1), (number + 100, 1)) == [f"{number} at 1", f"{number + 100} at 1"]
    assert len(kept._kept) <= 3


@pytest.mark.database
def test_a_list_shows_at_once_what_changed(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council("Hartlepool")
    project = make.project(council, title="A shared form")

    def row() -> dict[str, Any]:
        (data,) = client.get("/api/v1/projects").get_json()["data"]
        return dict(data)

    assert row()["title"] == "A shared form"
    with make.session() as session:
        one = session.get_one(Project, project.id)
        one.title, one.version = "A shared form for repairs", one.version + 1
    assert row()["title"] == "A shared form for repairs"
    with make.session() as session:
        session.get_one(Council, council.id).name = "Hartlepool Borough Council"
        session.get_one(Project, project.id).revision += 1
    assert row()["council"]["name"] == "Hartlepool Borough Council"
    with make.session() as session:
        session.get_one(Project, project.id).is_public = False
    assert client.get("/api/v1/projects").get_json()["data"] == []
