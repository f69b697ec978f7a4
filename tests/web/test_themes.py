"""The pages of themes and places, and the ways the home page leads to work worth joining."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pipeline.councils.vocabulary import PLACES
from pipeline.kernel import clock
from pipeline.portfolios.index import rebuild_portfolios
from pipeline.projects.models import AnswerClock
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database


def under(page: Any, heading: str) -> list[str]:
    section = page.select_one(f"section[aria-labelledby={heading}]")
    return [link.text for link in section.select(".card__title a, .rows__title a, ul > li > a")] if section else []


def test_a_theme_shows_its_open_projects_first_and_where_there_are_more(
    client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    south, north = make.council("Southam"), make.council("Northam", region="North East")
    soon = make.project(south, title="Soon", decision_on=clock.today() + timedelta(days=20))
    make.need(soon, title="A tester", target=10, held=4, pledged=4)
    make.project(north, title="Flexible", mode="flexible", decision_on=None)
    make.project(south, title="Planning", themes=("planning",))
    make.project(south, title="Hidden", is_hidden=True)
    make.project(south, title="Done", status="finished")
    officer = make.officer(south)
    lesson = make.lesson(soon, officer, south, title="Ring first")
    shelf.document(soon, officer, "Be kind.", title="A policy")
    assert lesson
    heard(make)
    page = client.page("/themes/housing")
    assert under(page, "closing-soon") == ["Soon"]
    assert under(page, "open-projects") == ["Flexible"]
    assert under(page, "needed") == ["A tester: 3 days"]
    assert under(page, "councils") == ["Northam", "Southam"]
    assert under(page, "lessons") == ["Ring first"]
    assert under(page, "documents") == ["A policy"]
    assert under(page, "narrow") == ["North East", "South West"]
    narrowed = next(link["href"] for link in page.find_all("a") if link.text == "North East")
    listed = client.page(narrowed)
    assert [link.text for link in listed.select(".card__title a")] == ["Flexible"]


def test_a_place_shows_the_same_and_narrows_by_theme(client: CheckedClient, make: Factory) -> None:
    soon = clock.today() + timedelta(days=20)
    make.project(make.council("Northam", region="North East"), title="Homes", decision_on=soon)
    make.project(make.council("Southam"), title="Elsewhere", decision_on=soon + timedelta(days=9))
    heard(make)
    page = client.page("/places/north-east")
    assert under(page, "closing-soon") == ["Homes"]
    assert under(page, "narrow") == ["Housing"]
    narrowed = next(link["href"] for link in page.find_all("a") if link.text == "Housing")
    assert [link.text for link in client.page(narrowed).select(".card__title a")] == ["Homes"]
    assert under(client.page("/places/england"), "closing-soon") == ["Homes", "Elsewhere"]


def test_themes_and_places_say_how_much_is_open_and_lead_there_in_two_steps(
    client: CheckedClient, make: Factory
) -> None:
    south, north = make.council("Southam"), make.council("Northam", region="North East")
    for council, values in ((south, {}), (south, {}), (north, {}), (south, {"status": "finished"})):
        make.project(council, themes=("housing", "planning"), **values)
    make.project(south, is_hidden=True)
    heard(make)

    assert "Housing 3 open projects" in words_of(client.page("/themes"))
    places = words_of(client.page("/places"))
    assert "England 3 open projects" in places
    assert "North East 1 open project " in places
    theme = client.page("/themes/housing")
    assert "South West 2 open projects" in words_of(theme)
    listed = client.page(next(link["href"] for link in theme.find_all("a") if link.text == "South West"))
    assert listed.find(id="results").text.split()[0] == "2"
    assert "Planning and building control 2 open projects" in words_of(client.page("/places/south-west"))


def heard(make: Factory) -> None:
    """What the worker counts a moment after something changed."""
    with make.app.app_context():
        rebuild_portfolios()


def words_of(page: Any) -> str:
    """All words of the main part."""
    return " ".join(page.find("main").get_text(" ").split())


def test_every_theme_and_place_has_a_page_that_says_what_to_do_while_nothing_is_there(client: CheckedClient) -> None:
    links = [link["href"] for link in client.page("/places").select("main li a")]
    assert len(links) == len({place.slug for place in PLACES}) == 13
    for path in (links[0], links[-1], "/cy/places/wales", "/themes/planning"):
        page = client.page(path)
        assert page.select(".empty")
    assert client.get("/themes/nonsense").status_code == client.get("/places/mars").status_code == 404
    sitemap = client.get("/sitemap.xml").text
    assert "/places/north-east<" in sitemap
    assert "/themes/planning<" in sitemap


def test_an_officers_own_area_comes_first(client: CheckedClient, make: Factory) -> None:
    own, other = make.council(region="Yorkshire and The Humber"), make.council(region="East Midlands")
    for council in (own, other):
        make.project(council)
    heard(make)
    assert under(client.page("/themes/housing"), "narrow") == ["East Midlands", "Yorkshire and The Humber"]
    make.signed_in(client, make.officer(own), own)
    assert under(client.page("/themes/housing"), "narrow") == ["Yorkshire and The Humber", "East Midlands"]
    assert "Your area:" in client.page("/places").text
    assert client.page("/").find("a", string="Yorkshire and The Humber")["href"] == "/places/yorkshire-and-the-humber"
    chosen = client.page("/").select_one("#region option[selected]")
    assert chosen["value"] == "Yorkshire and The Humber"


@pytest.mark.parametrize("path", ["/themes/housing", "/places/south-west"])
def test_the_page_takes_the_same_few_statements_however_much_there_is(
    app: Flask, client: CheckedClient, make: Factory, path: str
) -> None:
    council, numbers = make.council(), []
    for more in (14, 40):
        for _number in range(more):
            make.need(make.project(council))
        with all_counted(app) as statements:
            client.get(path)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 13


def test_the_home_page_says_how_soon_offers_are_answered(client: CheckedClient, make: Factory) -> None:
    council, other = make.council("Northborough"), make.council()
    officer, now = make.officer(other), clock.now()
    for number, (status, values) in enumerate(
        (("accepted", {}), ("declined", {}), ("accepted", {}), ("accepted", {"is_hidden": True}), ("offered", {}))
    ):
        project = make.project(council, title=f"Project {number}", **values)
        authorised = None if status == "offered" else now
        accepted = now if status == "accepted" else None
        pledge = make.pledge(
            make.need(project), other, officer, status=status, authorised_at=authorised, accepted_at=accepted
        )
        make.keep(answered(project, pledge, days=number))
    page = client.page("/")
    assert under(page, "answered") == ["Project 2", "Project 1", "Project 0"]
    text = page.select_one("section[aria-labelledby=answered]").text
    assert "Offers are usually answered in 1 working day." in text
    assert "Northborough answered an offer in 2 working days" in text
    assert "Northborough answered an offer on the same working day" in text


def answered(project: Any, pledge: Any, *, days: int) -> AnswerClock:
    today = clock.today()
    return AnswerClock(
        id=pledge.id, project_id=project.id, subject_type="pledge", subject_id=pledge.id, started_at=clock.now(),
        counts_from_on=today, due_on=today + timedelta(days=3), nudge_on=today + timedelta(days=4),
        desk_on=today + timedelta(days=5), answered_at=clock.now() + timedelta(minutes=days), days_taken=days,
    )  # fmt: skip


def test_the_home_page_shows_what_is_adopted_most_and_learned_last(
    client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    council = make.council("Northborough")
    officer, project = make.officer(council), make.project(council)
    used = shelf.document(project, officer, "Be kind.", title="A policy")
    shelf.document(project, officer, "Nobody uses this.", title="Another")
    with make.session() as session:
        session.get_one(type(used.artefact), used.artefact.id).adoptions = 4
    make.lesson(project, officer, council, title="Ring first")
    page = client.page("/")
    assert under(page, "most-adopted") == ["A policy"]
    assert "Northborough. Used by 4 councils" in page.text
    assert under(page, "new-lessons") == ["Ring first"]
