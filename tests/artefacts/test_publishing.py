"""Publishing versions: numbers, what is refused, whom a version names, and who hears of it. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.artefacts.actions.drafting import start_draft
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.actions.withdrawing import withdraw_version
from pipeline.artefacts.blocks import hash_of
from pipeline.artefacts.models import Artefact, Draft, Licence, Version
from pipeline.artefacts.rules import ArtefactKind
from pipeline.artefacts.written import written_document
from pipeline.db.log import LoggedEvent
from pipeline.kernel.errors import Conflict, NotAllowed, RuleBroken
from pipeline.projects.models import Project
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import TEXT, Desk
from tests.factories import Factory

pytestmark = pytest.mark.database


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


def started(desk: Desk, slug: str, **values: Any) -> Draft:
    """A new draft of a document."""
    with desk.work(desk.lead) as unit:
        return start_draft(unit, slug=slug, **values)


def test_the_first_version_brings_the_document_before_the_public(desk: Desk) -> None:
    begun = desk.begin()
    version = desk.publish(begun.draft, change_note="First version.", is_major=True)
    [artefact] = desk.rows(Artefact)
    assert (artefact.slug, artefact.status, artefact.is_public) == ("kindness-policy", "published", True)
    assert (artefact.current_number, artefact.last_number, artefact.title) == (1, 1, "Kindness policy")
    assert (version.number, version.text, version.sha256) == (1, TEXT, hash_of(TEXT))
    assert (version.words, version.is_major, version.change_note) == (10, True, "First version.")
    assert "Be kind to everybody." in version.html
    assert desk.events()[-2:] == [("artefact.published", "public"), ("version.published", "public")]


def test_numbers_run_and_an_older_text_may_come_back(desk: Desk) -> None:
    slug = desk.published("One.", "Two.")
    version = desk.publish(started(desk, slug, restore=1))
    assert (version.number, version.text) == (3, "One.\n")
    assert [one.number for one in desk.rows(Version)] == [1, 2, 3]
    assert version.restored_from_id == desk.rows(Version)[0].id


def test_a_version_that_says_what_the_current_one_says_is_refused(desk: Desk) -> None:
    slug = desk.published("One.")
    with pytest.raises(Conflict, match="no_change"):
        desk.publish(started(desk, slug))
    assert desk.publish(desk.write(started(desk, slug), licence="CC0-1.0")).number == 2
    assert desk.publish(desk.write(started(desk, slug), title="Being kind")).number == 3
    [artefact] = desk.rows(Artefact)
    assert (artefact.slug, artefact.title, artefact.licence) == (slug, "Being kind", "CC0-1.0")


def test_only_a_draft_that_started_from_the_current_version_is_published(desk: Desk) -> None:
    slug = desk.published("One.")
    slow, quick = started(desk, slug), started(desk, slug)
    desk.publish(desk.write(quick, text="Two."))
    slow = desk.write(slow, text="Another two.")
    with pytest.raises(Conflict) as refused:
        desk.publish(slow)
    assert (refused.value.code, refused.value.allowed) == ("draft.behind", ("merge",))
    assert [one.status for one in desk.rows(Draft)] == ["published", "open", "published"]


def test_a_draft_that_mends_a_withdrawn_version_is_not_behind(desk: Desk) -> None:
    slug = desk.published("One.", "Two, with a mistake.")
    mended = desk.write(started(desk, slug), text="Two.")
    with desk.work(desk.lead) as unit:
        withdraw_version(unit, slug=slug, number=2, reason="A mistake.")
    assert desk.publish(mended).number == 3


@pytest.mark.parametrize(
    "draft, said, code",
    [
        ({"text": ""}, {}, "draft.text_missing"),
        ({}, {"change_note": ""}, "draft.change_note_missing"),
        ({}, {"change_note": "a" * 1_001}, "draft.change_note_too_long"),
    ],
)
def test_a_version_has_a_text_and_says_what_is_new(
    desk: Desk, draft: dict[str, Any], said: dict[str, Any], code: str
) -> None:
    begun = desk.begin(**draft)
    with pytest.raises(RuleBroken, match=code):
        desk.publish(begun.draft, **said)
    assert desk.rows(Version) == []


def test_only_leads_publish(desk: Desk) -> None:
    begun = desk.begin(desk.writer)
    with pytest.raises(NotAllowed):
        desk.publish(begun.draft, desk.writer)


def test_what_the_lead_did_not_read_is_not_published(desk: Desk) -> None:
    begun = desk.begin()
    desk.write(begun.draft, desk.writer, text="Something else.")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        desk.publish(begun.draft, version=1)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="changed_meanwhile"):
        publish_version(
            unit, draft_id=begun.draft.id, version=2, written=written_document("Not this."), change_note="New.",
            is_major=False,
        )  # fmt: skip


def test_a_draft_is_published_once(desk: Desk) -> None:
    begun = desk.begin()
    desk.publish(begun.draft)
    with pytest.raises(Conflict, match="not_open"):
        desk.publish(begun.draft)


def test_documents_of_a_draft_project_wait_for_it(desk: Desk) -> None:
    project = desk.make.project(desk.council, desk.lead_row, status="draft")
    begun = desk.begin(project_slug=str(project.id))
    with pytest.raises(Conflict, match="not_published"):
        desk.publish(begun.draft)


def test_a_document_of_a_trial_project_is_not_public(desk: Desk) -> None:
    project = desk.make.project(desk.council, desk.lead_row, is_trial=True, is_public=False, slug=None)
    begun = desk.begin(project_slug=str(project.id))
    desk.publish(begun.draft)
    assert [one.is_public for one in desk.rows(Artefact)] == [False]
    assert {audience for _name, audience in desk.events()} == {"project"}


def test_two_documents_of_one_title_have_addresses_of_their_own(desk: Desk) -> None:
    assert [desk.published("One.") for _number in range(2)] == ["kindness-policy", "kindness-policy-2"]
    assert desk.published("One.", title="New") == "document-new"


def test_an_address_of_somebody_with_an_account_is_not_published(desk: Desk) -> None:
    begun = desk.begin(text=f"Ask {desk.other_row.address}.")
    with pytest.raises(RuleBroken, match="holds_address"):
        desk.publish(begun.draft)
    with pytest.raises(RuleBroken, match="holds_address"):
        desk.publish(desk.begin().draft, change_note=f"By {desk.other_row.address}")


def test_a_copy_names_every_text_it_was_made_from(desk: Desk, shelf: Shelf) -> None:
    home, middle = desk.make.project(desk.elsewhere, desk.other_row), desk.make.project(desk.elsewhere, desk.other_row)
    model = shelf.document(home, desk.other_row, "Model.", "Model two.")
    second = shelf.copy(model, 1, middle, desk.other_row, "Model of ours.")
    with desk.make.session() as session:
        named = [{"council": "Eastmere Council", "title": "A", "version": 1, "licence": "OGL-UK-3.0", "slug": "a"}]
        session.execute(update(Version).where(Version.id == second.version(1).id).values(sources=named))
    third = shelf.copy(second, 1, desk.project, desk.lead_row)
    version = desk.publish(shelf.draft(third, desk.lead_row, "Third.", started_from_id=None))
    assert [(one["slug"], one["version"]) for one in version.sources] == [("a", 1), (second.slug, 1)]
    assert version.sources[1]["council"] == "Eastmere Council"


def test_the_licence_of_a_copy_is_allowed_by_every_text_it_was_made_from(desk: Desk, shelf: Shelf) -> None:
    home = desk.make.project(desk.elsewhere, desk.other_row)
    model = shelf.document(home, desk.other_row, "Model.", licence="CC-BY-SA-4.0")
    with desk.make.session() as session:
        changed = update(Version).where(Version.id == model.version(1).id).values(licence="CC-BY-SA-4.0")
        session.execute(changed)
    copy = shelf.copy(model, 1, desk.project, desk.lead_row)
    draft = shelf.draft(copy, desk.lead_row, "Ours.", started_from_id=None, licence="OGL-UK-3.0")
    with pytest.raises(RuleBroken) as refused:
        desk.publish(draft)
    assert refused.value.code == "draft.licence_not_allowed"
    assert "CC-BY-SA-4.0" in str(refused.value.words)
    assert desk.publish(desk.write(draft, licence="CC-BY-SA-4.0")).licence == "CC-BY-SA-4.0"


def test_the_base_moves_to_exactly_the_version_that_was_taken_in(desk: Desk, shelf: Shelf) -> None:
    home = desk.make.project(desk.elsewhere, desk.other_row)
    model = shelf.document(home, desk.other_row, "One.", "Two.", "Three.")
    copy = shelf.copy(model, 1, desk.project, desk.lead_row, "Ours.")
    draft = shelf.draft(copy, desk.lead_row, "Ours, still.", took_in_id=model.version(2).id)
    desk.publish(draft)
    [row] = desk.rows(Artefact, Artefact.id == copy.artefact.id)
    assert row.base_id == model.version(2).id


def test_a_checklist_keeps_the_points_of_each_version(desk: Desk) -> None:
    slug = desk.published("1. Be kind.\n2. Be brief.\n", "1. Be kind.\n2. Be clear.\n", kind=ArtefactKind.CHECKLIST)
    first, second = desk.rows(Version)
    assert [one["text"] for one in first.points] == ["Be kind.", "Be brief."]
    assert second.points[0]["id"] == first.points[0]["id"]
    assert slug
    with pytest.raises(RuleBroken, match="no_points"):
        desk.publish(desk.begin(kind=ArtefactKind.CHECKLIST, text="Nothing to tick.").draft)


def test_publishing_renews_what_the_project_shows(desk: Desk) -> None:
    [before] = desk.rows(Project)
    desk.published("One.")
    [after] = desk.rows(Project)
    assert after.revision > before.revision
    assert after.version == before.version


def test_no_event_holds_a_text_that_people_typed(desk: Desk) -> None:
    slug = desk.published("Zebra.", "Zebra zebra.", title="Zebra", summary="Zebra")
    with desk.work(desk.lead) as unit:
        withdraw_version(unit, slug=slug, number=2, reason="Zebra")
    for event in desk.rows(LoggedEvent):
        assert "zebra" not in str(event.payload).lower()


def test_two_who_publish_at_once_get_two_numbers_or_one_is_told(desk: Desk) -> None:
    slug = desk.published("One.")
    drafts = [desk.write(started(desk, slug), text=f"Text {number}.") for number in range(4)]

    def publish(draft: Draft) -> str:
        try:
            return str(desk.publish(draft).number)
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(4) as people:
        came = sorted(people.map(publish, drafts))
    assert came == ["2", "draft.behind", "draft.behind", "draft.behind"]


def test_licences_are_rows(desk: Desk) -> None:
    with desk.make.session() as session:
        values = {"name": "Other", "url": "https://other.example", "position": 9, "adapted_under": [], "notice": ""}
        session.add(Licence(code="OTHER-1.0", **values))
    begun = desk.begin(licence="OTHER-1.0")
    assert desk.publish(begun.draft).licence == "OTHER-1.0"
