"""A council's portfolio by API: the rules of the pages, line by line, and done once."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.tokens import Scope
from pipeline.db.engine import database
from pipeline.imports.bringing_in import bring_in_portfolios
from pipeline.imports.rules import MOST_LINES
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

ADDRESS = "/api/v1/councils/leadham/imports"
ROWS = [
    {"reference": "R1", "title": "One form", "phase": "Alpha", "time_needed": "Developer 2.5"},
    {"reference": "R2", "title": "Another", "phase": "Omega"},
]


@pytest.fixture
def council(make: Factory) -> Any:
    """The council whose portfolio it is."""
    return make.council("Leadham")


@pytest.fixture
def headers(make: Factory, council: Any) -> dict[str, str]:
    """What a program of the council sends with each request."""
    return make.token(make.officer(council), council, Scope.READ, Scope.PROJECTS_WRITE)


def run_worker(client: CheckedClient) -> None:
    with client.application.app_context():
        while bring_in_portfolios():
            pass


def titles(client: CheckedClient) -> list[str]:
    with client.application.app_context(), Session(database.engine) as session:
        return list(session.scalars(select(Project.title).order_by(Project.title)))


def begun(client: CheckedClient, headers: dict[str, str], body: Any = None) -> dict[str, Any]:
    answer = client.post(ADDRESS, json=body or {"rows": ROWS}, headers=headers)
    assert answer.status_code == 201, answer.get_json()
    data: dict[str, Any] = answer.get_json()["data"]
    assert answer.headers["Location"] == data["url"]
    return data


def test_rows_are_checked_and_nothing_is_made_of_them(client: CheckedClient, headers: dict[str, str]) -> None:
    data = begun(client, headers)
    assert {name: data[name] for name in ("state", "ready", "matched", "refused", "added", "confirmed_at")} == {
        "state": "checked", "ready": 1, "matched": 0, "refused": 1, "added": 0, "confirmed_at": None,
    }  # fmt: skip
    first, second = data["lines"]
    assert (first["line"], first["state"], first["title"], first["project"]) == (2, "ready", "One form", None)
    assert {"code": "project.summary_missing", "column": "summary",
            "detail": "Say in a sentence or two what the project is"} in first["unwritten"]  # fmt: skip
    (problem,) = second["problems"]
    assert (problem["code"], problem["column"]) == ("import.word_unknown", "phase")
    assert "“Omega” is not in our list" in problem["detail"]
    assert titles(client) == []


def test_confirmed_it_is_brought_in_and_its_progress_is_read(client: CheckedClient, headers: dict[str, str]) -> None:
    data = begun(client, headers)
    address = f"/api/v1/imports/{data['id']}"
    assert client.post(f"{address}/confirm", headers=headers).get_json()["data"]["state"] == "confirmed"
    run_worker(client)
    answer = client.get(address, headers=headers)
    done = answer.get_json()["data"]
    assert (done["state"], done["added"], done["refused"]) == ("done", 1, 1)
    project = done["lines"][0]["project"]
    assert (project["title"], project["status"], project["slug"]) == ("One form", "draft", None)
    assert titles(client) == ["One form"]
    unchanged = client.get(address, headers=headers | {"If-None-Match": answer.headers["ETag"]})
    assert unchanged.status_code == 304
    again = begun(client, headers)
    assert [line["state"] for line in again["lines"]] == ["matched", "refused"]


def test_a_csv_is_read_as_on_the_page(client: CheckedClient, headers: dict[str, str]) -> None:
    data = begun(client, headers, {"csv": "Teitl;Cyfnod;Deiliad\nUn ffurflen;Alffa;Ann\n"})
    assert (data["lines"][0]["state"], data["ignored_columns"]) == ("ready", ["Deiliad"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_may_be_the_body_itself(client: CheckedClient, headers: dict[str, str], encoding: str) -> None:
    content = "title,summary\nCafé,£5\n".encode(encoding)
    answer = client.post(ADDRESS, data=content, content_type="text/csv", headers=headers)
    assert answer.status_code == 201
    assert answer.get_json()["data"]["lines"][0]["title"] == "Café"


@pytest.mark.parametrize(
    "content, status",
    [(b"", 422), (b"PK\x03\x04", 422), (b"\x00", 422), (b"summary\nx\n", 422), (b"x" * 1_000_001, 400)],
)
def test_a_file_that_is_no_csv_is_refused_as_a_body_too(
    client: CheckedClient, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = client.post(ADDRESS, data=content, content_type="text/csv", headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({}, 422, "import.one_source"), ({"rows": ROWS, "csv": "title\nx\n"}, 422, "import.one_source"),
        ({"csv": "summary\nx\n"}, 422, "import.column_missing"), ({"csv": "title\n"}, 422, "import.no_lines"),
        ({"csv": "title\n\u0001\n"}, 422, "import.not_text"), ({"rows": []}, 400, "request.malformed"),
        ({"rows": [{"title": "One", "owner": "Ann"}]}, 400, "request.malformed"),
        ({"rows": [{"title": 7}]}, 400, "request.malformed"),
        ({"rows": [{}] * (MOST_LINES + 1)}, 400, "request.malformed"),
        ({"csv": "title" + "\nx" * (MOST_LINES + 1)}, 422, "import.too_many_lines"),
    ],
)  # fmt: skip
def test_what_is_no_portfolio_is_refused(
    client: CheckedClient, headers: dict[str, str], body: Any, status: int, code: str
) -> None:
    answer = client.post(ADDRESS, json=body, headers=headers)
    assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (status, code)
    if status == 422 and code != "import.one_source":
        assert answer.get_json()["errors"][0]["pointer"] == "/csv"


def test_rows_that_say_nothing_are_lines_that_are_refused(client: CheckedClient, headers: dict[str, str]) -> None:
    data = begun(client, headers, {"rows": [{}, {"title": "=1+1"}, {"title": "One"}]})
    assert [line["state"] for line in data["lines"]] == ["refused", "refused", "ready"]


def test_the_same_request_is_answered_alike_and_done_once(client: CheckedClient, headers: dict[str, str]) -> None:
    once = headers | {"Idempotency-Key": "portfolio-1"}
    first, second = (client.post(ADDRESS, json={"rows": ROWS}, headers=once) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    address = f"/api/v1/imports/{first.get_json()['data']['id']}/confirm"
    assert [client.post(address, headers=once).status_code for _ in range(2)] == [200, 200]
    run_worker(client)
    assert titles(client) == ["One form"]


def test_what_is_over_is_not_confirmed(client: CheckedClient, headers: dict[str, str]) -> None:
    address = f"/api/v1/imports/{begun(client, headers)['id']}"
    assert client.post(f"{address}/set-aside", headers=headers).get_json()["data"]["state"] == "set_aside"
    for act, code in (("confirm", "import.not_waiting"), ("set-aside", "import.ended")):
        answer = client.post(f"{address}/{act}", headers=headers)
        assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (409, code)
    nothing = begun(client, headers, {"rows": [{"title": ""}]})
    answer = client.post(f"/api/v1/imports/{nothing['id']}/confirm", headers=headers)
    assert answer.get_json()["allowed"] == ["set-aside"]


def test_an_import_is_its_officers_and_a_portfolio_its_councils(
    client: CheckedClient, make: Factory, council: Any, headers: dict[str, str]
) -> None:
    address = f"/api/v1/imports/{begun(client, headers)['id']}"
    colleague = make.token(make.officer(council), council)
    other = make.council("Otherby")
    stranger = make.token(make.officer(other), other)
    for theirs in (colleague, stranger):
        assert client.get(address, headers=theirs).status_code == 404
        assert client.post(f"{address}/confirm", headers=theirs).status_code == 404
    assert client.post(ADDRESS, json={"rows": ROWS}, headers=stranger).status_code == 403
    assert client.post("/api/v1/councils/nowhere/imports", json={"rows": ROWS}, headers=headers).status_code == 404
