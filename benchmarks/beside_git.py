"""What git does as well, measured beside it: git's time is that of its process, start included.

The two are taken in turns, five times in a row each, of which the quickest counts: a machine that does other things as
well disturbs what is this short. Our process has its collector set as those that serve have.
"""

import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.report import Ratio, ratios_table
from pipeline.cli.collector import settle_collector

RUNS = 31
IN_A_ROW = 5


@dataclass(frozen=True, slots=True)
class Case:
    """Texts of so many words, and how many times git's time they may take and are to get to."""

    name: str
    words: int
    asked: float
    goal: float


@dataclass(frozen=True, slots=True)
class Git:
    """A command of git in a folder, and the exit codes with which it has done what it was asked."""

    command: Sequence[str]
    folder: Path
    done: range

    def run(self) -> None:
        """Run it once. Raises RuntimeError when it fails or has nothing to say."""
        ran = subprocess.run(["git", *self.command], cwd=self.folder, stdout=subprocess.PIPE, check=False)
        if ran.returncode not in self.done or not ran.stdout:
            raise RuntimeError(f"git {self.command[0]} did not do what it was asked")


def ratio_of(case: Case, words: str, ours: Callable[[], object], git: Git, *, runs: int) -> Ratio:
    """Both in turns, so many times; `words` say what of."""
    settle_collector()
    ours()
    taken, gits = [], []
    for _ in range(runs):
        gits.append(min(_milliseconds(git.run) for _ in range(IN_A_ROW)))
        taken.append(min(_milliseconds(ours) for _ in range(IN_A_ROW)))
    ratio = statistics.median(mine / other for mine, other in zip(taken, gits, strict=True))
    return Ratio(
        case.name, f"{case.words:,} words, {words}", statistics.median(taken), statistics.median(gits), ratio,
        case.asked, case.goal,
    )  # fmt: skip


def print_ratios(ratios: list[Ratio]) -> int:
    """Print them as a table. The result is the exit code: 1 where one takes longer than is asked."""
    print(ratios_table(ratios))
    return 1 if any(one.is_slow for one in ratios) else 0


def _milliseconds(run: Callable[[], object]) -> float:
    begun = perf_counter()
    run()
    return (perf_counter() - begun) * 1_000
