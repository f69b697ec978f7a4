"""The pages about what a pledge waits for: asked with the offer, checked, shown on the pledge and on its project."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.models import PledgeCondition
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


def three(day: date) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)]


@dataclass
class Place:
    """A project of Leadham with two needs, and officers of York and of Hull who offer."""

    make: Factory
    client: CheckedClient
    lead: Officer
    york: Officer
    hull: Officer
    project: Project
    need: Need
    money: Need

    def as_(self, officer: Officer | None) -> CheckedClient:
        self.client.delete_cookie("session")
        if officer is not None:
            self.make.signed_in(self.client, officer)
        return self.client

    @property
    def path(self) -> str:
        return f"/needs/{self.need.id}/pledges/new"

    def answers(self, **values: Any) -> dict[str, Any]:
        today = clock.today()
        return {"amount": "5", "from_on": three(today), "to_on": three(today + timedelta(days=40))} | values

    def offered(self, officer: Officer, **values: Any) -> str:
        """Offer through the pages; the address of the pledge."""
        client = self.as_(officer)
        checked = client.send(self.path, button=("step", "check"), **self.answers(**values))
        made = client.send_form(parsed(checked).find("form", id="form"), self.path, ("step", "offer"))
        assert made.status_code == 303, said(made)
        return str(made.location)

    def authorise(self, address: str, officer: Officer) -> None:
        """Agree to a pledge, by an authoriser of the officer's council."""
        client = self.as_(self.authorisers[officer.id])
        assert client.send(f"{address}/authorise", capacity="budget-holder").status_code == 303

    @property
    def authorisers(self) -> dict[Any, Officer]:
        with self.make.session() as session:
            found = session.scalars(select(Officer).where(Officer.name.in_(("York Decides", "Hull Decides")))).all()
        by_name = {one.name.split()[0]: one for one in found}
        return {self.york.id: by_name["York"], self.hull.id: by_name["Hull"]}

    def conditions(self) -> list[PledgeCondition]:
        with self.make.session() as session:
            return list(session.scalars(select(PledgeCondition).order_by(PledgeCondition.position)))


@pytest.fixture
def place(make: Factory, client: CheckedClient) -> Place:
    lead_council = make.council("Leadham")
    lead = make.officer(lead_council)
    project = make.project(lead_council, lead, title="Shared repairs form", slug="shared-repairs-form")
    need = make.need(project, target=20, title="User research")
    money = make.need(project, "funding", target=500_000, title="Hosting")
    councils = [make.council("York", kind="unitary"), make.council("Hull", kind="unitary")]
    york, hull = (make.officer(council) for council in councils)
    for council in councils:
        make.officer(council, Role.AUTHORISER, name=f"{council.short_name} Decides")
    return Place(make, client, lead, york, hull, project, need, money)


def test_what_a_pledge_waits_for_is_asked_checked_and_kept(place: Place) -> None:
    client = place.as_(place.york)
    page = client.page(place.path)
    assert "Only if others join in" in page.text
    assert not page.find("details", id="waits-for").has_attr("open")
    checked = client.send(
        place.path, button=("step", "check"),
        **place.answers(
            councils_1="1", councils_of_1="unitary||", pounds_in_all="2,500", needs_met=[str(place.need.id)]
        ),
    )  # fmt: skip
    words = " ".join(parsed(checked).text.split())
    assert "At least 1 other unitary council is in" in words
    assert "At least £2,500 in all" in words
    assert "“User research” is met: 10 days" in words
    made = client.send_form(parsed(checked).find("form", id="form"), place.path, ("step", "offer"))
    assert made.status_code == 303
    kept = [(one.kind, one.at_least, one.of_kind, one.unit, one.need_id) for one in place.conditions()]
    assert kept == [
        ("councils", 1, "unitary", None, None),
        ("total", 250_000, None, "funding", None),
        ("need", 0, None, None, place.need.id),
    ]
    shown = client.page(made.location).text
    assert "Once it is authorised it counts while all of this holds" in shown
    assert "It waits for 1 other unitary council. None is in yet." in shown
    assert "This pledge included, “User research” has 5 days of 10 days; it waits for 5 days more." in shown


