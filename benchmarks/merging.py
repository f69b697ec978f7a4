"""How long it takes to merge two texts with a third, beside `git merge-file` of the same three.

The texts are made up as for a comparison. Each side changes words in a sixth of the blocks, so that some are changed by
both.

    python -m benchmarks.merging                                   part of make bench
"""

import sys
import tempfile
from pathlib import Path
from random import Random

from benchmarks.beside_git import RUNS, Case, Git, print_ratios, ratio_of
from benchmarks.comparison import changed, written
from benchmarks.report import Ratio
from pipeline.artefacts.merge import merge

CHANGED_BLOCKS = 1 / 6
CHANGED_WORDS = 0.25

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
    # What it ends with counts its conflicts; from 128 on it failed.
    git = Git(("merge-file", "-p", "ours", "base", "theirs"), folder, range(128))
    words = "each side changed a sixth of the blocks"
    return ratio_of(case, words, lambda: merge(base, theirs, ours), git, runs=runs)


if __name__ == "__main__":
    sys.exit(print_ratios(measure()))
