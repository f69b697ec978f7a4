"""In a real browser, with and without scripts: something is said, mentioned in, reported, hidden, gone and back again;
and people write to each other without an address."""

from collections.abc import Callable

import pytest

from pipeline.kernel.actor import Role
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD, OTHER, COORDINATOR = "lead@northborough.example", "officer@eastmere.example", "coordinator@pipeline.example"


@pytest.fixture
def news(site: Site) -> str:
    """Northborough has a project with an update, whose lead chose to be named; the path of the update."""
    make, password = site.make, {"password_hash": site.password_hash}
    north, east = make.council("Northborough"), make.council("Eastmere")
    lead = make.officer(north, address=LEAD, name="Nia Named", is_named=True, **password)
    make.officer(east, address=OTHER, **password)
    make.officer(None, Role.COORDINATOR, address=COORDINATOR, **password)
    project = make.project(north, lead, slug="answering", title="Answering people")
    return f"/updates/{make.update(project, lead, north, title='Twelve tenants have tried it').id}"


def test_a_comment_mentions_somebody_and_is_edited_and_taken_back(
    walkers: Callable[[], Walker], news: str, site: Site
) -> None:
    other, lead = walkers(), walkers()
    other.sign_in(OTHER)
    other.go(news)
    assert other.sees("Nobody has commented yet")
    other.press("Write a comment")
    other.press("Send the comment")
    assert other.sees("Write your comment")
    other.fill("Your comment", "May we **try** it too?")
    other.page.get_by_label("Mention somebody").select_option(label="Nia Named, Northborough")
    other.press("Send the comment")
    assert other.sees("To: Nia Named, Northborough")
    other.follow("Edit")
    other.fill("Your comment", "May we try it in May?")
    other.press("Save")
    assert other.sees("May we try it in May?")

    site.do_waiting_work()
    lead.sign_in(LEAD)
    lead.go(news)
    lead.look()
    assert lead.sees("May we try it in May?")
    other.follow("Take it back")
    other.press("Take it back")
    lead.go(news)
    assert lead.sees("Nobody has commented yet")


def test_what_is_reported_is_hidden_gone_and_brought_back(walkers: Callable[[], Walker], news: str, site: Site) -> None:
    anybody, coordinator, lead = walkers(), walkers(), walkers()
    anybody.go(news)
    anybody.follow("Report this page")
    anybody.look()
    anybody.choose("It tells something about a person that should not be public")
    anybody.fill("Tell us more", "The second tenant is my neighbour.")
    anybody.press("Send the report")
    assert anybody.sees("Your report is sent")

    coordinator.sign_in(COORDINATOR)
    coordinator.go("/coordination")
    coordinator.follow("1 report waits")
    coordinator.look()
    coordinator.follow("Twelve tenants have tried it")
    coordinator.look()
    assert coordinator.sees("The second tenant is my neighbour.")
    coordinator.press("Hide it")
    coordinator.press("Hide it")
    assert coordinator.sees("Give a reason")
    coordinator.fill("Why?", "A tenant can be known by it.")
    coordinator.press("Hide it")
    assert coordinator.sees("Nothing waits")

    anybody.page.goto(f"{site.address}{news}")
    assert anybody.sees("There is nothing here that you can see")
    lead.sign_in(LEAD)
    lead.go(news)
    assert lead.sees("Why: A tenant can be known by it.")
    lead.look()
    coordinator.follow("What is hidden")
    coordinator.look()
    coordinator.follow("Bring it back")
    coordinator.fill("Why?", "The names are out.")
    coordinator.press("Bring it back")
    anybody.go(news)
    assert anybody.sees("Twelve tenants have tried it")


def test_people_write_to_each_other_and_to_the_coordinators(
    walkers: Callable[[], Walker], news: str, site: Site
) -> None:
    other, anybody = walkers(), walkers()
    other.sign_in(OTHER)
    other.go("/projects/answering")
    other.follow("Write to the leads")
    other.look()
    other.fill("Your message", "May we see how you did it?")
    other.press("Send the message")
    assert other.sees("Your message is on its way")
    anybody.go("/contact")
    anybody.look()
    anybody.fill("Your message", "The page of my council is out of date.")
    anybody.fill("Your e-mail address, if you want an answer", "nonsense")
    anybody.press("Send the message")
    assert anybody.sees("Give an e-mail address like")
    anybody.fill("Your e-mail address, if you want an answer", "reader@elsewhere.example")
    anybody.press("Send the message")
    assert anybody.sees("The coordinators read it")
