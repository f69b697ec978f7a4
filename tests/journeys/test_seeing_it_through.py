"""From a promise that waits for others to what was given; interest and its answer; somebody named by e-mail decides.

Every page on the way is looked at: axe, no sideways scrolling at 320 px, a clean console. With scripts and without.
"""

import re
import threading
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.cli.worker import sender_of
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.actions import accept_pledge, authorise_pledge, offer_pledge
from pipeline.pledges.rules import Capacity, Offer
from pipeline.projects.models import Need, Project
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser


@dataclass
class Scene:
    """Northborough's project asks for ten days and for one other council; Eastmere and Wexcombe have officers."""

    site: Site
    project: Project
    need: Need
    lead: Officer
    northborough: Council

    @property
    def path(self) -> str:
        return f"/projects/{self.project.slug}"

    def pledge_of_wexcombe(self) -> None:
        """Another council's five days, accepted: they wait for nothing."""
        make = self.site.make
        council = make.council("Wexcombe")
        officer, head = make.officer(council), make.officer(council, Role.AUTHORISER)
        today = clock.today()
        offer = Offer(amount=10, sign_off_by=today, from_on=today, to_on=today + timedelta(days=30))
        acts: list[tuple[Any, Any]] = [
            (make.actor(officer, council), lambda work: offer_pledge(work, need_id=self.need.id, offer=offer)),
            (
                make.actor(head, council, Role.AUTHORISER),
                lambda work: authorise_pledge(work, pledge_id=offered.id, capacity=Capacity.BUDGET_HOLDER),
            ),
            (make.actor(self.lead, self.northborough), lambda work: accept_pledge(work, pledge_id=offered.id)),
        ]
        offered: Any = None
        with self.site.app.app_context():
            for actor, act in acts:
                with unit_of_work(actor) as work:
                    offered = act(work)


@pytest.fixture
def scene(site: Site) -> Scene:
    make, password = site.make, {"password_hash": site.password_hash}
    council = make.council("Northborough", domains=("northborough.example",))
    lead = make.officer(council, address="lead@northborough.example", **password)
    project = make.project(council, lead, slug="repairs", title="One form for housing repairs", least_councils=2)
    need = make.need(project, title="User research", target=20, is_essential=True)
    eastmere = make.council("Eastmere", domains=("eastmere.example",))
    make.officer(eastmere, address="officer@eastmere.example", **password)
    make.officer(eastmere, Role.AUTHORISER, address="head@eastmere.example", **password)
    return Scene(site, project, need, lead, council)


def offer_five_days(officer: Walker, need: Need, *, is_waiting: bool) -> str:
    """Offer five days, only if one other council is in if it waits; the path of the pledge."""
    officer.sign_in("officer@eastmere.example")
    officer.go(f"/needs/{need.id}/pledges/new")
    officer.fill("How many days does your council offer?", "5")
    officer.fill_day("From when?", clock.today())
    officer.fill_day("Until when?", clock.today() + timedelta(days=40))
    if is_waiting:
        officer.page.get_by_text("Only if others join in").click()
        officer.fill("At least how many other councils?", "1")
    officer.press("Check your answers")
    officer.press("Offer this pledge")
    return officer.page.url.removeprefix(officer.site.address)


def test_from_a_promise_that_waits_for_others_to_days_that_both_sides_agree(walkers: Any, scene: Scene) -> None:
    officer, head, lead, anybody = walkers(), walkers(), walkers(), walkers()
    pledge = offer_five_days(officer, scene.need, is_waiting=True)
    head.sign_in("head@eastmere.example")
    head.go(pledge)
    head.press("Authorise")
    head.choose("Budget holder")
    head.press("Authorise")
    anybody.go(pledge)
    assert anybody.sees("It waits for 1 other council.")

    scene.pledge_of_wexcombe()
    lead.sign_in("lead@northborough.example")
    lead.go(scene.path)
    assert lead.sees("it passes")
    lead.go(pledge)
    lead.press("Accept")
    lead.press("Accept")
    lead.go(scene.path)
    lead.page.locator("a[href$='/go-ahead']").first.click()
    lead.look()
    lead.press("Give the go-ahead")
    assert lead.sees("The project is going ahead.")
    anybody.go(pledge)
    assert anybody.sees("Committed")

    officer.go(pledge)
    officer.page.locator("a[href$='/deliver']").first.click()
    officer.look()
    officer.press("Record the delivery")
    assert officer.sees("Say how many days were given")
    officer.fill("How many days were given?", "2.5")
    officer.fill_day("On which day?", clock.today())
    officer.press("Record the delivery")
    assert officer.sees("Waits for Northborough to agree.")
    lead.go("/your-work")
    assert lead.sees("was 2.5 days delivered")
    lead.go(pledge)
    lead.page.locator("a[href*='/deliveries/']").first.click()
    lead.look()
    lead.choose("Yes, we agree")
    lead.press("Send the answer")
    assert lead.sees("Agreed by both sides")
    anybody.go(f"{scene.path}/account")
    assert anybody.sees("2.5")


