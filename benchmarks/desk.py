"""How much more the coordinator's desk costs where there are 100,000 projects, not 1,000.

Each list is read as its page is: a page of rows and the number beside its name; and the desk with all of its numbers.
In the process itself and by its own seconds, so that a busy machine counts for less; each in turns with the same where
there are few projects. Lists that the made-up projects leave empty show only that looking for nothing stays cheap.

    python -m benchmarks.desk                                      part of make bench
    python -m benchmarks.desk --many 20000
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time

from flask import Flask
from sqlalchemy.engine import URL

from benchmarks.report import Growth, growth_table
from benchmarks.seed import application, sqlite_seed
from pipeline.coordination import desk
from pipeline.coordination.desk import LISTS, DeskList
from pipeline.db.engine import database
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.ids import new_id

FEW, MANY = 1_000, 100_000
ROWS = 20
RUNS = 51
ASKED, GOAL = 2.0, 1.2
COORDINATOR = Actor(Channel.WEB, new_id(), None, frozenset({Role.COORDINATOR}))

Read = Callable[[Reading], object]


def page_of(which: DeskList) -> Read:
    """A page of one list, from its front, and how many there are, as the page says it."""

    def read(reading: Reading) -> object:
        rows = desk.page_of(reading, which, limit=ROWS, place=None).rows
        return rows, desk.number_in(reading, which, desk.MOST_ON_A_PAGE)

    return read


READS: dict[str, Read] = {"desk": desk.numbers, **{f"desk-{name}": page_of(which) for name, which in LISTS.items()}}
"""What is measured."""


@contextmanager
def opened(urls: tuple[URL, URL]) -> Iterator[tuple[Flask, Flask]]:
    """Applications on the database with few projects and on that with many."""
    few, many = (application(url) for url in urls)
    yield few, many
    for app in (few, many):
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


def measure(urls: tuple[URL, URL], words: str, runs: int = RUNS) -> list[Growth]:
    """Read everything of both databases so many times, in turns."""
    with opened(urls) as apps:
        return [_measured(apps, name, words, read, runs) for name, read in READS.items()]


def measure_on_sqlite(many: int = MANY, runs: int = RUNS) -> list[Growth]:
    """The same on the SQLite files that are kept, made where there are none."""
    return measure((sqlite_seed(FEW), sqlite_seed(many)), f"{many:,} beside {FEW:,}", runs)


def _measured(apps: tuple[Flask, Flask], name: str, words: str, read: Read, runs: int) -> Growth:
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 2):
        for app, times in zip(apps, taken, strict=True):
            milliseconds = _once(app, read)
            if run >= 2:  # the first two fill what is kept of a file and of statements
                times.append(milliseconds)
    ratio = statistics.median(more / less for less, more in zip(*taken, strict=True))
    return Growth(name, words, statistics.median(taken[1]), statistics.median(taken[0]), ratio, ASKED, GOAL)


def _once(app: Flask, read: Read) -> float:
    with app.app_context():
        reading = Reading(database.session(), COORDINATOR, clock.now())
        begun = process_time()
        read(reading)
        return (process_time() - begun) * 1_000


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a list costs more than is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=MANY, help="how many projects there are where there are many")
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    growths = measure_on_sqlite(asked.many, asked.runs)
    print(growth_table(growths))
    return 1 if any(one.is_slow for one in growths) else 0


if __name__ == "__main__":
    sys.exit(main())
