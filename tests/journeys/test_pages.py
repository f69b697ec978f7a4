"""Every kind of page in each of its states, looked at as `Walker.look` does: axe, no sideways scrolling at 320 px.

One world is made for all of these tests, with something in every state, and each test walks through it as one kind of
reader: signed out, a member, an authoriser, a lead, a council's admin, a coordinator. Then errors, an empty place, the
demonstration's own pages, and the main path with the keyboard alone. On SQLite: pages are the same on both databases.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pipeline.db.engine import database
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Check
from tests.conftest import empty, make_application
from tests.journeys.conftest import Site, Walker
from tests.support.serving import server_of

pytestmark = pytest.mark.browser

LONG = "Resettlement, homelessness prevention and Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
"""A title that has to break on a phone."""
MOST_TABS = 120


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: officers with their councils by what they are, and pages by who may open them."""

    site: Site
    readers: dict[str, tuple[Any, Any]]
    pages: dict[str, tuple[str, ...]]
    need_id: str
    draft_id: str
    slug: str


def _measures(make: Any, project: Any, lead: Any, council: Any) -> tuple[str, str]:
    """A measure with a line of three points, two of them on one day and one below nothing; and a benefit."""
    today = clock.today()
    day = {number: today - timedelta(days=number) for number in (90, 40, 10)}
    points = {"baseline": 250, "baseline_on": day[90], "target": 900, "target_on": today + timedelta(days=90)}
    measure = make.measure(project, lead, name=LONG, unit="percent", better="more", **points)
    wrong = make.reading(measure, lead, council, value=410, read_on=day[40], note="Half of the tenants.")
    make.reading(measure, lead, council, value=430, read_on=day[40], corrects_id=wrong.id)
    make.reading(measure, lead, council, value=-55, read_on=day[10])
    saved = make.measure(project, lead, name="Calls saved", kind="benefit", unit="pounds", better="more")
    make.reading(saved, lead, council, value=120_000)
    return str(measure.id), str(saved.id)


