"""A lesson in a real browser, with and without scripts: written in three prompts, pinned, published, used, answered."""

from collections.abc import Callable

import pytest

from tests.artefacts.factories import Shelf
from tests.journeys.conftest import Site, Walker
from tests.lessons.scene import TEXTS

pytestmark = pytest.mark.browser

LEAD, KEEPER, USER = "lead@northborough.example", "keeper@eastmere.example", "officer@wexcombe.example"


@pytest.fixture
def places(site: Site) -> None:
    """Northborough has a project, Eastmere a document of three versions, which Wexcombe uses."""
    make, password = site.make, {"password_hash": site.password_hash}
    north, east, wex = (make.council(one) for one in ("Northborough", "Eastmere", "Wexcombe"))
    lead, keeper = make.officer(north, address=LEAD, **password), make.officer(east, address=KEEPER, **password)
    make.officer(wex, address=USER, **password)
    make.project(north, lead, slug="answering", title="Answering people")
    home = make.project(east, keeper, slug="policies", title="Shared policies")
    Shelf(make).document(home, keeper, *TEXTS, slug="social-media", title="Social media policy")


def write(lead: Walker) -> str:
    """Write a draft from the library on; the path of its page."""
    lead.sign_in(LEAD)
    lead.go("/lessons")
    lead.follow("Write a lesson")
    lead.press("Keep as a draft")
    assert lead.sees("Give the lesson a title")
    lead.fill("What did you learn, in a sentence?", "Promise two days, not one")
    lead.fill("What did you do?", "We promised an answer **within a day**.")
    lead.fill("What happened?", "It held for a week.")
    lead.fill("What would you do differently?", "Promise two working days.")
    lead.choose("It partly worked")
    first = lead.page.get_by_role("group", name="Measure 1 (optional)")
    for label, text in (("What did you measure?", "Answered in time"), ("Before", "20"), ("After", "80")):
        first.get_by_label(label, exact=True).fill(text)
    first.get_by_label("Counted in (optional)", exact=True).fill("%")
    lead.press("Add another measure")
    second = lead.page.get_by_role("group", name="Measure 2 (optional)")
    second.get_by_label("What did you measure?", exact=True).fill("Complaints")
    second.get_by_label("After", exact=True).fill("lots")
    lead.press("Keep as a draft")
    assert lead.sees("Give a number, for example 12.5")
    second.get_by_label("After", exact=True).fill("3")
    lead.press("Preview")
    assert lead.sees("Up by 60 percentage points")
    lead.press("Keep as a draft")
    assert lead.sees("Your draft is kept")
    return lead.page.url.removeprefix(lead.site.address)


def test_a_lesson_is_written_pinned_published_used_and_answered(
    walkers: Callable[[], Walker], places: None, site: Site
) -> None:
    anybody, lead = walkers(), walkers()
    anybody.go("/lessons")
    assert anybody.sees("No lesson is published yet")
    draft = write(lead)
    anybody.page.goto(draft)
    assert anybody.sees("There is nothing here that you can see")
    lead.follow("Pin it to a shared document")
    lead.fill("Words of its title, or its council", "social")
    lead.press("Find")
    lead.follow("Social media policy")
    lead.follow("1", 0)
    lead.choose("Answer within a day.")
    lead.press("Pin it")
    assert lead.sees("The lesson is pinned")
    lead.press("Publish")
    assert lead.sees("Raised on version 1, not yet answered")

    user, keeper = walkers(), walkers()
    user.sign_in(USER)
    user.go("/lessons?q=promise&outcome=partly")
    user.follow("Promise two days, not one")
    user.press("We used this")
    user.fill("What did you use it for? (optional)", "For our own promise.")
    user.press("We used this")
    assert user.sees("Used by 1 council")

    keeper.sign_in(KEEPER)
    keeper.go("/documents/social-media")
    keeper.follow("Promise two days, not one")
    keeper.follow("Reply to this lesson")
    keeper.fill("Your reply", "Thank you: version 2 says two days.")
    keeper.press("Save the reply")
    keeper.follow("Mark the version that answers it")
    keeper.choose("Version 2")
    keeper.press("Save")
    anybody.go("/lessons/promise-two-days-not-one")
    assert anybody.sees("Raised on version 1, answered by version 2")
    assert anybody.sees("Thank you: version 2 says two days.")
    assert anybody.sees("For our own promise.")
    anybody.go("/documents/social-media/compare?from=1&to=2")
    assert anybody.sees("Lessons these changes answer")
    anybody.go("/projects/answering")
    assert anybody.sees("Promise two days, not one")


def test_a_long_lesson_fits_a_telephone_and_paper(walkers: Callable[[], Walker], site: Site, places: None) -> None:
    reader, lead = walkers(), walkers()
    path = write(lead)
    lead.page.emulate_media(media="print")
    lead.look()
    assert not lead.page.get_by_role("link", name="Edit", exact=True).is_visible()
    assert lead.page.get_by_text("It held for a week.").is_visible()
    lead.page.emulate_media(media="screen")
    lead.go(f"{path}/delete")
    lead.press("Delete this draft")
    reader.go("/cy/lessons")
