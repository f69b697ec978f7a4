"""How long it takes to merge two texts with a third, beside `git merge-file` of the same three.

The texts are made up as for a comparison. Each side changes words in a sixth of the blocks, so that some are changed by
both. Git's time is that of its process, start included. Both are taken in turns, five times in a row each, of which
the quickest counts: a machine that does other things as well disturbs what is this short.

    python -m benchmarks.merging                                   part of make bench
"""

import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.comparison import changed, written
from benchmarks.report import Ratio, ratios_table
from pipeline.artefacts.merge import merge

RUNS = 31
IN_A_ROW = 5
CHANGED_BLOCKS = 1 / 6
CHANGED_WORDS = 0.25


@dataclass(frozen=True, slots=True)
class Case:
    """Texts of so many words, and how many times git's time they may take and are to get to."""

    name: str
    words: int
    asked: float
    goal: float


CASES = (Case("merge", 5_000, asked=1.5, goal=1.25),)


def edited(text: str, seed: int) -> str:
    """The text with words changed in some of its blocks."""
    choose = Random(seed)
    blocks = text.rstrip("\n").split("\n\n")
    return "\n\n".join(_edited(block, choose) for block in blocks) + "\n"


def _edited(block: str, choose: Random) -> str:
    seed = choose.random()
    return changed(block, CHANGED_WORDS, int(seed * 1e9)) if seed < CHANGED_BLOCKS else block


def measure(runs: int = RUNS) -> list[Ratio]:
    """Merge each three texts so many times, and let git do the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        return [_measured(case, runs, Path(folder)) for case in CASES]


def _measured(case: Case, runs: int, folder: Path) -> Ratio:
    base = written(case.words)
    theirs, ours = edited(base, 3), edited(base, 4)
    for name, text in (("base", base), ("theirs", theirs), ("ours", ours)):
        (folder / name).write_text(text, encoding="utf-8")
    taken, gits = [], []
    for _ in range(runs):
        gits.append(min(_taken_by_git(folder) for _ in range(IN_A_ROW)))
        taken.append(min(_taken(base, theirs, ours) for _ in range(IN_A_ROW)))
    ratio = statistics.median(mine / other for mine, other in zip(taken, gits, strict=True))
    words = f"{case.words:,} words, each side changed a sixth of the blocks"
    return Ratio(case.name, words, statistics.median(taken), statistics.median(gits), ratio, case.asked, case.goal)


def _taken(base: str, theirs: str, ours: str) -> float:
    """Milliseconds of one merge."""
    begun = perf_counter()
    merge(base, theirs, ours)
    return (perf_counter() - begun) * 1_000


def _taken_by_git(folder: Path) -> float:
    """Milliseconds of one process. Raises RuntimeError when git fails; a number below 128 counts its conflicts."""
    begun = perf_counter()
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=folder, stdout=subprocess.PIPE, check=False
    )
    taken = (perf_counter() - begun) * 1_000
    if done.returncode > 127 or not done.stdout:
        raise RuntimeError("git did not merge the three texts")
    return taken


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a merge takes longer than is asked."""
    ratios = measure()
    print(ratios_table(ratios))
    return 1 if any(one.is_slow for one in ratios) else 0


if __name__ == "__main__":
    sys.exit(main())