@pytest.fixture(scope="module")
def made(sites: Callable[[str], Site]) -> Made:
    """A running site with something in every state."""
    site = sites("sqlite")
    empty(site.app)
    make = site.make
    leading, pledging = make.council("Northborough"), make.council("Eastmere")
    password = {"password_hash": site.password_hash}
    lead = make.officer(leading, is_named=True)
    admin = make.officer(leading, Role.COUNCIL_ADMIN)
    member = make.officer(pledging, address="officer@eastmere.example", **password)
    authoriser = make.officer(pledging, Role.AUTHORISER)
    coordinator = make.officer(None, Role.COORDINATOR, second_factor_at=clock.now())
    waiting = make.officer(None)
    make.membership(waiting, leading, is_waiting=True)
    project = make.project(leading, lead, slug="repairs", title="One form for housing repairs", least_councils=2)
    make.person(project, admin, leading)
    needs = [
        make.need(project, title="A user researcher", is_essential=True, held=12, pledged=8, agreed=4),
        make.need(project, "funding", title=LONG, target=1_500_000, held=500_000, pledged=500_000),
        make.need(project, "in_kind", title="A test group", target=2, held=2, pledged=2, is_capped=True),
    ]
    states = ("offered", "authorised", "accepted", "declined", "refused", "withdrawn", "lapsed")
    pledges = {state: str(make.pledge(needs[0], pledging, member, status=state).id) for state in states}
    another = make.pledge(needs[1], pledging, member, status="authorised").id
    draft = make.project(leading, lead, status="draft", title="A draft", summary="", problem="", problem_html="")
    make.need(draft)
    trial = make.project(leading, lead, is_trial=True, title=LONG)
    what_came: dict[str, Any] = {
        "year_ended": 2024,
        "outcome_html": "<p>It works.</p>",
        "sources": ["https://a.example/"],
    }
    finished = make.project(leading, lead, status="finished", **what_came)
    going = make.project(leading, lead, status="going_ahead", phase="alpha")
    news = make.update(project, lead, leading, title="What twelve tenants told us")
    unsaid = make.update(project, lead, leading, title="Not yet", status="draft")
    make.keep(
        Check(
            id=new_id(), project_id=project.id, subject_type="update", subject_id=unsaid.id,
            officer_id=admin.id, asked_by=lead.id, asked_at=clock.now(),
        )
    )  # fmt: skip
    measure, saved = _measures(make, project, lead, leading)
    for number in range(55):
        make.council(f"Place {number}")
    need, path = needs[0].id, f"/projects/{project.slug}"
    pages = {
        "anybody": (
            "/", "/projects", "/projects?q=housing&theme=housing", "/projects?q=zzqq", path, f"{path}/updates",
            f"/projects/{finished.slug}", f"/projects/{going.slug}", f"/projects/{going.slug}/updates",
            f"/updates/{news.id}", "/councils", "/councils?q=zzqq", "/councils?q=place", "/councils/northborough",
            "/councils/place-1", f"{path}/briefing", "/councils/northborough/briefing",
            *(f"/pledges/{pledges[one]}" for one in ("authorised", "accepted")),
            "/help", "/accessibility", "/privacy", "/cookies", "/contact", "/data", "/developers",
            f"{path}/measures", f"{path}/account", "/themes", "/themes/housing", "/themes/licensing", "/places",
            "/places/south-west", "/places/wales", "/cy/places/wales",
            "/problems/not-found", "/sign-in", "/sign-up", "/sign-up/sent", "/reset-password", "/reset-password/sent",
            "/verify/none", "/reset-password/none", "/nowhere", "/cy/", f"/cy{path}",
        ),
        "member": (
            "/", path, f"{path}/briefing", "/your-work", *(f"/needs/{one.id}/pledges/new" for one in needs),
            *(f"/pledges/{one}" for one in (*pledges.values(), another)),
            f"/pledges/{pledges['offered']}/change", f"/pledges/{pledges['authorised']}/withdraw",
            "/councils/eastmere/pledges", "/councils/eastmere/settings", "/account", "/account/details",
            "/account/address", "/account/password", "/account/sessions", "/account/erase", "/account/councils/join",
            "/account/tokens", "/account/tokens/new",
            "/account/councils/eastmere/leave", "/projects/new", "/cy/your-work", f"/cy/needs/{need}/pledges/new",
        ),
        "authoriser": (
            "/your-work", *(f"/pledges/{pledges['offered']}{one}" for one in ("", "/authorise", "/refuse")),
        ),
        "lead": (
            "/your-work", path, f"{path}/edit", f"{path}/team", f"{path}/phase", f"{path}/delete", f"{path}/needs/new",
            f"{path}/needs/new?kind=time", f"{path}/needs/new?kind=funding", f"{path}/needs/new?kind=in_kind",
            *(f"/needs/{need}/{one}" for one in ("edit", "close", "drop")),
            f"{path}/updates", f"{path}/updates/new", f"/updates/{news.id}", f"/updates/{news.id}/withdraw",
            *(f"/updates/{unsaid.id}{one}" for one in ("", "/edit", "/check", "/delete")),
            *(f"/projects/{draft.id}{one}" for one in ("", "/edit", "/edit/terms", "/publish", "/check", "/delete")),
            f"/projects/{trial.slug}", f"{path}/measures", f"{path}/measures/new",
            *(f"/measures/{measure}/{one}" for one in ("edit", "end", "readings/new")),
            f"/measures/{saved}/readings/new", f"/projects/{draft.id}/measures",
            *(f"/pledges/{pledges['authorised']}{one}" for one in ("", "/accept", "/decline")),
        ),
        "admin": ("/your-work", "/councils/northborough/settings", "/councils/northborough/pledges", "/account"),
        "coordinator": ("/your-work", "/coordination", "/coordination/councils/eastmere/admin", "/coordination/people"),
    }  # fmt: skip
    readers = {
        "member": (member, pledging), "authoriser": (authoriser, pledging), "lead": (lead, leading),
        "admin": (admin, leading), "coordinator": (coordinator, None), "waiting": (waiting, None),
    }  # fmt: skip
    return Made(site, readers, pages, str(need), str(draft.id), "repairs")


@pytest.fixture
def walker(chromium: Browser, made: Made) -> Iterator[Callable[..., Walker]]:
    """Makes a reader of the made world; `who` is signed in."""
    opened: list[Walker] = []

    def one(who: str | None = None, *, has_scripts: bool = True) -> Walker:
        opened.append(Walker(chromium, made.site, has_scripts=has_scripts))
        if who:
            made.site.make.signed_in(Cookies(opened[-1]), *made.readers[who])
        return opened[-1]

    yield one
    for each in opened:
        each.close()


