"""Measures Pipeline's speed and prints it beside what is asked and where it is to get: `make bench`.

Pipeline is served as in production, by two gunicorn processes, on 1,000 and on 100,000 made-up projects; beside it bare
Flask answers the same bytes. Every address is loaded with 16 connections for 8 seconds, one after the other, at least
three rounds of it, so that a machine that grows slower is slower for all. Ratios are of the same round; the figures are
medians. Where the ceiling itself spreads by more than 15 % the machine was busy with something else: that group is
measured once more, and called noisy if it was no better. Beside it stands how long it takes to work out which pledges
count (`benchmarks/solver.py`), in milliseconds of one process, and how long a comparison of two texts takes as a page
(`benchmarks/comparison.py`) and a merge of three (`benchmarks/merging.py`), beside git's of the same texts, and what
the pages of a document cost that a thousand councils adapted (`benchmarks/copies.py`), beside one that ten did, and the
coordinator's desk at 100,000 projects (`benchmarks/desk.py`), beside 1,000.

    python -m benchmarks.run                                       as make bench
    python -m benchmarks.run --large                               1,000,000 projects on PostgreSQL
    python -m benchmarks.run --only api-list --seconds 3           a look at one thing
    python -m benchmarks.run --only solver comparison merge        only what is worked out, not served
    python -m benchmarks.run --only copies --database postgresql   a document with a thousand copies, in one process
"""

import argparse
import json
import signal
import statistics
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks import comparison, copies, desk, disk, merging, solver
from benchmarks.load import CONNECTIONS, Load, NoWrk, Target, find_wrk, put_load
from benchmarks.offers import Offers, pledges_towards, prepare_offers
from benchmarks.promises import PROMISES, WRITES, Promise
from benchmarks.reads import Reads, reads_of
from benchmarks.report import Figure, growth_table, ratios_table, table, timings_table
from benchmarks.seed import KEPT, copied, say, seeds
from benchmarks.servers import PROCESSES, UNLIMITED, ceiling_with, pipeline_on

NOISY = 0.15
WARM_UP_SECONDS = 2
LARGE = 1_000_000
SOLVER = "solver"
COMPARISON = "comparison"
MERGE = "merge"
COPIES = "copies"
DESK = "desk"