def test_interest_is_shown_answered_and_read(walkers: Any, scene: Scene) -> None:
    officer, lead, anybody = walkers(), walkers(), walkers()
    officer.sign_in("officer@eastmere.example")
    officer.go(scene.path)
    officer.follow("We have this problem too")
    officer.look()
    assert officer.page.get_by_label("We have this problem too").is_checked()
    officer.fill("A message to the leads", "Our tenants ring about the same four words.")
    officer.choose("Show my council’s name")
    officer.press("Tell the leads")
    interest = officer.page.url.removeprefix(officer.site.address)
    anybody.go(scene.path)
    assert anybody.sees("1 council has this problem too: Eastmere")
    assert not anybody.sees("the same four words")

    lead.sign_in("lead@northborough.example")
    lead.go("/your-work")
    lead.page.locator("a[href*='/interests/']").first.click()
    lead.look()
    assert lead.sees("the same four words")
    lead.page.locator("a[href$='/answer']").first.click()
    lead.look()
    lead.fill("Your answer", "Which four? Ours are on the page of the project.")
    lead.press("Send the answer")
    officer.go(interest if "/interests/" in interest else "/your-work")
    if "/interests/" not in interest:
        officer.page.locator("a[href*='/interests/']").first.click()
        officer.look()
    assert officer.sees("Which four?")


def newest_letter(site: Site, to: str) -> str:
    """The text of the newest letter to an address, as it stands on the demonstration's page of mail."""
    with site.app.app_context():
        sender = sender_of(site.app.config["SETTINGS"], threading.Event())
        assert sender is not None
        while sender.send_due():
            pass
    files = sorted(Path(site.app.config["MAIL_FOLDER"]).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    body = [letter for letter in letters if to in str(letter["To"])][-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_somebody_named_by_e_mail_authorises_with_a_code(walkers: Any, scene: Scene) -> None:
    officer, named, anybody = walkers(), walkers(), walkers()
    pledge = offer_five_days(officer, scene.need, is_waiting=False)
    officer.go(f"{pledge}/ask")
    officer.fill("Their work e-mail address", "finance@eastmere.example")
    officer.press("Ask them")
    assert officer.sees("The code must not reach a whole team.")
    officer.fill("Their work e-mail address", "carol.trewin@eastmere.example")
    officer.press("Ask them")

    letter = newest_letter(scene.site, "carol.trewin@eastmere.example")
    link = re.search(r"https?://\S*/authorise/\S+", letter)
    assert link, letter
    named.go(link[0])
    assert named.sees("5 days")
    named.press("Send me the code")
    letter = newest_letter(scene.site, "carol.trewin@eastmere.example")
    code = re.search(r"\b(\d{4} ?\d{4})\b", letter)
    assert code, letter
    decide(named, "00000000")
    assert named.sees("This code is not the right one")
    decide(named, code[1])
    assert named.sees("Your decision is recorded")

    anybody.go(pledge)
    assert anybody.sees("Head of service or director")
    assert not anybody.sees("Trewin")
    officer.go(pledge)
    assert officer.sees("Carol Trewin")
    named.go(link[0])
    assert named.sees("This link does nothing more.")


def decide(named: Walker, code: str) -> None:
    """Say yes, with a code."""
    named.fill("The code from the e-mail", code)
    named.fill("Your name", "Carol Trewin")
    named.fill("Your job title", "Head of customer services")
    named.choose("Yes, I authorise it")
    named.choose("Head of service or director")
    named.choose("I have the authority in my council to agree to this pledge")
    named.press("Send my decision")


def test_an_admin_puts_up_a_limit_that_officers_read_when_they_offer(walkers: Any, scene: Scene) -> None:
    make, password = scene.site.make, {"password_hash": scene.site.password_hash}
    with scene.site.app.app_context():
        eastmere = database.session.scalars(select(Council).where(Council.slug == "eastmere")).one()
    make.officer(eastmere, Role.COUNCIL_ADMIN, address="admin@eastmere.example", **password)
    admin, officer = walkers(), walkers()
    admin.sign_in("admin@eastmere.example")
    admin.go("/councils/eastmere/settings")
    admin.page.locator("a[href$='/settings/signposts']").first.click()
    admin.look()
    admin.page.get_by_role("button", name="Add a signpost").click()
    admin.look()
    admin.choose("Time of officers")
    admin.fill("Or a number of days (optional)", "5")
    admin.press("Add")
    assert admin.sees("Write the sentence the council will read")
    admin.fill("What should the council read?", "From five days on the head of paid service decides.")
    admin.fill("Where does it come from?", "Our constitution, part 3")
    admin.fill("The address of the source", "https://eastmere.example/constitution")
    admin.press("Add")
    assert admin.sees("The signpost is up.")
    pledge = offer_five_days(officer, scene.need, is_waiting=False)
    assert officer.sees("From five days on the head of paid service decides.")
    admin.go(pledge)
    assert admin.sees("Worth knowing in your council")
    admin.go("/councils/eastmere/settings/signposts")
    admin.page.locator("a[href$='/end']").first.click()
    admin.look()
    admin.press("End it")
    assert admin.sees("Ended on")
