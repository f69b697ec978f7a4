"""Pages that other sites show in a frame, oEmbed, and the page that gives the HTML to copy."""

import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from pipeline.http.security import EMBEDS_POLICY, WITH_OWN_FRAMES
from pipeline.kernel.actor import Role
from pipeline.projects.models import Project, ProjectSlug
from pipeline.web.outside.embeds import SANDBOX, leading_out
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed

pytestmark = pytest.mark.database

HOST = "http://127.0.0.1:8000"
HOSTILE = "\"><script>alert(1)</script>' onload=x & Tŷ"


@pytest.fixture
def pages(make: Factory, shelf: Shelf) -> list[str]:
    """The paths of a project, its council and its document, with hostile titles."""
    council = make.council("Leadham")
    officer = make.officer(council, Role.COUNCIL_ADMIN, address="secret.lead@leadham.example")
    project = make.project(council, officer, slug="one", title=HOSTILE, summary=HOSTILE)
    make.need(project, target=40, held=20, pledged=10)
    text = "See [there](https://elsewhere.example/) and a note.[^1]\n\n## A part\n\n[^1]: Here.\n"
    shelf.document(project, officer, text, slug="policy", title=HOSTILE)
    return ["/projects/one", "/councils/leadham", "/documents/policy"]


def test_only_embeds_may_be_framed_and_they_hold_no_script_form_or_cookie(
    client: CheckedClient, pages: list[str]
) -> None:
    for path in pages:
        answer = client.get(f"/embed{path}")
        assert answer.status_code == 200, path
        page = parsed(answer)
        assert page.find(["script", "form", "input", "iframe", "img", "style"]) is None, path
        assert answer.headers["Content-Security-Policy"] == EMBEDS_POLICY
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert [link["href"] for link in page.find_all("link", rel="stylesheet")] == ["/assets/embed.css"] or re.search(
            r"/assets/embed\.[0-9a-f]{12}\.css", str(page.head)
        )
        framed = client.get(path)
        assert "frame-ancestors 'none'" in framed.headers["Content-Security-Policy"]
        assert framed.headers["X-Frame-Options"] == "DENY"
        assert framed.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_links_of_an_embed_lead_out_of_the_frame(client: CheckedClient, pages: list[str]) -> None:
    for path in pages:
        page = parsed(client.get(f"/embed{path}"))
        links = [link for link in page.find_all("a", href=True) if not str(link["href"]).startswith("#")]
        assert links, path
        assert all(link["target"] == "_top" for link in links), path
        assert all("noopener" in link["rel"] for link in links), path
        assert page.find("link", rel="canonical")["href"] == f"{HOST}{path}"
        assert page.footer.a["href"] == f"{HOST}{path}"


@pytest.mark.pure
def test_places_in_a_text_stay_in_its_frame() -> None:
    html = '<p><a href="https://x.example/" rel="noopener">x</a> <a href="#fn-1" id="fnref-1">1</a></p>'

    assert leading_out(html) == html.replace('<a href="https', '<a target="_top" href="https')


def test_an_embed_shows_what_everybody_reads_whoever_asks(client: CheckedClient, make: Factory) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    make.project(council, officer, slug="one")
    make.project(council, officer, slug="trial", title="Trial", is_trial=True)
    draft = make.project(council, officer, status="draft", title="Draft")
    before = {path: client.get(path) for path in ("/embed/projects/one", "/embed/councils/leadham")}
    make.signed_in(client, officer, council)

    for path, answer in before.items():
        again = client.get(path)
        assert again.get_data() == answer.get_data()
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for slug in ("trial", draft.id):
        assert client.get(f"/embed/projects/{slug}").status_code == 404
        assert client.get(f"/projects/{slug}/share").status_code == 404


