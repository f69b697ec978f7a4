"""A page on another site, in a real browser: it shows our frames, reads what is public, and can change nothing."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from pipeline.db.log import LoggedEvent
from tests.artefacts.factories import Shelf
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

LEAD = "lead@northborough.example"


@pytest.fixture
def pages(site: Site) -> list[str]:
    """A project, its council and its document; the title of the first would be a script, if it could."""
    make = site.make
    council = make.council("Northborough")
    lead = make.officer(council, address=LEAD, password_hash=site.password_hash)
    project = make.project(council, lead, slug="one", title="</script><script>document.title='taken'</script>")
    make.need(project, target=40, held=20, pledged=10)
    Shelf(make).document(project, lead, "A [link](https://elsewhere.example/).\n", slug="policy", title="A policy")
    return ["/projects/one", "/councils/northborough", "/documents/policy"]


class Empty(BaseHTTPRequestHandler):
    """Another site: every address is an empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><html lang=en><title>Elsewhere</title><body>")

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another site: another name and another port, so another origin and not the same site either."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, site: Site, elsewhere: str) -> Iterator[Page]:
    """Somebody who is signed in here, on a page of the other site."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    opened.goto(f"{site.address}/sign-in")
    opened.get_by_label("Your work e-mail address").fill(LEAD)
    opened.get_by_label("Password", exact=True).fill("correct horse battery staple")
    opened.get_by_role("button", name="Sign in").click()
    opened.wait_for_load_state("load")
    opened.goto(elsewhere)
    yield opened
    context.close()


def test_another_site_shows_our_frames_and_their_links_lead_out(site: Site, pages: list[str], page: Page) -> None:
    for path in pages:
        page.goto(page.url)
        address = f"{site.address}/oembed?url={quote(site.address + path, safe='')}&maxwidth=200"
        found = page.evaluate("address => fetch(address).then(answer => answer.json())", address)
        page.evaluate("html => { document.body.innerHTML = html }", found["html"])
        frame = page.frame_locator("iframe")
        assert frame.get_by_role("heading", level=1).inner_text() == found["title"]
        assert frame.get_by_text("From Pipeline").count() == 1
        inner = page.frames[1]
        # The stylesheet arrived, although a sandboxed page has no origin; nothing is wider than the frame.
        assert inner.evaluate("getComputedStyle(document.body).paddingLeft") == "12px"
        assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert inner.evaluate("location.origin && self.origin") == "null"
        assert "Sign out" not in inner.content()
    frame.get_by_role("link", name="Pipeline").click()
    page.wait_for_url(f"{site.address}/documents/policy")


FRAME = "address => { document.body.innerHTML = `<iframe src=${address}></iframe>` }"


def test_no_other_page_of_ours_is_shown_in_a_frame(site: Site, pages: list[str], page: Page) -> None:
    for path in ("/projects/one", "/", "/projects/one/share", "/sign-in", "/api/v1/projects", "/nothing"):
        page.goto(page.url)
        page.evaluate(
            "address => { document.body.innerHTML = `<iframe src=${address}></iframe>` }", site.address + path
        )
        for _wait in range(80):
            if page.frames[1].url:
                break
            page.wait_for_timeout(100)
        assert page.frames[1].url == "chrome-error://chromewebdata/", path


READ = """async address => {
  const answer = await fetch(address)
  const headers = ["RateLimit", "RateLimit-Policy", "ETag", "Link"].map(name => answer.headers.get(name))
  return {status: answer.status, type: answer.headers.get("Content-Type"), headers, text: await answer.text()}
}"""

TRY = """async ([address, request]) => {
  try { const answer = await fetch(address, request); return answer.type } catch (error) { return error.name }
}"""


def test_another_site_reads_what_is_public_and_can_change_nothing(site: Site, pages: list[str], page: Page) -> None:
    listed = page.evaluate(READ, f"{site.address}/api/v1/projects")
    assert listed["status"] == 200
    assert '"slug":"one"' in listed["text"]
    assert all(listed["headers"]), listed["headers"]
    for path in ("/feeds/all.json", "/feeds/projects/one.atom", "/calendars/all.ics"):
        assert page.evaluate(READ, site.address + path)["status"] == 200, path

    with site.app.app_context(), site.make.session() as session:
        before = session.scalar(select(func.count()).select_from(LoggedEvent))
    as_json = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": "{}"}
    plain = {"method": "POST", "body": "title=Taken&csrf_token=x", "credentials": "include",
             "headers": {"Content-Type": "application/x-www-form-urlencoded"}}  # fmt: skip
    for path, request in (
        ("/api/v1/projects/one/stop", as_json),
        ("/api/v1/projects", plain),
        ("/api/v1/projects/one", {"method": "DELETE"}),
        ("/projects/new", plain),
        ("/sign-out", plain),
        ("/oembed", as_json),
        ("/api/v1/projects", {"credentials": "include"}),
        ("/projects/one", {"credentials": "include"}),
    ):
        assert page.evaluate(TRY, [site.address + path, request]) == "TypeError", path
    with site.app.app_context(), site.make.session() as session:
        assert session.scalar(select(func.count()).select_from(LoggedEvent)) == before
    page.goto(f"{site.address}/your-work")
    assert page.get_by_role("button", name="Sign out").count() == 1


def test_the_pages_for_sharing_are_good_to_use_and_data_runs_nowhere(
    walkers: Callable[[], Walker], pages: list[str], site: Site
) -> None:
    walker = walkers()
    said: list[str] = []
    walker.page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in pages:
        walker.go(path)
        assert walker.page.title() != "taken"
        walker.follow("Show this on your website")
        assert (
            walker.page.get_by_label("HTML to copy")
            .input_value()
            .startswith(f'<iframe src="{site.address}/embed{path}"')
        )
        frame = walker.page.locator("iframe")
        frame.scroll_into_view_if_needed()
        assert walker.page.frame_locator("iframe").get_by_role("heading", level=1).inner_text()
        walker.go(f"/embed{path}")
        walker.page.set_viewport_size({"width": 200, "height": 600})
        assert walker.page.evaluate("document.documentElement.scrollWidth") <= 200, path
    walker.go("/follow")
    if walker.has_scripts:
        assert said == []
    walker.go("/embed/projects/nothing")
