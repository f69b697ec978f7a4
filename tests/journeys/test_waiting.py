"""Two councils that wait for each other: asked for, checked, authorised, and both count.

Every page on the way is looked at: axe, no sideways scrolling at 320 px. With scripts and without.
"""

from datetime import timedelta

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser


@pytest.fixture
def need_path(site: Site) -> str:
    """A project with a need of time and one of funding, and two councils that could pledge."""
    make, password = site.make, {"password_hash": site.password_hash}
    lead = make.council("Northborough", domains=("northborough.example",))
    project = make.project(lead, make.officer(lead, **password), slug="repairs", title="One form for housing repairs")
    need = make.need(project, title="User research", target=40)
    make.need(project, "funding", title="Prototype hosting", target=1_500_000)
    for name in ("Eastmere", "Wexcombe"):
        domain = f"{name.lower()}.example"
        council = make.council(name, domains=(domain,))
        make.officer(council, address=f"officer@{domain}", **password)
        make.officer(council, Role.AUTHORISER, address=f"head@{domain}", **password)
    return f"/needs/{need.id}/pledges/new"


def offer_if_another_does(officer: Walker, address: str, need_path: str) -> str:
    """Offer five days if one other council is in; the path of the pledge."""
    officer.sign_in(address)
    officer.go(need_path)
    officer.fill("How many days does your council offer?", "5")
    officer.fill_day("From when?", clock.today())
    officer.fill_day("Until when?", clock.today() + timedelta(days=40))
    officer.page.get_by_text("Only if others join in").click()
    officer.look()
    officer.fill("At least how many other councils?", "1")
    officer.press("Ask for other councils as well")
    assert officer.page.get_by_label("At least how many other councils?", exact=True).first.input_value() == "1"
    officer.press("Check your answers")
    assert officer.sees("At least 1 other council is in")
    officer.press("Offer this pledge")
    return officer.page.url.removeprefix(officer.site.address)


def authorise(head: Walker, address: str, pledge_path: str) -> None:
    head.sign_in(address)
    head.go(pledge_path)
    head.press("Authorise")
    head.choose("Budget holder")
    head.press("Authorise")


def test_two_councils_that_wait_for_each_other_both_count(site, walkers, need_path: str) -> None:
    anybody = walkers()
    first = offer_if_another_does(walkers(), "officer@eastmere.example", need_path)
    authorise(walkers(), "head@eastmere.example", first)
    anybody.go(first)
    assert anybody.sees("It waits for 1 other council. None is in yet.")
    anybody.go("/projects/repairs")
    assert anybody.sees("Eastmere: 5 days, towards User research")
    second = offer_if_another_does(walkers(), "officer@wexcombe.example", need_path)
    authorise(walkers(), "head@wexcombe.example", second)
    anybody.go(first)
    assert anybody.sees("All of this holds, so the pledge counts.")
    anybody.go("/projects/repairs")
    assert anybody.sees("10 days pledged of 20 days.")
