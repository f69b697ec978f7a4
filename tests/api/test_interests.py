"""Interest, joining and asking back through the API: what everybody reads, and the acts of the two sides."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.world import SECRET, World

pytestmark = pytest.mark.database
API = "/api/v1"


@pytest.fixture
def place(client: CheckedClient, make: Factory) -> Callable[..., TestResponse]:
    """`place("lead", "/interests/…/answer", answer=…)` sends an act of the lead, or of the officer."""
    eastmere, northborough = make.council("Eastmere"), make.council("Northborough")
    lead, officer = make.officer(eastmere), make.officer(northborough, address="ada@northborough.example")
    project = make.project(eastmere, lead, slug="one-form")
    pledge = make.pledge(make.need(project), northborough, officer, status="authorised")
    tokens = {"lead": make.token(lead, eastmere), "officer": make.token(officer, northborough)}

    def send(who: str | None, path: str, method: str = "POST", **body: Any) -> TestResponse:
        path = path.format(pledge=pledge.id)
        json = body if method == "POST" else None
        return client.open(f"{API}{path}", method=method, json=json, headers=tokens[who] if who else {})

    return send


def data(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()["data"]
    return found


def test_a_council_shows_interest_and_the_leads_answer(place: Callable[..., TestResponse]) -> None:
    body = {"kind": "conversation", "message": SECRET, "is_named": True}
    shown = data(place("officer", "/projects/one-form/interests", **body), 201)
    assert (shown["status"], shown["answer"], shown["message"]) == ("standing", None, SECRET)
    path = f"/interests/{shown['id']}"
    public = place(None, path, "GET")
    assert data(public)["council"]["slug"] == "northborough"
    assert SECRET not in public.get_data(as_text=True)
    question = data(place("lead", f"{path}/ask-back", text="Since when?"), 201)
    assert data(place("officer", f"/questions/{question['id']}/reply", reply="Since May"))["reply"] == "Since May"
    assert data(place("lead", f"{path}/answer", answer="Ring us"))["answer"] == "Ring us"
    assert data(place("officer", f"{path}/answer", "GET"))["questions"][0]["reply"] == "Since May"
    assert place("lead", f"{path}/answer", answer="Again").status_code == 409
    assert data(place("officer", f"{path}/withdraw"))["status"] == "withdrawn"
    assert place(None, path, "GET").status_code == 404


def test_everybody_reads_numbers_and_the_councils_that_are_named(place: Callable[..., TestResponse]) -> None:
    def counted() -> dict[str, int]:
        found: dict[str, int] = data(place(None, "/projects/one-form", "GET"))["interest"]
        return found

    assert counted() == {"problem_too": 0, "conversation": 0}
    unnamed = data(place("officer", "/projects/one-form/interests", kind="problem_too", message=SECRET), 201)
    assert counted() == {"problem_too": 1, "conversation": 0}
    assert data(place(None, "/projects/one-form/interests", "GET")) == []
    place("officer", f"/interests/{unnamed['id']}/withdraw")
    named = data(
        place("officer", "/projects/one-form/interests", kind="conversation", message="Hello", is_named=True), 201
    )
    assert counted() == {"problem_too": 0, "conversation": 1}
    for query, number in (("", 1), ("?kind=conversation", 1), ("?kind=problem_too", 0), ("?council=eastmere", 0)):
        listed = data(place(None, f"/projects/one-form/interests{query}", "GET"))
        assert listed == [data(place(None, f"/interests/{named['id']}", "GET"))][:number], query


def test_the_event_of_a_named_interest_is_public_while_it_stands(place: Callable[..., TestResponse]) -> None:
    body = {"kind": "problem_too", "is_named": True}
    shown = data(place("officer", "/projects/one-form/interests", **body), 201)
    [event] = place(None, "/events", "GET").get_json()["data"]
    assert (event["type"], event["subject"]["id"], event["council"]["slug"]) == (
        "interest.shown", shown["id"], "northborough",
    )  # fmt: skip
    place("officer", f"/interests/{shown['id']}/withdraw")
    assert [one["type"] for one in place(None, "/events", "GET").get_json()["data"]] == ["interest.withdrawn"]


def test_an_officer_asks_to_join_and_is_taken_in(place: Callable[..., TestResponse]) -> None:
    request = data(place("officer", "/projects/one-form/join-requests", message="Five years of it"), 201)
    path = f"/join-requests/{request['id']}"
    assert place("officer", f"{path}/accept").status_code == 403
    assert data(place("lead", f"{path}/accept", answer="Welcome"))["status"] == "joined"
    assert place("lead", f"{path}/decline", answer="No").status_code == 409
    assert place("officer", "/projects/one-form/join-requests", message="Again").status_code == 403


def test_a_lead_asks_about_a_pledge(place: Callable[..., TestResponse]) -> None:
    question = data(place("lead", "/pledges/{pledge}/ask-back", text="From when on?"), 201)
    assert place("lead", f"/questions/{question['id']}/reply", reply="From May").status_code == 403
    assert data(place("officer", f"/questions/{question['id']}/reply", reply="From May"))["reply"] == "From May"


@pytest.mark.parametrize("body", [{}, {"kind": "hate"}, {"kind": "problem_too", "is_named": "yes"}, {"kind": 1}])
def test_a_misshapen_interest_is_refused(place: Callable[..., TestResponse], body: dict[str, Any]) -> None:
    assert place("officer", "/projects/one-form/interests", **body).status_code == 400


def test_a_project_says_how_soon_its_leads_usually_answer(client: CheckedClient, make: Factory, world: World) -> None:
    path = f"{API}/projects/{world.slug}"
    assert client.get(path).get_json()["data"]["answers_in_working_days"] is None
    with make.session() as session:
        project = session.query(Project).filter_by(slug=world.slug).one()
        project.answers_in_days, project.revision = 2, project.revision + 1
    assert client.get(path).get_json()["data"]["answers_in_working_days"] == 2


def test_what_was_written_to_the_leads_is_nobody_elses(client: CheckedClient, make: Factory, world: World) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)
    for path in (f"/interests/{world.interest_id}/answer", f"/join-requests/{world.request_id}"):
        assert client.get(f"{API}{path}", headers=headers).status_code == 404
    for path in (f"/projects/{world.slug}/interests", f"/interests/{world.interest_id}"):
        answer = client.get(f"{API}{path}", headers=headers)
        assert answer.status_code == 200
        assert SECRET not in answer.get_data(as_text=True)