class Cookies:
    """Puts a cookie where a browser keeps it, for the factory that signs somebody in."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker

    def set_cookie(self, name: str, value: str) -> None:
        self.walker.context.add_cookies([{"name": name, "value": value, "url": self.walker.site.address}])


@pytest.mark.parametrize("who", ["anybody", "member", "authoriser", "lead", "admin", "coordinator"])
def test_every_page_of_each_reader(made: Made, walker: Callable[..., Walker], who: str) -> None:
    reader = walker(None if who == "anybody" else who)
    for path in made.pages[who]:
        reader.go(path)
        assert reader.page.locator("h1").count() == 1, path
        assert "Something went wrong" not in reader.page.title(), path


def test_what_is_closed_to_a_reader_says_so(made: Made, walker: Callable[..., Walker]) -> None:
    member, anybody, waiting = walker("member"), walker(), walker("waiting")
    member.go("/councils/northborough/settings")
    assert member.sees("You may not do this")
    member.go(f"/projects/{made.draft_id}")
    assert member.sees("We cannot find that page")
    anybody.go(f"/needs/{made.need_id}/pledges/new")
    assert anybody.sees("Sign in")
    waiting.go("/your-work")
    assert waiting.sees("Your place in a council is not confirmed yet")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "scripts refused"])
def test_errors_are_listed_first_and_lead_to_their_questions(
    made: Made, walker: Callable[..., Walker], has_scripts: bool
) -> None:
    member, lead, anybody = (walker(who, has_scripts=has_scripts) for who in ("member", "lead", None))
    refuse(anybody, "/sign-in", "Sign in", has_scripts)
    refuse(anybody, "/sign-up", "Continue", has_scripts)
    refuse(member, f"/needs/{made.need_id}/pledges/new", "Check your answers", has_scripts)
    refuse(member, "/projects/new", "Keep as a draft and go on", has_scripts)
    refuse(lead, f"/projects/{made.slug}/needs/new?kind=time", "Add the need", has_scripts)
    refuse(lead, f"/projects/{made.slug}/updates/new", "Keep as a draft", has_scripts)


def refuse(walker: Walker, path: str, button: str, has_scripts: bool) -> None:
    """Send a form with nothing in it, and follow the first error to its question."""
    walker.page.goto(path)
    walker.page.locator("main").get_by_role("button", name=button, exact=True).click()
    walker.look()
    page = walker.page
    assert page.title().startswith("Error:"), path
    summary = page.locator(".govuk-error-summary")
    if has_scripts:
        assert summary.evaluate("box => box === document.activeElement"), f"{path}: the summary has no focus"
    link = summary.locator("a").first
    target = (link.get_attribute("href") or "#").removeprefix("#")
    assert page.locator(f"[id='{target}']").count() == 1, f"{path}: #{target} is not there"
    link.click()
    if has_scripts:
        assert page.evaluate("document.activeElement.id") == target, path


def test_filters_fold_on_a_phone_and_are_open_without_scripts(made: Made, walker: Callable[..., Walker]) -> None:
    with_scripts, without = walker(), walker(has_scripts=False)
    for one, is_open in ((with_scripts, False), (without, True)):
        one.page.set_viewport_size({"width": 320, "height": 900})
        one.page.goto("/projects?theme=housing")
        assert one.page.locator("details.filters").evaluate("panel => panel.open") is is_open
        assert one.page.locator(".removable a").count() == 1


def test_a_project_prints_and_shows_in_forced_colours(made: Made, walker: Callable[..., Walker]) -> None:
    reader, seen = walker(), set[str]()
    reader.page.goto(f"/projects/{made.slug}")
    reader.page.emulate_media(forced_colors="active")
    for part in ("counts", "waits", "open"):
        fill = reader.page.locator(f".need .bar__{part}").first.evaluate("part => getComputedStyle(part).fill")
        assert fill not in seen, f"the parts of a bar look alike: {fill}"
        seen.add(fill)
    reader.page.emulate_media(media="print", forced_colors="none")
    for hidden in (".site-nav", ".govuk-breadcrumbs", ".site-footer", "main .govuk-button"):
        if reader.page.locator(hidden).count():
            assert not reader.page.locator(hidden).first.is_visible(), hidden
    assert reader.page.locator(".need .bar").first.is_visible()


def test_the_main_path_by_keyboard_alone(made: Made, walker: Callable[..., Walker]) -> None:
    """Sign in, find a project, offer a pledge: with Tab, Shift, Enter, Space and letters only."""
    page = walker().page
    page.goto("/")
    tab_to(page, "link", "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    type_into(page, "Your work e-mail address", "officer@eastmere.example")
    type_into(page, "Password", "correct horse battery staple")
    page.keyboard.press("Enter")
    page.wait_for_url("**/your-work")
    tab_to(page, "link", "Projects")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects")
    tab_to(page, "link", "One form for housing repairs")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/projects/{made.slug}")
    tab_to(page, "button", "Pledge officer time")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pledges/new")
    type_into(page, "How many days does your council offer?", "2.5")
    start = clock.today() + timedelta(days=14)
    for day in (start, start + timedelta(days=30)):
        for number, label in ((day.day, "Day"), (day.month, "Month"), (day.year, "Year")):
            type_into(page, label, str(number))
    tab_to(page, "button", "Check your answers")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-summary-list")
    tab_to(page, "button", "Offer this pledge")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"/pledges/[0-9a-f-]{36}"))
    assert "Offered, not yet authorised" in page.locator("main").inner_text()


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until this has the focus, and see that the focus shows on each thing it passes."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")[:200]
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {name!r} on {page.url}")


SHOWS_FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return true;
  const near = [one, one.nextElementSibling, one.parentElement].filter(Boolean);
  return near.some((each) => {
    const style = getComputedStyle(each);
    return style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  }) || getComputedStyle(one.nextElementSibling ?? one, "::before").boxShadow !== "none";
}"""
"""Whether what has the focus, or the box drawn beside a radio or checkbox, has an outline or a shadow."""


