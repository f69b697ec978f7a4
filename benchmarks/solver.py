"""How long it takes to work out which of a project's pledges count, on made-up pledges that make it hard.

`crowd` is a busy project: every pledge waits for three things, some of them in vain. `staircase` is the worst there is:
pledge *i* waits for *i* other councils and there is one too few, so that all fall, one after the other, each because of
the one before. Nothing is served and nothing read: what is measured is the calculation that every act of a project with
conditions makes.

    python -m benchmarks.solver                                    part of make bench
"""

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import perf_counter
from uuid import UUID

from benchmarks.report import Timing, timings_table
from pipeline.pledges.conditions import Candidate, Condition, ConditionKind, PledgingCouncil, counted
from pipeline.projects.rules import NeedKind

RUNS = 15
KINDS = ("unitary", "county", "non-metropolitan district", "metropolitan district", "london borough")
REGIONS = ("North East", "North West", "East Midlands", "East of England", "London", "South East", "South West")
NEEDS = tuple(UUID(int=number) for number in range(1, 4))
TARGET = 2_000

Targets = dict[UUID, int | None]


@dataclass(frozen=True, slots=True)
class Case:
    """Pledges to solve, and the milliseconds it may take and is to get to."""

    name: str
    words: str
    make: Callable[[], tuple[list[Candidate], Targets]]
    asked: float
    goal: float


def crowd(pledges: int = 1_000, conditions: int = 3) -> tuple[list[Candidate], Targets]:
    """Pledges of 398 councils to three needs, each with so many conditions of every kind."""
    choose = Random(1)
    councils = [
        PledgingCouncil(UUID(int=10_000 + number), choose.choice(KINDS), "England", choose.choice(REGIONS))
        for number in range(398)
    ]
    made = [
        Candidate(
            UUID(int=20_000 + number), choose.choice(councils), choose.choice(NEEDS), NeedKind.TIME,
            choose.randint(1, 20), tuple(_condition(choose) for _ in range(conditions)),
        )
        for number in range(pledges)
    ]  # fmt: skip
    return made, dict.fromkeys(NEEDS, TARGET)


def _condition(choose: Random) -> Condition:
    match choose.choice(tuple(ConditionKind)):
        case ConditionKind.COUNCILS:
            kind, region = choose.choice((None, *KINDS)), choose.choice((None, None, *REGIONS))
            least = 1 + int(abs(choose.gauss(0, 5)))
            return Condition(kind=ConditionKind.COUNCILS, at_least=least, of_kind=kind, of_region=region)
        case ConditionKind.TOTAL:
            return Condition(kind=ConditionKind.TOTAL, at_least=choose.randint(1, 10_500), unit=NeedKind.TIME)
        case _:
            return Condition(kind=ConditionKind.NEED, need_id=choose.choice(NEEDS))


def staircase(steps: int = 10_000) -> tuple[list[Candidate], Targets]:
    """Pledge *i* of *n* waits for *i* other councils: the last for one more than there are, and so on down."""
    made = [
        Candidate(
            UUID(int=20_000 + number),
            PledgingCouncil(UUID(int=100_000 + number), KINDS[0], "England", REGIONS[0]),
            NEEDS[0],
            NeedKind.TIME,
            1,
            (Condition(kind=ConditionKind.COUNCILS, at_least=number),),
        )
        for number in range(1, steps + 1)
    ]
    return made, dict.fromkeys(NEEDS, TARGET)


CASES = (
    Case("solver-crowd", "1,000 pledges with 3 conditions each", crowd, asked=20, goal=10),
    Case("solver-staircase", "10,000 pledges that fall one after the other", staircase, asked=200, goal=80),
)


def measure(runs: int = RUNS) -> list[Timing]:
    """Solve each case so many times; the figures are the quickest run and the middle one."""
    return [_timed(case, runs) for case in CASES]


def _timed(case: Case, runs: int) -> Timing:
    candidates, targets = case.make()
    taken = []
    for _ in range(runs):
        begun = perf_counter()
        counted(candidates, targets)
        taken.append((perf_counter() - begun) * 1_000)
    return Timing(case.name, case.words, min(taken), statistics.median(taken), case.asked, case.goal)


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a case takes longer than is asked."""
    timings = measure()
    print(timings_table(timings))
    return 1 if any(one.is_slow for one in timings) else 0


if __name__ == "__main__":
    sys.exit(main())
