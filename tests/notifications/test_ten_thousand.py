"""Ten thousand who follow one project, and workers that are killed over and over: each is told once, in one digest."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from pipeline.accounts.models import Officer
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.notifications.models import FanOut, Notice
from pipeline.projects.models import Follow
from tests.factories import PASSWORD_HASH, Factory
from tests.notifications.conftest import Place

pytestmark = [pytest.mark.drill, pytest.mark.database]

MANY = 10_000
WORKER = """
import sys
from datetime import timedelta
from config import Settings
from pipeline.db import leases, listeners
leases.LEASE = listeners.LEASE = timedelta(seconds=1)
from pipeline.app import create_app
from pipeline.db.listeners import hear
from pipeline.kernel import clock
from pipeline.notifications.digests import make_digests
from pipeline.notifications.fan_out import tell_followers
from pipeline.notifications.listener import LISTENER

app = create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": sys.argv[1]}))
with app.app_context(), clock.moved(timedelta(days=float(sys.argv[2]))):
    print("ready", flush=True)
    sys.stdin.readline()
    if sys.argv[3] == "digests":
        make_digests()
    while sys.argv[3] == "notices":
        hear(LISTENER) or tell_followers()
"""


class Workers:
    """Two workers at a time, of which one is killed now and then."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.script = folder / "working.py"
        self.script.write_text(WORKER)

    def begin(self, what: str, days: float = 0) -> subprocess.Popen[str]:
        """Start a worker, which waits to be let go."""
        root = Path(__file__).resolve().parents[2]
        worker = subprocess.Popen(
            [sys.executable, str(self.script), self.url, str(days), what], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        assert worker.stdout is not None
        with worker.stdout:
            assert worker.stdout.readline() == "ready\n"
        return worker


def let_go(*workers: "subprocess.Popen[str]") -> None:
    """Let workers begin."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.close()


def followers(place: Place, make: Factory) -> None:
    """Ten thousand officers who follow the project."""
    people, follows = [], []
    for number in range(MANY):
        officer_id, address = new_id(), f"reader{number}@many.example"
        people.append(
            {"id": officer_id, "address": address, "person_key": address, "password_hash": PASSWORD_HASH, "name": "N",
             "job_title": "J", "created_at": clock.now(), "verified_at": clock.now()}
        )  # fmt: skip
        follows.append(
            {"id": new_id(), "officer_id": officer_id, "subject_type": "project", "subject_id": place.project.id,
             "project_id": place.project.id, "followed_at": clock.now()}
        )  # fmt: skip
    with make.session() as session:
        session.execute(insert(Officer), people)
        session.execute(insert(Follow), follows)


def counts(make: Factory) -> tuple[int, int, int, int]:
    """How many notices of the update there are, for how many officers; what is left to tell; how many digests."""
    with make.session() as session:
        which = select(func.count(), func.count(Notice.officer_id.distinct())).where(Notice.kind == "update.published")
        number, officers = session.execute(which).one()
        left = session.execute(select(func.count()).select_from(FanOut)).scalar_one()
        digests = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "digest")
        return number, officers, left, session.execute(digests).scalar_one()


def test_each_of_ten_thousand_followers_is_told_once_in_one_digest_however_often_workers_are_killed(
    place: Place, make: Factory, tmp_path: Path
) -> None:
    from tests.notifications.test_notices import published

    followers(place, make)
    began = time.monotonic()
    published(place)
    took = time.monotonic() - began
    workers = Workers(str(place.app.config["SQLALCHEMY_DATABASE_URI"]), tmp_path)
    waiting = [workers.begin("notices") for _ in range(6)]
    began = time.monotonic()
    running = [waiting.pop(), waiting.pop()]
    let_go(*running)
    while waiting:
        time.sleep(random.uniform(0.1, 0.5))
        running[0].send_signal(signal.SIGKILL)
        running[0].wait()
        running = [*running[1:], waiting.pop()]
        let_go(running[-1])
    while counts(make)[1:3] != (MANY + 1, 0) and time.monotonic() - began < 60:
        time.sleep(0.1)
    fan_out_took = time.monotonic() - began
    for worker in running:
        worker.kill()
        worker.wait()
    assert counts(make)[:3] == (MANY + 1, MANY + 1, 0)  # with the other lead, who has a part in it

    now = datetime.now(UTC)
    days = ((now + timedelta(days=7 - now.weekday())).replace(hour=9) - now) / timedelta(days=1)
    making = [workers.begin("digests", days) for _ in range(4)]
    began = time.monotonic()
    let_go(*making[:2])
    time.sleep(0.5)
    making[0].send_signal(signal.SIGKILL)
    let_go(*making[2:])
    for worker in making:
        worker.wait()
    digests_took = time.monotonic() - began
    with make.session() as session:
        untold = session.execute(select(func.count()).where(Notice.told_in.is_(None))).scalar_one()
    assert counts(make)[3] == MANY + 1
    assert untold == 0
    print(f"published in {took:.3f} s, told in {fan_out_took:.1f} s, digests in {digests_took:.1f} s")
