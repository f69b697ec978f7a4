"""What one side of a merge did to the base: which pieces it changed, removed and added, as ranges of both.

Sequences are numbers; equal numbers are equal pieces. Work is bounded whatever is given: where an exact answer would
take too long, long ranges are first cut at pieces that stand once on each side, and what is still too long counts as
replaced whole. The answer is then coarser, never wrong.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

MOST_CELLS = 200_000_000
"""Pairs of pieces compared exactly in one go: about 25 MB and a few hundredths of a second."""

MOST_LIKENESSES = 6_000
"""Pairs of pieces looked at for likeness in one comparison of two texts."""

LIKE = 0.5
"""From here on (0 to 1) a piece is the other one, reworded."""

Likeness = Callable[[int, int], float]


class Edit(NamedTuple):
    """Pieces `lo` to `hi` of the base became pieces `start` to `end` of the other text; either range may be empty.

    `is_rewording` says that one piece became one other: alone in its place, or like it among several.
    """

    lo: int
    hi: int
    start: int
    end: int
    is_rewording: bool = False


def edits_between(base: Sequence[int], other: Sequence[int], likeness: Likeness) -> list[Edit]:
    """What turns the base into the other text, in order; what no edit covers is equal in both.

    `likeness` gives 0 to 1 for a place in the base and one in the other.
    """
    edits: list[Edit] = []
    left = MOST_LIKENESSES
    for change in changed_ranges(base, other):
        cells = (change.hi - change.lo) * (change.end - change.start)
        if cells == 0 or left < max(change.hi - change.lo, change.end - change.start):
            edits.append(change)
            continue
        made, looked_at = _reworded(change, likeness, left)
        edits += made
        left -= looked_at
    return edits


def changed_ranges(base: Sequence[int], other: Sequence[int]) -> list[Edit]:
    """The ranges that differ, in order and apart from each other."""
    first, last_base, last_other = 0, len(base), len(other)
    shortest = min(last_base, last_other)
    while first < shortest and base[first] == other[first]:
        first += 1
    while last_base > first and last_other > first and base[last_base - 1] == other[last_other - 1]:
        last_base, last_other = last_base - 1, last_other - 1
    whole = Edit(first, last_base, first, last_other)
    if first == last_base and first == last_other:
        return []
    if first in (last_base, last_other):
        return [whole]
    if _cells(whole) <= MOST_CELLS:
        return _exact(base, other, whole)
    return [edit for part in _between_anchors(base, other, whole) for edit in _bounded(base, other, part)]


def _cells(edit: Edit) -> int:
    return (edit.hi - edit.lo) * (edit.end - edit.start)


def _bounded(base: Sequence[int], other: Sequence[int], part: Edit) -> list[Edit]:
    """A range between two anchors: exact if that is not too much, else replaced whole."""
    if 0 < _cells(part) <= MOST_CELLS:
        return _exact(base, other, part)
    return [part] if part.lo < part.hi or part.start < part.end else []


def _exact(base: Sequence[int], other: Sequence[int], whole: Edit) -> list[Edit]:
    """The longest common pieces stay; everything between them is an edit."""
    edits: list[Edit] = []
    lo, start = whole.lo, whole.start
    for step in Indel.opcodes(base[whole.lo : whole.hi], other[whole.start : whole.end]):
        if step.tag == "equal":
            at, other_at = whole.lo + step.src_start, whole.start + step.dest_start
            if lo < at or start < other_at:
                edits.append(Edit(lo, at, start, other_at))
            lo, start = whole.lo + step.src_end, whole.start + step.dest_end
    if lo < whole.hi or start < whole.end:
        edits.append(Edit(lo, whole.hi, start, whole.end))
    return edits


def _between_anchors(base: Sequence[int], other: Sequence[int], whole: Edit) -> list[Edit]:
    """The ranges between pieces that stand once in each text and in the same order in both."""
    lo, hi, start, end = whole[:4]
    times_base, times_other = Counter(base[lo:hi]), Counter(other[start:end])
    place = {piece: at for at, piece in enumerate(other[start:end], start) if times_other[piece] == 1}
    once = [(at, place[piece]) for at, piece in enumerate(base[lo:hi], lo) if times_base[piece] == 1 and piece in place]
    parts: list[Edit] = []
    for at, other_at in [*_longest_rising(once), (hi, end)]:
        parts.append(Edit(lo, at, start, other_at))
        lo, start = at + 1, other_at + 1
    return parts


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many of the pairs as possible, so that their second places rise as their first do."""
    ends: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(holders[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        holders[length : length + 1] = [at]
    kept: list[tuple[int, int]] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        kept.append(pairs[at])
        at = before[at]
    return kept[::-1]


def _reworded(change: Edit, likeness: Likeness, most: int) -> tuple[list[Edit], int]:
    """The change cut where a piece was reworded, and how many pairs were looked at for that.

    Pairs are in order, and as like as can be together. In a long change only pieces about as far along are compared.
    """
    rows, columns = change.hi - change.lo, change.end - change.start
    if rows == columns == 1:
        return [change._replace(is_rewording=True)], 1
    if rows == columns and all(likeness(change.lo + row, change.start + row) >= LIKE for row in range(rows)):
        pairs = zip(range(change.lo, change.hi), range(change.start, change.end), strict=True)
        return [Edit(at, at + 1, other_at, other_at + 1, is_rewording=True) for at, other_at in pairs], rows
    width = min(columns, max(1, most // rows))
    scores: dict[tuple[int, int], float] = {}
    for row in range(rows):
        middle = row * columns // rows
        first = min(max(0, middle - width // 2), columns - width)
        for column in range(first, first + width):
            score = likeness(change.lo + row, change.start + column)
            if score >= LIKE:
                scores[row, column] = score
    edits: list[Edit] = []
    lo, start = change.lo, change.start
    for row, column in _best_in_order(scores, columns):
        at, other_at = change.lo + row, change.start + column
        if lo < at or start < other_at:
            edits.append(Edit(lo, at, start, other_at))
        edits.append(Edit(at, at + 1, other_at, other_at + 1, is_rewording=True))
        lo, start = at + 1, other_at + 1
    if lo < change.hi or start < change.end:
        edits.append(Edit(lo, change.hi, start, change.end))
    return edits, rows * width


def _best_in_order(scores: dict[tuple[int, int], float], columns: int) -> list[tuple[int, int]]:
    """The pairs that rise in both places and add up to the highest score, by a tree of the best so far."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (columns + 1)
    chain: list[tuple[tuple[int, int], int]] = []
    waiting: list[tuple[int, float, int]] = []
    row = -1
    for pair in sorted(scores):
        if pair[0] != row:
            _raise(best, waiting)
            waiting, row = [], pair[0]
        so_far, before = _best_up_to(best, pair[1])
        chain.append((pair, before))
        waiting.append((pair[1] + 1, so_far + scores[pair], len(chain) - 1))
    _raise(best, waiting)
    at = _best_up_to(best, columns)[1]
    kept: list[tuple[int, int]] = []
    while at >= 0:
        kept.append(chain[at][0])
        at = chain[at][1]
    return kept[::-1]


def _raise(best: list[tuple[float, int]], waiting: list[tuple[int, float, int]]) -> None:
    for first, score, link in waiting:
        place = first
        while place < len(best):
            if score > best[place][0]:
                best[place] = (score, link)
            place += place & -place


def _best_up_to(best: list[tuple[float, int]], place: int) -> tuple[float, int]:
    found = (0.0, -1)
    while place > 0:
        if best[place][0] > found[0]:
            found = best[place]
        place -= place & -place
    return found