def test_what_is_hidden_is_a_small_page_that_may_be_framed(
    client: CheckedClient, make: Factory, pages: list[str], work: Any
) -> None:
    from pipeline.kernel.actor import system
    from pipeline.projects.events import ProjectUpdated

    with make.session() as session:
        project = session.query(Project).filter_by(slug="one").one()
        project.is_hidden, project.is_public = True, False
    with work(system("tests")) as unit:
        unit.record(ProjectUpdated(project_id=project.id, fields=(), changes={}))

    for path in ("/embed/projects/one", "/embed/documents/policy", "/embed/projects/nothing", "/embed/councils/x",
                 "/embed/other/x", "/cy/embed/projects/one"):  # fmt: skip
        answer = client.get(path)
        page = parsed(answer)
        assert answer.status_code == 404, path
        assert answer.headers["Content-Security-Policy"] == EMBEDS_POLICY
        assert "X-Frame-Options" not in answer.headers
        assert page.find(["form", "script", "nav", "header"]) is None
        assert page.h1.text in ("There is nothing to show here", page.h1.text if path.startswith("/cy") else "")
        assert HOSTILE[:20] not in answer.get_data(as_text=True)
    assert client.post("/embed/projects/one").status_code in (400, 405)
    assert parsed(client.post("/embed/projects/one")).find("form") is None


def test_an_address_that_was_leads_to_what_is(client: CheckedClient, make: Factory) -> None:
    project = make.project(make.council(), slug="new")
    with make.session() as session:
        session.add(ProjectSlug(slug="old", project_id=project.id))
    for path in ("/embed/projects/{}", "/projects/{}/share", "/calendars/projects/{}.ics", "/cy/embed/projects/{}"):
        moved = client.get(path.format("old"))
        assert (moved.status_code, moved.headers["Location"]) == (301, path.format("new"))


def test_a_welsh_embed_is_of_the_welsh_page(client: CheckedClient, make: Factory) -> None:
    make.council("Caer", name_cy="Cyngor Caer")
    page = client.page("/cy/embed/councils/caer")
    assert page.h1.text == "Cyngor Caer"
    assert page.h1.a["href"] == "/cy/councils/caer"


def oembed(client: CheckedClient, path: str, more: str = "") -> Any:
    return client.get(f"/oembed?url={quote(HOST + path, safe='')}{more}")


def test_oembed_gives_the_frame_of_a_page(client: CheckedClient, pages: list[str]) -> None:
    for path in pages:
        answer = oembed(client, path)
        body = answer.get_json()
        assert answer.mimetype == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (body["version"], body["type"], body["provider_name"]) == ("1.0", "rich", "Pipeline")
        assert body["author_name"] == "Leadham Council"
        soup = BeautifulSoup(body["html"], "html5lib")
        frame = soup.iframe
        assert soup.find("script") is None
        assert frame["src"] == f"{HOST}/embed{path}"
        assert frame["title"] == body["title"]
        assert (frame["loading"], " ".join(frame["sandbox"])) == ("lazy", SANDBOX)
        assert "allow-scripts" not in frame["sandbox"]
        assert (int(frame["width"]), int(frame["height"])) == (body["width"], body["height"])
        as_xml = oembed(client, path, "&format=xml")
        assert as_xml.mimetype == "text/xml"
        found = {one.tag: one.text for one in ElementTree.fromstring(as_xml.get_data())}  # noqa: S314 - our own
        assert found == {name: str(value) for name, value in body.items()}
        assert oembed(client, path).headers["ETag"]


def test_oembed_keeps_to_the_room_there_is(client: CheckedClient, pages: list[str]) -> None:
    body = oembed(client, pages[0], "&maxwidth=200&maxheight=100&dnt=1").get_json()
    assert (body["width"], body["height"]) == (200, 100)
    assert 'width="200" height="100"' in body["html"]


