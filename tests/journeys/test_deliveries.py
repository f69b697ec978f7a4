"""Committed pledges in a real browser, with and without scripts: recorded, disputed, answered, accounted."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges import actions
from pipeline.pledges.rules import Capacity, Offer
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD, OFFICER, COLLEAGUE = "lead@eastmere.example", "officer@northborough.example", "colleague@northborough.example"


@pytest.fixture
def pledge_path(site: Site) -> str:
    """Northborough has committed five days to a flexible project of Eastmere."""
    make, password = site.make, {"password_hash": site.password_hash}
    eastmere, northborough = make.council("Eastmere"), make.council("Northborough")
    lead = make.officer(eastmere, address=LEAD, **password)
    officer = make.officer(northborough, address=OFFICER, **password)
    authoriser = make.officer(northborough, Role.AUTHORISER)
    make.officer(northborough, address=COLLEAGUE, **password)
    project = make.project(eastmere, lead, mode="flexible", slug="repairs", title="One form for housing repairs")
    need = make.need(project, title="Talking to tenants")

    @contextmanager
    def acting(who: Any, council: Any, *roles: Role) -> Any:
        with site.app.app_context(), unit_of_work(make.actor(who, council, *roles)) as work:
            yield work

    today = clock.today()
    dates = {"sign_off_by": today + timedelta(days=20), "from_on": today, "to_on": today + timedelta(days=60)}
    with acting(officer, northborough) as work:
        pledge = actions.offer_pledge(work, need_id=need.id, offer=Offer(amount=10, **dates))
    with acting(authoriser, northborough, Role.AUTHORISER) as work:
        actions.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
    with acting(lead, eastmere) as work:
        actions.accept_pledge(work, pledge_id=pledge.id)
    return f"/pledges/{pledge.id}"


def test_a_delivery_is_recorded_disputed_corrected_and_agreed(walkers: Callable[[], Walker], pledge_path: str) -> None:
    colleague, lead = walkers(), walkers()
    colleague.sign_in(COLLEAGUE)
    colleague.go(pledge_path)
    colleague.press("Record a delivery")
    colleague.fill("How many days were given?", "3")
    colleague.fill("Note (optional)", "Two workshops")
    colleague.press("Record the delivery")
    assert colleague.sees("Waits for Eastmere to agree")

    lead.sign_in(LEAD)
    lead.go("/your-work")
    lead.follow("was 3 days delivered")
    lead.choose("No, it was less")
    lead.fill("If not, how many days were given?", "2")
    lead.press("Send the answer")
    assert lead.sees("Disputed: Eastmere says 2 days, and it counts at that")

    colleague.go(pledge_path)
    colleague.follow("Correct")
    colleague.fill("How many days were given?", "2.5")
    colleague.press("Record the correction")
    lead.go("/your-work")
    lead.follow("was 2.5 days delivered")
    lead.choose("Yes, we agree")
    lead.press("Send the answer")
    assert lead.sees("Agreed by both sides")
    lead.press("Let the council off the rest")
    lead.fill("Why do you let the council off the rest?", "We have what we need")
    lead.press("Let the council off the rest")
    assert lead.sees("We have what we need")

    reader = walkers()
    reader.go("/councils/northborough/account")
    assert reader.sees("Delivered 2.5 £0")
    reader.go("/projects/repairs/account")
    assert reader.sees("Northborough 2.5 2.5 2.5 0")


def test_a_council_answers_what_became_of_its_pledge(walkers: Callable[[], Walker], pledge_path: str) -> None:
    lead, officer = walkers(), walkers()
    lead.sign_in(LEAD)
    lead.go(pledge_path)
    lead.press("Say that it has not come")
    lead.press("Ask the council")
    officer.sign_in(OFFICER)
    officer.go("/your-work")
    officer.follow("has not come")
    officer.fill("What became of it, and when will it come?", "She begins in May")
    officer.press("Send the answer")
    lead.go(pledge_path)
    assert lead.sees("She begins in May")