@dataclass(slots=True)
class Measured:
    """The loads of one promise, round by round: on many projects, on few, and on the ceiling."""

    many: list[Load] = field(default_factory=list)
    few: list[Load] = field(default_factory=list)
    ceiling: list[Load] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Promises that share a ceiling, and are measured right after each other and it."""

    ceiling: Target
    many: dict[str, Target]
    few: dict[str, Target]

    def loaded(self, seconds: int) -> dict[str, Measured]:
        """One round."""
        top = put_load(self.ceiling, seconds)
        round_: dict[str, Measured] = {}
        for name, target in self.many.items():
            few = [put_load(self.few[name], seconds)] if name in self.few else []
            round_[name] = Measured([put_load(target, seconds)], few, [top])
        return round_


def groups_of(
    promises: list[Promise], ceiling_port: int, many: dict[str, Target], few: dict[str, Target]
) -> list[Group]:
    """The promises by the ceiling they are compared with."""
    names: dict[str, list[str]] = defaultdict(list)
    for promise in promises:
        if promise.name in many:
            names[promise.ceiling].append(promise.name)
    return [
        Group(
            Target(f"http://127.0.0.1:{ceiling_port}/{ceiling}"),
            {name: many[name] for name in listed},
            {name: few[name] for name in listed if name in few},
        )
        for ceiling, listed in names.items()
    ]


def measure(groups: list[Group], rounds: int, seconds: int) -> dict[str, Measured]:
    """All rounds of all groups; groups whose ceiling spread too much once more."""
    measured = _rounds(groups, rounds, seconds)
    noisy = [group for group in groups if spread(measured[next(iter(group.many))].ceiling) > NOISY]
    if noisy:
        say("The machine was busy; measuring once more what that touched…")
        again = _rounds(noisy, rounds, seconds)
        measured |= {name: one for name, one in again.items() if spread(one.ceiling) < spread(measured[name].ceiling)}
    return measured


def _rounds(groups: list[Group], rounds: int, seconds: int) -> dict[str, Measured]:
    kept: dict[str, Measured] = defaultdict(Measured)
    for group in groups:
        group.loaded(WARM_UP_SECONDS)
    for number in range(rounds):
        for group in groups:
            say(f"Round {number + 1} of {rounds}: {', '.join(group.many)}")
            for name, one in group.loaded(seconds).items():
                kept[name].many += one.many
                kept[name].few += one.few
                kept[name].ceiling += one.ceiling
    return kept


def spread(loads: list[Load]) -> float:
    """How far apart the rates of the rounds are, as a part of their middle."""
    rates = [load.rate for load in loads]
    return (max(rates) - min(rates)) / statistics.median(rates)


def figure_of(promise: Promise, measured: Measured) -> Figure:
    """The medians of what was measured."""
    loads = measured.many
    pairs = zip(loads, measured.ceiling, strict=True)
    slower = [few.rate / many.rate for few, many in zip(measured.few, loads, strict=True)] if measured.few else []
    return Figure(
        promise=promise,
        rate=statistics.median(load.rate for load in loads),
        p50=statistics.median(load.p50 for load in loads),
        p99=statistics.median(load.p99 for load in loads),
        ratio=statistics.median(load.rate / top.rate for load, top in pairs),
        growth=statistics.median(slower) if slower else None,
        failed=sum(load.failed for load in (*loads, *measured.few)),
        spread=spread(measured.ceiling),
        complaint=next((load.complaint for load in loads if load.complaint), ""),
    )


def measure_reads(
    many: URL, few: URL, asked: argparse.Namespace, folder: Path, promises: list[Promise]
) -> list[Figure]:
    """The reads, on many and on few projects."""
    log = KEPT / "servers.log"
    with ExitStack() as running:
        names = [promise.name for promise in promises]
        on_many = reads_of(many, running.enter_context(pipeline_on(many, log)), folder, names)
        on_few = reads_of(few, running.enter_context(pipeline_on(few, log)), folder, names)
        port = running.enter_context(ceiling_with(_saved(on_many, folder), log))
        groups = groups_of(promises, port, on_many.targets, on_few.targets)
        measured = measure(groups, asked.rounds, asked.seconds)
    return [figure_of(promise, measured[promise.name]) for promise in promises if promise.name in measured]


def _saved(reads: Reads, folder: Path) -> Path:
    answers = folder / "answers"
    answers.mkdir(exist_ok=True)
    for name, body in reads.answers.items():
        (answers / name).write_bytes(body)
    return answers


def measure_writes(many: URL, asked: argparse.Namespace, folder: Path, promises: list[Promise]) -> list[Figure]:
    """Pledges, on a copy that is thrown away; what was answered is looked for in the database."""
    log = KEPT / "servers.log"
    answers = folder / "answers"
    answers.mkdir(exist_ok=True)
    with copied(many) as copy:
        offers = prepare_offers(copy, folder)
        before = {name: pledges_towards(copy, one.need_ids) for name, one in offers.items()}
        with pipeline_on(copy, log) as port, ceiling_with(answers, log) as ceiling_port:
            targets = {name: _posted(port, one) for name, one in offers.items()}
            measured = measure(groups_of(promises, ceiling_port, targets, {}), asked.rounds, asked.seconds)
        after = {name: pledges_towards(copy, one.need_ids) for name, one in offers.items()}
    for name, one in measured.items():
        _check_kept(name, one, after[name] - before[name])
    return [figure_of(promise, measured[promise.name]) for promise in promises if promise.name in measured]


def _posted(port: int, offers: Offers) -> Target:
    return Target(f"http://127.0.0.1:{port}/", script="pledge.lua", arguments=(str(offers.file),))


def _check_kept(name: str, measured: Measured, kept: int) -> None:
    """Raises RuntimeError when fewer pledges are in the database than were answered."""
    answered = sum(load.done or 0 for load in measured.many)
    if kept < answered:
        raise RuntimeError(f"{name}: {answered:,} pledges were answered and only {kept:,} are in the database")


def read_arguments() -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=100_000, help="how many there are many of (100,000)")
    parser.add_argument("--few", type=int, default=1_000, help="how many growth is measured from (1,000)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--large", action="store_true", help="1,000,000 projects on PostgreSQL")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="how long each load lasts (8)")
    names = [SOLVER, COMPARISON, MERGE, COPIES, DESK, *(promise.name for promise in PROMISES)]
    parser.add_argument("--only", nargs="+", choices=names, help="measure only these")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    asked = parser.parse_args()
    if asked.large:
        asked.projects, asked.database = LARGE, "postgresql"
    return asked


def main() -> int:
    """Seeds, measures, prints. The result is the exit code: 1 where a request failed."""
    asked = read_arguments()
    if not asked.only or SOLVER in asked.only:
        print(timings_table(solver.measure()) + "\n")
    if not asked.only or COMPARISON in asked.only:
        print(ratios_table(comparison.measure()) + "\n")
    if not asked.only or MERGE in asked.only:
        print(ratios_table(merging.measure()) + "\n")
    if not asked.only or COPIES in asked.only:
        print(growth_table(copies.measure(asked.database)) + "\n")
    if asked.database == "sqlite" and (not asked.only or DESK in asked.only):
        print(growth_table(desk.measure_on_sqlite()) + "\n")
    promises = [promise for promise in PROMISES if not asked.only or promise.name in asked.only]
    return measure_promises(promises, asked) if promises else 0


def measure_promises(promises: list[Promise], asked: argparse.Namespace) -> int:
    """Seeds, serves and measures what is promised of the site; the result is the exit code."""
    # Whoever ends this run ends the servers it started: leaving the blocks below stops them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        find_wrk()
    except NoWrk as missing:
        print(missing, file=sys.stderr)
        return 1
    reads = [promise for promise in promises if promise.name not in WRITES]
    writes = [promise for promise in promises if promise.name in WRITES]
    figures: list[Figure] = []
    with seeds(asked.database) as seed, tempfile.TemporaryDirectory(prefix="pipeline-bench-") as folder:
        many, few = seed(asked.projects), seed(asked.few)
        if reads:
            figures += measure_reads(many, few, asked, Path(folder), reads)
        if writes:
            figures += measure_writes(many, asked, Path(folder), writes)
    show(figures, asked)
    return 1 if any(figure.failed for figure in figures) else 0


def show(figures: list[Figure], asked: argparse.Namespace) -> None:
    """Print the table and what has to be known to read it."""
    print(
        f"{asked.projects:,} projects on {asked.database}, {PROCESSES} processes, {CONNECTIONS} connections,"
        f" {asked.rounds} rounds of {asked.seconds} s.\nRatios are to bare Flask answering the same bytes (302 for a"
        f" pledge); growth is how many times slower than with {asked.few:,} projects.\nThe rate limiter counts every"
        f" request, with its limits raised to {UNLIMITED:,}.\n"
    )
    print(table(figures, NOISY))
    if asked.database == "sqlite" and any(figure.promise.name in WRITES for figure in figures):
        print(f"\n{disk.sentence()}")
    for figure in figures:
        if figure.complaint:
            print(f"\n{figure.promise.name}: the first answer that was not hoped for:\n{figure.complaint}")
    if asked.json:
        asked.json.write_text(json.dumps([_plain(figure) for figure in figures], indent=1))


def _plain(figure: Figure) -> dict[str, object]:
    names = ("rate", "p50", "p99", "ratio", "growth", "failed", "spread")
    return {"name": figure.promise.name, **{name: getattr(figure, name) for name in names}}


if __name__ == "__main__":
    sys.exit(main())
