"""What making the exports costs: the memory and time of the worker that makes them, and what readers feel meanwhile.

    python -m benchmarks.exports 100000      on a copy of the seeded SQLite file
    python -m benchmarks.exports 100000 --postgresql

Readers ask one after the other, two at a time, first with nothing else going on and then while the worker makes the
exports: their slowest answers are compared.
"""

import argparse
import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.engine import URL

from benchmarks.seed import KEPT, application, copied, say, seeds
from benchmarks.servers import fetch, pipeline_on, settings_for
from config import ROOT
from pipeline.cli.worker import LISTENERS
from pipeline.db.engine import database
from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import EventCounter
from pipeline.db.work import housekeeping

READERS = 2
AT_REST = 15.0
PATHS = ("/projects", "/api/v1/projects?limit=20", "/api/v1/pledges?limit=20", "/")
LONGEST = 3_600.0


@dataclass
class Felt:
    """How long answers took, in milliseconds, and how many were not as they should be."""

    times: list[float] = field(default_factory=list)
    failed: int = 0

    def at(self, part: float) -> float:
        """The time within which such a part of the answers came."""
        times = sorted(self.times)
        return times[min(int(len(times) * part), len(times) - 1)]


@dataclass
class Held:
    """The most memory a process held, in megabytes: all of it, and without what is mapped from files; and what it holds
    before it does anything (`idle`)."""

    all: float = 0.0
    own: float = 0.0
    idle: float = 0.0

    def look(self, process_id: int) -> None:
        """Look once. What a process no longer says is passed over."""
        try:
            said = Path(f"/proc/{process_id}/status").read_text()
        except OSError:
            return
        figures = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        self.all = max(self.all, _megabytes(figures.get("VmRSS", "0")))
        self.own = max(self.own, _megabytes(figures.get("RssAnon", "0")))


def idle_now(url: URL, port: int) -> float:
    """What a program holds that has only loaded Pipeline, in megabytes."""
    command = [sys.executable, "-c", "import wsgi, pipeline.cli.worker; print(open('/proc/self/status').read())"]
    environment = {**os.environ, **settings_for(url, port)}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return _megabytes(next(line for line in said.splitlines() if line.startswith("VmHWM")).partition(":")[2])


def _megabytes(said: str) -> float:
    return int(said.split(maxsplit=1)[0]) / 1024


@contextmanager
def reading(port: int) -> Iterator[Felt]:
    """Read pages and lists for as long as the block lasts."""
    felt, stop = Felt(), threading.Event()

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not stop.is_set():
            for path in PATHS:
                began = time.perf_counter()
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                felt.times.append((time.perf_counter() - began) * 1000)
                felt.failed += answer.status != 200
            time.sleep(0.05)
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for one in readers:
        one.start()
    try:
        yield felt
    finally:
        stop.set()
        for one in readers:
            one.join()


@contextmanager
def worker_on(url: URL, port: int, log: Path) -> Iterator[int]:
    """A worker on a database; gives the id of its process."""
    environment = {**os.environ, **settings_for(url, port), "FLASK_APP": "wsgi.py"}
    command = [sys.executable, "-m", "flask", "worker"]
    with log.open("a") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def let_listeners_rest(url: URL) -> None:
    """Say that the listeners have heard everything: what is measured is the exports alone."""
    app = application(url)
    with app.app_context():
        with housekeeping("listeners") as session:
            last = session.scalars(select(EventCounter.last)).one()
            session.execute(delete(ListenerPlace))
            session.add_all(ListenerPlace(name=one.name, sequence=last) for one in LISTENERS)
        database.engine.dispose()


def measure(url: URL) -> dict[str, Any]:
    """Make the exports of a database while others read, and say what it took."""
    log = KEPT / "servers.log"
    let_listeners_rest(url)
    with pipeline_on(url, log) as port:
        with reading(port) as at_rest:
            time.sleep(AT_REST)
        held, began = Held(idle=idle_now(url, port)), time.monotonic()
        with worker_on(url, port, log) as process_id, reading(port) as meanwhile:
            while not (rows := _made(port)):
                if time.monotonic() - began > LONGEST:
                    raise RuntimeError("the exports were not made within an hour; var/bench/servers.log says why")
                held.look(process_id)
                time.sleep(0.2)
        seconds = time.monotonic() - began
    return {"rows": rows, "seconds": seconds, "held": held, "at_rest": at_rest, "meanwhile": meanwhile}


def _made(port: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = orjson.loads(fetch(port, "/api/v1/exports")[2])["data"]
    return rows if all(one["files"] for one in rows) else []


def tell(found: dict[str, Any]) -> None:
    """Print what was found."""
    held, at_rest, meanwhile = found["held"], found["at_rest"], found["meanwhile"]
    for one in found["rows"]:
        sizes = ", ".join(f"{file['format']} {file['bytes'] / 1e6:.1f} MB" for file in one["files"])
        print(f"{one['kind']:>12} {one['rows']:>9,} rows  {sizes}")
    print(f"made in {found['seconds']:.0f} s; the worker held {held.all:.0f} MB at most, {held.own:.0f} MB of them its")
    print(f"own; what has only loaded Pipeline holds {held.idle:.0f} MB")
    for words, felt in (("at rest", at_rest), ("meanwhile", meanwhile)):
        line = f"p50 {felt.at(0.5):.1f} ms, p99 {felt.at(0.99):.1f} ms, slowest {felt.at(1):.0f} ms"
        print(f"{words:>12} {len(felt.times):>9,} answers  {line}, failed {felt.failed}")


def main() -> int:
    """Measures what is asked for. The result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, help="how many projects")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    asked = parser.parse_args()
    with seeds("postgresql" if asked.postgresql else "sqlite") as seed, copied(seed(asked.number)) as url:
        tell(measure(url))
    return 0


if __name__ == "__main__":
    say("Measuring the exports…")
    sys.exit(main())
