"""The pages on which shared documents are begun, written, brought as files, checked and published."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import SavedDraft
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.documents.keeping import take_in_uploads
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import Desk
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.files import docx, long_docx, pdf_in_types, with_member

pytestmark = pytest.mark.database

TEXT = "# Why\n\nBecause.\n\n## How\n\nSo.\n\n# When\n\nNow <script>alert(1)</script>.\n"


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


@pytest.fixture
def lead(client: CheckedClient, desk: Desk) -> CheckedClient:
    """A browser in which the lead is signed in."""
    desk.make.signed_in(client, desk.lead_row, desk.council)
    return client


def browser(desk: Desk, officer: Any = None, council: Any = None) -> CheckedClient:
    """Another browser, of somebody or nobody."""
    made = desk.make.app.test_client()
    if officer is not None:
        desk.make.signed_in(made, officer, council or desk.council)
    return made  # type: ignore[return-value]


def begun(lead: CheckedClient, **values: Any) -> str:
    """The address of the draft of a document begun on the page."""
    typed = {"title": "Kindness policy", "text": TEXT, "kind": "policy", "summary": "How we behave."} | values
    answer = lead.send("/documents/new", button=("step", "save"), **typed)
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def published(lead: CheckedClient, **values: Any) -> str:
    """The address of a document with one version, made on the pages."""
    path = begun(lead, **values)
    answer = lead.send(f"{path}/publish")
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def test_a_document_is_written_published_and_read_by_everybody(lead: CheckedClient, desk: Desk) -> None:
    path = begun(lead)
    assert lead.page(path).find("h2", string="Why")
    stranger = browser(desk)
    assert stranger.get(path).status_code in (303, 404)
    assert browser(desk, desk.other_row, desk.elsewhere).get(path).status_code == 404
    answer = lead.send(f"{path}/publish")
    assert answer.status_code == 303, said(answer)
    page = stranger.page(str(answer.location))
    assert page.find("h1", string="Kindness policy")
    assert [one.text for one in page.select("nav.contents a")] == ["Why", "How", "When"]
    places = {one["id"] for one in page.select("[id]")}
    assert {one["href"].lstrip("#") for one in page.select("nav.contents a")} <= places
    assert "alert(1)" in page.text
    assert not page.find("article").find("script")
    assert "First version." in page.text
    assert "Open Government Licence v3.0" in page.text
    assert "Kindness policy" in stranger.page("/documents").text
    version = stranger.page("/documents/kindness-policy/versions/1")
    with desk.make.session() as session:
        assert session.scalars(select(Version.sha256)).one() in version.text


def test_a_new_version_starts_from_the_last_and_an_old_text_comes_back(lead: CheckedClient, desk: Desk) -> None:
    path = published(lead)
    page = lead.page(path)
    form = next(form for form in page.find_all("form") if form["action"] == "/documents/kindness-policy/drafts")
    edit = str(lead.send_form(form, path).location)
    answer = lead.send(edit, button=("step", "save"), text="Another text.", change_note="All of it.")
    draft = str(answer.location)
    assert "All of it." in lead.page(draft).text
    assert lead.send(f"{draft}/publish", size="minor").status_code == 303
    old = lead.page(f"{path}/versions/1")
    assert "This is an earlier version." in old.text
    form = next(form for form in old.find_all("form") if form["action"].endswith("/versions/1/restore"))
    restored = str(lead.send_form(form, path).location)
    assert "Because." in lead.page(restored).find("textarea", attrs={"name": "text"}).text
    draft = restored.removesuffix("/edit")
    assert lead.send(f"{draft}/publish", size="major", change_note="Back to the first.").status_code == 303
    page = browser(desk).page(path)
    assert "Brings back the text of version 1" in page.text
    assert "Because." in page.find("article").text


def test_a_draft_says_who_saved_it(lead: CheckedClient, desk: Desk) -> None:
    begun = desk.begin()
    path = f"/documents/{begun.artefact.id}/drafts/{begun.draft.id}"
    assert "by you." in lead.page(path).find("p", class_="quiet").text


def test_a_preview_shows_the_text_and_keeps_nothing(lead: CheckedClient, desk: Desk) -> None:
    answer = lead.send("/documents/new", button=("step", "preview"), title="T", text="# Big\n\nText", kind="policy")
    assert answer.status_code == 200
    page = parsed(answer)
    assert page.find("h2", string="Big")
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "# Big\n\nText"
    assert desk.rows(Artefact) == []


def test_a_form_that_lacks_something_keeps_what_was_typed(lead: CheckedClient, desk: Desk) -> None:
    typed = {"title": "", "text": "Long text.", "kind": "", "review_on": ["1", "13", "2027"]}
    answer = lead.send("/documents/new", button=("step", "save"), **typed)
    assert answer.status_code == 422
    page = parsed(answer)
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "Long text."
    assert {one["href"] for one in page.select(".govuk-error-summary a")} >= {"#title", "#kind", "#review_on-day"}
    assert desk.rows(Artefact) == []


def test_the_same_form_sent_twice_begins_one_document(lead: CheckedClient, desk: Desk) -> None:
    page = parsed(lead.get("/documents/new"))
    form = page.find("form", id="form")
    typed = {"title": "Kindness", "text": "Text.", "kind": "policy"}
    answers = [lead.send_form(form, "/documents/new", ("step", "save"), **typed) for _time in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(desk.rows(Artefact)) == 1


def test_two_who_write_at_once_see_both_texts_and_lose_no_word(lead: CheckedClient, desk: Desk) -> None:
    path = f"{begun(lead, project=desk.project.slug)}/edit"
    mine = parsed(lead.get(path)).find("form", id="form")
    colleague = browser(desk, desk.writer_row)
    assert colleague.send(path, button=("step", "save"), text="Theirs entirely.").status_code == 303
    answer = lead.send_form(mine, path, ("step", "save"), text="Mine entirely.")
    assert answer.status_code == 409
    page = parsed(answer)
    both = page.find("section", attrs={"aria-labelledby": "both-texts"}).text
    assert "Theirs entirely." in both
    assert "Two of you wrote at once" in both
    assert [page.find(tag).text for tag in ("del", "ins")] == [
        "Removed: Theirs (end of removed)", "Added: Mine (end of added)"
    ]  # fmt: skip
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "Mine entirely."
    assert [one.text for one in desk.rows(Draft)] == ["Theirs entirely.\n"]
    again = lead.send_form(page.find("form", id="form"), path, ("step", "save"), text="Mine and theirs.")
    assert again.status_code == 303, said(again)
    assert [one.text for one in desk.rows(Draft)] == ["Mine and theirs.\n"]


def test_whoever_saved_the_same_draft_in_another_window_is_told_so(lead: CheckedClient, desk: Desk) -> None:
    path = f"{begun(lead, project=desk.project.slug)}/edit"
    first = parsed(lead.get(path)).find("form", id="form")
    assert lead.send(path, button=("step", "save"), text="First.", licence="CC-BY-4.0").status_code == 303
    page = parsed(lead.send_form(first, path, ("step", "save"), text="Second."))
    both = page.find("section", attrs={"aria-labelledby": "both-texts"}).text
    assert "You saved this in another window" in both
    assert "Creative Commons Attribution 4.0" in both


def test_what_is_typed_is_kept_as_one_goes_and_given_back_to_its_writer_alone(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead, project=desk.project.slug)
    form = parsed(lead.get(f"{draft}/edit")).find("form", id="form")
    form["action"] = f"{draft}/keep"
    kept = lead.send_form(form, f"{draft}/edit", text="Half a sen", title="Kindness policy")
    assert (kept.status_code, kept.mimetype) == (200, "application/json")
    assert "Kept on" in kept.get_json()["words"]
    assert desk.rows(Draft)[0].text.startswith("# Why")
    assert "Half a sen" not in lead.page(draft).text
    assert "that is not saved" in lead.page(draft).text
    page = lead.page(f"{draft}/edit")
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "Half a sen"
    assert "Half a sen" not in browser(desk, desk.writer_row).page(f"{draft}/edit").text
    assert "Because." in lead.page(f"{draft}/edit?kept=no").find("textarea", attrs={"name": "text"}).text
    form = next(form for form in page.find_all("form") if form.get("id") == "form")
    assert lead.send_form(form, f"{draft}/edit", ("step", "save")).status_code == 303
    assert desk.rows(SavedDraft) == []
    assert [one.text for one in desk.rows(Draft)] == ["Half a sen\n"]


def test_what_was_kept_and_is_not_wanted_is_thrown_away(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    form = parsed(lead.get(f"{draft}/edit")).find("form", id="form")
    form["action"] = f"{draft}/keep"
    lead.send_form(form, f"{draft}/edit", text="Half a sen")
    page = lead.page(f"{draft}/edit")
    form = next(form for form in page.find_all("form") if form["action"].endswith("/forget"))
    assert lead.send_form(form, draft).status_code == 303
    assert desk.rows(SavedDraft) == []
    assert "Because." in lead.page(f"{draft}/edit").find("textarea", attrs={"name": "text"}).text


def test_a_whole_document_fits_into_the_form(lead: CheckedClient, desk: Desk) -> None:
    text = "Ŵyn ŷd. " * 50_000
    draft = begun(lead, text=text[:399_000])
    assert lead.get(f"{draft}/edit").status_code == 200
    answer = lead.send("/documents/new", button=("step", "save"), title="T", kind="policy", text=text + "a" * 9)
    assert answer.status_code == 422
    assert "characters fewer" in parsed(answer).find(class_="govuk-error-summary").text


def test_a_text_comes_from_a_plain_file_at_once(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    token = parsed(lead.get(f"{draft}/file")).find("input", attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, "file": (io.BytesIO(b"# From a file\n\nIts text."), "policy.md")}
    answer = lead.post(f"{draft}/file", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, said(answer)
    assert "From a file" in lead.page(str(answer.location)).text
    answer = lead.send(str(answer.location))
    assert answer.status_code == 303, said(answer)
    assert "Its text." in lead.page(str(answer.location)).find("textarea", attrs={"name": "text"}).text
    assert [one.original_name for one in desk.rows(Draft)] == ["policy.md"]


def test_a_word_file_is_read_by_the_worker_and_waited_for(lead: CheckedClient, desk: Desk) -> None:
    token = parsed(lead.get("/documents/new")).find("input", attrs={"name": "csrf_token"})["value"]
    data = {
        "csrf_token": token, "title": "Policy", "kind": "policy", "step": "save", "licence": "OGL-UK-3.0",
        "language": "en", "file": (io.BytesIO(docx("<h1>Aim</h1><p>To be brief.</p>")), "policy.docx"),
    }  # fmt: skip
    answer = lead.post("/documents/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, said(answer)
    waiting = str(answer.location)
    assert "nothing is lost" in lead.page(waiting).text
    with desk.make.app.app_context():
        assert take_in_uploads() == 1
    assert "To be brief." in lead.page(waiting).text
    assert lead.send(waiting).status_code == 303
    [draft] = desk.rows(Draft)
    assert "To be brief." in draft.text
    assert draft.original_name == "policy.docx"
    assert browser(desk, desk.writer_row).get(waiting).status_code == 404


def test_the_page_says_what_was_left_out_of_a_file(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    edge = (
        b'<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>Page of Kent'
        b"</w:t></w:r></w:p></w:ftr>"
    )
    for made, name, sentences in (
        (with_member(long_docx(1), "word/footer1.xml", edge), "a.docx", (
            "head and foot of its pages was left out", "pictures were left out", "they count as accepted",
        )),
        (pdf_in_types([[(11, "F1", "Be kind to everybody.")]]), "a.pdf", ("From a PDF only the text comes",)),
    ):  # fmt: skip
        token = parsed(lead.get(f"{draft}/file")).find("input", attrs={"name": "csrf_token"})["value"]
        data = {"csrf_token": token, "file": (io.BytesIO(made), name)}
        answer = lead.post(f"{draft}/file", data=data, content_type="multipart/form-data")
        with desk.make.app.app_context():
            take_in_uploads()
        text = lead.page(str(answer.location)).text
        for sentence in sentences:
            assert sentence in text


def test_a_file_that_is_not_one_is_refused_beside_its_question(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    token = parsed(lead.get(f"{draft}/file")).find("input", attrs={"name": "csrf_token"})["value"]
    for name, content in (("policy.docx", b"MZ\x90\x00 not a document"), ("", b"")):
        data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
        answer = lead.post(f"{draft}/file", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422, said(answer)
        assert parsed(answer).find("a", href="#file")


def test_a_colleague_is_asked_to_check_reads_and_answers(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead, project=desk.project.slug)
    reader_row = desk.make.officer(desk.council, name="Carol Colleague")
    reader = browser(desk, reader_row)
    assert reader.get(draft).status_code == 404
    assert lead.send(f"{draft}/check", officer_id=str(reader_row.id)).status_code == 303
    page = reader.page(draft)
    assert "asked you to check" in page.text
    assert "Publish as version" not in page.text
    assert reader.get(f"{draft}/edit").status_code == 403
    work = reader.page("/your-work")
    [link] = [one for one in work.find_all("a") if "Kindness policy" in one.text]
    assert reader.get(link["href"]).location == draft
    check = page.find("a", string="Read it and answer")["href"]
    assert "Because." in reader.page(check).text
    assert reader.send(check, answer="changes", note="Shorter, please.").status_code == 303
    assert reader.get(draft).status_code == 404
    assert "Shorter, please." in lead.page(draft).text


def test_your_work_names_the_drafts_one_is_writing(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    assert lead.page("/your-work").find("a", href=draft)


def test_only_leads_publish_and_the_page_says_so(lead: CheckedClient, desk: Desk) -> None:
    writer = browser(desk, desk.writer_row)
    draft = begun(writer, project=desk.project.slug)
    assert f"A lead publishes it: {desk.lead_row.name}." in writer.page(draft).text
    assert writer.get(f"{draft}/publish").status_code == 403
    assert lead.send(f"{draft}/publish").status_code == 303


def test_a_draft_that_is_behind_says_so_and_leads_to_the_way_out(lead: CheckedClient, desk: Desk) -> None:
    path = published(lead)
    drafts = []
    for _number in range(2):
        form = next(form for form in lead.page(path).find_all("form") if form["action"].endswith("/drafts"))
        drafts.append(str(lead.send_form(form, path).location).removesuffix("/edit"))
    for number, draft in enumerate(drafts):
        lead.send(f"{draft}/edit", button=("step", "save"), text=f"Text {number}.", change_note="New.")
    assert lead.send(f"{drafts[0]}/publish", size="minor").status_code == 303
    answer = lead.send(f"{drafts[1]}/publish", size="minor")
    assert answer.status_code == 409
    page = lead.page(drafts[1])
    way = page.find("a", string="Take in what came since")["href"]
    assert lead.get(way).status_code == 200


def test_a_draft_is_thrown_away_after_asking(lead: CheckedClient, desk: Desk) -> None:
    path = published(lead)
    form = next(form for form in lead.page(path).find_all("form") if form["action"].endswith("/drafts"))
    draft = str(lead.send_form(form, path).location).removesuffix("/edit")
    assert lead.send(f"{draft}/discard").status_code == 303
    assert "thrown away" in lead.page(draft).text
    assert lead.send(f"{draft}/discard").status_code == 409


def test_a_document_that_was_never_published_is_deleted_whole(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead)
    document = draft.split("/drafts/")[0]
    assert lead.send(f"{draft}/discard").status_code == 409
    assert lead.send(f"{document}/delete").status_code == 303
    assert desk.rows(Artefact) == []
    assert lead.get(document).status_code == 404


def test_strangers_and_the_signed_out_open_no_page_of_writing(lead: CheckedClient, desk: Desk) -> None:
    draft = begun(lead, project=desk.project.slug)
    other = browser(desk, desk.other_row, desk.elsewhere)
    for path in ("", "/edit", "/publish", "/discard", "/check", "/file"):
        assert browser(desk).get(f"{draft}{path}").status_code == 303
        assert other.get(f"{draft}{path}").status_code == 404
    assert lead.get(f"/documents/somewhere-else/drafts/{draft.rsplit('/', 1)[1]}").status_code == 404
