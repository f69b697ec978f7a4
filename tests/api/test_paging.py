"""Reading ten thousand rows in pages, while rows are added, edited and taken away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from pipeline.councils.models import Council
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

ROWS = 10_000
THEN = datetime(2026, 1, 1, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"


def walk(client: CheckedClient, address: str, change: Callable[[int], None]) -> list[str]:
    """The ids of all rows in the order they were read; `change` happens between the pages."""
    seen, number, onwards = [], 0, address
    while onwards:
        body = client.get(onwards).get_json()
        seen += [one["id"] for one in body["data"]]
        onwards = (body["links"]["next"] or "").removeprefix(BASE)
        change(number)
        number += 1
    return seen


def many_projects(make: Factory, council: Council, rows_in_all: int) -> list[UUID]:
    """Projects an hour apart; some share their title and what was pledged to them."""
    plain = make.project(council)
    values = {column.name: getattr(plain, column.name) for column in Project.__table__.columns}
    rows = [
        values
        | {
            "id": new_id(), "slug": f"one-of-many-{number}", "title": f"Title {number % 700:04d}",
            "updated_at": THEN + timedelta(hours=number), "created_at": THEN, "pledged_pence": number % 90,
            "decision_on": None if number % 3 else plain.decision_on,
        }
        for number in range(rows_in_all)
    ]  # fmt: skip
    with make.session() as session:
        session.execute(insert(Project), rows)
        session.execute(update(Project).where(Project.id == plain.id).values(is_public=False, is_hidden=True))
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    "sort,rows", [("-updated_at", ROWS), ("title", 1_500), ("-pledged_pence", 1_500), ("decision_on", 1_500)]
)
def test_projects_that_stay_as_they_are_are_neither_missed_nor_repeated(
    client: CheckedClient, make: Factory, sort: str, rows: int
) -> None:
    council = make.council()
    ids = many_projects(make, council, rows)
    touched = set()

    def change(number: int) -> None:
        edited, gone = ids[(number * 37) % ROWS], ids[(number * 91 + 5) % ROWS]
        values = {
            "title": f"Title {number:04d}",
            "updated_at": THEN + timedelta(hours=number * 50),
            "pledged_pence": 45,
        }
        with make.session() as session:
            session.execute(update(Project).where(Project.id == edited).values(**values, decision_on=None))
            session.execute(update(Project).where(Project.id == gone).values(is_public=False, is_hidden=True))
        added = make.project(council, title=f"Title {number * 3:04d}", updated_at=THEN + timedelta(hours=number * 99))
        touched.update(map(str, (edited, gone, added.id)))

    seen = walk(client, f"/api/v1/projects?limit=100&fields=id&sort={sort}", change)
    untouched = [one for one in seen if one not in touched]
    assert len(untouched) == len(set(untouched))
    assert set(untouched) == {str(one) for one in ids} - touched
    assert len(touched) > rows // 50


def test_pledges_that_stay_as_they_are_are_neither_missed_nor_repeated(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer, need = make.officer(council), make.need(make.project(council))
    plain = make.pledge(need, council, officer, status="authorised", updated_at=THEN)
    values = {column.name: getattr(plain, column.name) for column in Pledge.__table__.columns}
    rows: list[dict[str, Any]] = [
        values | {"id": new_id(), "updated_at": THEN + timedelta(hours=number // 3)} for number in range(ROWS)
    ]
    with make.session() as session:
        session.execute(insert(Pledge), rows)
    ids, touched = [row["id"] for row in rows], {str(plain.id)}

    def change(number: int) -> None:
        edited, gone = ids[(number * 37) % ROWS], ids[(number * 91 + 5) % ROWS]
        with make.session() as session:
            moment = THEN + timedelta(hours=number * 20)
            session.execute(update(Pledge).where(Pledge.id == edited).values(updated_at=moment))
            session.execute(update(Pledge).where(Pledge.id == gone).values(authorised_at=None, status="withdrawn"))
        added = make.pledge(need, council, officer, status="authorised", updated_at=THEN + timedelta(hours=number * 30))
        touched.update(map(str, (edited, gone, added.id)))

    seen = walk(client, "/api/v1/pledges?limit=100&fields=id&sort=updated_at", change)
    untouched = [one for one in seen if one not in touched]
    assert len(untouched) == len(set(untouched))
    assert set(untouched) == {str(one) for one in ids} - touched
