"""A site with a few routes of the tests' own beside the real ones, so that what every route gets can be tried."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, jsonify, redirect, render_template_string, request, session
from sqlalchemy import text

from pipeline.db.engine import database
from pipeline.http.entry import Entry, anyone, may_enter
from pipeline.http.identity import current_actor
from pipeline.http.reading import begin_work
from tests.conftest import empty, make_application
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.facts import ThingHappened

PAGE = """<!DOCTYPE html><html lang="en"><title>A page</title><h1>A page</h1>{{ body }}"""
FORM = """<!DOCTYPE html><html lang="en"><title>A form</title><h1>A form</h1>
<form method="post" action="/tests/form"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Send</button></form>"""


@pytest.fixture(scope="session")
def sites(database_urls: Callable[[str], str]) -> Iterator[Callable[..., Flask]]:
    """The application with the tests' own routes, made when first asked for."""
    made: dict[tuple[str, str], Flask] = {}

    def site(dialect: str, public_url: str = "http://localhost") -> Flask:
        if (dialect, public_url) not in made:
            app = make_application(database_urls(dialect), PUBLIC_URL=public_url)
            add_routes(app)
            made[dialect, public_url] = app
        return made[dialect, public_url]

    yield site
    for app in made.values():
        with app.app_context():
            database.engine.dispose()


@pytest.fixture
def site(dialect: str, sites: Callable[..., Flask]) -> Flask:
    """The application with the tests' own routes, on an empty database."""
    app = sites(dialect)
    empty(app)
    return app


@pytest.fixture
def secure_site(dialect: str, sites: Callable[..., Flask]) -> Flask:
    """The same, at an https address."""
    app = sites(dialect, "https://pipeline.example")
    empty(app)
    return app


@pytest.fixture
def visitor(site: Flask) -> CheckedClient:
    """A browser without scripts on that site."""
    client = site.test_client()
    assert isinstance(client, CheckedClient)
    return client


@pytest.fixture
def make(site: Flask) -> Factory:
    """Makes rows of that site."""
    return Factory(site)


def add_routes(app: Flask) -> None:
    """One route for each entry, and some that fail in every way."""
    for entry in Entry:
        app.add_url_rule(f"/tests/for/{entry}", f"tests.for_{entry}", may_enter(entry)(lambda: show_page()))
    app.add_url_rule("/tests/form", "tests.form", anyone(show_form), methods=["GET", "POST"])
    app.add_url_rule("/tests/failure", "tests.failure", anyone(fail))
    app.add_url_rule("/api/tests/failure", "tests.api_failure", anyone(fail))
    app.add_url_rule("/tests/database-down", "tests.database_down", anyone(lose_database))
    app.add_url_rule("/api/tests/database-down", "tests.api_database_down", anyone(lose_database))
    app.add_url_rule("/tests/moved", "tests.moved", anyone(move))
    app.add_url_rule("/tests/unsaid", "tests.unsaid", show_page)
    app.add_url_rule("/tests/who", "tests.who", anyone(say_who))
    app.add_url_rule("/api/tests/who", "tests.api_who", anyone(say_who))
    app.add_url_rule("/tests/remember/<int:number>", "tests.remember", anyone(remember), methods=["POST"])


def show_page() -> str:
    return render_template_string(PAGE)


def show_form() -> str:
    if request.method == "POST":
        session["said"] = "thanks"
    return render_template_string(FORM)


def fail() -> str:
    raise ZeroDivisionError("the secret inside")


def lose_database() -> str:
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT secret", {}, Exception("no connection"))


def move() -> Response:
    return redirect("/tests/who")  # type: ignore[return-value]


def say_who() -> Response:
    actor = current_actor()
    database.session.execute(text("SELECT 1"))
    return jsonify(officer=actor.officer_id, council=actor.council_id, roles=sorted(actor.roles))


def remember(number: int) -> Response:
    from pipeline.kernel.ids import new_id

    with begin_work() as work:
        work.record(ThingHappened(thing_id=new_id(), number=number))
    return jsonify(number=number)
