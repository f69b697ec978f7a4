"""Lists are read from the index of their order: a page costs the same on the first page and the last."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from pipeline.db.engine import database
from tests.support.client import CheckedClient
from tests.support.world import World

pytestmark = pytest.mark.database
API = "/api/v1"
WHOLE_LISTS = {
    "pledges": ("-updated_at", "updated_at", "-offered_at"),
    "updates": ("-published_at", "published_at", "-updated_at"),
    "lessons": ("-published_at", "updated_at", "-used_by"),
    "artefacts": ("-updated_at", "published_at", "title", "-adoptions"),
    "adoptions": ("-started_at", "started_at", "-updated_at"),
    "comments": ("-written_at", "written_at", "-updated_at"),
    "measures": ("-updated_at", "updated_at"),
    "readings": ("-recorded_at", "recorded_at"),
    "councils": ("short_name", "-short_name", "-updated_at"),
}
NARROWED = {
    "updates?council=leadham": "-published_at",
    "pledges?council=leadham": "-updated_at",
    "pledges?status=accepted": "-updated_at",
    "artefacts?council=leadham": "-updated_at",
    "comments?council=leadham": "-written_at",
    "artefacts/shared-form/versions": "-number",
    "artefacts/shared-form/suggestions": "-made_at",
    "artefacts/shared-form/suggestions?limit=9": "-updated_at",
    "artefacts/shared-form/register": "-started_at",
}


@contextmanager
def pages_read(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """The statements that read a page, with their values, while the block lasts."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "ORDER BY" in statement and "LIMIT" in statement:
            found.append((statement, values))

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(app: Flask, statement: str, values: Any) -> str:
    """How the database would run it. The tables of a test are so small that PostgreSQL would rather sort them: it is
    asked whether it could do without."""
    with app.app_context(), database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            return "\n".join(row[3] for row in rows)
        for name in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{name} = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


def cases() -> Iterator[tuple[str, str]]:
    """Each list with each of its orders."""
    yield from ((path, sort) for path, orders in WHOLE_LISTS.items() for sort in orders)
    yield from NARROWED.items()


@pytest.mark.parametrize("path,sort", list(cases()))
def test_a_list_is_read_in_the_order_of_an_index(
    app: Flask, client: CheckedClient, world: World, path: str, sort: str
) -> None:
    address = f"{API}/{path}{'&' if '?' in path else '?'}sort={sort}"
    with pages_read(app) as statements:
        assert client.get(address).status_code == 200
    [(statement, values)] = statements
    plan = plan_of(app, statement, values)
    assert "TEMP B-TREE" not in plan, plan
    # Putting rows in order that are equal in all but their ids is no sorting of the list.
    assert "Sort" not in plan.replace("Incremental Sort", "").replace("Sort Key", ""), plan


def test_a_deleted_project_is_looked_for_among_the_deletions_only(
    app: Flask, client: CheckedClient, world: World
) -> None:
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "project.deleted" in statement:
            found.append((statement, values))

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(f"{API}/projects/nothing").status_code == 404
    event.remove(engine, "before_cursor_execute", note)
    assert "ix_event_project_deleted" in plan_of(app, *found[0])
