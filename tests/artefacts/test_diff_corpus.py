"""On real documents: every neighbouring pair of versions and 200 random ones, beside what git marks in them."""

import itertools
import json
import subprocess
from pathlib import Path
from random import Random

import pytest

from pipeline.artefacts.comparison_forms import as_json, from_json
from pipeline.artefacts.diff import Comparison, PieceKind, RowKind, apply, compare, unapply

pytestmark = pytest.mark.pure

CORPUS = Path(__file__).parents[2].parent / "shared" / "reference" / "artefacts"
RANDOM_PAIRS = 200
MOST_TIMES_GIT = 1.1
"""Over the corpus. One pair of versions alone, if it has more than a handful of changes, stays below 1.3 times."""

MOST_TIMES_GIT_ALONE = 1.3

Pair = tuple[Path, Path]


@pytest.fixture(scope="module")
def documents() -> list[list[Path]]:
    """The versions of each document, the oldest first."""
    if not CORPUS.is_dir():
        pytest.skip("the reference texts are not beside this checkout")
    return [sorted(folder.glob("v*.md")) for folder in sorted(CORPUS.iterdir()) if folder.is_dir()]


def neighbours(documents: list[list[Path]]) -> list[Pair]:
    return [pair for versions in documents for pair in itertools.pairwise(versions)]


def random_pairs(documents: list[list[Path]]) -> list[Pair]:
    """Half of them within a document, half of any two texts."""
    choose = Random(200)
    texts = [version for versions in documents for version in versions]
    within = [(choose.choice(versions), choose.choice(versions)) for versions in choose.choices(documents, k=100)]
    return within + [(choose.choice(texts), choose.choice(texts)) for _ in range(RANDOM_PAIRS - len(within))]


def compared(pair: Pair) -> Comparison:
    old, new = texts_of(pair)
    return compare(old, new)


def texts_of(pair: Pair) -> tuple[str, str]:
    old, new = (path.read_bytes().decode("utf-8") for path in pair)
    return old, new


def marked(comparison: Comparison) -> int:
    """The words that are marked, split at white space; those of what was moved count as removed and added."""
    words = 0
    for row in comparison.rows:
        if row.kind in (RowKind.MOVED_FROM, RowKind.MOVED_TO):
            words += sum(len(block.source.split()) for block in (*row.olds, *row.news))
        else:
            words += sum(len(piece.text.split()) for piece in row.pieces if piece.kind is not PieceKind.SAME)
    return words


def marked_by_git(pair: Pair) -> int:
    """The words that `git diff --word-diff` marks in the same two texts."""
    done = subprocess.run(
        ["git", "diff", "--no-index", "--word-diff=porcelain", *map(str, pair)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    _, _, hunks = done.stdout.partition("\n@@")
    return sum(len(line[1:].split()) for line in hunks.split("\n") if line.startswith(("+", "-")))


def test_every_pair_is_made_of_each_other_to_the_letter(documents: list[list[Path]]) -> None:
    for pair in [*neighbours(documents), *random_pairs(documents)]:
        old, new = texts_of(pair)
        comparison = compare(old, new)
        assert apply(comparison, old) == new, pair
        assert unapply(comparison, new) == old, pair


def test_a_kept_comparison_is_the_same_comparison(documents: list[list[Path]]) -> None:
    for pair in neighbours(documents):
        comparison = compared(pair)
        assert from_json(json.loads(json.dumps(as_json(comparison)))) == comparison, pair


def test_no_more_words_are_marked_than_git_marks_and_a_tenth(documents: list[list[Path]]) -> None:
    pairs = neighbours(documents)
    assert sum(marked(compared(pair)) for pair in pairs) <= MOST_TIMES_GIT * sum(map(marked_by_git, pairs))


def test_nor_in_random_pairs(documents: list[list[Path]]) -> None:
    pairs = random_pairs(documents)
    assert sum(marked(compared(pair)) for pair in pairs) <= MOST_TIMES_GIT * sum(map(marked_by_git, pairs))


def test_nor_far_more_in_any_one_pair(documents: list[list[Path]]) -> None:
    for pair in neighbours(documents):
        by_git = marked_by_git(pair)
        assert marked(compared(pair)) <= MOST_TIMES_GIT_ALONE * max(by_git, 20), pair
