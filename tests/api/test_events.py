"""The log of public events, as a program follows it."""

from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from pipeline.councils.events import CouncilChanged
from pipeline.db.engine import database
from pipeline.db.log import LoggedEvent
from pipeline.db.work import unit_of_work
from pipeline.feeds import queries
from pipeline.http.cursors import make_cursor
from pipeline.kernel.actor import system
from pipeline.kernel.event import CATALOGUE, Audience, Event
from pipeline.kernel.ids import new_id
from pipeline.pledges.events import PledgeAuthorised
from pipeline.projects.events import NeedClosed, ProjectDeleted, ProjectUpdated, UpdatePublished, UpdateWithdrawn
from pipeline.projects.models import Project, ProjectSlug
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.parallel import at_once, failures
from tests.support.queries import counted

pytestmark = pytest.mark.database

WRITERS, FEW_WRITES_EACH, MANY_WRITES_EACH = 20, 100, 500


@pytest.fixture
def record(work: Working) -> Callable[..., None]:
    """Put events in the log, without the acts behind them."""

    def keep(*events: Event, audience: Audience = Audience.PUBLIC, council_id: UUID | None = None) -> None:
        with work(system("tests")) as unit:
            for one in events:
                unit.record(one, audience=audience, council_id=council_id)

    return keep


def changed(council: Any, number: int = 0) -> CouncilChanged:
    return CouncilChanged(council_id=council.id, changes={"number": [number, number + 1]})