def type_into(page: Page, label: str, text: str) -> None:
    """Reach the next field with this label by Tab, and type."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.textContent.trim()") == label:
            page.keyboard.press("Control+a")
            page.keyboard.type(text)
            return
    raise AssertionError(f"Tab never reaches {label!r} on {page.url}")


def test_an_empty_place_says_what_to_do(sites: Callable[[str], Site], chromium: Browser) -> None:
    """Last of the tests on the made world: it removes it."""
    site = sites("sqlite")
    empty(site.app)
    council = site.make.council("Northborough")
    officer = site.make.officer(council, Role.COUNCIL_ADMIN)
    anybody, member = (Walker(chromium, site, has_scripts=True) for _one in range(2))
    site.make.signed_in(Cookies(member), officer, council)
    for reader, path, words in (
        (anybody, "/", "No project is open yet"),
        (anybody, "/projects", "No project is published yet"),
        (anybody, "/councils/northborough", "No officer of this council has posted a project"),
        (member, "/your-work", "Nothing waits for you"),
        (member, "/councils/northborough/pledges", "No pledges yet"),
        (member, "/councils/northborough/settings", "Nobody waits"),
    ):
        reader.go(path)
        assert reader.sees(words), path
    anybody.close()
    member.close()


def test_the_demonstrations_own_pages(chromium: Browser, tmp_path: Any) -> None:
    """Choosing who to be, the band on every page, and the mail that was written."""
    server = server_of(lambda environ, start: app(environ, start))
    address = f"http://127.0.0.1:{server.server_port}"
    settings = {"PIPELINE_MODE": "demonstration", "PUBLIC_URL": address, "MAIL_URL": f"file:{tmp_path / 'mail'}"}
    app = make_application(f"sqlite:///{tmp_path / 'demonstration.db'}", **settings)
    loaded = app.test_cli_runner().invoke(args=["demonstration", "load"])
    assert loaded.exit_code == 0, loaded.output
    threading.Thread(target=server.serve_forever, daemon=True).start()
    visitor = Walker(chromium, Site(app, address), has_scripts=True)
    visitor.go("/")
    visitor.follow("Choose who to be")
    visitor.go("/demonstration/mail")
    visitor.go("/demonstration")
    visitor.press("Be Daniel Osei")
    assert visitor.sees("Demonstration.")
    visitor.go("/your-work")
    assert visitor.sees("Accept or decline")
    visitor.close()
    server.shutdown()
    with app.app_context():
        database.engine.dispose()
