"""Many officers at once on one capped need: never over, sums exact, losers told what is left, nobody meets a lock."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import Actor, system
from pipeline.pledges.actions import offer_pledge
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import NoRoom
from pipeline.pledges.totals import differences
from pipeline.projects.models import Need
from tests.factories import Factory
from tests.pledges.test_actions import an_offer

pytestmark = pytest.mark.database

TARGET = 100
OFFICERS = 50


def a_crowd(make: Factory, number: int = OFFICERS) -> tuple[Need, list[Actor]]:
    """A capped need of 100 half-days, and an officer of each of many councils."""
    lead = make.council()
    project = make.project(lead)
    with make.session() as session:
        session.get_one(type(lead), lead.id).projects_led = 1
    need = make.need(project, target=TARGET, is_capped=True)
    crowd = []
    for _number in range(number):
        council = make.council()
        crowd.append(make.actor(make.officer(council), council))
    return need, crowd


def held_is_exact(make: Factory, need: Need) -> tuple[int, int]:
    """What the need holds and how many pledges make it; the sums must be those of the rows."""
    with make.session() as session:
        row = session.get_one(Need, need.id)
        total, number = session.execute(
            select(func.coalesce(func.sum(Pledge.amount), 0), func.count()).select_from(Pledge)
        ).one()
        assert row.held == total
        assert row.held <= TARGET
        offered = session.scalars(select(LoggedEvent.subject_id).where(LoggedEvent.name == "pledge.offered")).all()
        assert sorted(offered) == sorted(session.scalars(select(Pledge.id)).all())
        last = session.execute(select(EventCounter.last)).scalar_one()
        sequences = session.scalars(select(LoggedEvent.sequence).order_by(LoggedEvent.sequence)).all()
        assert list(sequences) == list(range(1, last + 1))
    with make.app.app_context(), unit_of_work(system("test")) as work:
        assert differences(work) == []
    return row.held, number


def test_fifty_officers_at_once_never_overfill_a_need(app: Flask, make: Factory) -> None:
    need, crowd = a_crowd(make)
    barrier = Barrier(OFFICERS)

    def offer(number: int) -> int | str:
        barrier.wait(timeout=30)
        with app.app_context():
            try:
                with unit_of_work(crowd[number]) as work:
                    return offer_pledge(work, need_id=need.id, offer=an_offer(3)).amount
            except NoRoom as refusal:
                return str(refusal.words)

    with ThreadPoolExecutor(OFFICERS) as pool:
        outcomes = list(pool.map(offer, range(OFFICERS)))
    assert held_is_exact(make, need) == (99, 33)
    assert outcomes.count(3) == 33
    assert [said for said in outcomes if said != 3] == ["1 half-day is left."] * 17


OFFERING = """
import json, os, random, sys, threading
from datetime import timedelta
os.environ["PIPELINE_MODE"] = "test"
os.environ["DATABASE_URL"] = sys.argv[1]
task = json.load(open(sys.argv[2]))[int(sys.argv[3])]
from config import Settings
from pipeline.app import create_app
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.errors import Refusal
from pipeline.pledges.actions import offer_pledge, withdraw_pledge
from pipeline.pledges.rules import Offer
from uuid import UUID

app = create_app(Settings.from_environment(os.environ))
said = threading.Lock()

def tell(*words):
    with said:
        os.write(1, (" ".join(str(word) for word in words) + "\\n").encode())

def act(actor, need_id, rounds):
    choose = random.Random()
    mine = []
    today = clock.today()
    for _ in range(rounds):
        try:
            with app.app_context(), unit_of_work(actor) as work:
                if mine and choose.random() < 0.5:
                    pledge_id = mine.pop()
                    withdraw_pledge(work, pledge_id=pledge_id)
                    done = "withdrawn"
                else:
                    dates = {"sign_off_by": today, "from_on": today, "to_on": today + timedelta(days=9)}
                    offer = Offer(amount=choose.randint(1, 9), **dates)
                    pledge_id = offer_pledge(work, need_id=need_id, offer=offer).id
                    done = "offered"
            if done == "offered":
                mine.append(pledge_id)
            tell(done, pledge_id)
        except Refusal as refusal:
            tell("refused", refusal.code, str(refusal.words))
        except Exception as error:
            tell("failed", type(error).__name__, str(error)[:200].replace("\\n", " "))

people = [Actor(Channel.WEB, UUID(one[0]), UUID(one[1]), frozenset({Role.MEMBER})) for one in task["people"]]
threads = [
    threading.Thread(target=act, args=(person, UUID(task["need"]), task["rounds"])) for person in people
]
tell("ready")
sys.stdin.readline()
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


