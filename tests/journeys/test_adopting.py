"""A shared document in a real browser, with and without scripts: adopted, moved up, looked at in its register and
lineage, and adapted."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.artefacts.factories import Made, Shelf
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

OFFICER = "officer@northborough.example"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and Neighbours"


@pytest.fixture
def model(site: Site) -> Made:
    """Eastmere keeps a policy with two versions that other councils use; Northborough has an officer."""
    make, shelf = site.make, Shelf(site.make)
    eastmere, northborough, other = make.council("Eastmere"), make.council("Northborough"), make.council(LONG)
    lead, keeper = make.officer(eastmere), make.officer(other)
    make.officer(northborough, address=OFFICER, password_hash=site.password_hash)
    project: Any = make.project(eastmere, lead, title="Being heard")
    made = shelf.document(project, lead, "Be kind.", "Be kind. Be brief.", slug="model", title="Model policy")
    copy = shelf.copy(
        made, 1, shelf.keeper(other, keeper), keeper, "Be kind to all of us.", slug="copy", title=f"Policy of {LONG}"
    )
    shelf.adopt(copy, 1, eastmere, lead, approved_by="Cabinet")
    return made


def test_a_document_is_adopted_moved_up_and_adapted(walkers: Callable[[], Walker], site: Site, model: Made) -> None:
    officer = walkers()
    officer.sign_in(OFFICER)
    officer.go("/documents/model")
    officer.press("Adopt it as it is")
    officer.fill("Note (optional)", "For all staff")
    officer.fill_day("When was it approved? (optional)", model.artefact.created_at.date())
    officer.press("Adopt version 2")
    assert officer.sees("Say who approved it")
    officer.fill("Who approved it? (optional)", "Cabinet")
    officer.press("Adopt version 2")
    assert officer.sees("Your council uses version 2 as it is. Up to date.")

    shelf = Shelf(site.make)
    with site.make.session() as session:
        from pipeline.accounts.models import Officer

        lead = session.get_one(Officer, model.version(1).officer_id)
    shelf.publish(model, lead, "Be kind. Be brief. Be clear.")
    officer.go("/your-work")
    assert officer.sees("Version 3 is there; your council uses version 2.")
    officer.follow("Version 3 is there; your council uses version 2.")
    assert officer.sees("1 version behind")
    officer.press("Move to version 3")
    assert officer.sees("Your council uses version 3 now.")

    officer.follow("Your council’s adoption")
    assert officer.sees("Used version 3 as it is")
    officer.follow("Change what is recorded")
    officer.fill("Note (optional)", "For everybody")
    officer.press("Save")
    assert officer.sees("For everybody")

    officer.go("/documents/model/register")
    assert officer.sees("2 councils use it: 1 as is, 1 adapted.")
    officer.go("/documents/model/register?behind=yes")
    officer.go("/documents/model/lineage")
    assert officer.sees("1 adapted copy in 1 generation")
    officer.go("/councils/northborough")
    assert officer.sees("Version 3, as is")

    officer.go("/documents/model")
    officer.follow("Adapt it for your council")
    officer.fill("What will your document be called?", "")
    officer.press("Make a copy")
    assert officer.sees("Give it a title")
    officer.fill("What will your document be called?", "Our policy")
    officer.press("Make a copy")
    officer.go("/documents/model")
    assert officer.sees("Your council prepares its own copy of version 3.")
    officer.follow("Your council’s adoption")
    officer.follow("We use it no longer")
    officer.press("We use it no longer")
    assert officer.sees("Recorded: your council uses it no longer.")


def test_what_everybody_sees(walkers: Callable[[], Walker], model: Made) -> None:
    reader = walkers()
    for path in ("/documents/model", "/documents/copy", "/documents/copy/register", "/documents/copy/lineage"):
        reader.go(path)
    assert reader.sees("Policy of Llanfair")
    reader.go("/cy/documents/model/lineage")
