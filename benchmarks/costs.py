"""Says what one address costs inside the process, and where that goes: no network, no gunicorn, no neighbours.

    python -m benchmarks.costs '/api/v1/projects?limit=20'          on 100,000 projects
    python -m benchmarks.costs /projects --projects 1000 --top 40   on 1,000, with the 40 costliest functions

The time is that of the processor, the least of several tries, beside what bare Flask takes for an answer of the same
size. On a busy machine both rise: look at the ratio.
"""

import argparse
import cProfile
import logging
import os
import pstats
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.seed import sqlite_seed
from benchmarks.servers import settings_for

PORT = 8000
TRIES = 12
SECONDS_A_TRY = 0.15
PROFILED = 300


def caller(application: Any, path: str, headers: dict[str, str]) -> Callable[[], tuple[str, bytes]]:
    """A function that asks an application for one address, and returns status and body."""
    environ = EnvironBuilder(path, f"http://127.0.0.1:{PORT}", headers=headers).get_environ()
    environ["REMOTE_ADDR"] = "127.0.0.1"

    def call() -> tuple[str, bytes]:
        body, status, _headers = run_wsgi_app(application, dict(environ))
        return status, b"".join(body)

    return call


def in_turns(few: Callable[[], Any], many: Callable[[], Any], runs: int) -> tuple[float, float, float]:
    """The middle milliseconds of two calls made so many times in turns, and the middle of their ratios. Both are made
    twice before, and must answer 200."""
    for call in (few, many, few, many):
        status, _body = call()
        if not status.startswith("200"):
            raise RuntimeError(f"an address that is measured answered {status}")
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for call, times in zip((few, many), taken, strict=True):
            begun = time.perf_counter()
            call()
            times.append((time.perf_counter() - begun) * 1_000)
    ratio = statistics.median(more / less for less, more in zip(*taken, strict=True))
    return statistics.median(taken[0]), statistics.median(taken[1]), ratio


def microseconds(call: Callable[[], object]) -> float:
    """Processor time of one call: the least of a dozen tries."""
    tries = []
    for _ in range(TRIES):
        number, began = 0, time.process_time()
        while time.process_time() - began < SECONDS_A_TRY:
            call()
            number += 1
        tries.append((time.process_time() - began) / number)
    return min(tries) * 1_000_000


def bare_flask(body: bytes) -> Flask:
    """The ceiling: Flask answering constant bytes."""
    bare = Flask("bare")
    bare.add_url_rule("/", "answer", lambda: Response(body, mimetype="text/html"))
    return bare


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where the address does not answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", help="what to ask for")
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--etag", help="sent as If-None-Match")
    parser.add_argument("--top", type=int, default=25, help="how many functions to show")
    asked = parser.parse_args()
    os.environ.update(settings_for(sqlite_seed(asked.projects), PORT))
    # The settings have to stand in the environment before the application is made.
    from wsgi import app

    logging.getLogger("pipeline.requests").setLevel(logging.ERROR)
    call = caller(app, asked.path, {"If-None-Match": f'"{asked.etag}"'} if asked.etag else {})
    status, body = call()
    own, bare = microseconds(call), microseconds(caller(bare_flask(body), "/", {}))
    print(f"{status}, {len(body):,} bytes: {own:,.0f} µs; bare Flask {bare:,.0f} µs, without the line in the log")
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(PROFILED):
        call()
    profile.disable()
    statistics = pstats.Stats(profile)
    print(f"{sum(row[1] for row in statistics.stats.values()) / PROFILED:,.0f} function calls a request")  # type: ignore[attr-defined]
    statistics.strip_dirs().sort_stats("cumtime").print_stats(asked.top)
    return 0 if status.startswith(("2", "3")) else 1


if __name__ == "__main__":
    sys.exit(main())
