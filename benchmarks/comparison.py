"""How long it takes to compare two texts as a page shows it, beside `git diff --word-diff` of the same two.

The texts are made up: headings, paragraphs of some sixty words, lists. Of the words of the new one 6 % are other ones,
more or fewer, spread over all of it, so that hardly a paragraph is left as it was: the hardest there is. Our time is
that of the calculation and of its HTML.

    python -m benchmarks.comparison                                part of make bench
"""

import sys
import tempfile
from pathlib import Path
from random import Random

from benchmarks.beside_git import RUNS, Case, Git, print_ratios, ratio_of
from benchmarks.report import Ratio
from benchmarks.words import Writer
from pipeline.artefacts.comparison_forms import Spoken, rows_html
from pipeline.artefacts.diff import compare

CHANGED = 0.06
SPOKEN = Spoken("Removed:", "end of removed", "Added:", "end of added")

CASES = (
    Case("comparison", 5_000, asked=1.5, goal=1.25),
    Case("comparison-long", 50_000, asked=5, goal=3),
)


def written(words: int, seed: int = 1) -> str:
    """A text of at least so many words, as Markdown."""
    writer = Writer(seed)
    blocks: list[str] = []
    number = 0
    while number < words:
        match len(blocks) % 6:
            case 0:
                block = f"## {writer.title()}"
            case 3:
                block = "\n".join(f"- {sentence}" for sentence in writer.text(4))
            case _:
                block = " ".join(writer.text(4))
        blocks.append(block)
        number += len(block.split())
    return "\n\n".join(blocks) + "\n"


def changed(text: str, part: float = CHANGED, seed: int = 2) -> str:
    """The text with a part of its words left out, replaced by one or two others, or written otherwise."""
    choose = Random(seed)
    lines = []
    for line in text.split("\n"):
        words = [_other(word, choose) if choose.random() < part else word for word in line.split(" ")]
        lines.append(" ".join(word for word in words if word) if line else "")
    return "\n".join(lines)


def _other(word: str, choose: Random) -> str:
    if not word.isalpha():
        return word
    return choose.choice(("", "another", "some other", f"{word}s"))


def page_of(old: str, new: str) -> str:
    """What a page shows of the comparison of two texts."""
    return "\n".join(rows_html(compare(old, new).rows, SPOKEN))


def measure(runs: int = RUNS) -> list[Ratio]:
    """Compare each pair of texts so many times, and let git do the same each time."""
    with tempfile.TemporaryDirectory() as folder:
        return [_measured(case, runs, Path(folder)) for case in CASES]


def _measured(case: Case, runs: int, folder: Path) -> Ratio:
    old = written(case.words)
    new = changed(old)
    (folder / "old.md").write_text(old, encoding="utf-8")
    (folder / "new.md").write_text(new, encoding="utf-8")
    git = Git(("diff", "--no-index", "--word-diff", "old.md", "new.md"), folder, range(1, 2))
    return ratio_of(case, f"{CHANGED:.0%} of them changed", lambda: page_of(old, new), git, runs=runs)


if __name__ == "__main__":
    sys.exit(print_ratios(measure()))
