"""The home page."""

from datetime import timedelta

import pytest
from flask import Flask

from pipeline.kernel import clock
from pipeline.projects.figures import count_figures
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database


def under(client: CheckedClient, heading: str) -> list[str]:
    section = client.page("/").select_one(f"section[aria-labelledby={heading}]")
    return [link.text for link in section.select(".card__title a, .rows__title a")] if section else []


def test_an_empty_place_invites_the_first_project(client: CheckedClient) -> None:
    page = client.page("/")
    assert "No project is open yet" in page.text
    assert not page.select(".figures")


def test_what_is_worth_a_look_is_shown_once(client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    officer = make.officer(council)
    today = clock.today()
    for number in range(6):
        project = make.project(council, title=f"Project {number}", decision_on=today + timedelta(days=40 + number))
        make.need(project, is_essential=True, target=40, held=36, pledged=36 if number == 4 else 2)
    make.project(council, title="Past", decision_on=today - timedelta(days=1), status="lapsed")
    make.project(council, title="Hidden", decision_on=today, is_hidden=True)
    make.project(council, title="Flexible", mode="flexible", decision_on=None)
    make.update(project, officer, council, title="News")
    make.update(project, officer, council, title="Draft", status="draft")
    assert under(client, "closing-soon") == ["Project 0", "Project 1", "Project 2"]
    assert under(client, "nearly-there") == ["Project 4"]
    assert under(client, "new-projects") == ["Flexible", "Project 5", "Project 3"]
    assert under(client, "recent-updates") == ["News"]
    assert "Northborough, on Project 5" in client.page("/").text


def test_figures_are_counted_by_the_worker_and_read_from_one_row(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council(projects_led=2)
    make.project(council, pledged_half_days=5, pledged_pence=1_500_000)
    make.project(council, status="finished", pledged_half_days=4)
    make.project(council, status="draft", pledged_half_days=100)
    with app.app_context():
        count_figures()
        count_figures()
    figures = {one.dt.text: one.dd.text for one in client.page("/").select(".figures div")}
    assert figures == {
        "projects open for pledges": "1", "councils taking part": "1", "days of officer time pledged": "4.5",
        "pledged in funding": "£15,000",
    }  # fmt: skip


def test_the_page_takes_the_same_few_statements_however_much_there_is(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    officer = make.officer(council)
    numbers = []
    for more in (5, 70):
        for _ in range(more):
            project = make.project(council)
            make.need(project)
            make.update(project, officer, council)
        with all_counted(app) as statements:
            client.get("/")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 7