def read_on(client: CheckedClient, address: str) -> tuple[list[dict[str, Any]], str, bool]:
    """One page: its events, the address of the next, whether there is more now."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    body = answer.get_json()
    return body["data"], body["links"]["next"].removeprefix("http://127.0.0.1:8000"), body["page"]["has_more"]


def test_an_event_says_who_did_what_to_what(client: CheckedClient, make: Factory, record: Callable[..., None]) -> None:
    lead, partner = make.council("Lead"), make.council("Partner")
    officer = make.officer(partner)
    need = make.need(make.project(lead, slug="shared-form"))
    pledge = make.pledge(need, partner, officer, status="authorised")
    record(
        PledgeAuthorised(
            pledge_id=pledge.id, need_id=need.id, project_id=need.project_id, pledging_council_id=partner.id,
            kind="time", amount=4, changes={"status": ["offered", "authorised"]},
        ),
        council_id=partner.id,
    )  # fmt: skip
    answer = client.get("/api/v1/events")
    event = answer.get_json()["data"][0]
    assert {name: value for name, value in event.items() if name not in ("id", "occurred_at")} == {
        "type": "pledge.authorised",
        "council": {"slug": "partner", "gss_code": partner.gss_code},
        "subject": {
            "type": "pledge", "id": str(pledge.id), "title": None, "url": f"http://127.0.0.1:8000/api/v1/pledges/{pledge.id}",
        },
        "project": {"slug": "shared-form"},
        "changes": {"status": ["offered", "authorised"]},
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/api/v1/events/{event['id']}").get_json()["data"] == event
    assert client.get(event["subject"]["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_an_empty_page_still_says_where_to_go_on(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    events, beginning, _more = read_on(client, "/api/v1/events")
    assert events == []
    assert read_on(client, beginning)[0] == []
    record(changed(council))
    first, after_first, _more = read_on(client, beginning)
    assert [event["type"] for event in first] == ["council.changed"]
    assert read_on(client, after_first)[0] == []


def test_pages_of_the_log_follow_each_other(client: CheckedClient, make: Factory, record: Callable[..., None]) -> None:
    council = make.council()
    for number in range(7):
        record(changed(council, number))
    seen, address, has_more = [], "/api/v1/events?limit=3", True
    while has_more:
        events, address, has_more = read_on(client, address)
        seen += [event["changes"]["number"][0] for event in events]
    assert seen == list(range(7))


def test_events_that_are_not_public_are_passed_over(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    record(changed(council, 1), audience=Audience.PROJECT)
    record(changed(council, 2), audience=Audience.OPERATORS)
    record(changed(council, 3))
    assert [event["changes"]["number"][0] for event in read_on(client, "/api/v1/events")[0]] == [3]


def test_what_is_no_longer_public_takes_its_events_with_it(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    officer = make.officer(council)
    project = make.project(council, officer)
    need = make.need(project)
    update_ = make.update(project, officer, council)
    record(
        ProjectUpdated(project_id=project.id, fields=("title",)),
        NeedClosed(need_id=need.id, project_id=project.id, changes={"status": ["open", "closed"]}),
        UpdatePublished(update_id=update_.id, project_id=project.id, changes={"status": ["draft", "published"]}),
    )
    events = read_on(client, "/api/v1/events")[0]
    assert [event["type"] for event in events] == ["project.updated", "need.closed", "update.published"]
    assert [event["subject"]["title"] for event in events] == [project.title, need.title, update_.title]

    with make.session() as session:
        session.execute(update(Project).where(Project.id == project.id).values(is_public=False, is_hidden=True))
    assert read_on(client, "/api/v1/events")[0] == []
    assert client.get(f"/api/v1/events/{events[0]['id']}").status_code == 404


def test_removals_stay_so_that_copies_can_be_mended(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    officer = make.officer(council)
    update_ = make.update(make.project(council, officer), officer, council, status="withdrawn")
    gone = new_id()
    record(
        UpdatePublished(update_id=update_.id, project_id=update_.project_id, changes={}),
        UpdateWithdrawn(
            update_id=update_.id, project_id=update_.project_id, changes={"status": ["published", "withdrawn"]}
        ),
        ProjectDeleted(project_id=gone, slug="gone-for-good"),
    )
    events = read_on(client, "/api/v1/events")[0]
    assert [event["type"] for event in events] == ["update.withdrawn", "project.deleted"]
    assert events[0]["subject"]["title"] is None
    assert events[1]["project"] == {"slug": "gone-for-good"}
    assert events[1]["subject"]["id"] == str(gone)


def test_a_cursor_passes_what_nobody_may_see_in_bounded_steps(
    client: CheckedClient, make: Factory, record: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WIDEST_LOOK", 10)
    council = make.council()
    draft = make.project(council, status="draft")
    for _ in range(25):
        record(ProjectUpdated(project_id=draft.id, fields=("title",)))
    record(changed(council, 1))
    pages, address, has_more = [], "/api/v1/events", True
    while has_more:
        events, address, has_more = read_on(client, address)
        pages.append(len(events))
    assert pages == [0, 0, 1]


def test_a_cursor_is_ours_or_is_refused(client: CheckedClient, app: Flask) -> None:
    for forged in ("x", "AAAA", "é", "%00", "a" * 1200):
        assert client.get(f"/api/v1/events?after={forged}").status_code == 400
    with app.test_request_context():
        of_another_list = make_cursor("pledges", [str(new_id())])
        of_no_event = make_cursor("events", [str(new_id())])
    refused = client.get(f"/api/v1/events?after={of_another_list}")
    assert (refused.status_code, refused.get_json()["type"].rsplit("/", 1)[1]) == (400, "cursor.mismatch")
    assert refused.get_json()["errors"][0]["pointer"] == "/after"
    gone = client.get(f"/api/v1/events?after={of_no_event}")
    assert (gone.status_code, gone.get_json()["type"].rsplit("/", 1)[1]) == (410, "event.cursor_gone")


def test_the_log_is_narrowed_and_a_cursor_is_a_place_whatever_is_asked(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    one, other = make.council("One"), make.council("Other")
    project = make.project(one, slug="shared-form")
    make.keep(ProjectSlug(slug="older-form", project_id=project.id))
    record(changed(one, 1), council_id=one.id)
    record(ProjectUpdated(project_id=project.id, fields=("title",)), council_id=one.id)
    record(changed(other, 2), council_id=other.id)

    def types(query: str) -> list[str]:
        return [
            f"{event['type']} {event['council']['slug']}" for event in read_on(client, f"/api/v1/events?{query}")[0]
        ]

    everything = ["council.changed one", "project.updated one", "council.changed other"]
    assert types("") == everything
    assert types("type=council.changed") == [everything[0], everything[2]]
    assert types("type=need.closed") == []
    assert types("council=one") == types(f"council={one.gss_code}") == everything[:2]
    assert types("council=one&type=project.updated") == [everything[1]]
    for name in ("shared-form", "older-form", str(project.id)):
        assert types(f"project={name}") == [everything[1]]
    assert types("project=nothing") == types("council=nobody") == []
    _events, onwards, has_more = read_on(client, "/api/v1/events?council=other&limit=1")
    assert not has_more
    assert types(onwards.split("?")[1].replace("council=other&", "")) == []
    _events, onwards, _more = read_on(client, "/api/v1/events?limit=1")
    assert types(f"council=other&{onwards.split('?')[1]}") == [everything[2]]
    for wrong in ("type=nothing.happened", "type=", "type=council.*", "council=a%20b", "project=A", "sort=id"):
        assert client.get(f"/api/v1/events?{wrong}").status_code == 400, wrong


def test_the_events_of_one_project_are_found_past_any_number_of_others(
    client: CheckedClient, make: Factory, record: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WIDEST_LOOK", 5)
    council = make.council()
    project = make.project(council, slug="shared-form")
    for number in range(20):
        record(changed(council, number))
    record(ProjectUpdated(project_id=project.id, fields=("title",)))
    events, _address, has_more = read_on(client, "/api/v1/events?project=shared-form")
    assert ([one["type"] for one in events], has_more) == (["project.updated"], False)
    events, _address, has_more = read_on(client, "/api/v1/events?type=project.updated")
    assert (events, has_more) == ([], True)


def test_the_log_answers_304_until_something_happens(
    client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    mark = client.get("/api/v1/events").headers["ETag"]
    assert client.get("/api/v1/events", headers={"If-None-Match": mark}).status_code == 304
    record(changed(council))
    assert client.get("/api/v1/events", headers={"If-None-Match": mark}).status_code == 200


def test_a_page_costs_the_same_statements_for_any_number_of_events(
    app: Flask, client: CheckedClient, make: Factory, record: Callable[..., None]
) -> None:
    council = make.council()
    for number in range(60):
        record(changed(council, number))
    numbers = []
    for limit in (5, 50):
        with counted(app) as statements:
            client.get(f"/api/v1/events?limit={limit}")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 5


@pytest.mark.pure
def test_every_public_event_is_about_something_the_log_knows_how_to_show() -> None:
    public = [one for one in CATALOGUE.values() if one.audience is Audience.PUBLIC and one.subject_type != "thing"]
    assert [one.name for one in public if one.subject_type not in queries.SUBJECTS] == []
    assert [one.name for one in public if not one.changes_public] == []


def test_a_reader_who_polls_during_2000_writes_ends_with_exactly_what_was_committed(app: Flask, make: Factory) -> None:
    poll_during_writes(app, make, FEW_WRITES_EACH)


@pytest.mark.drill
def test_a_reader_who_polls_during_10000_writes_ends_with_exactly_what_was_committed(app: Flask, make: Factory) -> None:
    poll_during_writes(app, make, MANY_WRITES_EACH)


def poll_during_writes(app: Flask, make: Factory, writes_each: int) -> None:
    """Read the log on and on while many write to it, until there is nothing more to come."""
    council = make.council()
    is_done, seen = [], []

    def read() -> None:
        client = app.test_client()
        address, is_last = "/api/v1/events", False
        while not is_last:
            are_writers_done = bool(is_done)
            events, address, has_more = read_on(client, address)
            seen.extend(event["id"] for event in events)
            is_last = are_writers_done and not has_more

    reader = Thread(target=read)
    reader.start()
    results = at_once(WRITERS, lambda writer: write(app, council, writer, writes_each))
    is_done.append(True)
    reader.join(timeout=600)
    assert failures(results) == []
    with app.app_context():
        committed = database.session.scalars(
            select(LoggedEvent.id).where(LoggedEvent.audience == "public").order_by(LoggedEvent.sequence)
        ).all()
    assert len(committed) == WRITERS * writes_each * 9 // 10
    assert seen == [str(one) for one in committed]


def write(app: Flask, council: Any, writer: int, writes_each: int) -> None:
    """One writer's share: every tenth event is not public."""
    with app.app_context():
        for number in range(writes_each):
            with unit_of_work(system("tests")) as work:
                audience = Audience.PROJECT if number % 10 == 0 else Audience.PUBLIC
                work.record(changed(council, writer * writes_each + number), audience=audience)
