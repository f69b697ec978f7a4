"""Many decision dates due at one moment, two workers at it and one killed midway: each is decided exactly once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.ids import new_id
from pipeline.pledges.decision_dates import decide_due_dates
from pipeline.pledges.models import Pledge
from pipeline.pledges.totals import differences, mend_totals
from pipeline.projects.models import Need, Project
from tests.factories import Factory

pytestmark = pytest.mark.database

PATIENCE = 600
"""Seconds a busy machine may take: it is a matter of once, not of speed."""

DECIDING = """
import os, sys
os.environ["PIPELINE_MODE"] = "test"
os.environ["DATABASE_URL"] = sys.argv[1]
from config import Settings
from pipeline.app import create_app
from pipeline.pledges.decision_dates import decide_due_dates

app = create_app(Settings.from_environment(os.environ))
print("ready", flush=True)
sys.stdin.readline()
with app.app_context():
    decide_due_dates()
print("done", flush=True)
"""


def due_projects(make: Factory, number: int) -> tuple[set[UUID], set[UUID]]:
    """Projects whose date ended yesterday: every other passes its test, the rest do not. Returns the two sets."""
    lead, partner = make.council("Lead"), make.council("Partner")
    officer = make.officer(partner)
    yesterday, now = clock.today() - timedelta(days=1), clock.now()
    passing: set[UUID] = set()
    failing: set[UUID] = set()
    rows: list[Any] = []
    for place in range(number):
        status = "accepted" if place % 2 else "authorised"
        project = Project(
            id=new_id(), slug=f"due-{place}", council_id=lead.id, title=f"Due {place}", status="open", phase="alpha",
            mode="all_or_nothing", decision_on=yesterday, least_councils=1, is_public=True, sources=[], created_at=now,
            updated_at=now, published_at=now,
        )  # fmt: skip
        need = Need(
            id=new_id(), project_id=project.id, position=1, kind="funding", title="Money", target=100,
            is_essential=True, is_capped=False, created_at=now, updated_at=now,
        )  # fmt: skip
        pledge = Pledge(
            id=new_id(), project_id=project.id, need_id=need.id, council_id=partner.id, officer_id=officer.id,
            kind="funding", amount=100, status=status, first_financial_year=2026, spending="revenue",
            sign_off_by=yesterday, offered_at=now, updated_at=now, authorised_at=now, is_counting=True,
            accepted_at=now if status == "accepted" else None, is_agreed=status == "accepted",
        )  # fmt: skip
        (passing if status == "accepted" else failing).add(project.id)
        rows.append((project, need, pledge))
    with make.session() as session:
        for kind in range(3):
            session.add_all([row[kind] for row in rows])
            session.flush()
    with make.app.app_context(), unit_of_work(system("test")) as work:
        mend_totals(work)
    return passing, failing


class Worker:
    """A process that takes every decision that is due."""

    def __init__(self, url: str, folder: Path) -> None:
        script = folder / "deciding.py"
        script.write_text(DECIDING)
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(
            [sys.executable, str(script), url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=30)

    def end(self) -> None:
        """Leave nothing behind, whatever became of it."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process.wait(timeout=30)

    def is_done(self, seconds: int) -> bool:
        return "done" in self.process.communicate(timeout=seconds)[0]


def decided(make: Factory) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Project).where(Project.decided_at.is_not(None))) or 0


def each_is_decided_once(make: Factory, passing: set[UUID], failing: set[UUID]) -> None:
    """Every project has its one decision, each pledge its one end or bond, and the log no gap."""
    with make.session() as session:
        status = dict(session.execute(select(Project.id, Project.status)).all())
        pledges = dict(session.execute(select(Pledge.project_id, Pledge.status)).all())
        rows = session.execute(select(LoggedEvent.project_id, LoggedEvent.name))
        events = Counter((row.project_id, row.name) for row in rows)
        last = session.execute(select(EventCounter.last)).scalar_one()
        sequences = session.scalars(select(LoggedEvent.sequence).order_by(LoggedEvent.sequence)).all()
    assert {one for one, now in status.items() if now == "going_ahead"} == passing
    assert {one for one, now in status.items() if now == "lapsed"} == failing
    for one in passing:
        assert pledges[one] == "committed"
        names = ("project.test_passed", "project.going_ahead", "pledge.committed")
        assert [events[one, name] for name in names] == [1, 1, 1]
    for one in failing:
        assert pledges[one] == "lapsed"
        names = ("project.test_failed", "project.lapsed", "pledge.lapsed", "need.closed")
        assert [events[one, name] for name in names] == [1, 1, 1, 1]
    assert list(sequences) == list(range(1, last + 1))
    with make.app.app_context(), unit_of_work(system("test")) as work:
        assert differences(work) == []


def two_workers_one_killed(app: Flask, make: Factory, folder: Path, number: int) -> None:
    passing, failing = due_projects(make, number)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    workers = [Worker(url, folder) for _number in range(2)]
    try:
        for worker in workers:
            worker.start()
        until = time.monotonic() + PATIENCE
        while decided(make) < number // 5:
            assert time.monotonic() < until
            time.sleep(0.05)
        workers[0].kill()
        assert workers[1].is_done(PATIENCE)
    finally:
        for worker in workers:
            worker.end()
    with app.app_context():
        # What the killed one had just taken into its hands is there for the next round.
        decide_due_dates()
    each_is_decided_once(make, passing, failing)


def test_sixty_dates_at_one_moment_are_decided_once_though_a_worker_is_killed(
    app: Flask, make: Factory, tmp_path: Path
) -> None:
    two_workers_one_killed(app, make, tmp_path, 60)


@pytest.mark.drill
def test_two_thousand_dates_at_one_moment_are_decided_once_though_a_worker_is_killed(
    app: Flask, make: Factory, tmp_path: Path
) -> None:
    two_workers_one_killed(app, make, tmp_path, 2_000)
