"""Exports: the rows of the lists as files, given out whole or in part, and never with what is gone."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline import RELEASE
from pipeline.api import export_kinds
from pipeline.api import exports as exports_of_the_api
from pipeline.api.export_kinds import LISTED
from pipeline.councils.events import CouncilChanged
from pipeline.db.engine import WRITES, database
from pipeline.exports import keeping, making
from pipeline.exports.kinds import EXPORT_KINDS, ColumnType, Form
from pipeline.exports.making import tend_exports
from pipeline.exports.models import Export, ExportFile, ExportPiece
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.ids import new_id
from pipeline.kernel.spreadsheets import DANGEROUS
from pipeline.projects.events import ProjectDeleted, UpdateWithdrawn
from pipeline.search.index import rebuild_index
from tests.conftest import Working
from tests.factories import Factory
from tests.support import exports
from tests.support.client import CheckedClient
from tests.support.world import SECRET, World

pytestmark = pytest.mark.database

EXPORTS = "/api/v1/exports"
Made = Callable[[], int]


@pytest.fixture
def make_exports(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Does what the worker does about exports, without resting."""
    monkeypatch.setattr(making, "PAUSE", timedelta(0))

    return partial(exports.make_exports, app)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass."""
    now = clock.now

    def pass_by(time: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + time)

    return pass_by


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in many pieces, of pages with few rows."""
    for module in (keeping, making):
        monkeypatch.setattr(module, "PIECE", 1000)
    for name in ("SHORT_ROWS", "LONG_ROWS", "TEXTS"):
        monkeypatch.setattr(export_kinds, name, 2)


def rows_of(client: CheckedClient, name: str) -> list[dict[str, Any]]:
    """The rows of an NDJSON file."""
    answer = client.get(f"{EXPORTS}/{name}.ndjson")
    assert answer.status_code == 200, answer.text
    return [orjson.loads(line) for line in answer.data.splitlines()]


def listed(client: CheckedClient, path: str) -> Iterator[dict[str, Any]]:
    """The rows of a list of the API, page by page."""
    address: str | None = f"/api/v1{path}"
    while address:
        page = client.get(address).get_json()
        yield from page["data"]
        address = page["links"]["next"]


def live(client: CheckedClient, name: str) -> list[dict[str, Any]]:
    """What the lists of the API show of a kind."""
    if name in ("versions", "suggestions"):
        slugs = [one["slug"] for one in listed(client, "/artefacts?sort=published_at")]
        return [row for slug in slugs for row in listed(client, f"/artefacts/{slug}/{name}")]
    if name == "interests":
        events = [one for one in listed_events(client) if one["subject"]["type"] == "interest"]
        return [client.get(one["subject"]["url"]).get_json()["data"] for one in events]
    return list(listed(client, f"/{name}?limit=3"))


def listed_events(client: CheckedClient) -> Iterator[dict[str, Any]]:
    address, more = "/api/v1/events", True
    while more:
        page = client.get(address).get_json()
        yield from page["data"]
        address, more = page["links"]["next"], page["page"]["has_more"]


@pytest.mark.usefixtures("small_pieces")
def test_every_file_holds_exactly_the_rows_of_its_list(
    client: CheckedClient, world: World, make_exports: Made, make: Factory
) -> None:
    for number in range(3):
        make.council(f"Otherham {number}")

    assert make_exports() == 1

    for name in LISTED:
        if name != "interests":
            assert rows_of(client, name) == live(client, name), name
            assert rows_of(client, name), f"nothing was compared of {name}"
    assert rows_of(client, "interests") == [client.get(f"/api/v1/interests/{world.interest_id}").get_json()["data"]]


def test_no_file_holds_what_is_not_public(client: CheckedClient, world: World, make_exports: Made) -> None:
    make_exports()

    for name in LISTED:
        for form in Form:
            answer = client.get(f"{EXPORTS}/{name}.{form.value}")
            assert answer.status_code == 200
            assert SECRET not in answer.text, name