class Crowd:
    """Processes of four threads each, that offer and withdraw until they have done their rounds or are killed."""

    def __init__(self, url: str, folder: Path, need: Need, people: list[Actor], *, processes: int, rounds: int) -> None:
        shares = [people[number::processes] for number in range(processes)]
        tasks = [
            {
                "need": str(need.id),
                "rounds": rounds,
                "people": [[str(one.officer_id), str(one.council_id)] for one in share],
            }
            for share in shares
        ]
        (folder / "tasks.json").write_text(json.dumps(tasks))
        (folder / "offering.py").write_text(OFFERING)
        root = Path(__file__).resolve().parents[2]
        self.running = [
            subprocess.Popen(
                [sys.executable, str(folder / "offering.py"), url, str(folder / "tasks.json"), str(number)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root,
                env={**os.environ, "PYTHONPATH": str(root)},
            )
            for number in range(processes)
        ]  # fmt: skip
        self.heard = ""
        for process in self.running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"

    def start(self) -> None:
        for process in self.running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

    def hear_first(self) -> None:
        """Wait until the first process has said something: all of them are at it by then, or soon."""
        stream = self.running[0].stdout
        assert stream is not None
        self.heard = stream.readline()

    def kill(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGKILL)

    def said(self) -> list[list[str]]:
        """Every line of every process, once all have ended."""
        text = self.heard + "".join(process.communicate(timeout=120)[0] for process in self.running)
        return [line.split(" ") for line in text.splitlines()]


def url_of(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def acknowledged_are_there(make: Factory, said: list[list[str]]) -> None:
    """Every act that was said to be done is done, and has its event."""
    offered = {UUID(line[1]) for line in said if line[0] == "offered" and len(line) == 2}
    withdrawn = {UUID(line[1]) for line in said if line[0] == "withdrawn" and len(line) == 2}
    with make.session() as session:
        statuses = dict(session.execute(select(Pledge.id, Pledge.status)).all())
        events = {(one, name) for one, name in session.execute(select(LoggedEvent.subject_id, LoggedEvent.name))}
    assert offered <= statuses.keys()
    assert {(one, "pledge.offered") for one in offered} | {(one, "pledge.withdrawn") for one in withdrawn} <= events
    assert all(statuses[one] == "withdrawn" for one in withdrawn)


def sums_are_exact(make: Factory, need: Need) -> None:
    with make.session() as session:
        assert session.get_one(Need, need.id).held <= TARGET
        last = session.execute(select(EventCounter.last)).scalar_one()
        assert session.scalar(select(func.count()).select_from(LoggedEvent)) == last
    with make.app.app_context(), unit_of_work(system("test")) as work:
        assert differences(work) == []


def test_processes_at_once_never_overfill_a_need(app: Flask, make: Factory, tmp_path: Path) -> None:
    need, people = a_crowd(make, 8)
    crowd = Crowd(url_of(app), tmp_path, need, people, processes=2, rounds=6)
    crowd.start()
    said = crowd.said()
    assert [line for line in said if line[0] == "failed"] == []
    assert len(said) == 48
    acknowledged_are_there(make, said)
    sums_are_exact(make, need)


@pytest.mark.drill
def test_eight_processes_of_four_threads_never_overfill_a_need(app: Flask, make: Factory, tmp_path: Path) -> None:
    need, people = a_crowd(make, 32)
    crowd = Crowd(url_of(app), tmp_path, need, people, processes=8, rounds=20)
    crowd.start()
    said = crowd.said()
    assert [line for line in said if line[0] == "failed"] == []
    assert len(said) == 32 * 20
    no_room = [line for line in said if line[:2] == ["refused", "pledge.no_room"]]
    assert no_room
    assert all(re.fullmatch(r"\d+ half-days? (is|are) left\.", " ".join(line[2:])) for line in no_room)
    acknowledged_are_there(make, said)
    sums_are_exact(make, need)


@pytest.mark.drill
def test_kill_9_of_all_processes_loses_no_acknowledged_pledge(app: Flask, make: Factory, tmp_path: Path) -> None:
    for round_number in range(3):
        need, people = a_crowd(make, 32)
        folder = tmp_path / str(round_number)
        folder.mkdir()
        crowd = Crowd(url_of(app), folder, need, people, processes=8, rounds=100_000)
        crowd.start()
        crowd.hear_first()
        time.sleep(random.uniform(0.3, 1.5))
        crowd.kill()
        said = crowd.said()
        assert [line for line in said if line[0] == "failed"] == []
        assert any(line[0] == "offered" for line in said)
        acknowledged_are_there(make, said)
        sums_are_exact(make, need)
