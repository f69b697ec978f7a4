"""The pages of spare capacity: listed, matched, offered in one click, and shown to the other side."""

from datetime import timedelta

import pytest
from flask import Flask

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.queries import counted

pytestmark = pytest.mark.database


def days(name: str, ahead: int) -> dict[str, list[str]]:
    day = clock.today() + timedelta(days=ahead)
    return {name: [str(day.day), str(day.month), str(day.year)]}


def test_a_council_lists_time_sees_what_it_fits_and_begins_an_offer_with_it(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    own, lead = make.council("Ownham"), make.council("Leadham")
    leader = make.officer(lead)
    project = make.project(lead, leader, title="A shared form")
    need = make.need(project, title="A developer", is_capped=True, held=34)
    make.signed_in(client, make.officer(own), own)
    path = "/spare-capacity/new/time"
    assert client.send(path, -1, profession="developer", amount="x").status_code == 422
    typed = {"profession": "developer", "amount": "5", "note": "Mondays"} | days("from_on", 1) | days("to_on", 200)
    assert client.send(path, -1, **typed).status_code == 303
    page = client.page("/spare-capacity")
    assert "5 days, Developer" in page.text
    offer = next(one for one in page.find_all("a") if "/pledges/new" in one["href"])
    form = client.page(str(offer["href"]))
    assert str(need.id) in offer["href"]
    assert form.select_one("input[name=amount]")["value"] == "3"
    assert form.select_one("input[name=to_on]")["value"] == str((clock.today() + timedelta(days=200)).day)

    reader = app.test_client()
    make.signed_in(reader, leader, lead)
    assert "Councils that could help" in reader.get(f"/projects/{project.slug}").text
    assert "Ownham" in reader.get(f"/projects/{project.slug}/could-help").text
    begun = reader.get(str(offer["href"])).text
    assert 'value="3"' not in begun
    coordinator = app.test_client()
    make.signed_in(coordinator, make.officer(None, Role.COORDINATOR))
    desk = coordinator.get("/coordination/spare-capacity").text
    assert "Ownham: 5 days, Developer" in desk
    assert f"introductions/new?need={need.id}&amp;other=ownham" in desk

    change = next(one for one in page.find_all("a") if one["href"].endswith("/change"))
    assert client.send(str(change["href"]), -1, amount="2").status_code == 303
    page = client.page("/spare-capacity")
    assert "2 days, Developer" in page.text
    end = next(form for form in page.find_all("form") if form["action"].endswith("/end"))
    assert client.send_form(end, "/spare-capacity").status_code == 303
    assert "Nothing listed" in client.page("/spare-capacity").text
    assert client.get("/spare-capacity/new/money").status_code == 404


def test_the_public_and_officers_without_a_council_read_none_of_it(client: CheckedClient, make: Factory) -> None:
    make.project(make.council("Leadham"), slug="shared-form")
    paths = ("/spare-capacity", "/spare-capacity/new/time", "/projects/shared-form/could-help")
    for path in paths:
        assert client.get(path).status_code == 303
    make.signed_in(client, make.officer(None))
    for path in paths:
        assert client.get(path).status_code == 403


def test_more_needs_than_stand_beside_a_line_have_a_page_and_a_list_of_their_own(
    client: CheckedClient, make: Factory
) -> None:
    own, lead = make.council("Ownham"), make.council("Leadham")
    officer = make.officer(own)
    line = make.spare_capacity(own, officer)
    for number in range(27):
        make.need(make.project(lead), title=f"Need {number}")
    make.need(make.project(own), title="Our own need")
    make.signed_in(client, officer, own)
    index = client.page("/spare-capacity")
    assert len(index.select("ul.rows ul > li")) == 5
    page = client.page(str(index.find("a", href=f"/spare-capacity/{line.id}/needs")["href"]))  # type: ignore[index]
    titles = [one.get_text() for one in page.select("main ul > li > a:first-child")][:25]
    following = page.find("a", rel="next")
    assert following is not None
    page = client.page(str(following["href"]))
    titles += [one.get_text() for one in page.select("main ul.govuk-list > li > a:first-child")][:2]
    assert titles == [f"Need {number}" for number in range(26, -1, -1)]

    headers, found = make.token(officer, own), []
    address = f"/api/v1/spare-capacity/{line.id}/needs?limit=10&include_total=true"
    while address:
        answer = client.get(address, headers=headers).get_json()
        found += [one["title"] for one in answer["data"]]
        following_url = answer["links"]["next"]
        address = f"/api{following_url.split('/api', 1)[1]}" if following_url else ""
    assert (found, answer["page"]["total"]) == (titles, 27)


def test_its_pages_take_as_many_statements_for_one_line_as_for_ten(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    own, lead = make.council(), make.council()
    officer = make.officer(own, Role.COORDINATOR)
    for _number in range(3):
        make.need(make.project(lead))
    make.signed_in(client, officer, own)
    make.spare_capacity(own, officer)
    numbers = []
    for _round in range(2):
        for path in ("/spare-capacity", "/coordination/spare-capacity"):
            with counted(app) as statements:
                client.get(path)
            numbers.append(len(statements))
        for _number in range(9):
            make.spare_capacity(own, officer)
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 4