def test_a_table_says_the_same_as_the_rows(client: CheckedClient, world: World, make_exports: Made) -> None:
    make_exports()

    for name, one in LISTED.items():
        text = client.get(f"{EXPORTS}/{name}.csv").get_data(as_text=True)
        assert text.endswith("\r\n")
        table = list(csv.DictReader(io.StringIO(text, newline="")))
        columns = one.kind().columns
        assert list(table[0]) == [column.name for column in columns]
        for line, row in zip(table, rows_of(client, name), strict=True):
            for column in columns:
                assert as_read(line[column.name], column.type) == at(row, column.path), (name, column.name)


def at(row: Any, path: tuple[str, ...]) -> Any:
    for member in path:
        row = None if row is None else row.get(member)
    return None if row == "" else row


def as_read(cell: str, kind: ColumnType) -> Any:
    if cell == "":
        return None
    if kind in (ColumnType.ARRAY, ColumnType.OBJECT):
        return orjson.loads(cell)
    if kind is ColumnType.INTEGER:
        return int(cell)
    if kind is ColumnType.BOOLEAN:
        return {"true": True, "false": False}[cell]
    return cell[1:] if cell[0] == "'" and cell[1:].startswith(DANGEROUS) else cell


def test_a_cell_no_spreadsheet_will_run(client: CheckedClient, world: World, make_exports: Made, make: Factory) -> None:
    council = make.council("Formulaby")
    make.project(council, title="=cmd|'/c calc'!A1", slug="formula", summary="＝1+1")
    make_exports()

    text = client.get(f"{EXPORTS}/projects.csv").get_data(as_text=True)
    line = next(one for one in csv.DictReader(io.StringIO(text, newline="")) if one["slug"] == "formula")

    assert (line["title"], line["summary"]) == ("'=cmd|'/c calc'!A1", "'＝1+1")
    assert "=cmd|'/c calc'!A1" in {row["title"] for row in rows_of(client, "projects")}


