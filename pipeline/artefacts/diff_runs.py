"""What two sequences have in common, in order, in bounded time and memory.

Short sequences are compared exactly: no common part is longer. Long ones are cut first at what stands in each of them
once, and if nothing does, at even places; then the answer is still right, though a longer one may exist.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, cast

from rapidfuzz.distance import Indel

MOST_CELLS = 36_000_000
"""Up to 6,000 things against 6,000 are compared at once: 30 ms and 5 MB at worst."""

ALL_CELLS = 300_000_000
"""What one comparison of two texts may spend in all: half a second."""

CALL = 10_000
"""What looking at two blocks costs besides, in cells."""

COUNTED = 100
"""What counting one thing costs, in cells."""

EVEN_PART = 1_000
MOST_CUTS = 12


class Run(NamedTuple):
    """So many things that are the same, from `old` on in the one sequence and from `new` on in the other."""

    old: int
    new: int
    size: int


Step = tuple[str, int, int, int, int]
"""`equal`, `delete` or `insert`; from and to in the old sequence, from and to in the new one."""


class Effort:
    """How much work is left for a comparison, and whether it had to be coarser than it would be for a shorter text."""

    def __init__(self, cells: int = ALL_CELLS) -> None:
        self.left = cells
        self.is_coarse = False

    def allows(self, old: int, new: int) -> bool:
        """Whether so many things may be compared with so many; if so it is paid for, if not the result is coarse."""
        return (old * new <= MOST_CELLS and self.spends(old * new + CALL)) or self._gives_up()

    def spends(self, cells: int) -> bool:
        """Whether so much is left; if so it is paid for, and if not the result is coarse."""
        if cells > self.left:
            return self._gives_up()
        self.left -= cells
        return True

    def hurry(self) -> None:
        """Leave enough to find what is the same, and nothing more."""
        self.left = min(self.left, MOST_CELLS)

    def _gives_up(self) -> bool:
        self.is_coarse = True
        return False


def same_runs(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Run]:
    """The runs of what is the same in both, in order and as long as they go; everything else was removed or added."""
    if old and new and len(old) * len(new) <= MOST_CELLS and effort.allows(len(old), len(new)):
        return _exact(old, new, 0, 0)
    start = _common_start(old, new)
    end = _common_end(old, new, start)
    runs = [Run(0, 0, start)] if start else []
    runs += _between(old, new, (start, len(old) - end, start, len(new) - end), effort)
    if end:
        runs.append(Run(len(old) - end, len(new) - end, end))
    return _joined(runs)


def steps_between(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """The fewest steps from one sequence to the other. What is `equal` has equal hashes: look at it again."""
    return cast("list[Step]", Indel.opcodes(old, new).as_list())


def increasing(places: Sequence[int]) -> list[int]:
    """Where the longest run of growing places stands in a sequence, from left to right."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            at.append(number)
        else:
            ends[length], at[length] = place, number
    found: list[int] = []
    number = at[-1] if at else -1
    while number >= 0:
        found.append(number)
        number = before[number]
    return found[::-1]


def _exact(old: Sequence[str], new: Sequence[str], old_from: int, new_from: int) -> list[Run]:
    """The longest common part. It is found by hashes, and each run is looked at again."""
    return [
        Run(old_from + old_start, new_from + new_start, old_end - old_start)
        for tag, old_start, old_end, new_start, new_end in steps_between(old, new)
        if tag == "equal" and old[old_start:old_end] == new[new_start:new_end]
    ]


def _common_start(old: Sequence[str], new: Sequence[str]) -> int:
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return place
    return min(len(old), len(new))


def _common_end(old: Sequence[str], new: Sequence[str], start: int) -> int:
    most = min(len(old), len(new)) - start
    for place in range(most):
        if old[-1 - place] != new[-1 - place]:
            return place
    return most


Span = tuple[int, int, int, int]
"""From and to in the old sequence, from and to in the new one."""


def _between(old: Sequence[str], new: Sequence[str], whole: Span, effort: Effort) -> list[Run]:
    """The runs of a span that may be too long to compare at once: it is cut until its parts are not."""
    runs: list[Run] = []
    waiting = [(whole, MOST_CUTS)]
    while waiting:
        span, cuts_left = waiting.pop()
        old_from, old_to, new_from, new_to = span
        if old_from == old_to or new_from == new_to:
            continue
        size = (old_to - old_from) * (new_to - new_from)
        if size <= MOST_CELLS and effort.spends(size + CALL):
            runs += _exact(old[old_from:old_to], new[new_from:new_to], old_from, new_from)
            continue
        anchors = _anchors(old, new, span) if cuts_left else []
        runs += anchors
        if anchors:
            waiting += [(part, cuts_left - 1) for part in _parts(span, anchors)]
        else:
            runs += _evenly(old, new, span, effort)
    return sorted(runs)


def _anchors(old: Sequence[str], new: Sequence[str], span: Span) -> list[Run]:
    """What stands once on either side, as far as it is in the same order."""
    old_from, old_to, new_from, new_to = span
    in_old = _once(old, old_from, old_to)
    in_new = _once(new, new_from, new_to)
    both = [(place, in_new[thing]) for thing, place in in_old.items() if thing in in_new]
    return [Run(*both[number], 1) for number in increasing([place for _, place in both])]


def _once(things: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Where things stand that stand there once, in order."""
    seen: dict[str, int] = {}
    for place in range(start, end):
        thing = things[place]
        seen[thing] = -1 if thing in seen else place
    return {thing: place for thing, place in seen.items() if place >= 0}


def _parts(span: Span, anchors: list[Run]) -> list[Span]:
    """What is left of a span before, between and after its anchors."""
    old_at, old_to, new_at, new_to = span
    parts = []
    for run in [*anchors, Run(old_to, new_to, 0)]:
        if old_at < run.old and new_at < run.new:
            parts.append((old_at, run.old, new_at, run.new))
        old_at, new_at = run.old + run.size, run.new + run.size
    return parts


def _evenly(old: Sequence[str], new: Sequence[str], span: Span, effort: Effort) -> list[Run]:
    """A span with nothing to hold on to, in parts of the same number on both sides."""
    effort.is_coarse = True
    old_from, old_to, new_from, new_to = span
    parts = max(old_to - old_from, new_to - new_from) // EVEN_PART + 1
    runs: list[Run] = []
    for part in range(parts):
        first, last = (old_from + (old_to - old_from) * (part + more) // parts for more in (0, 1))
        start, end = (new_from + (new_to - new_from) * (part + more) // parts for more in (0, 1))
        if first < last and start < end and effort.allows(last - first, end - start):
            runs += _exact(old[first:last], new[start:end], first, start)
    return runs


def _joined(runs: list[Run]) -> list[Run]:
    """Runs that go on from each other, as one."""
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if last and last.old + last.size == run.old and last.new + last.size == run.new:
            made[-1] = Run(last.old, last.new, last.size + run.size)
        else:
            made.append(run)
    return made