def test_another_row_asks_for_other_councils_as_well_and_nothing_typed_is_lost(place: Place) -> None:
    client = place.as_(place.york)
    again = client.send(
        place.path,
        button=("step", "another"),
        **place.answers(councils_1="1", councils_of_1="unitary||", amount="a lot"),
    )
    page = parsed(again)
    assert again.status_code == 200
    assert page.find(id="amount")["value"] == "a lot"
    assert page.find(id="councils_1")["value"] == "1"
    assert page.find(id="councils_2") is not None
    assert page.find("details", id="waits-for").has_attr("open")
    form = page.find("form", id="form")
    for number in (3, 4, 5):
        page = parsed(client.send_form(form, place.path, ("step", "another")))
        form = page.find("form", id="form")
        assert page.find(id=f"councils_{number}") is not None
    assert page.find("button", attrs={"value": "another"}) is None


@pytest.mark.parametrize(
    "given, status, words",
    [
        ({"councils_of_1": "county||"}, 422, "Say how many other councils"),
        ({"councils_1": "many"}, 422, "Give a whole number"),
        ({"councils_1": "0"}, 422, "Ask for 1 to 400 other councils."),
        ({"days_in_all": "5"}, 422, "Your council’s own pledge is enough for this."),
        ({"councils_1": "1", "councils_of_1": "county||"}, 409, "There are not so many such councils besides yours."),
        ({"councils_1": "1", "stands_until": ["1", "1", "2020"]}, 422, "The pledge can stand until a day from"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_where_it_was_typed(
    place: Place, given: dict[str, Any], status: int, words: str
) -> None:
    client = place.as_(place.york)
    refused = client.send(place.path, button=("step", "check"), **place.answers(**given))
    assert refused.status_code == status
    page = parsed(refused)
    assert words in page.select_one(".govuk-error-summary").text
    assert words in page.select_one("#waits-for .govuk-error-message").text
    assert place.conditions() == []


def test_going_back_to_change_an_answer_keeps_what_it_waits_for(place: Place) -> None:
    client = place.as_(place.york)
    until = clock.today() + timedelta(days=80)
    checked = client.send(
        place.path, button=("step", "check"),
        **place.answers(councils_1="1", needs_met=[str(place.money.id)], stands_until=three(until)),
    )  # fmt: skip
    again = client.send_form(parsed(checked).find("form", id="form"), place.path, ("step", "change"))
    page = parsed(again)
    assert page.find(id="councils_1")["value"] == "1"
    assert page.find("input", attrs={"name": "needs_met", "value": str(place.money.id)}).has_attr("checked")
    assert page.find(id="stands_until-year")["value"] == str(until.year)


def test_an_offer_that_waits_is_changed_on_its_page(place: Place) -> None:
    address = place.offered(place.york, councils_1="1", councils_of_1="unitary||", days_in_all="8")
    client = place.as_(place.york)
    page = client.page(f"{address}/change")
    assert page.find(id="councils_1")["value"] == "1"
    assert page.find(id="days_in_all")["value"] == "8"
    assert page.find("option", attrs={"value": "unitary||"}).has_attr("selected")
    form = page.find("form", id="form")
    another = client.send_form(form, f"{address}/change", ("step", "another"))
    assert parsed(another).find(id="councils_2") is not None
    assert len(place.conditions()) == 2
    done = client.send_form(form, f"{address}/change", ("step", "change"), days_in_all="", councils_of_1="")
    assert done.status_code == 303
    assert [(one.kind, one.at_least, one.of_kind) for one in place.conditions()] == [("councils", 1, None)]


def test_pledge_and_project_say_who_waits_how_near_it_is_and_what_would_follow(place: Place) -> None:
    first = place.offered(place.york, councils_1="1")
    place.authorise(first, place.york)
    second = place.offered(place.hull, councils_1="1")

    public = place.as_(None)
    waits = public.page(first).text
    assert "Until all of this holds the pledge waits" in waits
    assert "It waits for 1 other council. None is in yet." in waits
    project = public.page("/projects/shared-repairs-form").text
    assert "Pledges that wait for others" in project
    assert "York: 5 days, towards User research" in project
    assert "5 days, waits for others" in project
    assert "Waits for others" in place.as_(place.york).page("/councils/york/pledges").text
    assert "If Hull authorises" not in project

    place.as_(None)
    follows = "If Hull authorises its offer, the pledge of York begins to count."
    for who in (place.lead, place.hull):
        assert follows in place.as_(who).page("/projects/shared-repairs-form").text
        assert follows in place.as_(who).page(second).text
    assert follows not in place.as_(place.york).page("/projects/shared-repairs-form").text

    place.authorise(second, place.hull)
    both = place.as_(None).page(first).text
    assert "All of this holds, so the pledge counts." in both
    assert "1 other council is in, as it asks." in both
    assert "The pledge of 5 days from York towards User research counts now" in both
    assert "Pledges that wait for others" not in place.client.page("/projects/shared-repairs-form").text
