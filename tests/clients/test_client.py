"""The Python client against the application: it reads everything, misses nothing, and does things once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from flask import Flask

from pipeline.councils.events import CouncilChanged
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline_client import ApiProblem, Client, Unreachable
from pipeline_client.transport import KEPT, TRIES
from tests.conftest import Working
from tests.factories import Factory

pytestmark = pytest.mark.database
SITE = "http://127.0.0.1:8000"


class Watched(httpx.BaseTransport):
    """Hands requests to the application and remembers them; `instead` answers, or fails, in its place."""

    def __init__(self, app: Flask) -> None:
        self._inner = httpx.WSGITransport(app=app)
        self.requests: list[httpx.Request] = []
        self.statuses: list[int] = []
        self.instead: list[Callable[[httpx.Request], httpx.Response | None]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answered = self.instead.pop(0)(request) if self.instead else None
        response = answered or self._inner.handle_request(request)
        self.statuses.append(response.status_code)
        return response


@pytest.fixture
def watched(app: Flask) -> Watched:
    return Watched(app)


@pytest.fixture
def site(watched: Watched) -> Iterator[Client]:
    """Nobody in particular."""
    with Client(SITE, transport=watched) as client:
        yield client


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how long it would have slept."""
    slept: list[float] = []
    monkeypatch.setattr("pipeline_client.transport.sleep", slept.append)
    return slept


def of_officer(make: Factory, watched: Watched) -> tuple[Client, str]:
    """A client with the token of an officer, and a need of another council they can pledge to."""
    council, lead_council = make.council(), make.council()
    officer, lead = make.officer(council), make.officer(lead_council)
    project = make.project(lead_council, lead)
    token = make.token(officer, council)["Authorization"].removeprefix("Bearer ")
    return Client(SITE, token, transport=watched), str(make.need(project).id)


def an_offer() -> dict[str, object]:
    today = clock.now().date()
    return {
        "half_days": 4, "from_on": str(today + timedelta(days=60)), "to_on": str(today + timedelta(days=90)),
        "sign_off_by": str(today + timedelta(days=10)),
    }  # fmt: skip


def test_a_list_is_read_to_its_end_whatever_the_size_of_its_pages(site: Client, make: Factory) -> None:
    slugs = [make.council().slug for _ in range(7)]
    for limit in (1, 3, 7, 100):
        assert {one["slug"] for one in site.councils(limit=limit)} == set(slugs)
        assert len(list(site.councils(limit=limit, sort="-updated_at"))) == 7


def test_filters_are_sent_as_the_api_reads_them(site: Client, make: Factory, watched: Watched) -> None:
    make.council("Oldham")
    assert [one["short_name"] for one in site.councils(active=True, q="oldham", nation=None)] == ["Oldham"]
    assert list(site.councils(active=False)) == []
    assert watched.requests[0].url.params["active"] == "true"
    assert "nation" not in watched.requests[0].url.params


def test_every_list_and_thing_it_names_is_there(site: Client, make: Factory) -> None:
    council = make.council()
    project = make.project(council, make.officer(council))
    need = make.need(project)
    for rows in (site.pledges(), site.updates(), site.lessons(), site.artefacts(), site.adoptions()):
        assert list(rows) == []
    assert [one["slug"] for one in site.projects()] == [project.slug]
    assert [one["id"] for one in site.list(f"projects/{project.slug}/needs")] == [str(need.id)]
    assert site.need(str(need.id))["project"]["slug"] == site.project(project.slug)["slug"]
    assert site.council(council.slug) == site.get(f"councils/{council.slug}")
    assert next(site.needs())["id"] == str(need.id)
    for ask in (site.pledge, site.update, site.lesson, site.artefact, site.adoption):
        with pytest.raises(ApiProblem) as missing:
            ask("01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a")
        assert missing.value.status == 404


def test_a_name_cannot_lead_to_another_address(site: Client, watched: Watched, make: Factory) -> None:
    make.council()
    for name in ("../councils", "x/needs", "?q=1"):
        with pytest.raises(ApiProblem) as missing:
            site.project(name)
        assert missing.value.status == 404
    assert all(request.url.raw_path.startswith(b"/api/v1/projects/") for request in watched.requests)


def test_a_slug_that_was_given_up_leads_on(site: Client, make: Factory) -> None:
    council = make.council()
    make.former_code(council, "E07000999")
    assert site.council("E07000999")["slug"] == council.slug


def test_what_did_not_change_is_not_sent_again(site: Client, make: Factory, watched: Watched) -> None:
    slug = make.council().slug
    first = site.council(slug)
    first["name"] = "Changed by whoever reads it"
    assert site.council(slug)["name"] != first["name"]
    assert watched.statuses == [200, 304]


def test_it_keeps_few_answers(site: Client, make: Factory, watched: Watched) -> None:
    make.council()
    for number in range(KEPT + 1):
        list(site.councils(q=f"x{number}"))
    list(site.councils(q="x0"))
    assert watched.statuses[-1] == 200
    list(site.councils(q="x0"))
    assert watched.statuses[-1] == 304


def test_the_log_is_followed_from_where_it_was_left(site: Client, make: Factory, work: Working) -> None:
    council = make.council()

    def change(times: int) -> None:
        for _ in range(times):
            with work(system("tests")) as unit:
                unit.record(
                    CouncilChanged(council_id=council.id, changes={"kind": ["county", "unitary"]}),
                    council_id=council.id,
                )

    change(3)
    log = site.events(limit=2)
    assert [event["type"] for event in log] == ["council.changed"] * 3
    assert list(site.events(log.cursor)) == []
    change(2)
    assert [event["subject"]["id"] for event in site.events(log.cursor)] == [str(council.id)] * 2
    assert list(log) == list(site.events(log.cursor, type="council.changed")) + list(site.events())[3:]


