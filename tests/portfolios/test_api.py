"""A program reads a council's portfolio: the counts, and the projects that changed last."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.db.listeners import ListenerPlace
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.portfolios.index import write_entries
from pipeline.portfolios.listener import NAME
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

HERE = "/api/v1/councils/leadham/portfolio"


@pytest.fixture
def portfolio(make: Factory) -> None:
    """Leadham leads two projects and gives to Otherby's; the listener has heard of them."""
    council, other = make.council("Leadham"), make.council("Otherby")
    officer = make.officer(council)
    ours = make.project(council, officer, slug="ours", phase="alpha", decision_on=clock.today() + timedelta(days=10))
    begun, due = clock.today() - timedelta(days=90), clock.today() - timedelta(days=1)
    measure = make.measure(ours, officer, baseline=24, baseline_on=begun, target=8, target_on=due)
    make.reading(measure, officer, council, value=16)
    make.project(council, slug="done", phase=None, status="finished", themes=("planning",))
    theirs = make.project(other, slug="theirs", phase="alpha", status="going_ahead")
    make.pledge(make.need(theirs), council, officer, status="committed", amount=8, delivered=3)
    make.project(council, slug="hidden", is_hidden=True)
    make.keep(ListenerPlace(name=NAME, sequence=0))
    with make.app.app_context(), housekeeping("portfolios") as session:
        write_entries(session, list(session.scalars(select(Project.id))))


def read(client: CheckedClient, query: str = "") -> Any:
    """What it answers."""
    answer = client.get(f"{HERE}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["data"]


def test_it_has_counts_and_projects(client: CheckedClient, portfolio: None) -> None:
    data = read(client)

    assert [(one["role"], one["phase"], one["status"], one["projects"]) for one in data["counts"]] == [
        ("leads", None, "finished", 1), ("leads", "alpha", "open", 1), ("partner", "alpha", "going_ahead", 1)
    ]  # fmt: skip
    given = data["counts"][2]
    assert (given["pledged_half_days"], given["committed_half_days"], given["delivered_half_days"]) == (8, 8, 3)
    assert {one["slug"] for one in data["projects"]} == {"ours", "done", "theirs"}
    assert next(one["people"] for one in data["projects"] if one["slug"] == "ours") == 1
    assert data["has_more"] is False


def test_a_project_has_the_measure_that_says_most(client: CheckedClient, portfolio: None) -> None:
    projects = {one["slug"]: one for one in read(client)["projects"]}

    assert (projects["done"]["measures"], projects["done"]["measure"]) == (0, None)
    assert projects["ours"]["measures"] == 1
    measure = projects["ours"]["measure"]
    assert [measure[name] for name in ("unit", "parts_per_unit", "baseline", "latest", "target")] == [
        "days", 2, 24, 16, 8
    ]  # fmt: skip
    assert projects["ours"]["target_due_on"] == str(clock.today() - timedelta(days=1))


@pytest.mark.parametrize(
    "query, slugs, counted",
    [
        ("role=partner", {"theirs"}, 1), ("phase=unknown", {"done"}, 1), ("status=open", {"ours"}, 1),
        ("theme=planning", {"done"}, 1), ("measures=late", {"ours"}, 3),
        ("due=true", {"ours"}, 3), ("role=leads&phase=alpha", {"ours"}, 1),
    ],
)  # fmt: skip
def test_it_is_narrowed(client: CheckedClient, portfolio: None, query: str, slugs: set[str], counted: int) -> None:
    data = read(client, query)

    assert {one["slug"] for one in data["projects"]} == slugs
    assert len(data["counts"]) == counted


def test_its_mark_moves_when_the_listener_has_heard_more(client: CheckedClient, portfolio: None, make: Factory) -> None:
    first = client.get(HERE).headers["ETag"]
    assert client.get(HERE, headers={"If-None-Match": first}).status_code == 304
    with make.session() as session:
        session.get_one(ListenerPlace, NAME).sequence = 7

    assert client.get(HERE, headers={"If-None-Match": first}).status_code == 200


def test_a_former_code_leads_there_and_a_wrong_word_is_refused(
    client: CheckedClient, portfolio: None, make: Factory
) -> None:
    make.former_code(make.council("Newham"), "oldham")
    assert client.get("/api/v1/councils/oldham/portfolio").headers["Location"].endswith("/councils/newham/portfolio")
    assert client.get(f"{HERE}?status=draft").status_code == 400


def test_places_say_how_much_is_open_there(client: CheckedClient, portfolio: None, make: Factory) -> None:
    places = {one["id"]: one for one in client.get("/api/v1/places").get_json()["data"]}
    south = places["South West"]

    assert (south["kind"], south["nation"], south["open_projects"]) == ("region", "England", 1)
    assert south["url"].endswith("/places/south-west")
    assert (places["England"]["kind"], places["England"]["open_projects"]) == ("nation", 1)
    narrowed = client.get("/api/v1/places?theme=planning").get_json()["data"]
    assert {one["open_projects"] for one in narrowed} == {0}
    assert client.get("/api/v1/places?theme=nonsense").status_code == 400
