"""A real Chromium against a real server, with scripts and with every script refused."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from pipeline.accounts.passwords import hash_password
from pipeline.db.engine import database
from tests.conftest import empty, make_application
from tests.factories import Factory
from tests.support.look import WIDTHS, axe_says, too_wide
from tests.support.serving import server_of

PASSWORD = "correct horse battery staple"
# Pictures of every page are kept here when it is set: `PICTURES=var/pictures make test`.
PICTURES = os.environ.get("PICTURES")


class Site:
    """A running server and the application behind it."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app = app
        self.address = address
        # Pages are the same on both databases: they are looked at on one.
        self.is_looked_at = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
        self.make = Factory(app)
        self.password_hash = hash_password(PASSWORD)

    def do_waiting_work(self) -> None:
        """What the worker would do now: listen, send, do what is due."""
        from pipeline.cli.worker import work_through

        with self.app.app_context():
            for _round in range(20):
                if not work_through():
                    return


@pytest.fixture(scope="session")
def sites(
    database_urls: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Site]]:
    """A running site on each database, started when first asked for."""
    running: dict[str, tuple[Any, Site]] = {}

    def site(dialect: str) -> Site:
        if dialect not in running:
            server = server_of(lambda environ, start: handler(environ, start))
            address = f"http://127.0.0.1:{server.server_port}"
            mail = tmp_path_factory.mktemp("mail")
            app = make_application(
                database_urls(dialect), PUBLIC_URL=address, MAIL_URL=f"file:{mail}", WEBHOOKS_TO_THIS_MACHINE="yes"
            )
            app.config["MAIL_FOLDER"] = str(mail)
            handlers[server.server_port] = app

            def handler(environ: Any, start: Any) -> Any:
                return handlers[int(environ["SERVER_PORT"])](environ, start)

            threading.Thread(target=server.serve_forever, daemon=True).start()
            running[dialect] = (server, Site(app, address))
        return running[dialect][1]

    handlers: dict[int, Flask] = {}
    yield site
    for server, _site in running.values():
        server.shutdown()
    for _server, one in running.values():
        with one.app.app_context():
            database.engine.dispose()


@pytest.fixture
def site(dialect: str, sites: Callable[[str], Site]) -> Site:
    """A running, empty site."""
    running = sites(dialect)
    empty(running.app)
    return running


@pytest.fixture(params=["with scripts", "scripts refused"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """A journey is made twice: once as usual, once with every script refused."""
    return bool(request.param == "with scripts")


class Walker:
    """Somebody with a browser of their own. Looks at every page: axe, width, errors in the console."""

    def __init__(self, browser: Browser, site: Site, *, has_scripts: bool, width: int = 1280) -> None:
        self.site = site
        self.has_scripts = has_scripts
        self.context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site.address)
        self.complaints: list[str] = []
        self.looked_at: set[str] = set()
        if not has_scripts:
            self.context.route("**/*.js", refuse_script)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8000)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script failed: {error}"))

    def go(self, path: str) -> None:
        """Open a page and look at it."""
        self.page.goto(path)
        self.look()

    def follow(self, words: str, number: int = 0) -> None:
        """Follow the link with these words."""
        self.page.get_by_role("link", name=words).nth(number).click()
        self.look()

    def press(self, words: str, number: int = 0) -> None:
        """Press the button with these words."""
        self.page.get_by_role("button", name=words).nth(number).click()
        self.look()

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str) -> None:
        """Choose the answer with this label."""
        self.page.get_by_label(label, exact=True).first.check()

    def fill_day(self, group: str, day: Any) -> None:
        """Type a date into its three fields."""
        fields = self.page.get_by_role("group", name=group)
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            fields.get_by_label(label, exact=True).fill(str(value))

    def sees(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in " ".join(self.page.locator("body").inner_text().split())

    def look(self) -> None:
        """Check the page: axe at both widths, no sideways scrolling, a clean console."""
        self.page.wait_for_load_state("load")
        assert not self.complaints, self.complaints
        if not self.site.is_looked_at:
            return
        for width in WIDTHS:
            assert not (wide := too_wide(self.page, (width,))), f"{self.page.url}: {wide}"
            assert not (said := axe_says(self.page)), f"{self.page.url} at {width} px: {said}"
            self.keep_picture(width)

    def keep_picture(self, width: int) -> None:
        """Keep a picture of the page, where pictures are wanted."""
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            name = (
                f"{len(self.looked_at):03d}"
                + self.page.url.removeprefix(self.site.address).split("?")[0].replace("/", "_")[:70]
            )
            self.looked_at.add(self.page.url)
            self.page.screenshot(path=str(folder / f"{name}-{width}.png"), full_page=True)

    def sign_in(self, address: str, password: str = PASSWORD) -> None:
        """Sign in on the page, as everybody does."""
        self.go("/sign-in")
        self.fill("Your work e-mail address", address)
        self.fill("Password", password)
        self.press("Sign in")

    def close(self) -> None:
        self.context.close()


def refuse_script(route: Route) -> None:
    """Answer a script's address as a network that lets none through."""
    route.abort()


@pytest.fixture
def walkers(chromium: Browser, site: Site, has_scripts: bool) -> Iterator[Callable[[], Walker]]:
    """Makes people with browsers of their own."""
    made: list[Walker] = []

    def walker() -> Walker:
        made.append(Walker(chromium, site, has_scripts=has_scripts))
        return made[-1]

    yield walker
    for one in made:
        one.close()
