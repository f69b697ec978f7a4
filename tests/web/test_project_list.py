"""The page that lists projects."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from pipeline.kernel import clock
from pipeline.search.index import rebuild_index
from tests.factories import Factory
from tests.support.client import CheckedClient, said
from tests.support.hot_statements import all_counted
from tests.support.world import SECRET, make_world

pytestmark = pytest.mark.database


def titles(client: CheckedClient, query: str = "") -> list[str]:
    return [link.text for link in client.page(f"/projects{query}").select(".card__title a")]


def index(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()


def test_a_card_tells_of_a_project_at_a_glance(client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    project = make.project(
        council, slug="shared", title="One form & more", summary="For repairs.", councils=3,
        decision_on=clock.today() + timedelta(days=9),
    )  # fmt: skip
    make.need(project, is_essential=True, target=40, held=38, pledged=35)
    make.need(project, "funding", target=500_000)
    page = client.page("/projects")
    (card,) = page.select(".card")
    text = " ".join(card.text.split())
    assert "One form & more" in text
    assert "2.5 of 20 days still needed" in text
    assert "Led by Northborough, with 3 other councils" in text
    assert "Housing" in text
    assert "Open for pledges" in text
    assert "Decides on" in text
    assert card.select_one("a")["href"] == "/projects/shared"
    assert card.select_one(".bar__counts")["width"] == "87.5"
    assert card.select_one(".bar__waits")["width"] == "95.0"


def test_the_count_is_said_and_filters_can_be_taken_off(client: CheckedClient, make: Factory) -> None:
    council = make.council("Here", nation="Wales", region="Wales")
    make.project(council, title="One", themes=("planning",))
    make.project(make.council(), title="Two", phase="beta")
    page = client.page("/projects")
    assert page.select_one("#results").text == "2 projects"
    page = client.page("/projects?theme=planning&nation=Wales&q=")
    assert page.select_one("#results").text == "1 project"
    removable = {" ".join(link.text.split()): link["href"] for link in page.select(".removable a")}
    assert removable == {
        "Remove filter: Planning and building control ×": "/projects?nation=Wales",
        "Remove filter: Wales ×": "/projects?theme=planning",
    }
    assert page.select_one("#filter-theme option[selected]")["value"] == "planning"
    assert titles(client, "?need=time") == []
    assert titles(client, "?council=here") == ["One"]
    assert titles(client, "?phase=beta&sort=title") == ["Two"]


def test_an_address_with_something_unknown_still_lists_and_says_so(client: CheckedClient, make: Factory) -> None:
    make.project(make.council(), title="One")
    page = client.page("/projects?theme=nothing&colour=red&sort=size&decision_before=soon")
    assert [link.text for link in page.select(".card__title a")] == ["One"]
    assert "means nothing here" in page.text
    assert "means nothing here" not in client.page("/projects?theme=housing").text
    assert client.get("/projects?cursor=nonsense").status_code == 400


def test_an_empty_list_says_what_to_do(client: CheckedClient, make: Factory) -> None:
    assert "No project is published yet" in client.page("/projects").text
    make.project(make.council())
    assert "No projects match" in client.page("/projects?theme=libraries").text
    assert "No projects match" in client.page("/projects?q=xyzzy").text


def test_pages_lead_there_and_back(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    then = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(45):
        make.project(council, title=f"Parking {number}", updated_at=then + timedelta(hours=number))
    index(make)
    for query in ("?theme=housing", "?q=parking", "?q=parking&sort=-updated_at"):
        seen: list[str] = []
        address: str | None = f"/projects{query}"
        while address:
            page = client.page(address)
            seen += [link.text for link in page.select(".card__title a")]
            after = page.select_one("a[rel=next]")
            address = after["href"] if after else None
            before = page.select_one("a[rel=prev]")
        assert seen == [f"Parking {number}" for number in range(44, -1, -1)], query
        assert [link.text for link in client.page(before["href"]).select(".card__title a")] == seen[20:40]


def test_a_search_finds_the_most_relevant_first(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, title="Deep", problem="parking permits")
    make.project(council, title="Parking permits")
    index(make)
    assert titles(client, "?q=parking+permits") == ["Parking permits", "Deep"]
    assert titles(client, "?q=parking+permits&sort=title") == ["Deep", "Parking permits"]
    assert titles(client, "?q=\"parking' OR (") == ["Parking permits", "Deep"]
    assert client.page("/projects?q=parking").select_one("#filter-q")["value"] == "parking"


def test_an_anonymous_list_is_asked_for_again_cheaply(app: Flask, client: CheckedClient, make: Factory) -> None:
    make.project(make.council())
    first = client.get("/projects")
    assert "Set-Cookie" not in first.headers
    with all_counted(app) as statements:
        again = client.get("/projects", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not statements


def test_a_list_takes_the_same_few_statements_however_long_it_is(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    numbers = []
    for more in (20, 40):
        for _ in range(more):
            make.need(make.project(council))
        index(make)
        for query in ("", "?theme=housing", "?q=project", "?q=project&sort=title"):
            with all_counted(app) as statements:
                client.get(f"/projects{query}")
            numbers.append(len(statements))
    assert numbers[:4] == numbers[4:]
    assert max(numbers) <= 5


def test_nothing_secret_is_listed(client: CheckedClient, make: Factory) -> None:
    make_world(make)
    assert SECRET not in said(client.get("/projects"))
    assert SECRET not in said(client.get("/"))


def test_the_list_speaks_welsh(client: CheckedClient, make: Factory) -> None:
    make.project(make.council(), slug="shared")
    page = client.page("/cy/projects")
    assert page.select_one(".card__title a")["href"] == "/cy/projects/shared"


def test_a_title_in_another_language_than_the_page_says_so(client, make) -> None:
    council = make.council()
    make.project(council, title="Housing repairs")
    make.project(council, title="Trwsio tai", language="cy")
    links = {link.text: link.get("lang") for link in client.page("/projects").select(".card__title a")}
    assert links == {"Housing repairs": None, "Trwsio tai": "cy"}
    links = {link.text: link.get("lang") for link in client.page("/cy/projects").select(".card__title a")}
    assert links == {"Housing repairs": "en", "Trwsio tai": None}
