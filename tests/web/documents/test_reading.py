"""The library, the page of a document and of its versions, downloads, and what the leads do there."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import ArtefactKind
from pipeline.documents.models import Blob, Upload
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import Desk
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.queries import counted

pytestmark = pytest.mark.database


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


@pytest.fixture
def lead(client: CheckedClient, desk: Desk) -> CheckedClient:
    """A browser in which the lead is signed in."""
    desk.make.signed_in(client, desk.lead_row, desk.council)
    return client


@pytest.fixture
def stranger(desk: Desk) -> CheckedClient:
    """A browser of nobody."""
    return desk.make.app.test_client()  # type: ignore[return-value]


def set_row(desk: Desk, **values: Any) -> None:
    """Change every document in the database."""
    with desk.make.session() as session:
        session.execute(update(Artefact).values(**values))


def titles(page: Any) -> list[str]:
    """The titles of the list, in its order."""
    return [one.find("a").text for one in page.select("h3.rows__title")]


def test_the_library_filters_orders_and_says_what_it_shows(desk: Desk, stranger: CheckedClient) -> None:
    desk.published("One.", title="Zebra policy", summary="About zebras")
    desk.published("- One.\n", title="Kindness checklist", kind=ArtefactKind.CHECKLIST)
    desk.published("Un.", title="Polisi caredig", language="cy")
    desk.begin(title="A draft nobody sees")
    assert titles(stranger.page("/documents?sort=title")) == ["Kindness checklist", "Polisi caredig", "Zebra policy"]
    for query, found in (
        ("q=zebra", ["Zebra policy"]), ("q=ABOUT+zeb", ["Zebra policy"]), ("q=100%25", []),
        ("kind=checklist", ["Kindness checklist"]), ("language=cy", ["Polisi caredig"]), ("theme=housing&sort=title", [
            "Kindness checklist", "Polisi caredig", "Zebra policy",
        ]), ("theme=planning", []), ("licence=CC0-1.0", []), ("council=northborough&q=polisi", ["Polisi caredig"]),
        ("council=eastmere", []), ("review=due", []), ("status=ended", []),
    ):  # fmt: skip
        assert titles(stranger.page(f"/documents?{query}")) == found, query
    page = stranger.page("/documents?kind=nonsense&colour=red")
    assert len(titles(page)) == 3
    assert "means nothing here" in page.text
    assert stranger.get("/documents?cursor=nonsense").status_code == 400


def test_the_library_is_read_page_by_page(desk: Desk, stranger: CheckedClient) -> None:
    for number in range(45):
        desk.shelf.document(desk.project, desk.lead_row, "Text.", title=f"Document {number:02}", adoptions=number % 3)
    for sort in ("title", "-updated_at", "-adoptions", "-published_at"):
        seen: list[str] = []
        address: Any = f"/documents?sort={sort}"
        while address:
            page = stranger.page(address)
            seen += titles(page)
            following = page.find("a", rel="next")
            address = following["href"] if following else None
        assert sorted(seen) == [f"Document {number:02}" for number in range(45)], sort


def test_the_page_of_a_document_costs_the_same_however_long_its_history(desk: Desk, stranger: CheckedClient) -> None:
    short = desk.shelf.document(desk.project, desk.lead_row, "One.")
    long = desk.shelf.document(desk.project, desk.lead_row, *(f"Text {number}." for number in range(40)))
    stranger.get("/documents")
    with counted(desk.make.app) as few:
        stranger.page(f"/documents/{short.slug}")
    with counted(desk.make.app) as many:
        stranger.page(f"/documents/{long.slug}")
    assert len(few) == len(many)


def test_a_draft_address_leads_on_to_the_published_one(lead: CheckedClient, desk: Desk) -> None:
    slug = desk.published("One.")
    [artefact] = desk.rows(Artefact)
    answer = lead.get(f"/documents/{artefact.id}")
    assert (answer.status_code, answer.location) == (301, f"/documents/{slug}")


@pytest.mark.parametrize("form", ["md", "html", "docx", "odt"])
def test_a_version_is_downloaded_with_its_council_and_licence(desk: Desk, stranger: CheckedClient, form: str) -> None:
    slug = desk.published("# Aim\n\nTo be *kind*.")
    answer = stranger.get(f"/documents/{slug}/versions/1/download/{form}")
    assert answer.status_code == 200
    assert f'filename="{slug}-v1.{form}"' in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    content = answer.get_data()
    if form in ("docx", "odt"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"".join(package.read(name) for name in package.namelist() if name.endswith(".xml"))
    assert b"Northborough Council" in content
    assert b"Open Government Licence" in content
    known = {"If-None-Match": answer.headers["ETag"]}
    again = stranger.get(f"/documents/{slug}/versions/1/download/{form}", headers=known)
    assert again.status_code == 304


def test_what_cannot_be_downloaded_is_not_found(desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.")
    for path in (f"{slug}/versions/1/download/exe", f"{slug}/versions/2/download/md", "nothing/versions/1/download/md"):
        assert stranger.get(f"/documents/{path}").status_code == 404
    for path in (f"{slug}/versions/0", f"{slug}/versions/9", f"{slug}/versions/99999999999999999999"):
        assert stranger.get(f"/documents/{path}").status_code == 404


def test_a_withdrawn_version_says_do_not_use_and_another_is_current(
    lead: CheckedClient, desk: Desk, stranger: CheckedClient
) -> None:
    slug = desk.published("One.", "Two, wrongly.")
    answer = lead.send(f"/documents/{slug}/versions/2/withdraw", reason="A law was quoted wrongly.")
    assert answer.status_code == 303, said(answer)
    page = stranger.page(f"/documents/{slug}/versions/2")
    assert "Do not use this version." in page.text
    assert "A law was quoted wrongly." in page.text
    assert "Two, wrongly." in page.text
    page = stranger.page(f"/documents/{slug}")
    assert "One." in page.find("article").text
    assert lead.send(f"/documents/{slug}/versions/2/withdraw", reason="Again.").status_code == 409
    lead.send(f"/documents/{slug}/versions/1/withdraw", reason="Wrong too.")
    page = stranger.page(f"/documents/{slug}")
    assert "there is none to use now" in page.text
    assert "Do not use this version: it was withdrawn. Wrong too." in stranger.get(
        f"/documents/{slug}/versions/1/download/md"
    ).get_data(as_text=True)


def test_a_coordinator_removes_a_text_and_is_shown_who_holds_it(desk: Desk, stranger: CheckedClient) -> None:
    words = "A paragraph that names somebody who should not be named."
    slug = desk.published(f"{words}\n", f"{words}\n\nAnd more.\n")
    keeper = desk.make.officer(desk.elsewhere, Role.COORDINATOR)
    browser: Any = desk.make.app.test_client()
    desk.make.signed_in(browser, keeper, desk.elsewhere)
    path = f"/documents/{slug}/versions/1/remove"
    assert "version 2" in browser.page(path).text
    assert browser.send(path, reason="It named a resident.").status_code == 303
    page = stranger.page(f"/documents/{slug}/versions/1")
    assert "removed for good" in page.text
    assert words not in page.text
    with desk.make.session() as session:
        assert session.get_one(Version, desk.rows(Version)[0].id).sha256 in page.text
    assert stranger.get(f"/documents/{slug}/versions/1/download/md").status_code == 409
    assert browser.send(path, reason="Again.").status_code == 409


def test_nobody_but_leads_and_coordinators_reach_what_is_theirs(
    lead: CheckedClient, desk: Desk, stranger: CheckedClient
) -> None:
    slug = desk.published("One.")
    writer: Any = desk.make.app.test_client()
    desk.make.signed_in(writer, desk.writer_row, desk.council)
    for path in ("details", "end", "pair", "versions/1/withdraw"):
        assert lead.get(f"/documents/{slug}/{path}").status_code == 200, path
        assert writer.get(f"/documents/{slug}/{path}").status_code == 403, path
        assert stranger.get(f"/documents/{slug}/{path}").status_code == 303, path
    assert lead.get(f"/documents/{slug}/versions/1/remove").status_code == 403


def test_details_are_changed_and_a_clash_shows_both(lead: CheckedClient, desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.")
    path = f"/documents/{slug}/details"
    form = parsed(lead.get(path)).find("form", id="form")
    day = clock.today() + timedelta(days=30)
    parts = [str(day.day), str(day.month), str(day.year)]
    assert lead.send(path, summary="Theirs.", review_on=parts).status_code == 303
    assert "Theirs." in stranger.page(f"/documents/{slug}").text
    answer = lead.send_form(form, path, summary="Mine.")
    assert answer.status_code == 409
    assert "Theirs." in said(answer)
    assert parsed(answer).find("textarea", attrs={"name": "summary"}).text.strip() == "Mine."


def test_past_its_review_date_the_page_says_so(desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.")
    set_row(desk, review_on=clock.today())
    assert "that day is past" not in stranger.page(f"/documents/{slug}").text
    set_row(desk, review_on=clock.today() - timedelta(days=1))
    desk.published("Another.")
    assert "that day is past" in stranger.page(f"/documents/{slug}").text
    assert titles(stranger.page("/documents?review=due")) == ["Kindness policy"]


def test_a_document_is_kept_no_longer_and_again(lead: CheckedClient, desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.")
    assert lead.send(f"/documents/{slug}/end").status_code == 303
    page = stranger.page(f"/documents/{slug}")
    assert "keeps this document no longer" in page.text
    assert "One." in page.find("article").text
    assert "Write a new version" not in lead.page(f"/documents/{slug}").text
    form = next(one for one in lead.page(f"/documents/{slug}").find_all("form") if one["action"].endswith("/reopen"))
    assert lead.send_form(form, f"/documents/{slug}").status_code == 303
    assert "keeps this document no longer" not in stranger.page(f"/documents/{slug}").text


def test_two_languages_are_a_pair_and_say_when_one_moves_on(
    lead: CheckedClient, desk: Desk, stranger: CheckedClient
) -> None:
    english, welsh = desk.published("One."), desk.published("Un.", title="Polisi", language="cy")
    assert lead.send(f"/documents/{english}/pair", other=welsh).status_code == 303
    assert "No version in Welsh says the same" in stranger.page(f"/documents/{english}").text
    assert lead.send(f"/documents/{english}/versions/1/match", number="1").status_code == 303
    for slug in (english, welsh):
        assert "The two are in step" in stranger.page(f"/documents/{slug}").text
    page = lead.page(f"/documents/{welsh}")
    form = next(one for one in page.find_all("form") if one["action"].endswith("/drafts"))
    draft = str(lead.send_form(form, f"/documents/{welsh}").location).removesuffix("/edit")
    lead.send(f"{draft}/edit", button=("step", "save"), text="Dau.", change_note="Newydd.")
    assert lead.send(f"{draft}/publish", size="minor").status_code == 303
    assert "The document in Welsh has moved on since version 1" in stranger.page(f"/documents/{english}").text
    assert "No version in English says the same" in stranger.page(f"/documents/{welsh}").text
    form = next(one for one in lead.page(f"/documents/{english}/pair").find_all("form") if "unpair" in one["action"])
    assert lead.send_form(form, "/").status_code == 303
    assert "Polisi" not in stranger.page(f"/documents/{english}").text


def test_the_original_is_the_teams_until_a_lead_who_read_what_is_in_it_shows_it(
    lead: CheckedClient, desk: Desk, stranger: CheckedClient
) -> None:
    slug = desk.published("One.")
    blob = Blob(sha256="ab" * 32, size=4, content=b"%PDF", created_at=clock.now())
    upload = Upload(
        id=new_id(), officer_id=desk.lead_row.id, blob_sha256=blob.sha256, file_name="old.pdf", kind="pdf",
        state="ready", text="One.", people=["Ada Author"], has_comments=True, has_tracked_changes=True,
        created_at=clock.now(),
    )  # fmt: skip
    desk.make.keep(blob, upload)
    with desk.make.session() as session:
        values = {"original_sha256": blob.sha256, "original_name": "old.pdf", "original_upload_id": upload.id}
        session.execute(update(Version).values(**values))
    path = f"/documents/{slug}/versions/1/original"
    assert stranger.get(path).status_code == 404
    answer = lead.get(path)
    assert (answer.status_code, answer.get_data()) == (200, b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = lead.page(f"{path}/show")
    for words in ("Ada Author", "Comments", "Tracked changes"):
        assert words in page.text
    assert lead.send(f"{path}/show").status_code == 422
    assert lead.send(f"{path}/show", is_read="y").status_code == 303
    assert stranger.get(path).status_code == 200
    assert lead.send(f"{path}/show").status_code == 303
    assert stranger.get(path).status_code == 404


def test_the_pages_of_project_and_council_name_their_documents(
    lead: CheckedClient, desk: Desk, stranger: CheckedClient
) -> None:
    slug = desk.published("One.")
    desk.begin(title="A draft of the team")
    for path in (f"/projects/{desk.project.slug}", "/councils/northborough"):
        page = stranger.page(path)
        assert page.find("a", href=f"/documents/{slug}"), path
        assert "A draft of the team" not in page.text
    assert "A draft of the team" in lead.page(f"/projects/{desk.project.slug}").text


def test_the_place_for_documents_is_in_no_list_of_projects(desk: Desk, stranger: CheckedClient) -> None:
    desk.begin(desk.other, project_slug=None)
    assert "Documents of Eastmere" not in stranger.page("/projects").text
    assert "Documents of Eastmere" not in stranger.page("/").text
    listed = stranger.get("/api/v1/projects?include_total=true").get_json()
    assert listed["page"]["total"] == 1
    assert stranger.get("/projects/documents-of-eastmere-council").status_code == 200


def test_pages_in_welsh_are_there(desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.")
    for path in ("/documents", f"/documents/{slug}", f"/documents/{slug}/versions/1"):
        assert stranger.get(f"/cy{path}").status_code == 200


def test_the_page_of_a_document_needs_few_queries(desk: Desk, stranger: CheckedClient) -> None:
    slug = desk.published("One.", "Two.")
    stranger.get("/documents")
    with counted(desk.make.app) as statements:
        stranger.page(f"/documents/{slug}")
    own = [one for one in statements if "artefact" in one or "project_person" in one or "licence" in one]
    assert len(own) <= 9, own
