"""How much more the pages of figures cost with a hundred thousand projects than a thousand; what counting costs.

Both databases are those of `make bench`, with the statistics counted from all of their projects. What is asked for is
each page and the API, made anew each time, in the process itself, the two databases in turns.

    python -m benchmarks.figures
    python -m benchmarks.figures --database postgresql --projects 1000 20000
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from time import perf_counter

from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import URL

from benchmarks.costs import caller
from benchmarks.report import Growth, growth_table
from benchmarks.seed import application, copied, say, seeds
from pipeline.db.engine import database
from pipeline.db.work import housekeeping
from pipeline.projects.models import Project
from pipeline.statistics.keeping import count_projects
from pipeline.statistics.rebuilding import count_all_again

FEW, MANY = 1_000, 100_000
RUNS = 101
ASKED, GOAL = 1.5, 1.2
PATHS = (
    ("figures", "/statistics?theme="),
    ("figures-narrowed", "/statistics?theme=housing&kind=county"),
    ("figures-themes", "/statistics/themes?year="),
    ("figures-places", "/statistics/places?year="),
    ("figures-councils", "/statistics/councils?all="),
    ("figures-answers", "/statistics/answers?year="),
    ("figures-api", "/api/v1/statistics"),
    ("figures-api-pairs", "/api/v1/statistics/partnerships"),
)
"""What is asked for. Pages with a query are not kept."""


def counted(stack: ExitStack, seed: URL, number: int) -> Flask:
    """An application on a copy of the database with so many projects, with everything counted."""
    app = application(stack.enter_context(copied(seed)))
    with app.app_context():
        began = perf_counter()
        found = count_all_again()
        taken = perf_counter() - began
        say(f"Counted {found:,} of {number:,} projects in {taken:.1f} s, {taken / number * 1_000:.2f} ms each.")
        say(f"A project counted again after an event: {_once_more():.1f} ms.")
    return app


def _once_more(runs: int = 51) -> float:
    """Milliseconds to count one project again, as after an event that changed nothing that is counted."""
    ids = database.session.scalars(select(Project.id).where(Project.is_public).limit(runs)).all()
    database.session.remove()
    times = []
    for one in ids:
        with housekeeping("statistics") as session:
            began = perf_counter()
            count_projects(session, [one])
            times.append((perf_counter() - began) * 1_000)
    return statistics.median(times)


def measured(apps: Sequence[Flask], name: str, path: str, words: str, runs: int) -> Growth:
    """Ask both for an address so many times, in turns."""
    calls = [caller(app, path, {}) for app in apps]
    for call in calls * 2:
        status, _body = call()
        if not status.startswith("200"):
            raise RuntimeError(f"{path} answered {status}")
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for call, times in zip(calls, taken, strict=True):
            began = perf_counter()
            call()
            times.append((perf_counter() - began) * 1_000)
    ratio = statistics.median(more / less for less, more in zip(*taken, strict=True))
    return Growth(name, words, statistics.median(taken[1]), statistics.median(taken[0]), ratio, ASKED, GOAL)


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a page costs more than is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--projects", type=int, nargs=2, default=(FEW, MANY))
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    few, many = asked.projects
    with seeds(asked.database) as seed, ExitStack() as stack:
        # Both are there before one is copied: making one clears away what older runs left.
        seeded = [(seed(number), number) for number in (few, many)]
        apps = [counted(stack, url, number) for url, number in seeded]
        words = f"{many:,} projects beside {few:,}"
        growths = [measured(apps, name, path, words, asked.runs) for name, path in PATHS]
        for app in apps:
            with app.app_context():
                database.session.remove()
                database.engine.dispose()
    print(growth_table(growths))
    return 1 if any(one.is_slow for one in growths) else 0


if __name__ == "__main__":
    sys.exit(main())
