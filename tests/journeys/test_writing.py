"""A document is written, published, written anew, clashed over and brought back; no word is lost without a network."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.artefacts.models import Draft, Version
from tests.artefacts.factories import Shelf
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

TEXT = "# Why\n\nBecause.\n\n# How\n\n| A | B |\n| - | - |\n| 1 | 2 |\n\n# When\n\nNow.\n"
LEAD, WRITER = "lead@northborough.example", "writer@northborough.example"


def prepared(site: Site) -> Any:
    """Northborough with a project, its lead and somebody in the team; the licences are there."""
    Shelf(site.make).licences()
    council = site.make.council("Northborough")
    lead, writer = (site.make.officer(council, address=one, password_hash=site.password_hash) for one in (LEAD, WRITER))
    project = site.make.project(council, lead, title="Kind councils")
    site.make.person(project, writer, council)
    return project


def test_a_document_is_written_published_and_an_old_text_comes_back(
    site: Site, walkers: Callable[[], Walker]
) -> None:  # fmt: skip
    project = prepared(site)
    lead, reader = walkers(), walkers()
    lead.sign_in(LEAD)
    lead.go(f"/projects/{project.slug}")
    lead.follow("Share a document")
    lead.press("Keep as a draft")
    assert lead.sees("Choose what it is")
    lead.fill("Title", "Kindness policy")
    lead.fill("Summary", "How we behave.")
    lead.page.get_by_label("What is it?").select_option("policy")
    lead.page.get_by_label("Text", exact=True).fill(TEXT)
    lead.press("Preview")
    assert lead.sees("Nothing is kept yet")
    lead.press("Keep as a draft")
    assert lead.sees("Only the team sees it until a lead publishes it")
    lead.follow("Publish as version 1")
    lead.press("Publish version 1")
    assert lead.sees("Version 1 is published")
    reader.go("/documents")
    reader.follow("Kindness policy")
    reader.follow("When")
    assert reader.sees("Now.")
    lead.press("Write a new version")
    lead.page.get_by_label("Text", exact=True).fill("Something else entirely.")
    lead.fill("What is new in this version?", "All of it.")
    lead.press("Save")
    lead.follow("Publish as version 2")
    lead.page.get_by_label("Smaller:").check()
    lead.press("Publish version 2")
    reader.go("/documents/kindness-policy")
    assert reader.sees("Something else entirely.")
    reader.follow("Version 1")
    assert reader.sees("This is an earlier version.")
    lead.go("/documents/kindness-policy/versions/1")
    lead.press("Bring this text back as a new version")
    lead.press("Save")
    lead.follow("Publish as version 3")
    lead.fill("What is new in this version?", "The first text was better.")
    lead.page.get_by_label("Larger:").check()
    lead.press("Publish version 3")
    assert lead.sees("Brings back the text of version 1")
    with site.make.session() as session:
        texts = list(session.scalars(select(Version.text).order_by(Version.number)))
    assert texts == [TEXT, "Something else entirely.\n", TEXT]


def test_two_officers_write_one_draft_and_no_word_is_lost(site: Site, walkers: Callable[[], Walker]) -> None:
    project = prepared(site)
    shelf = Shelf(site.make)
    made = shelf.document(project, _lead_of(site), "One.", title="Kindness policy")
    draft = shelf.draft(made, _lead_of(site), "One, in a draft.")
    path = f"/documents/{made.slug}/drafts/{draft.id}/edit"
    mine, theirs = walkers(), walkers()
    mine.sign_in(LEAD)
    theirs.sign_in(WRITER)
    for one in (mine, theirs):
        one.go(path)
    theirs.page.get_by_label("Text", exact=True).fill("Every word of theirs.")
    theirs.press("Save")
    mine.page.get_by_label("Text", exact=True).fill("Every word of mine.")
    mine.press("Save")
    assert mine.sees("Two of you wrote at once")
    assert mine.sees("Every word of theirs.")
    heard = " ".join(mine.page.locator(".compared").aria_snapshot().split())
    for words in ('group "Changed, Change 1 of 1"', 'deletion: "Removed: theirs', 'insertion: "Added: mine'):
        assert words in heard, heard
    assert mine.page.get_by_label("Text", exact=True).input_value().strip() == "Every word of mine."
    mine.page.get_by_label("Text", exact=True).fill("Every word of theirs. Every word of mine.")
    mine.press("Save my text in its place")
    assert mine.sees("Saved.")
    with site.make.session() as session:
        assert session.scalars(select(Draft.text)).all() == ["Every word of theirs. Every word of mine.\n"]


def test_what_is_typed_without_a_network_is_there_when_it_comes_back(
    site: Site, walkers: Callable[[], Walker], has_scripts: bool
) -> None:  # fmt: skip
    if not has_scripts:
        pytest.skip("Without scripts what is typed stays in the form until it is sent.")
    project = prepared(site)
    shelf = Shelf(site.make)
    made = shelf.document(project, _lead_of(site), "One.", title="Kindness policy")
    draft = shelf.draft(made, _lead_of(site), "One, in a draft.")
    path = f"/documents/{made.slug}/drafts/{draft.id}/edit"
    mine, theirs = walkers(), walkers()
    mine.sign_in(LEAD)
    theirs.sign_in(WRITER)
    mine.go(path)
    mine.context.set_offline(True)
    mine.page.get_by_label("Text", exact=True).press_sequentially("Offline words. ")
    mine.page.get_by_text("There is no connection").wait_for()
    theirs.go(path)
    theirs.page.get_by_label("Text", exact=True).fill("Theirs meanwhile.")
    theirs.press("Save")
    mine.page.close()
    mine.context.set_offline(False)
    mine.page = mine.context.new_page()
    mine.go(path)
    mine.press("Put it back into the form")
    assert "Offline words." in mine.page.get_by_label("Text", exact=True).input_value()
    mine.page.get_by_text("for you alone").wait_for()
    mine.go(path)
    assert "Offline words." in mine.page.get_by_label("Text", exact=True).input_value()
    mine.page.get_by_role("button", name="Save", exact=True).click()
    mine.look()
    if mine.sees("Two of you wrote at once"):
        mine.press("Save my text in its place")
    assert mine.sees("Saved."), mine.page.locator("body").inner_text()[:900]
    with site.make.session() as session:
        [text] = session.scalars(select(Draft.text)).all()
    assert "Offline words." in text


def _lead_of(site: Site) -> Any:
    with site.make.session() as session:
        return session.scalars(select(Officer).where(Officer.address == LEAD)).one()
