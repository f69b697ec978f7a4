"""A council answers a checklist in the browser, publishes, and moves on to a newer version."""

from collections.abc import Callable

import pytest

from tests.artefacts.test_checklists import Scene
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

PATH = "/documents/a-checklist/answers"


def test_a_checklist_is_answered_published_compared_and_taken_on(
    site: Site, walkers: Callable[[], Walker]
) -> None:  # fmt: skip
    scene = Scene(site.make)
    council = site.make.council("Eastmere")
    site.make.officer(council, address="officer@eastmere.example", password_hash=site.password_hash)
    officer, reader = walkers(), walkers()
    officer.sign_in("officer@eastmere.example")
    officer.go(PATH)
    first = officer.page.get_by_role("group", name="1. Understand users and their needs")
    first.get_by_label("Met", exact=True).check()
    first.get_by_label("Note on point 1").fill("We ask forty residents a month.")
    officer.page.get_by_role("group", name="2. Keep data safe").get_by_label("Partly met").check()
    officer.press("Save")
    assert officer.sees("2 of 3 points answered")
    reader.go(f"{PATH}/compare")
    assert reader.sees("No council has published its answers yet")
    officer.press("Publish our answers")
    assert officer.sees("Everybody can see your council’s answers now")
    reader.go(f"{PATH}/compare")
    assert reader.sees("1 council publishes its answers")
    reader.follow("Eastmere")
    assert reader.sees("We ask forty residents a month.")
    scene.publish_second()
    officer.go(PATH)
    officer.press("Take our answers over to version 2")
    assert officer.sees("Check again")
    officer.page.get_by_label("We have checked this again").check()
    officer.press("Save")
    assert not officer.sees("Check again")
    another = walkers()
    another.go(f"{PATH}/of/eastmere")
    assert another.sees("The checklist has moved on to version 2 since")


def test_what_is_wrong_and_what_others_saved_is_shown_well(site: Site, walkers: Callable[[], Walker]) -> None:
    scene = Scene(site.make)
    council = site.make.council("Eastmere")
    address = "officer@eastmere.example"
    site.make.officer(council, address=address, password_hash=site.password_hash)
    mine, theirs = walkers(), walkers()
    for one in (mine, theirs):
        one.sign_in(address)
        one.go(PATH)
    theirs.page.get_by_label("Note on point 1").fill("Theirs")
    theirs.press("Save")
    mine.page.get_by_label("Note on point 1").fill("Mine")
    mine.press("Save")
    assert mine.sees("What is saved now")
    assert mine.sees("Theirs")
    assert mine.page.get_by_label("Note on point 1").input_value() == "Mine"
    mine.page.get_by_label("Note on point 1").fill("x" * 1_010)
    mine.press("Save")
    assert mine.sees("use 10 characters fewer in the note")
    assert scene.ids()
