"""Workers in processes of their own, as `flask worker` runs them: whole ones, and ones that die at a named step.

`python -m tests.support.workers STEP` is such a worker. Only there is anything put in the way of what it does.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from flask import Flask

from tests.support.source import ROOT

SHORT_LEASE = timedelta(seconds=1)
"""So that what a dead worker held comes back while a test waits for it."""

Where = tuple[str, str, str]

STEPS_OF_A_LISTENER: dict[str, Where] = {
    "before it is handled": ("pipeline.db.listeners", "_hear_batch", "before"),
    "while it is handled": ("pipeline.notifications.listener", "keep_notices", "after"),
    "after it is handled, before the commit": ("pipeline.db.listeners", "_move", "before"),
    "after the commit": ("pipeline.db.listeners", "_hear_batch", "after"),
    "while followers are told": ("pipeline.notifications.fan_out", "keep_notices", "after"),
    "after followers were told": ("pipeline.cli.worker", "tell_followers", "after"),
}
STEPS_OF_A_MESSAGE: dict[str, Where] = {
    "leased": ("pipeline.notifications.sender.Sender", "_send_all", "before"),
    "written": ("pipeline.notifications.sender.Sender", "_written", "after"),
    "connected": ("pipeline.notifications.transport.SmtpMailer", "_open", "after"),
    "after MAIL FROM": ("smtplib.SMTP", "mail", "after"),
    "after RCPT TO": ("smtplib.SMTP", "rcpt", "after"),
    "after DATA": ("pipeline.notifications.punctual.PunctualSmtp", "data", "after"),
    "before it is marked": ("pipeline.db.outbox", "mark_sent", "before"),
    "marked, before the commit": ("pipeline.db.outbox", "mark_sent", "after"),
    "after it is marked": ("pipeline.notifications.sender.Sender", "_send", "after"),
}
STEPS = STEPS_OF_A_LISTENER | STEPS_OF_A_MESSAGE
"""Where a worker can die: before or after what is called."""


@contextmanager
def worker(
    url: str, mail_url: str, log: Path, *, dies: str = "never", more: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker on a database, for as long as the block lasts; `log` gets what it says."""
    settings = {"PIPELINE_MODE": "test", "DATABASE_URL": url, "MAIL_URL": mail_url, "FLASK_APP": "wsgi.py"}
    command = [sys.executable, "-m", "tests.support.workers", dies]
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings, **(more or {})}, stdout=said, stderr=said
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def site(app: Flask, port: int, log: Path) -> Iterator[str]:
    """The pages and the API of an application's database, as gunicorn serves them; gives their address."""
    address = f"http://127.0.0.1:{port}"
    settings = {
        "PIPELINE_MODE": "production", "DATABASE_URL": address_of(app), "SECRET_KEY": app.config["SECRET_KEY"],
        "PUBLIC_URL": address, "PORT": str(port), "BIND": "127.0.0.1", "WEB_PROCESSES": "2",
        "MAIL_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "Pipeline <noreply@pipeline.example>",
        "CONTACT_ADDRESS": "hello@pipeline.example", "RATE_LIMIT_PER_MINUTE": "1000000",
        "RATE_LIMIT_PER_HOUR": "1000000",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "pipeline/cli/gunicorn_settings.py", "wsgi:app"]
    with log.open("ab") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=said)
    try:
        wait_until(lambda: _does_answer(address), 60)
        yield address
        assert server.poll() is None, log.read_text()
    finally:
        server.terminate()
        server.wait(30)


def _does_answer(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


def address_of(app: Flask) -> str:
    """The database of an application, as a setting of another process."""
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def _die_at(where: Where) -> None:
    """Have this process killed, as by the kernel, the first time that something is called."""
    owner, name, when = where
    path, _dot, last = owner.rpartition(".")
    holder: Any = getattr(import_module(path), last) if last[0].isupper() else import_module(owner)
    real = getattr(holder, name)

    def called(*arguments: Any, **more: Any) -> Any:
        if when == "before" and _counts(name, arguments):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **more)
        if when == "after" and _counts(name, arguments) and (answer or name != "tell_followers"):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(holder, name, staticmethod(called) if _is_static(holder, name) else called)


def _is_static(holder: Any, name: str) -> bool:
    return isinstance(getattr(holder, "__dict__", {}).get(name), staticmethod)


def _counts(name: str, arguments: tuple[Any, ...]) -> bool:
    """Of the listeners only that of the notices is meant."""
    if name not in ("_hear_batch", "_move"):
        return True
    return any(getattr(one, "name", "") == "mail" for one in arguments)


def main(step: str) -> None:
    """Be a worker that dies at a step, or never."""
    from flask.cli import main as flask

    from pipeline.db import leases, listeners

    if step != "unhurried":
        leases.LEASE = listeners.LEASE = SHORT_LEASE
    if step in STEPS:
        _die_at(STEPS[step])
    sys.argv = ["flask", "worker"]
    run: Callable[[], None] = flask
    run()


if __name__ == "__main__":
    main(sys.argv[1])
