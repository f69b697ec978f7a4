"""Bars that lie: one row for each thing, in which parts stand one after the other or below each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.web.charts.scale import Number, Say, Scale, percent, plainly

WORDS, THICK, GAP = 18, 14, 12
"""Pixels for the words of a row, for a bar, and between rows."""
MOST_PARTS = 4
"""More patterns cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a row in its place."""

    number: int
    part: str
    x: str
    width: str
    y: int
    value: Number


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: what it is of, its bars, and in words what it comes to where that can be said."""

    label: str
    words: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """All that a template needs to draw it (`components/charts.html`)."""

    id: str
    title: str
    sentence: str
    parts: tuple[str, ...]
    rows: tuple[BarRow, ...]
    height: int
    thick: int = THICK
    kind: str = "bars"


def bar_chart(
    name: str, title: str, sentence: str, *, parts: Sequence[str], rows: Sequence[tuple[str, Sequence[Number]]],
    is_stacked: bool = False, say: Say = plainly,
) -> BarChart:  # fmt: skip
    """Draw for each row (what it is of, a value for each part, none below nothing) its parts below each other, or one
    after the other where they are parts of a whole. `name` is the id of the drawing."""
    if len(parts) > MOST_PARTS:
        raise ValueError(f"more than {MOST_PARTS} parts cannot be told apart")
    widest = Scale.over((sum(values) if is_stacked else max(values, default=0)) for _label, values in rows)
    below = THICK * (1 if is_stacked else len(parts))
    drawn = []
    for place, (label, values) in enumerate(rows):
        y = place * (WORDS + below + GAP)
        bars, start = [], 0.0
        for number, (part, value) in enumerate(zip(parts, values, strict=True)):
            width = widest.share(value)
            top = y + WORDS + (0 if is_stacked else number * THICK)
            bars.append(Bar(number + 1, part, percent(start), percent(width), top, value))
            start += width if is_stacked else 0
        words = say(sum(values)) if is_stacked or len(values) == 1 else ""
        drawn.append(BarRow(label, words, y + WORDS - 5, tuple(bars)))
    height = max(len(rows) * (WORDS + below + GAP), 1)
    return BarChart(name, title, sentence, tuple(parts), tuple(drawn), height)
