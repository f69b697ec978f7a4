"""Clashes of a merge that lie close to each other, as one stretch to decide on."""

import re
from collections.abc import Iterator, Sequence

from pipeline.artefacts.merge_parts import Part, PartKind, as_one_clash

MOST_BETWEEN = 3
"""Paragraphs nobody changed between two clashes that are still one stretch; git's own measure, for lines."""

_BLANK_LINES = re.compile(r"\n[ \t]*\n")

Span = tuple[int, int]


def as_stretches(parts: list[Part]) -> list[Part]:
    """The parts, with clashes that lie close to each other made one that knows its pieces."""
    if sum(part.kind is PartKind.CLASH for part in parts) < 2:
        return parts
    blocks = list(blocks_in(parts))
    made: list[Part] = []
    done = 0
    for first, last in _stretches(parts, blocks):
        lo, hi = blocks[first][0], blocks[last][1]
        made += parts[done:lo]
        made.append(as_one_clash(parts[lo:hi], tuple(parts[lo:hi])))
        done = hi
    return [*made, *parts[done:]]


def blocks_in(parts: Sequence[Part]) -> Iterator[Span]:
    """The parts in groups of whole blocks, from where to where."""
    start = 0
    for at, part in enumerate(parts):
        if part.ends_block:
            yield start, at + 1
            start = at + 1


def _stretches(parts: list[Part], blocks: list[Span]) -> Iterator[Span]:
    """The first and last group of every stretch of several groups with clashes."""
    first = last = -1
    between = 0
    for at, (lo, hi) in enumerate(blocks):
        if any(part.kind is PartKind.CLASH for part in parts[lo:hi]):
            if first >= 0 and between <= MOST_BETWEEN:
                last = at
            else:
                if last > first >= 0:
                    yield first, last
                first = last = at
            between = 0
        elif hi - lo == 1 and parts[lo].kind is PartKind.SAME:
            between += 1 + len(_BLANK_LINES.findall(parts[lo].base.strip()))
    if last > first >= 0:
        yield first, last
