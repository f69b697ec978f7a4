"""`flask worker`: does everything that waits, is held up by no dead mail server, and stops when asked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from pipeline.cli import worker
from pipeline.db.jobs import Duty, Job
from pipeline.db.listeners import ListenerPlace
from pipeline.db.outbox import OutboxMessage, queue_message
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from tests.conftest import make_application
from tests.factories import Factory
from tests.notifications.test_transport import silent_server
from tests.webhooks.receivers import receiver
from tests.webhooks.scene import make_scene

pytestmark = pytest.mark.database


def owe(app: Flask) -> None:
    """Owe an officer a message."""
    officer = Factory(app).officer()
    with app.app_context(), housekeeping("outbox") as session:
        queue_message(session, kind="account.password_changed", officer_id=officer.id, payload={}, now=clock.now())


def test_once_does_all_that_waits_and_stops(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_url=f"file:{tmp_path}"))
    owe(app)
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    assert len(list(tmp_path.glob("*.eml"))) == 1
    with app.app_context(), housekeeping("jobs") as session:
        assert set(session.scalars(select(Job.name))) == {duty.name for duty in worker.DUTIES}
        assert set(session.scalars(select(ListenerPlace.name))) == {one.name for one in worker.LISTENERS}
        assert not session.scalars(select(Job.id).where(Job.last_problem.is_not(None))).all()


def test_once_carries_what_webhooks_are_owed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    settings = replace(app.config["SETTINGS"], webhooks_to_this_machine=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    scene = make_scene(app, Factory(app))
    with receiver() as there:
        webhook = scene.webhook(there.url)
        for happens in (scene.happen, lambda: None):
            result = app.test_cli_runner().invoke(args=["worker", "--once"])
            assert result.exit_code == 0, result.output
            happens()

    assert scene.row(webhook.id).status == "active"
    assert scene.said(webhook.id) == [(1, "delivered", 204, None)]


def test_a_part_that_fails_leaves_the_others_running(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fail(_listener: object) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(worker, "hear", fail)
    monkeypatch.setattr(worker, "DUTIES", (Duty("try", worker.ACCOUNT_DUTIES[0].every, lambda: done.append(1)),))
    with app.app_context():
        worker.plan_duties(list(worker.DUTIES))
        worker.work_through()
    assert done == [1]


def test_without_a_way_out_mail_waits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_url=""))
    owe(app)
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    with app.app_context(), housekeeping("outbox") as session:
        row = session.scalars(select(OutboxMessage)).one()
    assert (row.sent_at, row.tries, row.leased_until) == (None, 0, None)


def test_a_mail_url_that_names_no_way_out_is_said_in_words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_url="mail.example"))
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 1
    assert "MAIL_URL must begin with" in result.output


def test_a_hanging_mail_server_stops_neither_listeners_nor_duties_nor_the_end(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pipeline.db'}"
    app = make_application(url)
    owe(app)
    with silent_server() as port:
        environment = os.environ | {
            "PIPELINE_MODE": "test",
            "DATABASE_URL": url,
            "MAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            wait_for_duties(app)
            process.send_signal(signal.SIGTERM)
            asked_at = time.monotonic()
            output, _ = process.communicate(timeout=20)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, output
    # A mail server has ten seconds for each answer: the worker does not wait for them.
    assert time.monotonic() - asked_at < 9, output
    assert "The worker has stopped." in output


def wait_for_duties(app: Flask) -> None:
    """Wait until a worker has heard and done what there was."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with app.app_context(), housekeeping("jobs") as session:
            waiting = session.scalars(select(Job.id).where(Job.due_at <= clock.now())).all()
            places = session.scalars(select(ListenerPlace.name)).all()
            planned = session.scalars(select(Job.id)).all()
        if planned and not waiting and len(places) == len(worker.LISTENERS):
            return
        time.sleep(0.2)
    pytest.fail("the worker did not get round")