def test_a_page_that_was_not_taken_whole_comes_again(site: Client, make: Factory, work: Working) -> None:
    council = make.council()
    for _ in range(2):
        with work(system("tests")) as unit:
            unit.record(CouncilChanged(council_id=council.id, changes={}), council_id=council.id)
    log = site.events()
    next(iter(log))
    assert log.cursor is None
    assert len(list(log)) == 2


def test_with_a_pause_it_waits_for_more(
    site: Client, monkeypatch: pytest.MonkeyPatch, make: Factory, work: Working
) -> None:
    council = make.council()

    def happens(seconds: float) -> None:
        assert seconds == 30
        with work(system("tests")) as unit:
            unit.record(CouncilChanged(council_id=council.id, changes={}), council_id=council.id)

    monkeypatch.setattr("pipeline_client.log.sleep", happens)
    assert next(iter(site.events(pause=30)))["type"] == "council.changed"


def test_a_refusal_says_what_is_wrong(site: Client) -> None:
    with pytest.raises(ApiProblem) as refused:
        next(site.projects(colour="red"))
    problem = refused.value
    assert (problem.status, problem.code) == (400, "request.malformed")
    assert problem.type.endswith("/problems/request.malformed")
    assert [one["pointer"] for one in problem.errors] == ["/colour"]
    assert problem.request_id
    assert "colour" in str(problem)


def test_an_answer_that_is_no_json_is_a_problem_too(site: Client, watched: Watched) -> None:
    watched.instead = [lambda _request: httpx.Response(502, text="<h1>Bad gateway</h1>")]
    with pytest.raises(ApiProblem) as refused:
        site.get("councils/x")
    assert (refused.value.status, refused.value.title, refused.value.members) == (502, "Bad Gateway", {})


def test_a_limit_is_waited_out_for_as_long_as_it_says(
    site: Client, watched: Watched, make: Factory, waits: list[float]
) -> None:
    slug = make.council().slug
    watched.instead = [
        lambda _request: httpx.Response(429, headers={"Retry-After": "7"}), lambda _request: httpx.Response(503),
    ]  # fmt: skip
    assert site.council(slug)["slug"] == slug
    assert waits == [7, 4]


def test_it_does_not_wait_for_ever(site: Client, watched: Watched, waits: list[float]) -> None:
    watched.instead = [lambda _request: httpx.Response(429, headers={"Retry-After": "3600"})]
    with pytest.raises(ApiProblem):
        next(site.councils())
    assert waits == []
    watched.instead = [lambda _request: httpx.Response(503)] * TRIES
    with pytest.raises(ApiProblem):
        next(site.councils())
    assert len(waits) == TRIES - 1


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def test_silence_is_said_after_every_try(site: Client, watched: Watched, waits: list[float]) -> None:
    watched.instead = [lost] * TRIES
    with pytest.raises(Unreachable, match="did not answer"):
        next(site.councils())
    assert len(watched.requests) == TRIES


def test_what_changes_something_is_done_once_though_its_answer_was_lost(
    make: Factory, watched: Watched, waits: list[float]
) -> None:
    client, need_id = of_officer(make, watched)

    def done_and_lost(request: httpx.Request) -> httpx.Response:
        watched._inner.handle_request(request).read()
        raise httpx.ReadError("cut off", request=request)

    watched.instead = [done_and_lost]
    pledge = client.offer_pledge(need_id, **an_offer())
    assert pledge["status"] == "offered"
    keys = {request.headers["Idempotency-Key"] for request in watched.requests}
    assert len(keys) == 1
    assert len(watched.requests) == 2
    assert client.pledge(pledge["id"])["half_days"] == 4


def test_two_calls_are_two_acts_unless_they_are_given_one_key(make: Factory, watched: Watched) -> None:
    client, need_id = of_officer(make, watched)
    first = client.offer_pledge(need_id, key="offer-1", **an_offer())
    again = client.offer_pledge(need_id, key="offer-1", **an_offer())
    other = client.offer_pledge(need_id, **an_offer())
    assert first["id"] == again["id"] != other["id"]


def test_an_edit_is_made_from_what_was_read(make: Factory, watched: Watched) -> None:
    client, need_id = of_officer(make, watched)
    pledge = client.offer_pledge(need_id, **an_offer())
    path = f"pledges/{pledge['id']}"
    changed = client.patch(path, etag=pledge["etag"], half_days=6)
    assert changed["half_days"] == 6
    with pytest.raises(ApiProblem) as stale:
        client.patch(path, etag=pledge["etag"], half_days=8)
    assert (stale.value.status, stale.value.current_etag) == (412, changed["etag"])
    with pytest.raises(ApiProblem) as not_now:
        client.post(f"{path}/accept")
    assert not_now.value.status in (403, 409)


def test_a_draft_is_written_and_deleted(make: Factory, watched: Watched) -> None:
    client, _need_id = of_officer(make, watched)
    draft = client.post("projects", title="One form for repairs", summary="A form any council can use.")
    assert draft["slug"] is None
    gone = client.delete(f"projects/{draft['id']}", etag=draft["etag"])
    assert gone["id"] == draft["id"]
    with pytest.raises(ApiProblem):
        client.project(draft["id"])


def test_a_token_is_not_sent_in_the_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        Client("http://pipeline.example", "pln_x")
    Client("http://pipeline.example").close()
    Client("https://pipeline.example", "pln_x").close()
