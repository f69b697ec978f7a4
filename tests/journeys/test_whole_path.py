"""The whole path: an officer posts, another council's pledges, it is authorised and accepted, news is published.

Every page on the way is looked at: axe, no sideways scrolling at 320 px, a clean console. Once as usual and once with
every script refused; on SQLite and on PostgreSQL.
"""

import json
import urllib.request
from datetime import timedelta

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.journeys.conftest import Walker

pytestmark = pytest.mark.browser


def ask(address: str) -> dict:
    """What the API answers."""
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - the test's own site
        return json.load(answer)


@pytest.fixture
def people(site):
    """Two councils: one that will post, one that will pledge."""
    make = site.make
    posting, pledging = (
        make.council("Northborough", domains=("northborough.example",)),
        make.council("Eastmere", domains=("eastmere.example",)),
    )
    password = {"password_hash": site.password_hash}
    make.officer(posting, address="lead@northborough.example", job_title="Service manager", **password)
    make.officer(pledging, address="officer@eastmere.example", job_title="Digital officer", **password)
    make.officer(pledging, Role.AUTHORISER, address="head@eastmere.example", job_title="Head of service", **password)


def test_from_a_problem_to_a_published_update(site, walkers, people) -> None:
    lead, officer, head, anybody = walkers(), walkers(), walkers(), walkers()
    slug = post_a_project(lead)
    pledge_path = offer_days(officer, slug)
    authorise(head, pledge_path)
    accept(lead, pledge_path)
    publish_news(lead, slug)
    read_it(anybody, site.address, slug)


def post_a_project(lead: Walker) -> str:
    lead.sign_in("lead@northborough.example")
    lead.go("/projects/new")
    lead.fill("What is the project called?", "One form for housing repairs")
    lead.press("Keep as a draft and go on")
    lead.fill("Summary", "A repairs form that any landlord council can run.")
    lead.fill("The problem", "Tenants ring because the form asks for words they do not use.")
    lead.choose("Housing")
    lead.choose("Discovery")
    lead.press("Save")
    draft = lead.page.url.removeprefix(lead.site.address).split("/edit")[0]
    terms = clock.today() + timedelta(days=90)
    lead.go(f"{draft}/edit/terms")
    lead.choose("Still to come: we want others to join before it starts")
    lead.choose("All or nothing: nobody is bound until enough is agreed")
    lead.fill_day("All or nothing: by which date is it decided?", terms)
    lead.press("Save")
    add_need(
        lead, draft, "Officer time", "A user researcher", **{"Whose time?": "User researcher", "How many days?": "20"}
    )
    add_need(lead, draft, "Funding", "Prototype hosting", **{"How much, in pounds?": "15,000"})
    lead.go(f"{draft}/publish")
    lead.press("Publish")
    assert lead.sees("Open for pledges")
    return lead.page.url.rsplit("/", 1)[1].split("?")[0]


def add_need(lead: Walker, draft: str, kind: str, title: str, **answers: str) -> None:
    lead.go(f"{draft}/needs/new")
    lead.follow(kind)
    lead.fill("In a few words, what do you need?", title)
    for label, answer in answers.items():
        field = lead.page.get_by_label(label, exact=True)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=answer)
        else:
            field.fill(answer)
    lead.choose("This is essential")
    lead.press("Add the need")


def offer_days(officer: Walker, slug: str) -> str:
    officer.sign_in("officer@eastmere.example")
    officer.go(f"/projects/{slug}")
    officer.page.locator("a[href*='/pledges/new']").first.click()
    officer.look()
    officer.fill("How many days does your council offer?", "5.5")
    start = clock.today() + timedelta(days=14)
    officer.fill_day("From when?", start)
    officer.fill_day("Until when?", start + timedelta(days=60))
    officer.press("Check your answers")
    assert officer.sees("5.5 days")
    officer.press("Offer this pledge")
    return officer.page.url.removeprefix(officer.site.address).split("?")[0]


def authorise(head: Walker, pledge_path: str) -> None:
    head.sign_in("head@eastmere.example")
    head.go("/your-work")
    head.go(f"{pledge_path}/authorise")
    head.choose("Budget holder")
    head.press("Authorise")
    assert head.sees("Authorised")


def accept(lead: Walker, pledge_path: str) -> None:
    lead.go(f"{pledge_path}/accept")
    lead.press("Accept")
    assert lead.sees("Accepted")


def publish_news(lead: Walker, slug: str) -> None:
    lead.go(f"/projects/{slug}/updates/new")
    lead.fill("Title", "What twelve tenants told us")
    lead.fill("What is new?", "We listened to **twelve** tenants.")
    lead.press("Preview")
    assert lead.page.locator("strong", has_text="twelve").count() == 1
    lead.press("Keep as a draft")
    lead.press("Publish")
    assert lead.sees("twelve tenants")


def read_it(anybody: Walker, address: str, slug: str) -> None:
    anybody.go("/projects")
    anybody.follow("One form for housing repairs")
    assert anybody.sees("5.5 days")
    assert anybody.sees("Eastmere")
    assert anybody.sees("What twelve tenants told us")
    assert anybody.context.cookies() == []
    project = ask(f"{address}/api/v1/projects/{slug}")["data"]
    time, money = project["needs"]
    assert (time["held"], time["pledged"], time["agreed"], time["target"]) == (11, 11, 11, 40)
    assert (money["kind"], money["target"], money["pledged"]) == ("funding", 1_500_000, 0)
    (pledge,) = ask(f"{address}/api/v1/pledges?project={slug}")["data"]
    assert (pledge["status"], pledge["half_days"], pledge["council"]["slug"]) == ("accepted", 11, "eastmere")
    names = [event["type"] for event in ask(f"{address}/api/v1/events")["data"] if event["project"]]
    assert names[0] == "project.published"
    assert {"pledge.authorised", "pledge.accepted", "update.published"} <= set(names)
    assert "pledge.offered" not in names
