"""Notices in a real browser, with and without scripts: followed, told, read, muted, chosen, and ended by one click."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.cli.worker import sender_of
from pipeline.councils.models import Council
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.ids import new_id
from pipeline.notifications.digests import make_digests
from pipeline.notifications.models import Notice
from pipeline.pledges.actions import offer_pledge
from pipeline.pledges.rules import Offer
from pipeline.projects.models import Project
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD, AUTHORISER = "lead@eastmere.example", "authoriser@northborough.example"


@pytest.fixture
def offered(site: Site) -> None:
    """Eastmere leads a project; Northborough's officer has offered time, and its authoriser is to decide."""
    make, password = site.make, {"password_hash": site.password_hash}
    east, north = make.council("Eastmere"), make.council("Northborough")
    lead = make.officer(east, address=LEAD, **password)
    make.officer(north, Role.AUTHORISER, address=AUTHORISER, **password)
    officer = make.officer(north)
    project = make.project(east, lead, slug="repairs", title="One repairs form")
    need = make.need(project, title="Talking to tenants")
    today = clock.today()
    offer = Offer(
        amount=5, sign_off_by=today + timedelta(days=20), from_on=today, to_on=today + timedelta(days=60), message=""
    )
    actor = Actor(Channel.WEB, officer.id, north.id, frozenset({Role.MEMBER}))
    with site.app.app_context(), unit_of_work(actor) as work:
        offer_pledge(work, need_id=need.id, offer=offer)
    site.do_waiting_work()


def mail_to(site: Site, address: str) -> list[EmailMessage]:
    """Send what is due, and return the mail that was sent to an address, the oldest first."""
    sender = sender_of(site.app.config["SETTINGS"], threading.Event())
    assert sender is not None
    with site.app.app_context():
        while sender.send_due():
            pass
    files = sorted(Path(site.app.config["MAIL_FOLDER"]).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [one for one in read if isinstance(one, EmailMessage) and address in str(one["To"])]


def open_mail(walker: Walker, email: EmailMessage) -> None:
    """Open the HTML of a mail in the browser, as mail programs do: it has no scripts and asks for nothing."""
    html = email.get_body(("html",))
    assert html is not None
    content = str(html.get_content())
    assert "<img" not in content
    walker.page.set_content(content)
    walker.look()


def test_one_follows_is_told_reads_mutes_and_chooses(walkers: Callable[[], Walker], offered: None, site: Site) -> None:
    reader = walkers()
    reader.sign_in(AUTHORISER)
    reader.go("/your-work")
    assert reader.sees("What needs you")
    assert reader.sees("Authorise or refuse: 2.5 days, Talking to tenants")
    reader.follow("1 notice you have not read")
    assert reader.sees("An offer waits for your decision")
    reader.press("Mark all as read")
    assert not reader.sees("Not read yet")

    reader.go("/projects?theme=housing")
    reader.follow("Follow this search")
    reader.press("Follow")
    assert reader.sees("You follow it now")
    reader.go("/councils/eastmere")
    reader.follow("Follow this council")
    reader.press("Follow")
    reader.go("/notices")
    reader.press("Mute")
    assert reader.sees("You are told nothing of it any more")
    assert reader.sees("Housing")
    reader.page.locator("li", has_text="Housing").get_by_role("button", name="Stop following").click()
    assert reader.sees("You no longer follow it")
    reader.press("Tell me again")
    assert reader.sees("You are told of it again")
    reader.go("/your-work")
    assert reader.sees("Authorise or refuse")

    reader.go("/account")
    reader.follow("Which e-mails you get")
    reader.page.get_by_label("What waits for you", exact=True).select_option("Once a day, on working days")
    reader.page.get_by_label("Send nothing from", exact=True).select_option("19:00")
    reader.press("Save")
    assert reader.sees("Your choice is kept")
    assert reader.page.get_by_label("Send nothing from", exact=True).input_value() == "19"
    reader.go("/cy/account/notices")


def test_a_mail_and_a_digest_read_well_and_are_ended_without_signing_in(
    walkers: Callable[[], Walker], offered: None, site: Site
) -> None:
    reader = walkers()
    email = mail_to(site, AUTHORISER)[-1]
    open_mail(reader, email)
    link = re.search(r"/unsubscribe/\S+", str(email["List-Unsubscribe"]))
    assert link is not None
    reader.go(link.group().rstrip(">"))
    assert reader.sees("What waits for you")
    reader.press("Get no more of these e-mails")
    assert reader.sees("You get no more of these e-mails")

    lead = site.make.officer(address="reader@eastmere.example")
    with site.make.session() as session:
        project = session.scalars(select(Project)).one()
        council = session.get_one(Council, project.council_id)
    site.make.membership(lead, council)
    site.make.person(project, lead, council, role="lead")
    site.make.prefers(lead, part="daily")
    monday = datetime(2027, 1, 11, 9, tzinfo=UTC)
    site.make.keep(
        *(
            Notice(
                id=new_id(), officer_id=lead.id, council_id=council.id, key=str(new_id()), kind=kind, sort="part",
                about_type="project", about_id=project.id, payload={"project_id": str(project.id)},
                made_at=monday - timedelta(days=1),
            )
            for kind in ("project.new", "team.joined")
        )
    )  # fmt: skip
    with clock.at(monday):
        with site.app.app_context():
            make_digests()
        digest = mail_to(site, "reader@eastmere.example")[-1]
    text = str(digest.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert text.index("What moved") < text.index("New in what you follow")
    open_mail(reader, digest)
