"""From the home page to a project worth joining in one's own theme and region, and to offering, in a real browser at
both widths, with and without scripts; then what the work measures, set by its lead and read by everybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.kernel import clock
from pipeline.portfolios.index import rebuild_portfolios
from tests.artefacts.factories import Shelf
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD, OFFERER = "lead@northam.example", "officer@southam.example"


@pytest.fixture
def places(site: Site) -> None:
    """Northam, in the North East, asks for a tester for homes; others ask for other things elsewhere."""
    make, password = site.make, {"password_hash": site.password_hash}
    north, south = make.council("Northam", region="North East"), make.council("Southam")
    lead = make.officer(north, address=LEAD, **password)
    make.officer(south, address=OFFERER, **password)
    wanted = make.project(north, lead, slug="repairs", title="One form for repairs")
    make.need(wanted, title="Trying the form", profession="tester")
    for theme in ("housing", "planning"):
        make.need(make.project(south, title=f"Another about {theme}", themes=(theme,)))
    make.lesson(wanted, lead, north, title="Ring first")
    with make.app.app_context():
        rebuild_portfolios()
    shelf = Shelf(make)
    used = shelf.document(wanted, lead, "Be kind.", title="A policy", slug="policy")
    with make.session() as session:
        session.get_one(type(used.artefact), used.artefact.id).adoptions = 2


def test_one_gets_from_the_home_page_to_an_offer_in_ones_own_theme_and_region(
    walkers: Callable[[], Walker], places: None
) -> None:
    visitor = walkers()
    visitor.go("/")
    assert visitor.sees("Most adopted documents")
    visitor.follow("Work by theme")
    visitor.follow("Housing")
    assert visitor.sees("Ring first")
    visitor.follow("North East")
    assert visitor.sees("1 project")
    visitor.follow("One form for repairs")
    visitor.press("Pledge officer time")
    assert visitor.sees("Sign in")
    visitor.go("/")
    visitor.page.get_by_label("Theme", exact=True).select_option(label="Housing")
    visitor.page.get_by_label("Region", exact=True).select_option(label="North East")
    visitor.press("Find projects")
    assert visitor.sees("One form for repairs")
    visitor.go("/places")
    visitor.follow("North East")
    visitor.follow("Housing")
    assert visitor.sees("One form for repairs")


def test_a_new_member_gets_there_from_their_own_area_by_keyboard(walkers: Callable[[], Walker], places: None) -> None:
    member = walkers()
    member.sign_in(LEAD)
    member.page.set_viewport_size({"width": 320, "height": 640})
    member.go("/")
    for name in ("North East", "Housing", "One form for repairs"):
        member.page.get_by_role("link", name=name, exact=True).first.focus()
        with member.page.expect_navigation():
            member.page.keyboard.press("Enter")
    assert member.page.url.endswith("/projects/repairs")


def test_a_lead_sets_a_measure_and_everybody_reads_where_it_stands(walkers: Callable[[], Walker], places: None) -> None:
    lead, today = walkers(), clock.today()
    lead.sign_in(LEAD)
    lead.go("/projects/repairs")
    lead.follow("Add a measure")
    lead.press("Save")
    assert lead.sees("Say what is measured")
    lead.fill("What is measured?", "Days to answer")
    lead.page.get_by_label("What is it counted in?", exact=True).select_option(label="Days")
    lead.choose("Less is better")
    lead.fill("Baseline: where it was before (optional)", "10")
    lead.fill_day("On which day was that?", today - timedelta(days=60))
    lead.fill("Target: where it should come (optional)", "4.5")
    lead.fill_day("By which day?", today + timedelta(days=60))
    lead.press("Save")
    lead.follow("Record what was measured")
    lead.fill("What was measured?", "7")
    lead.press("Record it")
    assert lead.sees("Everybody who sees the project can read it")
    lead.go("/projects/repairs/updates/new")
    lead.fill("Title", "It goes faster")
    lead.fill("What is new?", "Twelve tenants have tried it.")
    lead.fill("Days to answer (Days)", "6")
    lead.press("Keep as a draft")
    assert lead.sees("Days to answer: 6 days")
    lead.press("Publish")
    visitor = walkers()
    visitor.go("/projects/repairs/measures")
    assert visitor.sees("The target is 4.5 days")
    assert visitor.page.locator("svg [data-series=Measured]").count() == 2
    visitor.follow("What each council gave and got")
    assert visitor.sees("What each council got")
