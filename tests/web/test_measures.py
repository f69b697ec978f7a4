"""The pages of measures: what is drawn is what the table says; forms keep what was typed; and the account."""

from datetime import date
from typing import Any

import pytest

from pipeline.councils.models import CouncilSuccession
from pipeline.kernel import clock
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


@pytest.fixture
def world(client: CheckedClient, make: Factory) -> Any:
    """A project whose lead is signed in at `client`."""

    class World:
        council = make.council("Northborough")
        lead = make.officer(council)
        project = make.project(council, lead, slug="repairs", title="Repairs")

        def browser(self, officer: Any = None, council: Any = None) -> CheckedClient:
            browser = client.application.test_client()
            if officer is not None:
                make.signed_in(browser, officer, council or self.council)
            return browser

    made = World()
    make.signed_in(client, made.lead, made.council)
    return made


FIRST = {
    "name": "Days to answer", "kind": "outcome", "unit": "days", "better": "less", "baseline": "10",
    "baseline_on": ["31", "1", "2026"], "target": "4", "target_on": ["31", "1", "2027"],
}  # fmt: skip


def test_measures_of_one_name_make_no_landmarks_of_one_name(client: CheckedClient, make: Factory, world: Any) -> None:
    for _number in range(2):
        make.measure(world.project, world.lead, name="Calls")
    page = world.browser().page("/projects/repairs/measures")
    assert len([one for one in page.select("h2") if one.text == "Calls"]) == 2
    names = [one["aria-labelledby"] for one in page.select("main section[aria-labelledby], main [role=region]")]
    said = [page.find(id=name).text for name in names]
    assert len(said) == len(set(said))


def test_what_is_drawn_is_what_the_table_says(client: CheckedClient, make: Factory, world: Any) -> None:
    measure = make.measure(
        world.project, world.lead, baseline=20, baseline_on=date(2026, 1, 31), target=8, target_on=date(2027, 1, 31)
    )
    for value, day in ((15, date(2026, 5, 31)), (9, date(2026, 9, 30))):
        make.reading(measure, world.lead, world.council, value=value, read_on=day)
    page = world.browser().page("/projects/repairs/measures")
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in page.find("tbody").find_all("tr")]
    drawn = {
        (mark["data-series"], mark["data-label"]): int(mark["data-value"])
        for mark in page.find_all(attrs={"data-value": True})
    }
    told = {("Measured", when): measured for when, measured, _target in rows if measured}
    told |= {("Target", when): target for when, _measured, target in rows if target}
    assert {key: float(words.split()[0]) * 2 for key, words in told.items()} == drawn
    assert len(drawn) == 3 + 4
    assert "Measured last on 30 September 2026: 4.5 days." in page.text
    places = [float(one["cx"].rstrip("%")) for one in page.select("[data-series=Measured] circle")]
    assert places == sorted(places)
    assert "Days to answer" in world.browser().page("/projects/repairs").text


def test_a_lead_sets_a_measure_and_changes_it_after_the_go_ahead(
    client: CheckedClient, make: Factory, world: Any
) -> None:
    answer = client.send("/projects/repairs/measures/new", **FIRST | {"baseline": "about ten"})
    assert answer.status_code == 422
    assert "Give whole or half days" in said(answer)
    assert parsed(answer).find("input", attrs={"name": "baseline"})["value"] == "about ten"
    assert client.send("/projects/repairs/measures/new", **FIRST).status_code == 303
    page = client.page("/projects/repairs/measures")
    edit = next(link["href"] for link in page.find_all("a") if link["href"].endswith("/edit"))
    changed = {name: value for name, value in FIRST.items() if name not in ("kind", "unit")} | {"target": "5"}
    assert client.send(edit, **changed).status_code == 303
    text = world.browser().page("/projects/repairs/measures").text
    assert "The target was 4 days by 31 January 2027 and is 5 days by 31 January 2027 now." in text
    assert "After the go-ahead" not in text
    assert world.browser().get(edit).status_code == 303


