"""What the description allows and forbids, asked of the site as it runs: two processes of gunicorn on SQLite, filled
with the demonstration and its files. tests/api/test_fuzzing.py asks the application itself; here nothing is left out,
so that the server's own limits, its threads and its two processes take part."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import schemathesis
from sqlalchemy import select

from pipeline.accounts.models import Membership, Officer
from pipeline.councils.models import Council
from pipeline.db.engine import database
from tests.api.test_fuzzing import config, everything_asked, is_read_alike, needs_no_token, without_what_only_we_make
from tests.conftest import make_application
from tests.factories import Factory
from tests.support.exports import make_exports
from tests.support.source import ROOT

pytestmark = [pytest.mark.drill, pytest.mark.database]

EXAMPLES = 3
"""Made-up requests for each operation."""
LONGEST_ADDRESS = 8_000
SECRET = "only for the drill of the server"
LEAD = "ruth.calloway@eastmere.example"
SECONDS_TO_START = 60


@dataclass(frozen=True, slots=True)
class Running:
    """Where the site is, and the header with which a made-up officer acts there."""

    address: str
    token: dict[str, str]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demonstration, served as `make serve` serves."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, url = f"http://127.0.0.1:{port}", f"sqlite:///{folder / 'pipeline.db'}"
    settings = {
        "PIPELINE_MODE": "demonstration", "PUBLIC_URL": address, "SECRET_KEY": SECRET,
        "MAIL_URL": f"file:{folder / 'mail'}", "PORT": str(port), "BIND": "127.0.0.1", "WEB_PROCESSES": "2",
        "RATE_LIMIT_PER_MINUTE": "1000000", "RATE_LIMIT_PER_HOUR": "1000000",
    }  # fmt: skip
    token = filled(url, settings)
    command = [sys.executable, "-m", "gunicorn", "-c", "pipeline/cli/gunicorn_settings.py", "wsgi:app"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings | {"DATABASE_URL": url}, stdout=log, stderr=log
        )
        try:
            wait_for(address, server, folder / "log")
            yield Running(address, token)
            assert server.poll() is None, "the server went down"
        finally:
            server.terminate()
            server.wait(30)


def filled(url: str, settings: dict[str, str]) -> dict[str, str]:
    """Fill the database with the demonstration; the header of an officer who leads projects in it."""
    app = make_application(url, **settings)
    loaded = app.test_cli_runner().invoke(args=["demonstration", "load"])
    assert loaded.exit_code == 0, loaded.output
    make_exports(app)
    make = Factory(app)
    with make.session() as session:
        officer = session.scalars(select(Officer).where(Officer.address == LEAD)).one()
        of = select(Council).join(Membership, Membership.council_id == Council.id)
        council = session.scalars(of.where(Membership.officer_id == officer.id)).one()
    token = make.token(officer, council)
    with app.app_context():
        database.engine.dispose()
    return token


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    for _ in range(SECONDS_TO_START * 5):
        assert server.poll() is None, log.read_text()
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def is_short_enough(_context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """What is longer than gunicorn's `limit_request_line` is refused by it, as HTML, before we hear of it."""
    return len(f"{case.formatted_path}?{urlencode(case.query or {}, doseq=True)}") < LONGEST_ADDRESS


def test_the_running_server_keeps_to_the_description(running: Running) -> None:
    schema = schemathesis.openapi.from_url(f"{running.address}/api/v1/openapi.json", config=config(EXAMPLES))
    schema.hook("filter_case")(is_read_alike)
    schema.hook("map_case")(without_what_only_we_make)
    schema.hook("filter_case")(is_short_enough)
    asked = everything_asked(schema)
    assert asked.found == [], "\n\n".join(asked.found)
    assert asked.checks > 1_000
    assert asked.chains


def test_the_running_server_keeps_to_the_description_with_a_token(running: Running) -> None:
    schema = schemathesis.openapi.from_url(
        f"{running.address}/api/v1/openapi.json", config=config(EXAMPLES, running.token)
    )
    schema = schema.exclude(operation_id="revoke_current_token").exclude(needs_no_token)
    schema.hook("filter_case")(is_read_alike)
    schema.hook("map_case")(without_what_only_we_make)
    schema.hook("filter_case")(is_short_enough)
    asked = everything_asked(schema)
    assert asked.found == [], "\n\n".join(asked.found)
    assert asked.checks > 500
    assert asked.chains
