"""Beginning documents and writing drafts, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.artefacts.actions.discarding import discard_draft
from pipeline.artefacts.actions.drafting import begin_document, start_draft, take_upload_into_draft
from pipeline.artefacts.actions.ending import delete_document
from pipeline.artefacts.models import Artefact, Draft
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import ArtefactKind, DocumentDetails, DraftText
from pipeline.documents.models import Blob, Upload
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Project
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import TEXT, Desk
from tests.factories import Factory

pytestmark = pytest.mark.database


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


def uploaded(desk: Desk, text: str | None, **values: Any) -> Upload:
    """A file the lead brought."""
    blob = Blob(sha256=new_id().hex * 2, size=3, content=b"abc", created_at=clock.now())
    upload = Upload(
        id=new_id(), blob_sha256=blob.sha256, file_name="policy.docx", kind="docx", created_at=clock.now(), people=[],
        text=text, **{"state": "ready", "officer_id": desk.lead_row.id} | values,
    )  # fmt: skip
    desk.make.keep(blob, upload)
    return upload


def test_a_document_is_begun_with_a_draft_that_only_its_team_sees(desk: Desk, read: Callable[..., Any]) -> None:
    begun = desk.begin()
    assert (begun.artefact.status, begun.artefact.slug, begun.draft.text) == ("draft", None, TEXT)
    assert begun.artefact.root_id == begun.artefact.id
    assert desk.events() == [("artefact.drafted", "project")]
    with read(desk.writer) as reading:
        assert seeing.draft_seen_by(reading, begun.draft.id)[0].id == begun.draft.id
    for actor in (desk.other, ANONYMOUS):
        with read(actor) as reading:
            with pytest.raises(NotFound):
                seeing.draft_seen_by(reading, begun.draft.id)
            with pytest.raises(NotFound):
                seeing.artefact_by_id(reading, begun.artefact.id)


def test_text_is_kept_in_one_form_whatever_was_sent(desk: Desk) -> None:
    begun = desk.begin(text="Cafe\u0301\r\nopen\r\n\r\n\r\n")
    assert begun.draft.text == "Café\nopen\n"


def test_a_council_without_a_project_keeps_its_documents_in_one_made_on_first_use(desk: Desk) -> None:
    first = desk.begin(desk.other, project_slug=None)
    second = desk.begin(desk.other, project_slug=None)
    homes = desk.rows(Project, Project.keeps_documents)
    assert [home.title for home in homes] == ["Documents of Eastmere Council"]
    home = homes[0]
    assert (home.status, home.is_public, home.decision_on, home.mode) == ("going_ahead", True, None, "flexible")
    assert {first.artefact.project_id, second.artefact.project_id} == {home.id}
    assert [name for name, _audience in desk.events()].count("project.documents_home_made") == 1


def test_the_place_for_documents_is_not_a_project_the_council_leads(desk: Desk) -> None:
    desk.begin(desk.other, project_slug=None)
    assert [row.projects_led for row in desk.rows(type(desk.council))] == [0, 0]


def test_every_officer_of_the_council_is_of_the_team_there(desk: Desk) -> None:
    begun = desk.begin(desk.other, project_slug=None)
    colleague = desk.make.actor(desk.make.officer(desk.elsewhere), desk.elsewhere)
    assert desk.write(begun.draft, colleague, text="Mine.").text == "Mine.\n"
    with pytest.raises(NotFound):
        desk.write(begun.draft, desk.writer, text="Not mine.")


def test_nobody_begins_a_document_in_a_project_of_others(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.begin(desk.other)
    with desk.work(desk.coordinator) as unit, pytest.raises(NotAllowed):
        begin_document(unit, details=DocumentDetails(ArtefactKind.POLICY), draft=DraftText("Kindness"))
    assert desk.rows(Artefact) == []


@pytest.mark.parametrize(
    "values, code",
    [
        ({"title": ""}, "draft.title_missing"),
        ({"title": "a" * 121}, "draft.title_too_long"),
        ({"text": "a" * 400_001}, "draft.text_too_long"),
        ({"licence": "WTFPL"}, "draft.licence_unknown"),
        ({"summary": "a" * 301}, "artefact.summary_too_long"),
        ({"language": "fr"}, "artefact.language_unknown"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(desk: Desk, values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        desk.begin(**values)
    assert refused.value.code == code
    assert refused.value.problems[0].field in values


def test_a_review_date_lies_ahead(desk: Desk) -> None:
    details = DocumentDetails(ArtefactKind.POLICY, review_on=clock.today() - timedelta(days=1))
    with desk.work(desk.lead) as unit, pytest.raises(RuleBroken, match="review_out_of_range"):
        begin_document(unit, details=details, draft=DraftText("Kindness"), project_slug=desk.project.slug)


def test_a_draft_is_saved_by_the_team_and_says_what_changed(desk: Desk) -> None:
    draft = desk.begin().draft
    saved = desk.write(draft, desk.writer, text="Anew.", title="Kindness")
    assert (saved.version, saved.saved_by) == (2, desk.writer_row.id)
    [artefact] = desk.rows(Artefact)
    assert artefact.title == "Kindness"
    assert desk.events()[-1] == ("draft.changed", "project")


def test_saving_what_is_there_already_changes_nothing(desk: Desk) -> None:
    draft = desk.begin().draft
    desk.write(draft, text=TEXT)
    assert [one.version for one in desk.rows(Draft)] == [1]


def test_what_somebody_else_saved_meanwhile_is_not_written_over(desk: Desk) -> None:
    draft = desk.begin().draft
    desk.write(draft, desk.writer, text="Theirs.")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        desk.write(draft, text="Mine.", version=1)
    assert [one.text for one in desk.rows(Draft)] == ["Theirs.\n"]
    assert desk.write(draft, text="Mine and theirs.", version=2).text == "Mine and theirs.\n"


def test_a_new_version_starts_from_the_current_one(desk: Desk) -> None:
    slug = desk.published("One.", "Two.")
    with desk.work(desk.writer) as unit:
        draft = start_draft(unit, slug=slug)
    assert (draft.text, draft.title) == ("Two.\n", "Kindness policy")
    with desk.work(desk.writer) as unit:
        restored = start_draft(unit, slug=slug, restore=1)
    assert restored.text == "One.\n"
    assert restored.started_from_id == draft.started_from_id
    assert restored.restored_from_id != draft.started_from_id


def test_a_document_has_only_so_many_open_drafts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.artefacts.actions.drafting.MOST_DRAFTS", 2)
    slug = desk.published("One.")
    drafts = []
    for _number in range(2):
        with desk.work(desk.lead) as unit:
            drafts.append(start_draft(unit, slug=slug))
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="too_many"):
        start_draft(unit, slug=slug)
    with desk.work(desk.writer) as unit:
        discard_draft(unit, draft_id=drafts[0].id)
    with desk.work(desk.lead) as unit:
        start_draft(unit, slug=slug)


def test_a_discarded_draft_is_written_in_no_more(desk: Desk) -> None:
    slug = desk.published("One.")
    with desk.work(desk.lead) as unit:
        draft = start_draft(unit, slug=slug)
    with desk.work(desk.writer) as unit:
        discard_draft(unit, draft_id=draft.id)
    with pytest.raises(Conflict, match="not_open"):
        desk.write(draft, text="Still here?")
    with pytest.raises(Conflict, match="not_open"):
        desk.publish(draft)


def test_the_only_draft_of_a_document_goes_with_the_document(desk: Desk) -> None:
    begun = desk.begin()
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="only_one"):
        discard_draft(unit, draft_id=begun.draft.id)
    with desk.work(desk.other) as unit, pytest.raises(NotFound):
        delete_document(unit, slug=str(begun.artefact.id))
    with desk.work(desk.writer) as unit:
        delete_document(unit, slug=str(begun.artefact.id))
    assert desk.rows(Artefact) == desk.rows(Draft) == []
    assert desk.events()[-1] == ("artefact.draft_deleted", "project")


def test_what_is_published_is_not_deleted(desk: Desk) -> None:
    slug = desk.published("One.")
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="published"):
        delete_document(unit, slug=slug)


def test_the_text_of_a_file_takes_the_place_of_what_was_written(desk: Desk) -> None:
    upload = uploaded(desk, "From a file.\r\n")
    draft = desk.begin().draft
    with desk.work(desk.lead) as unit:
        draft = take_upload_into_draft(unit, draft_id=draft.id, version=1, upload_id=upload.id)
    assert (draft.text, draft.original_name, draft.original_sha256) == (
        "From a file.\n", "policy.docx", upload.blob_sha256,
    )  # fmt: skip
    version = desk.publish(draft)
    assert (version.original_upload_id, version.is_original_public) == (upload.id, False)


def test_a_document_can_begin_with_a_file(desk: Desk) -> None:
    begun = desk.begin(text="", upload_id=uploaded(desk, "From a file.").id)
    assert (begun.draft.text, begun.draft.original_name) == ("From a file.\n", "policy.docx")


def test_a_file_of_somebody_else_or_one_that_is_not_read_yet_is_not_taken(desk: Desk) -> None:
    draft = desk.begin().draft
    foreign = uploaded(desk, "Theirs.", officer_id=desk.writer_row.id)
    waiting = uploaded(desk, None, state="waiting")
    with desk.work(desk.lead) as unit, pytest.raises(NotFound):
        take_upload_into_draft(unit, draft_id=draft.id, version=1, upload_id=foreign.id)
    with desk.work(desk.lead) as unit, pytest.raises(Conflict, match="not_ready"):
        take_upload_into_draft(unit, draft_id=draft.id, version=1, upload_id=waiting.id)