def test_before_the_first_files_the_answer_is_to_come_back(client: CheckedClient, world: World) -> None:
    for path in (f"{EXPORTS}/projects.csv", f"{EXPORTS}/datapackage.json"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["type"].endswith("/problems/export.not_ready")
        assert int(answer.headers["Retry-After"]) > 0
    rows = client.get(EXPORTS).get_json()["data"]
    assert [one["kind"] for one in rows] == list(LISTED)
    assert all(one["files"] == [] and one["rows"] is None for one in rows)


def test_the_list_says_how_much_there_is_and_where_to_go_on(
    client: CheckedClient, world: World, make_exports: Made, work: Working
) -> None:
    make_exports()
    change(work, client)

    for one in client.get(EXPORTS).get_json()["data"]:
        for file in one["files"]:
            answer = client.get(file["url"])
            assert len(answer.data) == file["bytes"] == int(answer.headers["Content-Length"])
            assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
            assert answer.mimetype == file["media_type"]
            assert f'<{one["events"]}>; rel="monitor"' in answer.headers["Link"]
        assert len(rows_of(client, one["kind"])) == one["rows"]
    since = client.get(one["events"]).get_json()["data"]
    assert [event["type"] for event in since] == ["council.changed"]


def test_the_data_package_describes_every_file(client: CheckedClient, world: World, make_exports: Made) -> None:
    make_exports()
    package = client.get(f"{EXPORTS}/datapackage.json").get_json()

    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert {one["path"] for one in package["resources"]} == {f"{name}.{form}" for name in LISTED for form in Form}
    for one in package["resources"]:
        answer = client.get(f"{EXPORTS}/{one['path']}")
        assert one["bytes"] == len(answer.data)
        assert one["hash"] == "sha256:" + hashlib.sha256(answer.data).hexdigest()
        if one["format"] == "csv":
            names = [field["name"] for field in one["schema"]["fields"]]
            assert ",".join(names) == answer.data.split(b"\r\n")[0].decode()
            assert set(one["schema"]["primaryKey"]) <= set(names)


def change(work: Working, client: CheckedClient) -> None:
    """Something changes that the public reads."""
    council_id = UUID(client.get("/api/v1/councils/leadham").get_json()["data"]["id"])
    with work(system("tests")) as unit:
        unit.has_asked = True
        unit.record(CouncilChanged(council_id=council_id, changes={}))


def take_away(work: Working) -> None:
    """Something is taken away that the public could read."""
    with work(system("tests")) as unit:
        unit.has_asked = True
        unit.record(UpdateWithdrawn(update_id=new_id(), project_id=new_id(), changes={}))


PARTS: tuple[tuple[str, int, int | None], ...] = (
    ("bytes=0-0", 0, 1),
    ("bytes=0-999", 0, 1000),
    ("bytes=999-1000", 999, 1001),
    ("bytes=1000-2999", 1000, 3000),
    ("Bytes=1500-", 1500, None),
    ("bytes=-1", -1, None),
    ("bytes=-1200", -1200, None),
    ("bytes=-99999999", 0, None),
    ("bytes=0-99999999999", 0, None),
)
UNREADABLE = ("bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=5-2", "lines=0-1", "bytes=x-1", "bytes=0-1_0", "0-1")
BEYOND = ("bytes=99999999-", "bytes=99999999-99999999", "bytes=-0")


@pytest.mark.usefixtures("small_pieces")
def test_a_part_of_a_file_is_that_part(client: CheckedClient, world: World, make_exports: Made, make: Factory) -> None:
    for number in range(5):
        make.council(f"Otherham {number}")
    make_exports()
    path = f"{EXPORTS}/councils.ndjson"
    whole = client.get(path)
    assert len(whole.data) > 3000
    assert whole.headers["Accept-Ranges"] == "bytes"

    for asked, begin, end in PARTS:
        part = client.get(path, headers={"Range": asked})
        assert part.status_code == 206, asked
        assert part.data == whole.data[begin:end], asked
        first = range(len(whole.data))[begin]
        assert part.headers["Content-Range"] == f"bytes {first}-{first + len(part.data) - 1}/{len(whole.data)}"
        assert part.headers["ETag"] == whole.headers["ETag"]
    for asked in UNREADABLE:
        answer = client.get(path, headers={"Range": asked})
        assert (answer.status_code, answer.data) == (200, whole.data), asked
    for asked in BEYOND:
        answer = client.get(path, headers={"Range": asked})
        assert answer.status_code == 416, asked
        assert answer.headers["Content-Range"] == f"bytes */{len(whole.data)}"
        assert answer.get_json()["type"].endswith("/problems/request.range")


def test_a_part_is_answered_only_of_the_state_that_is_named(
    client: CheckedClient, world: World, make_exports: Made
) -> None:
    make_exports()
    path, part = f"{EXPORTS}/projects.csv", {"Range": "bytes=0-9"}
    etag = client.get(path).headers["ETag"]

    assert client.get(path, headers=part | {"If-Range": etag}).status_code == 206
    assert client.get(path, headers=part | {"If-Range": '"other"'}).status_code == 200
    assert client.get(path, headers=part | {"If-Range": f"W/{etag}"}).status_code == 200
    assert client.get(path, headers=part | {"If-Range": "Sun, 22 Nov 2026 08:00:00 GMT"}).status_code == 200
    assert client.get(path, headers=part | {"If-None-Match": etag}).status_code == 304


def test_head_says_what_get_would_send_and_sends_nothing(
    client: CheckedClient, world: World, make_exports: Made
) -> None:
    make_exports()
    path = f"{EXPORTS}/projects.csv"
    got, head = client.get(path), client.head(path, headers={"Range": "bytes=0-9"})

    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Accept-Ranges", "Cache-Control"):
        assert head.headers[name] == got.headers[name]
    assert got.headers["Cache-Control"] == "public, max-age=30, must-revalidate"


def test_files_are_renewed_when_something_changed_and_at_most_hourly(
    client: CheckedClient,
    world: World,
    make_exports: Made,
    make: Factory,
    work: Working,
    later: Callable[[timedelta], None],
) -> None:
    make_exports()
    etag = client.get(f"{EXPORTS}/councils.csv").headers["ETag"]
    later(timedelta(hours=2))
    assert make_exports() == 0, "nothing changed"

    later(timedelta(minutes=59))
    make.council("Newham Parva")
    change(work, client)
    assert make_exports() == 0, "it is not an hour yet"

    later(timedelta(minutes=61))
    assert make_exports() == 1
    assert client.get(f"{EXPORTS}/councils.csv").headers["ETag"] != etag
    assert client.get(f"{EXPORTS}/councils.csv", headers={"If-None-Match": etag}).status_code == 200
    assert make_exports() == 0


def test_files_of_another_release_are_made_anew(app: Flask, world: World, make_exports: Made) -> None:
    make_exports()

    assert exports.make_exports(app, "2099-01") == 1
    assert exports.make_exports(app, "2099-01") == 0


def test_what_was_taken_away_is_given_out_no_more_from_that_moment_on(
    app: Flask, client: CheckedClient, world: World, make_exports: Made, work: Working
) -> None:
    make_exports()
    path = f"{EXPORTS}/updates.ndjson"
    assert world.update_id in client.get(path).text
    etag = client.get(path).headers["ETag"]

    from pipeline.projects.models import Update

    with app.app_context(), Session(database.engine.execution_options(**{WRITES: True})) as session, session.begin():
        session.execute(update(Update).where(Update.id == world.update_id).values(status="withdrawn"))
    take_away(work)

    assert client.get(path).status_code == 503
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 503
    withheld = {one["kind"] for one in client.get(EXPORTS).get_json()["data"] if not one["files"]}
    assert withheld == {"updates", "comments", "readings"}, "nothing of it stands in the others"
    assert client.get(f"{EXPORTS}/projects.ndjson").status_code == 200
    assert make_exports() == 1, "it waits for no hour"
    assert world.update_id not in client.get(path).text
    assert make_exports() == 1, "the old files are deleted at once"
    assert stored(app, Export) == 1


def test_what_is_taken_away_with_a_project_is_withheld_from_every_file(
    client: CheckedClient, world: World, make_exports: Made, work: Working
) -> None:
    make_exports()
    with work(system("tests")) as unit:
        unit.has_asked = True
        unit.record(ProjectDeleted(project_id=new_id(), slug="gone"))

    assert all(one["files"] == [] for one in client.get(EXPORTS).get_json()["data"])
    assert client.get(f"{EXPORTS}/datapackage.json").get_json()["resources"] == []


def test_however_often_something_is_taken_away_files_are_made_once_a_minute(
    app: Flask,
    client: CheckedClient,
    world: World,
    make_exports: Made,
    work: Working,
    monkeypatch: pytest.MonkeyPatch,
    later: Callable[[timedelta], None],
) -> None:
    make_exports()
    take_away(work)
    monkeypatch.setattr(making, "PAUSE", timedelta(minutes=1))

    assert make_exports() == 0
    later(timedelta(seconds=61))
    assert make_exports() == 1


def test_replaced_files_go_when_nobody_can_be_reading_them_any_more(
    app: Flask, client: CheckedClient, world: World, make_exports: Made, work: Working, later: Any
) -> None:
    make_exports()
    answer = client.get(f"{EXPORTS}/projects.ndjson", buffered=False)
    later(timedelta(hours=1, minutes=1))
    change(work, client)
    assert make_exports() == 1
    assert stored(app, Export) == 2
    assert answer.data, "whoever has begun can finish"

    later(timedelta(hours=1, minutes=20))
    assert make_exports() == 1
    assert (stored(app, Export), stored(app, ExportFile)) == (1, 2 * len(LISTED))


def stored(app: Flask, table: Any) -> int:
    with app.app_context(), Session(database.engine) as session:
        return len(session.execute(select(*table.__table__.primary_key)).all())


def test_a_maker_that_is_told_to_stop_leaves_nothing(app: Flask, world: World, make_exports: Made) -> None:
    with app.app_context():
        tend_exports(app.extensions[EXPORT_KINDS], RELEASE, lambda _seconds: True)

    assert [stored(app, table) for table in (Export, ExportFile, ExportPiece)] == [0, 0, 0]


def test_a_failure_is_tried_again_and_its_beginnings_are_deleted(
    app: Flask, client: CheckedClient, world: World, make_exports: Made, later: Any
) -> None:
    def fail(_seconds: float) -> bool:
        raise RuntimeError("broken")

    with app.app_context():
        tend_exports(app.extensions[EXPORT_KINDS], RELEASE, fail)
    assert client.get(f"{EXPORTS}/projects.csv").status_code == 503

    assert make_exports() == 2
    assert client.get(f"{EXPORTS}/projects.csv").status_code == 200
    assert stored(app, Export) == 1


def test_of_two_workers_one_makes_the_files_and_of_a_dead_one_another_takes_over(
    app: Flask, client: CheckedClient, world: World, make_exports: Made, later: Any
) -> None:
    with app.app_context():
        assert making._claim(RELEASE) is not None
        assert making._claim(RELEASE) is None
    assert make_exports() == 0

    later(timedelta(minutes=3))
    assert make_exports() == 1
    assert client.get(f"{EXPORTS}/projects.csv").status_code == 200
    assert make_exports() == 1, "what the dead one left is deleted"
    assert stored(app, Export) == 1


def test_a_maker_whose_place_was_taken_writes_no_more(app: Flask, world: World, make_exports: Made, later: Any) -> None:
    with app.app_context():
        slow = making._claim(RELEASE)
    later(timedelta(minutes=3))
    make_exports()

    assert slow is not None
    with app.app_context(), pytest.raises(making.GivenUp), making._at_it(slow):
        pass


def test_a_narrowed_list_is_made_on_request(
    client: CheckedClient, world: World, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make.council("Otherham")
    for number in range(5):
        make.project(council, themes=("libraries",), title=f"Libraries {number}")
    for path in (
        "/projects?theme=libraries&sort=title",
        "/projects?council=otherham&sort=-created_at",
        "/needs?status=open&kind=time",
        f"/pledges?project={world.slug}",
        f"/updates?project={world.slug}&sort=published_at",
        "/lessons?sort=published_at",
        "/artefacts?sort=title",
        "/adoptions?behind=false",
        "/councils?q=ham&made_up=false&sort=-short_name",
    ):
        answer = client.get(f"{EXPORTS}{path.replace('?', '.ndjson?')}")
        assert answer.status_code == 200, answer.text
        rows = [orjson.loads(line) for line in answer.data.splitlines()]
        assert rows == list(listed(client, path)), path
        assert rows, path
        assert len(answer.data) == int(answer.headers["Content-Length"])
        table = client.get(f"{EXPORTS}{path.replace('?', '.csv?')}").get_data(as_text=True)
        assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == len(rows)
    again = client.get(f"{EXPORTS}/projects.csv?theme=libraries")
    known = {"If-None-Match": again.headers["ETag"]}
    assert client.get(f"{EXPORTS}/projects.csv?theme=libraries", headers=known).status_code == 304


def test_a_search_is_made_on_request_the_best_first(app: Flask, client: CheckedClient, world: World) -> None:
    with app.app_context():
        rebuild_index()
    path = "/projects?q=shared"

    rows = [orjson.loads(line) for line in client.get(f"{EXPORTS}/projects.ndjson?q=shared").data.splitlines()]
    assert rows == list(listed(client, path)) != []
    by_title = client.get(f"{EXPORTS}/projects.ndjson?q=shared&sort=title")
    assert [orjson.loads(line) for line in by_title.data.splitlines()] == list(listed(client, f"{path}&sort=title"))


def test_a_narrowed_list_that_is_too_long_is_refused_with_what_to_do(
    client: CheckedClient, world: World, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_of_the_api, "MOST_FILTERED", 1)
    make.council("Otherham")

    answer = client.get(f"{EXPORTS}/councils.csv?sort=short_name")
    assert answer.status_code == 422
    assert answer.get_json()["type"].endswith("/problems/export.too_many_rows")
    assert "Narrow the list" in answer.get_json()["detail"]


@pytest.mark.parametrize("query", ["colour=red", "theme=none", "limit=5", "cursor=x", "fields=id", "theme=a&theme=b"])
def test_what_a_list_cannot_be_narrowed_to_is_refused_and_named(client: CheckedClient, query: str) -> None:
    answer = client.get(f"{EXPORTS}/projects.csv?{query}")

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == "/" + query.partition("=")[0]
    assert client.get(f"{EXPORTS}/versions.csv?{query}").status_code == 400