@pytest.mark.parametrize(
    "query, status",
    [
        ("", 400),
        ("?url=", 400),
        (f"?url={HOST}/projects/one&url={HOST}/projects/one", 400),
        (f"?url={HOST}/projects/one&maxwidth=0", 400),
        (f"?url={HOST}/projects/one&maxwidth=1_0", 400),
        (f"?url={HOST}/projects/one&maxheight=-5", 400),
        (f"?url={HOST}/projects/one&maxheight=999999", 400),
        (f"?url={HOST}/projects/one&format=yaml", 501),
        ("?url=https://evil.example/projects/one", 404),
        (f"?url={HOST}.evil.example/projects/one", 404),
        ("?url=http://user@127.0.0.1:8000/projects/one", 404),
        ("?url=//127.0.0.1:8000/projects/one", 404),
        ("?url=http://[broken/projects/one", 404),
        (f"?url={HOST}/projects/one/edit", 404),
        (f"?url={HOST}/projects/none", 404),
        (f"?url={HOST}/projects/%2500", 404),
        (f"?url={HOST}/", 404),
        ("?url=javascript:alert(1)", 404),
    ],
)
def test_oembed_refuses_what_it_has_no_answer_for(
    client: CheckedClient, pages: list[str], query: str, status: int
) -> None:
    answer = client.get(f"/oembed{query}")
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_oembed_finds_what_has_moved_and_nothing_hidden(client: CheckedClient, make: Factory) -> None:
    council = make.council("Leadham", name_cy="Cyngor Leadham")
    project = make.project(council, slug="new", title="New")
    with make.session() as session:
        session.add(ProjectSlug(slug="old", project_id=project.id))
    assert "/embed/projects/new" in oembed(client, "/projects/old").get_json()["html"]
    assert f"{HOST}/cy/embed/councils/leadham" in oembed(client, "/cy/councils/leadham").get_json()["html"]
    with make.session() as session:
        session.execute(update(Project).values(is_public=False, is_hidden=True))
    assert oembed(client, "/projects/new").status_code == 404


def test_pages_say_where_their_feeds_calendar_and_frame_are(client: CheckedClient, pages: list[str]) -> None:
    for path in pages:
        page = client.page(path)
        named = {one["type"]: one["href"] for one in page.find_all("link", rel="alternate", type=True)}
        assert set(named) == {
            "application/atom+xml", "application/feed+json", "text/calendar", "application/json+oembed",
            "text/xml+oembed",
        }  # fmt: skip
        assert all(client.get(address.removeprefix(HOST)).status_code == 200 for address in named.values())
        shares = [link["href"] for link in page.find_all("a", href=re.compile("/share#"))]
        assert shares == [f"{path}/share#feeds", f"{path}/share#website"]
    for path in ("/", "/projects", "/projects?theme=housing", "/follow"):
        page = client.page(path)
        named = [one["href"] for one in page.find_all("link", rel="alternate", type=True)]
        assert len(named) == 3, path
        assert all(client.get(address).status_code == 200 for address in named), path


def test_the_page_for_sharing_shows_the_frame_and_the_html_to_copy(client: CheckedClient, pages: list[str]) -> None:
    for path in pages:
        answer = client.get(f"{path}/share")
        page = parsed(answer)
        assert answer.headers["Content-Security-Policy"] == WITH_OWN_FRAMES
        assert page.iframe["src"] == f"/embed{path}"
        area = page.find("textarea")
        assert area.has_attr("readonly")
        copied = BeautifulSoup(area.text, "html5lib").iframe
        assert copied["src"] == f"{HOST}/embed{path}"
        assert page.find("form", method="post") is None
        known = client.get(f"{path}/share", headers={"If-None-Match": answer.headers["ETag"]})
        assert known.status_code == 304
        assert known.headers["Content-Security-Policy"] == WITH_OWN_FRAMES


def test_every_feed_and_calendar_of_the_page_to_follow_is_there(client: CheckedClient) -> None:
    page = client.page("/follow")
    links = [link["href"] for link in page.main.find_all("a")]
    assert len(links) > 20
    assert all(client.get(link).status_code == 200 for link in links)
