"""The desk and spare capacity in a real browser, with and without scripts: a council lists what it could give and
begins an offer with it; a coordinator introduces the two councils, and says what came of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

GIVER, LEAD, COORDINATOR = "officer@giverby.example", "lead@askham.example", "coordinator@pipeline.example"


@pytest.fixture
def places(site: Site) -> None:
    """Askham asks for a tester; Giverby has an officer who could help, who is its admin too."""
    make, password = site.make, {"password_hash": site.password_hash}
    ask, give = make.council("Askham"), make.council("Giverby")
    lead = make.officer(ask, address=LEAD, **password)
    make.officer(give, Role.COUNCIL_ADMIN, address=GIVER, **password)
    coordinator = make.officer(None, Role.COORDINATOR, address=COORDINATOR, **password)
    project = make.project(ask, lead, slug="shared-form", title="A shared form")
    make.need(project, title="Trying the form", profession="tester")
    make.failed_message(coordinator)


def list_spare(giver: Walker) -> None:
    """List days of a tester, with one wrong answer on the way."""
    giver.sign_in(GIVER)
    giver.go("/your-work")
    giver.follow("List spare capacity")
    assert giver.sees("Nothing listed")
    giver.follow("List officer time")
    giver.press("List it")
    assert giver.sees("Choose a profession from the list")
    giver.page.get_by_label("Whose time?", exact=True).select_option(label="Tester")
    giver.fill("How many days in all?", "6")
    giver.fill_day("From when?", clock.today())
    giver.fill_day("Until when?", clock.today() + timedelta(days=200))
    giver.press("List it")
    assert giver.sees("It is listed")


def test_spare_capacity_leads_to_an_offer_and_the_desk_to_an_introduction(
    walkers: Callable[[], Walker], places: None, site: Site
) -> None:
    giver, lead, coordinator = walkers(), walkers(), walkers()
    list_spare(giver)
    assert giver.sees("Needs you could help with")
    giver.follow("Offer it")
    assert giver.page.get_by_label("How many days does your council offer?", exact=True).input_value() == "6"
    giver.press("Check your answers")
    assert giver.sees("Check your answers")

    lead.sign_in(LEAD)
    lead.go("/projects/shared-form")
    lead.follow("Councils that could help")
    assert lead.sees("Giverby")

    coordinator.sign_in(COORDINATOR)
    coordinator.go("/coordination")
    coordinator.follow("Mail that could not be delivered")
    coordinator.press("Try again")
    assert coordinator.sees("We are trying it again")
    coordinator.go("/coordination")
    coordinator.follow("Spare capacity and what it fits")
    coordinator.follow("Introduce them")
    coordinator.press("Write to both")
    assert coordinator.sees("Write why they should talk to each other")
    coordinator.fill("Why should they talk?", "Giverby has a tester for six days.")
    coordinator.press("Write to both")
    assert coordinator.sees("Both councils are being written to")
    coordinator.choose("They talk")
    coordinator.press("Keep this")
    assert coordinator.sees("What came of it is kept")
    introduction = coordinator.page.url.removeprefix(site.address)
    coordinator.go("/coordination/introductions")
    for name in (
        "offers",
        "answers",
        "join-requests",
        "nearly-there",
        "needs",
        "quiet",
        "looking-for-lead",
        "unled",
        "reviews",
        "councils",
        "messages",
        "failed-events",
    ):
        coordinator.go(f"/coordination/lists/{name}")

    site.do_waiting_work()
    giver.go(introduction)
    assert giver.sees("Giverby has a tester for six days.")
    assert not giver.sees("What came of it?")
    giver.go("/spare-capacity")
    giver.press("No longer list it")
    assert giver.sees("It is no longer listed")