def test_what_an_update_carries_is_asked_for_with_it(client: CheckedClient, make: Factory, world: Any) -> None:
    measure = make.measure(world.project, world.lead)
    field = f"measured-{measure.id}"
    path = "/projects/repairs/updates/new"
    typed = {"title": "News", "body": "It works.", field: "much"}
    answer = client.send(path, **typed, button=("step", "save"))
    assert answer.status_code == 422
    assert parsed(answer).find("input", attrs={"name": field})["value"] == "much"
    answer = client.send(path, **typed | {field: "4.5"}, button=("step", "save"))
    address = str(answer.location)
    assert "Days to answer: 4.5 days" in client.page(address).text
    assert client.page(f"{address}/edit").find("input", attrs={"name": field})["value"] == "4.5"
    assert client.send(f"{address}/edit", **{field: "4"}, button=("step", "save")).status_code == 303
    assert "4 days" not in world.browser().page("/projects/repairs/measures").text
    assert client.send(address, button=("x", "y")).status_code == 303
    assert "Measured last on" in world.browser().page("/projects/repairs/measures").text
    assert "Days to answer: 4 days" in world.browser().page(address).text


def test_a_partner_says_what_it_got_and_the_account_shows_it(client: CheckedClient, make: Factory, world: Any) -> None:
    measure = make.measure(world.project, world.lead, name="Saved", kind="benefit", unit="pounds", better="more")
    partner = make.council("Partnerby")
    officer, then = make.officer(partner), clock.now()
    make.pledge(make.need(world.project), partner, officer, status="accepted", authorised_at=then, accepted_at=then)
    browser = world.browser(officer, partner)
    path = f"/measures/{measure.id}/readings/new"
    assert browser.send(path, value="£1,200", read_on=["1", "2", "2026"]).status_code == 303
    page = browser.page("/projects/repairs/measures")
    assert "£1,200 a year" in page.text
    correct = next(link["href"] for link in page.find_all("a") if link["href"].endswith("/correct"))
    assert browser.send(correct, value="1500").status_code == 303
    assert browser.get(correct).status_code == 200
    assert browser.send(correct, value="1700").status_code == 409
    assert client.get(correct).status_code == 403
    page = world.browser().page("/projects/repairs/account")
    got = page.find("h2", id="got").find_parent("section")
    assert "£1,500" in got.find("th", string="Partnerby").find_parent("tr").text


def test_benefits_of_a_council_that_ended_are_its_successors(client: CheckedClient, make: Factory, world: Any) -> None:
    successor = make.council("Allby")
    for unit, values in (("pounds", (100_000, 50_000)), ("days", (7, 5))):
        measure = make.measure(world.project, world.lead, name=unit, kind="benefit", unit=unit, better="more")
        for name, value in zip(("Onceby", "Thenby"), values, strict=True):
            ended = make.council(f"{name} {unit}", is_active=False)
            make.reading(measure, make.officer(ended), ended, value=value)
            make.keep(
                CouncilSuccession(predecessor_id=ended.id, successor_id=successor.id, took_effect_on=clock.today())
            )
    page = client.page("/projects/repairs/account")
    got = page.find("h2", id="got").find_parent("section")

    assert "£1,500" in got.find("th", string="Allby").find_parent("tr").text
    assert "Onceby" not in got.text
    assert "1 council has 6 days a year of it." in client.page("/projects/repairs/measures").text


def test_a_project_that_cannot_be_seen_has_no_measures_page(client: CheckedClient, make: Factory, world: Any) -> None:
    for values in ({"status": "draft"}, {"is_hidden": True}, {"is_trial": True}):
        project = make.project(world.council, world.lead, **values)
        measure = make.measure(project, world.lead)
        address = project.slug or project.id
        assert world.browser().get(f"/projects/{address}/measures").status_code == 404
        assert client.get(f"/projects/{address}/measures").status_code == 200
        stranger = world.browser(make.officer(other := make.council()), other)
        assert stranger.get(f"/measures/{measure.id}/readings/new").status_code == 404


def test_a_measure_is_ended_after_asking_once(client: CheckedClient, make: Factory, world: Any) -> None:
    measure = make.measure(world.project, world.lead)
    assert client.send(f"/measures/{measure.id}/end").status_code == 303
    assert "No longer measured" in world.browser().page("/projects/repairs/measures").text
    assert "Days to answer" not in world.browser().page("/projects/repairs").text
