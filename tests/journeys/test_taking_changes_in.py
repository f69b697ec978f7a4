"""A policy goes from one council to another and back in a real browser, with and without scripts: adapted, the
original's changes taken in with a clash, a change suggested, accepted and published."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.artefacts.factories import Made, Shelf
from tests.artefacts.taking import ONE, TWO
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD, OFFICER = "lead@northborough.example", "officer@eastmere.example"
TABLE = "## Hours\n\n| Day | Open |\n|---|---|\n| Monday | nine to five |\n| Tuesday | ten to four |\n"


@pytest.fixture
def model(site: Site) -> Made:
    """Northborough keeps a policy of one version; Eastmere has an officer with a project."""
    make, shelf = site.make, Shelf(site.make)
    northborough, eastmere = make.council("Northborough"), make.council("Eastmere")
    lead = make.officer(northborough, address=LEAD, password_hash=site.password_hash)
    officer = make.officer(eastmere, address=OFFICER, password_hash=site.password_hash)
    make.project(eastmere, officer, title="Ours")
    project = make.project(northborough, lead)
    made = shelf.document(project, lead, ONE + "\n" + TABLE, slug="model", title="Model policy")
    site.lead = lead  # type: ignore[attr-defined]
    return made


def publish(walker: Walker, words: str = "Publish version") -> None:
    """Publish the draft one stands on."""
    walker.follow("Publish as version")
    walker.fill("What is new in this version?", "What the other council said better.")
    walker.page.get_by_label("Smaller: wording").check()
    walker.press(words)


def test_a_policy_goes_to_another_council_and_a_change_comes_back(
    walkers: Callable[[], Walker], site: Site, model: Made
) -> None:
    officer, lead = walkers(), walkers()
    officer.sign_in(OFFICER)
    officer.go("/documents/model")
    officer.follow("Adapt it for your council")
    officer.fill("What will your document be called?", "Our policy")
    officer.press("Make a copy")
    officer.follow("Write")
    text = officer.page.get_by_label("Text", exact=True)
    ours = text.input_value().replace("to everybody.", "to everybody in Eastmere.")
    text.fill(ours.replace("Say thank you.", "Say thank you.\n\nSay goodbye."))
    officer.press("Save")
    publish(officer)

    shelf: Any = Shelf(site.make)
    newer = TWO + "\n" + TABLE.replace("ten to four", "ten to six")
    shelf.publish(model, site.lead, newer)  # type: ignore[attr-defined]
    officer.go("/documents/our-policy")
    assert officer.sees("The original has a newer version.")
    officer.follow("See what changed, and take it in")
    officer.follow("See what changed since version 1")
    assert officer.sees("2 paragraphs changed")
    officer.follow("Show side by side")
    officer.follow("Show the whole text")
    officer.go("/documents/our-policy/merge")
    officer.press("Take in version 2")
    assert officer.sees("0 of 1 decided")
    officer.press("Put it into a draft")
    assert officer.sees("Choose what to do with change 1.")
    officer.choose("Write it together")
    officer.page.locator("fieldset.clash textarea").fill("Be kind to everybody in Eastmere, always.")
    officer.press("Save and come back later")
    assert officer.sees("1 of 1 decided")
    officer.press("Put it into a draft")
    assert officer.sees("This stands in a draft now.")
    publish(officer)
    officer.go("/documents/our-policy")
    assert officer.sees("Be kind to everybody in Eastmere, always.")
    assert officer.sees("ten to six")
    assert not officer.sees("The original has a newer version.")

    officer.follow("Suggest a change to the original")
    officer.press("Send the suggestion")
    assert officer.sees("Choose at least one change")
    officer.page.get_by_role("checkbox").last.check()
    officer.fill("Why should the original say this?", "Residents notice.")
    officer.press("Preview")
    assert officer.sees("Nothing is sent yet")
    officer.press("Send the suggestion")
    assert officer.sees("Waits for an answer")

    lead.sign_in(LEAD)
    lead.go("/your-work")
    lead.follow("Eastmere: a change to version 2")
    assert lead.sees("It fits into version 2 as it stands.")
    lead.press("Edit and accept")
    lead.go("/documents/model/suggestions")
    lead.follow("Eastmere: a change to version 2")
    lead.follow("Decline it")
    lead.press("Decline")
    assert lead.sees("Say why not")
    lead.follow("Go back without doing this")
    lead.page.get_by_role("button", name="Accept", exact=True).click()
    lead.look()
    assert lead.sees("This stands in a draft now.")
    publish(lead)
    lead.go("/documents/model")
    assert lead.sees("Say goodbye.")
    assert lead.sees("With a change suggested by Eastmere")

    reader = walkers()
    reader.go("/documents/model/compare?from=1&to=3&show=all")
    reader.go("/documents/our-policy/compare?from=2&to=model@3")
    reader.go("/documents/model/compare?from=1&to=9x")
    site.do_waiting_work()


def test_every_change_is_said_aloud_and_led_to(walkers: Callable[[], Walker], site: Site, model: Made) -> None:
    shelf: Any = Shelf(site.make)
    shelf.publish(model, site.lead, TWO.replace("Say hello.", "Wave.") + "\n" + TABLE)  # type: ignore[attr-defined]
    reader = walkers()
    reader.go("/documents/model/compare?from=1&to=2")
    assert "Added:" in reader.page.locator("ins").first.text_content()  # type: ignore[operator]
    reader.page.get_by_role("link", name="Next change").first.click()
    assert reader.page.url.endswith("#change-2")
    reader.page.emulate_media(media="print")
    assert not reader.page.get_by_role("link", name="Next change").first.is_visible()
