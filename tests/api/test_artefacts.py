"""Shared documents through the API: the library, versions and their content, and writing as team and leads."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.accounts.tokens import Scope
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.documents.models import Blob
from pipeline.kernel import clock
from tests.artefacts.factories import Shelf
from tests.artefacts.writing import Desk
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

API = "/api/v1"


@pytest.fixture
def desk(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Desk:
    """Two councils, a project and its people."""
    return Desk(make, shelf, work)


class Program:
    """A program with the token of an officer."""

    def __init__(self, client: CheckedClient, token: dict[str, str]) -> None:
        self.client, self.token = client, token

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"{API}{path}", method=method, json=body, headers=self.token | named)


@pytest.fixture
def lead(client: CheckedClient, desk: Desk) -> Program:
    """A program of the lead."""
    return Program(client, desk.make.token(desk.lead_row, desk.council, Scope.READ, Scope.ARTEFACTS_WRITE))


@pytest.fixture
def other(client: CheckedClient, desk: Desk) -> Program:
    """A program of an officer elsewhere."""
    return Program(client, desk.make.token(desk.other_row, desk.elsewhere, Scope.READ, Scope.ARTEFACTS_WRITE))


def begun(lead: Program, desk: Desk, **values: Any) -> dict[str, Any]:
    """What the API answered about a document that was begun."""
    body = {
        "title": "Kindness policy", "markdown": "# Aim\n\nBe kind.", "kind": "policy", "summary": "How we behave.",
        "project": desk.project.slug,
    }  # fmt: skip
    answer = lead.send("POST", "/artefacts", body | values)
    assert answer.status_code == 201, answer.get_json()
    data: dict[str, Any] = answer.get_json()["data"]
    return data


def test_a_document_is_begun_drafted_published_and_read(client: CheckedClient, desk: Desk, lead: Program) -> None:
    made = begun(lead, desk)
    draft = made["draft"]
    path = f"/artefacts/{made['id']}/drafts/{draft['id']}"
    assert client.get(f"{API}/artefacts/{made['id']}").status_code == 404
    changed = lead.send("PATCH", path, {"markdown": "Be very kind."}, If_Match=f'"{draft["etag"]}"')
    assert changed.get_json()["data"]["markdown"] == "Be very kind.\n"
    etag = changed.get_json()["data"]["etag"]
    body = {"change_note": "First.", "is_major": True}
    published = lead.send("POST", f"{path}/publish", body, If_Match=f'"{etag}"')
    assert published.status_code == 201, published.get_json()
    assert published.headers["Location"].endswith("/documents/kindness-policy/versions/1")
    data = client.get(f"{API}/artefacts/kindness-policy").get_json()["data"]
    assert (data["current_version"], data["status"], data["licence"]) == (1, "published", "OGL-UK-3.0")
    assert data["council"]["slug"] == "northborough"
    versions = client.get(f"{API}/artefacts/kindness-policy/versions").get_json()["data"]
    assert [(one["number"], one["change_note"], one["is_major"]) for one in versions] == [(1, "First.", True)]
    content = client.get(f"{API}/artefacts/kindness-policy/versions/1/content").get_json()["data"]
    assert content["markdown"] == "Be very kind.\n"
    assert content["sha256"] == hashlib.sha256(content["markdown"].encode()).hexdigest() == versions[0]["sha256"]


def test_the_content_comes_as_accept_says(client: CheckedClient, desk: Desk) -> None:
    slug = desk.published("# Aim\n\nBe *kind*.")
    path = f"{API}/artefacts/{slug}/versions/1/content"
    for accept, kind, holds in (
        ("application/json", "application/json", b'"markdown"'),
        ("text/markdown", "text/markdown", b"Be *kind*."),
        ("text/html, application/json;q=0.5", "text/html", b"<em>kind</em>"),
        ("*/*", "application/json", b'"markdown"'),
    ):
        answer = client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, kind), accept
        assert holds in answer.get_data()
        assert answer.headers["Vary"] == "Accept"
        again = client.get(path, headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    answer = client.get(path, headers={"Accept": word})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as package:
        assert b"kind" in package.read("word/document.xml")
    refused = client.get(path, headers={"Accept": "image/png"})
    assert (refused.status_code, refused.mimetype) == (406, "application/problem+json")


def test_a_text_that_was_removed_is_gone_and_one_that_never_was_is_missing(client: CheckedClient, desk: Desk) -> None:
    slug = desk.published("# Aim\n\nBe *kind*.")
    with desk.shelf.make.session() as session:
        gone = {"status": "removed", "text": "", "html": "", "title": "", "withdrawn_at": clock.now()}
        session.execute(update(Version).values(**gone))
    answer = client.get(f"{API}/artefacts/{slug}/versions/1/content")
    assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (410, "version.text_gone")
    assert client.get(f"{API}/artefacts/{slug}/versions/1").get_json()["data"]["status"] == "removed"
    for number in (2, 10**12):
        assert client.get(f"{API}/artefacts/{slug}/versions/{number}/content").status_code == 404


def test_the_file_a_text_was_taken_from_has_an_address_where_its_leads_show_it(
    client: CheckedClient, desk: Desk
) -> None:
    slug = desk.published("# Aim\n\nBe *kind*.")
    path = f"{API}/artefacts/{slug}/versions/1"
    assert client.get(path).get_json()["data"]["original_url"] is None
    with desk.shelf.make.session() as session:
        sha256 = "0" * 64
        session.add(Blob(sha256=sha256, content=b"As it was", size=9, created_at=clock.now()))
        session.flush()
        values = {"original_sha256": sha256, "original_name": "aim.txt"}
        session.execute(update(Version).values(**values))
    assert client.get(path).get_json()["data"]["original_url"] is None
    with desk.shelf.make.session() as session:
        session.execute(update(Version).values(is_original_public=True))
        session.execute(update(Artefact).values(revision=Artefact.revision + 1))
    url = client.get(path).get_json()["data"]["original_url"]
    assert client.get(url.removeprefix("http://127.0.0.1:8000")).get_data() == b"As it was"


def test_the_library_is_filtered_and_paged_in_every_order(client: CheckedClient, desk: Desk) -> None:
    for number in range(7):
        desk.shelf.document(desk.project, desk.lead_row, "Text.", title=f"Document {number}", adoptions=number % 3)
    desk.begin(title="A draft")
    for sort in ("-updated_at", "published_at", "title", "-title", "-adoptions"):
        seen: list[str] = []
        address = f"{API}/artefacts?limit=3&sort={sort}&include_total=true"
        while address:
            body = client.get(address).get_json()
            assert body["page"]["total"] == 7
            seen += [one["title"] for one in body["data"]]
            address = body["links"]["next"]
        assert sorted(seen) == [f"Document {number}" for number in range(7)], sort
        assert (seen == sorted(seen)) is (sort == "title") or sort not in ("title", "-title")
    found = {"q=document+3": 1, "kind=checklist": 0, "council=northborough": 7, "review_due=true": 0}
    for query, number in found.items():
        assert len(client.get(f"{API}/artefacts?{query}").get_json()["data"]) == number, query
    for query in ("kind=nonsense", "colour=red", "limit=0", "sort=colour", "cursor=x"):
        assert client.get(f"{API}/artefacts?{query}").status_code == 400, query


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(desk: Desk, lead: Program) -> None:
    made = begun(lead, desk)
    path = f"/artefacts/{made['id']}/drafts/{made['draft']['id']}"
    etag = made["draft"]["etag"]
    assert lead.send("PATCH", path, {"title": "One"}).status_code == 428
    assert lead.send("PATCH", path, {"title": "One"}, If_Match=f'"{etag}"').status_code == 200
    stale = lead.send("PATCH", path, {"title": "Two"}, If_Match=f'"{etag}"')
    assert stale.status_code == 412
    assert stale.get_json()["current_etag"] != etag
    body = {"change_note": "New.", "is_major": False}
    assert lead.send("POST", f"{path}/publish", body, If_Match=f'"{etag}"').status_code == 412
    assert [one.title for one in desk.rows(Draft)] == ["One"]


def test_details_are_changed_with_the_etag_that_was_read(client: CheckedClient, desk: Desk, lead: Program) -> None:
    slug = desk.published("One.")
    etag = client.get(f"{API}/artefacts/{slug}").headers["ETag"]
    answer = lead.send("PATCH", f"/artefacts/{slug}", {"review_on": "2027-05-01"}, If_Match=etag)
    assert answer.get_json()["data"]["review_on"] == "2027-05-01"
    assert answer.get_json()["data"]["summary"] == "How we behave."
    assert lead.send("PATCH", f"/artefacts/{slug}", {"summary": "Other."}, If_Match=etag).status_code == 412
    assert lead.send("PATCH", f"/artefacts/{slug}", {"title": "Other."}, If_Match=etag).status_code == 400
    assert client.get(f"{API}/artefacts/{slug}").headers["ETag"] != etag


def test_one_key_begins_one_document(desk: Desk, lead: Program) -> None:
    body = {"title": "Kindness", "kind": "policy"}
    first = lead.send("POST", "/artefacts", body, Idempotency_Key="once")
    again = lead.send("POST", "/artefacts", body, Idempotency_Key="once")
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(desk.rows(Artefact)) == 1
    assert lead.send("POST", "/artefacts", body | {"title": "Else"}, Idempotency_Key="once").status_code == 422


def test_a_version_is_withdrawn_and_stays_addressable(client: CheckedClient, desk: Desk, lead: Program) -> None:
    slug = desk.published("One.", "Two.")
    path = f"/artefacts/{slug}/versions/2"
    assert lead.send("POST", f"{path}/withdraw", {"reason": ""}).status_code == 422
    withdrawn = lead.send("POST", f"{path}/withdraw", {"reason": "Wrong."})
    assert withdrawn.get_json()["data"]["status"] == "withdrawn"
    again = lead.send("POST", f"{path}/withdraw", {"reason": "Wrong."})
    assert (again.status_code, again.get_json()["type"].rsplit("/", 1)[1]) == (409, "version.withdrawn")
    data = client.get(f"{API}{path}").get_json()["data"]
    assert (data["status"], data["withdrawn_reason"]) == ("withdrawn", "Wrong.")
    assert client.get(f"{API}/artefacts/{slug}").get_json()["data"]["current_version"] == 1


def test_a_version_without_a_change_is_refused(desk: Desk, lead: Program) -> None:
    slug = desk.published("One.")
    draft = lead.send("POST", f"/artefacts/{slug}/drafts").get_json()["data"]
    path = f"/artefacts/{slug}/drafts/{draft['id']}"
    body = {"change_note": "New.", "is_major": False}
    answer = lead.send("POST", f"{path}/publish", body, If_Match=f'"{draft["etag"]}"')
    assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (409, "version.no_change")
    assert [one["id"] for one in lead.send("GET", f"/artefacts/{slug}/drafts").get_json()["data"]] == [draft["id"]]
    assert lead.send("POST", f"{path}/discard").status_code == 200
    assert lead.send("GET", f"/artefacts/{slug}/drafts").get_json()["data"] == []
    restored = lead.send("POST", f"/artefacts/{slug}/drafts", {"restore": 1}).get_json()["data"]
    assert restored["markdown"] == "One.\n"
    assert lead.send("POST", f"/artefacts/{slug}/drafts", {"restore": 9}).status_code == 404


def test_drafts_and_acts_are_the_teams(client: CheckedClient, desk: Desk, lead: Program, other: Program) -> None:
    slug = desk.published("One.")
    draft = lead.send("POST", f"/artefacts/{slug}/drafts").get_json()["data"]
    path = f"/artefacts/{slug}/drafts/{draft['id']}"
    assert client.get(f"{API}{path}").status_code == 401
    assert other.send("GET", path).status_code == 404
    assert other.send("GET", f"/artefacts/{slug}/drafts").status_code == 403
    assert other.send("POST", f"/artefacts/{slug}/drafts").status_code == 403
    assert other.send("POST", f"/artefacts/{slug}/versions/1/withdraw", {"reason": "Mine."}).status_code == 403
    assert other.send("POST", f"/artefacts/{slug}/end").status_code == 403
    reader = Program(client, desk.make.token(desk.lead_row, desk.council, Scope.READ))
    assert reader.send("GET", path).status_code == 200
    assert reader.send("POST", f"/artefacts/{slug}/end").status_code == 403
    assert [one.status for one in desk.rows(Version)] == ["published"]


def test_a_document_ends_and_is_kept_again(desk: Desk, lead: Program) -> None:
    slug = desk.published("One.")
    assert lead.send("POST", f"/artefacts/{slug}/end").get_json()["data"]["status"] == "ended"
    assert lead.send("POST", f"/artefacts/{slug}/drafts").status_code == 409
    assert lead.send("POST", f"/artefacts/{slug}/reopen").get_json()["data"]["status"] == "published"


def test_hostile_numbers_and_names_are_not_found(client: CheckedClient, desk: Desk, lead: Program) -> None:
    slug = desk.published("One.")
    for number in ("0", "2", "99999999999999999999999"):
        assert client.get(f"{API}/artefacts/{slug}/versions/{number}").status_code == 404
        assert client.get(f"{API}/artefacts/{slug}/versions/{number}/content").status_code == 404
        assert lead.send("POST", f"/artefacts/{slug}/versions/{number}/withdraw", {"reason": "No."}).status_code == 404
    assert client.get(f"{API}/artefacts/nothing").status_code == 404


def test_licences_are_listed(client: CheckedClient, desk: Desk) -> None:
    listed = client.get(f"{API}/licences").get_json()["data"]
    assert listed[0]["id"] == "OGL-UK-3.0"
    assert next(one for one in listed if one["id"] == "CC-BY-ND-4.0")["adapted_under"] == []
