"""Withdrawing, removing, pairing, ending, details and review dates of documents; on both databases."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.artefacts.actions import ending, pairing, withdrawing
from pipeline.artefacts.actions.drafting import start_draft
from pipeline.artefacts.duties import remind_of_reviews
from pipeline.artefacts.models import Artefact, Draft, KeptComparison, Version
from pipeline.artefacts.reviews import latest_review_on, nudges_due
from pipeline.artefacts.rules import ArtefactKind, DocumentDetails
from pipeline.db.log import LoggedEvent
from pipeline.documents.models import Blob, Upload
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.pledges.actions.deleting import delete_published_project
from pipeline.projects import actions as project_actions
from pipeline.projects.models import Project
from pipeline.projects.rules import NeedKind, NeedTerms
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import Desk
from tests.factories import Factory


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


def current(desk: Desk) -> list[int | None]:
    return [one.current_number for one in desk.rows(Artefact)]


@pytest.mark.database
def test_the_current_version_is_the_highest_not_withdrawn(desk: Desk) -> None:
    slug = desk.published("One.", "Two.", "Three.")
    for number, left in ((3, 2), (1, 2), (2, None)):
        with desk.work(desk.lead) as unit:
            withdrawing.withdraw_version(unit, slug=slug, number=number, reason="Wrong.")
        assert current(desk) == [left]
    [artefact] = desk.rows(Artefact)
    assert (artefact.last_number, artefact.is_public, artefact.title) == (3, True, "Kindness policy")
    with desk.work(desk.lead) as unit:
        draft = start_draft(unit, slug=slug)
    assert draft.text == "Three.\n"
    assert desk.publish(desk.write(draft, text="Four.")).number == 4
    assert current(desk) == [4]


@pytest.mark.database
def test_withdrawing_needs_a_lead_and_a_reason_and_happens_once(desk: Desk) -> None:
    slug = desk.published("One.")
    with desk.work(desk.writer) as unit, pytest.raises(NotAllowed):
        withdrawing.withdraw_version(unit, slug=slug, number=1, reason="Wrong.")
    with desk.work(desk.lead) as unit, pytest.raises(RuleBroken, match="reason_missing"):
        withdrawing.withdraw_version(unit, slug=slug, number=1, reason="")
    with desk.work(desk.lead) as unit, pytest.raises(NotFound):
        withdrawing.withdraw_version(unit, slug=slug, number=2, reason="Wrong.")
    with desk.work(desk.lead) as unit:
        withdrawing.withdraw_version(unit, slug=slug, number=1, reason="Wrong.")
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="withdrawn"):
        withdrawing.withdraw_version(unit, slug=slug, number=1, reason="Wrong.")
    assert desk.events()[-1] == ("version.withdrawn", "public")


@pytest.mark.database
@pytest.mark.parametrize("number", [0, 2, 2**31, 2**63, 10**20])
def test_a_number_that_no_version_has_is_not_found_whatever_its_size(desk: Desk, number: int) -> None:
    slug = desk.published("One.")
    with desk.work(desk.lead) as unit, pytest.raises(NotFound):
        withdrawing.withdraw_version(unit, slug=slug, number=number, reason="Wrong.")


@pytest.mark.database
def test_reasons_that_everybody_reads_hold_no_address_of_somebody_with_an_account(desk: Desk) -> None:
    slug, reason = desk.published("One."), f"Ask {desk.lead_row.address}."
    with desk.work(desk.lead) as unit, pytest.raises(RuleBroken, match="holds_address"):
        withdrawing.withdraw_version(unit, slug=slug, number=1, reason=reason)
    with desk.work(desk.coordinator) as unit, pytest.raises(RuleBroken, match="holds_address"):
        withdrawing.remove_version(unit, slug=slug, number=1, reason=reason)


@pytest.mark.database
def test_a_removal_leaves_number_hash_date_and_notice_and_nothing_else(desk: Desk) -> None:
    slug = desk.published("A secret.", "Two.")
    first, second = desk.rows(Version)
    blob = Blob(sha256="cd" * 32, size=1, content=b"x", created_at=clock.now())
    upload = Upload(
        id=new_id(), officer_id=desk.lead_row.id, blob_sha256=blob.sha256, file_name="a.docx", kind="docx",
        state="ready", text="A secret.", people=[], created_at=clock.now(),
    )  # fmt: skip
    desk.make.keep(blob, upload)
    ids = {"from_id": first.id, "to_id": second.id}
    desk.make.keep(KeptComparison(**ids, method=1, content="A secret.", made_at=clock.now()))
    with desk.make.session() as session:
        brought = {"original_sha256": blob.sha256, "original_name": "a.docx", "original_upload_id": upload.id}
        session.execute(update(Version).where(Version.id == first.id).values(**brought))
    with desk.work(desk.lead) as unit, pytest.raises(NotAllowed):
        withdrawing.remove_version(unit, slug=slug, number=1, reason="It named somebody.")
    with desk.work(desk.coordinator) as unit:
        withdrawing.remove_version(unit, slug=slug, number=1, reason="It named somebody.")
    [removed] = desk.rows(Version, Version.id == first.id)
    assert (removed.number, removed.sha256, removed.status) == (1, first.sha256, "removed")
    assert (removed.title, removed.text, removed.html, removed.change_note) == ("", "", "", "")
    assert removed.withdrawn_reason == "It named somebody."
    with desk.make.session() as session:
        assert [session.query(table).count() for table in (Blob, Upload, KeptComparison)] == [0, 0, 0]
    assert all("secret" not in one.text for one in desk.rows(Draft))
    assert current(desk) == [2]
    with desk.work(desk.coordinator) as unit, pytest.raises(Conflict, match="removed"):
        withdrawing.remove_version(unit, slug=slug, number=1, reason="Again.")
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="removed"):
        start_draft(unit, slug=slug, restore=1)


@pytest.mark.database
def test_a_file_another_version_came_from_stays_when_one_is_removed(desk: Desk) -> None:
    slug = desk.published("One.", "Two.")
    blob = Blob(sha256="cd" * 32, size=1, content=b"x", created_at=clock.now())
    desk.make.keep(blob)
    with desk.make.session() as session:
        session.execute(update(Version).values(original_sha256=blob.sha256, original_name="a.docx"))
    with desk.work(desk.coordinator) as unit:
        withdrawing.remove_version(unit, slug=slug, number=1, reason="It named somebody.")
    with desk.make.session() as session:
        assert session.query(Blob).count() == 1


@pytest.mark.database
def test_a_pair_is_of_two_languages_and_said_of_both(desk: Desk) -> None:
    english, welsh, other = desk.published("One."), desk.published("Un.", language="cy"), desk.published("Another.")
    for slug, pair, code in ((english, other, "same_language"), (english, english, "same_language")):
        with desk.work(desk.lead) as unit, pytest.raises(Conflict, match=code):
            pairing.pair_documents(unit, slug=slug, other_slug=pair)
    with desk.work(desk.lead) as unit:
        pairing.pair_documents(unit, slug=english, other_slug=welsh)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="paired"):
        pairing.pair_documents(unit, slug=other, other_slug=welsh)
    one, two, _three = desk.rows(Artefact)
    assert (one.pair_id, two.pair_id) == (two.id, one.id)
    with desk.work(desk.lead) as unit:
        pairing.match_version(unit, slug=welsh, number=1, other_number=1)
    first, second, _third = desk.rows(Version)
    assert (first.matches_id, second.matches_id) == (second.id, first.id)
    with desk.work(desk.lead) as unit:
        pairing.unpair(unit, slug=welsh)
    assert [one.pair_id for one in desk.rows(Artefact)] == [None, None, None]
    assert [one.matches_id for one in desk.rows(Version)] == [None, None, None]


@pytest.mark.database
def test_a_pair_needs_the_leads_of_both(desk: Desk) -> None:
    english = desk.published("One.")
    home = desk.make.project(desk.elsewhere, desk.other_row)
    welsh = desk.shelf.document(home, desk.other_row, "Un.", language="cy")
    with desk.work(desk.lead) as unit, pytest.raises(NotAllowed):
        pairing.pair_documents(unit, slug=english, other_slug=welsh.slug)


@pytest.mark.database
def test_a_document_that_ended_takes_nothing_new(desk: Desk) -> None:
    slug = desk.published("One.")
    with desk.work(desk.lead) as unit:
        draft = start_draft(unit, slug=slug)
    with desk.work(desk.writer) as unit, pytest.raises(NotAllowed):
        ending.end_document(unit, slug=slug)
    with desk.work(desk.lead) as unit:
        ending.end_document(unit, slug=slug)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="ended"):
        start_draft(unit, slug=slug)
    desk.write(draft, text="Two.")
    with pytest.raises(Conflict, match="ended"):
        desk.publish(draft)
    with desk.work(desk.lead) as unit:
        ending.reopen_document(unit, slug=slug)
    assert desk.publish(draft).number == 2


@pytest.mark.database
def test_details_are_compared_with_what_was_read(desk: Desk) -> None:
    slug = desk.published("One.")
    [artefact] = desk.rows(Artefact)
    soon = clock.today() + timedelta(days=30)
    with desk.work(desk.lead) as unit:
        details = DocumentDetails(ArtefactKind.TEMPLATE, "Anew.", soon)
        changed = ending.change_document(unit, slug=slug, version=artefact.version, details=details)
    assert (changed.version, changed.kind, changed.review_on) == (artefact.version + 1, "template", soon)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="changed_meanwhile"):
        ending.change_document(unit, slug=slug, version=artefact.version, details=details)
    checklist = DocumentDetails(ArtefactKind.CHECKLIST, "Anew.", soon)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="has_points"):
        ending.change_document(unit, slug=slug, version=changed.version, details=checklist)
    address = DocumentDetails(ArtefactKind.TEMPLATE, f"Ask {desk.other_row.address}.", soon)
    with desk.work(desk.lead) as unit, pytest.raises(RuleBroken, match="holds_address"):
        ending.change_document(unit, slug=slug, version=changed.version, details=address)
    with desk.work(desk.writer) as unit, pytest.raises(NotAllowed):
        ending.change_document(unit, slug=slug, version=changed.version, details=details)


@pytest.mark.database
def test_a_review_date_that_went_by_hinders_nobody_from_changing_the_rest(desk: Desk) -> None:
    slug = desk.published("One.")
    past = clock.today() - timedelta(days=5)
    with desk.make.session() as session:
        session.execute(update(Artefact).values(review_on=past))
    [artefact] = desk.rows(Artefact)
    with desk.work(desk.lead) as unit:
        details = DocumentDetails(ArtefactKind.POLICY, "Another summary.", past)
        assert ending.change_document(unit, slug=slug, version=artefact.version, details=details).review_on == past


def test_reminders_come_at_the_date_and_thirty_and_sixty_days_later() -> None:
    day = date(2027, 3, 1)
    came = {gone: nudges_due(day, day + timedelta(days=gone)) for gone in (-1, 0, 29, 30, 59, 60, 1000)}
    assert came == {-1: 0, 0: 1, 29: 1, 30: 2, 59: 2, 60: 3, 1000: 3}
    for sent in range(3):
        latest = latest_review_on(sent, day)
        assert nudges_due(latest, day) == sent + 1
        assert nudges_due(latest + timedelta(days=1), day) == sent


@pytest.mark.database
def test_leads_are_reminded_once_for_each_of_the_three_days(desk: Desk) -> None:
    desk.published("One.")
    desk.begin()
    with desk.make.session() as session:
        session.execute(update(Artefact).values(review_on=clock.today() - timedelta(days=35)))
    for _round in range(2):
        with desk.make.app.app_context():
            remind_of_reviews()
    said = [one.payload["nudge"] for one in desk.rows(LoggedEvent) if one.name == "artefact.review_due"]
    assert said == [2]
    with desk.make.session() as session:
        session.execute(update(Artefact).values(review_on=clock.today() - timedelta(days=70)))
    with desk.make.app.app_context():
        remind_of_reviews()
    said = [one.payload["nudge"] for one in desk.rows(LoggedEvent) if one.name == "artefact.review_due"]
    assert said == [2, 3]


@pytest.mark.database
def test_a_project_with_shared_documents_is_not_deleted_and_one_with_drafts_takes_them_along(desk: Desk) -> None:
    desk.published("One.")
    with pytest.raises(Conflict, match="has_documents"), desk.work(desk.lead) as unit:
        delete_published_project(unit, slug=desk.project.slug)
    project = desk.make.project(desk.council, desk.lead_row, status="draft")
    desk.begin(project_slug=str(project.id))
    with desk.work(desk.lead) as unit:
        project_actions.delete_project(unit, slug=str(project.id))
    assert len(desk.rows(Artefact)) == 1


@pytest.mark.database
def test_the_place_for_documents_asks_for_nothing(desk: Desk) -> None:
    desk.begin(project_slug=None)
    [home] = desk.rows(Project, Project.keeps_documents)
    terms = NeedTerms(NeedKind.TIME, "Help", 4, is_essential=False, is_capped=False, profession="user-researcher")
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="keeps_documents"):
        project_actions.add_need(unit, slug=home.slug, terms=terms)
