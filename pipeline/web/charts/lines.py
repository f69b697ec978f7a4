"""The line chart: one or a few things over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.web.charts.scale import Number, Say, Scale, percent, plainly

TOP, HEIGHT = 26, 200
"""Pixels above the highest value, and from there down to the lowest."""
BEFORE, AFTER = 0.08, 0.02
"""Of the width, left free for what the lowest line stands for, and at the other side for the marks at the end."""
MARKS = ("round", "square", "ring", "plain")
"""The marks of the lines, so that they are told apart without colour; their dashes differ as well."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: what it is called, and its value for each label; None where it is not known."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Point:
    """One value in its place."""

    x: str
    y: float
    label: str
    value: Number
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as it is drawn. `strokes` are pairs of neighbouring points: where a value is not known is a gap."""

    number: int
    name: str
    mark: str
    points: tuple[Point, ...]
    strokes: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """All that a template needs to draw it (`components/charts.html`)."""

    id: str
    title: str
    sentence: str
    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    """Lines across the drawing: how far down, and what they stand for."""
    first: str
    last: str
    kind: str = "lines"
    height: int = TOP + HEIGHT + 28
    foot: int = TOP + HEIGHT


def along(share: float) -> str:
    """Where something stands that has so much of the time behind it, from 0 to 1."""
    return percent(BEFORE + (1 - BEFORE - AFTER) * share)


def line_chart(
    name: str, title: str, sentence: str, *, labels: Sequence[str], series: Sequence[Series], say: Say = plainly
) -> LineChart:
    """Draw up to four series over the same labels, the earliest first. `name` is the id of the drawing."""
    if len(series) > len(MARKS):
        raise ValueError(f"more than {len(MARKS)} lines cannot be told apart")
    scale = Scale.over(value for one in series for value in one.values)

    def down(value: Number) -> float:
        return round(TOP + HEIGHT * (1 - scale.share(value)), 2)

    steps = len(labels) - 1
    places = [along(place / steps if steps else 0.5) for place in range(len(labels))]

    lines = []
    for number, one in enumerate(series):
        known = [
            None if value is None else Point(place, down(value), label, value, say(value))
            for place, label, value in zip(places, labels, one.values, strict=True)
        ]
        strokes = tuple((before, after) for before, after in pairwise(known) if before and after)
        points = tuple(point for point in known if point)
        lines.append(Line(number + 1, one.name, MARKS[number], points, strokes))
    across = tuple((down(mark), say(mark)) for mark in scale.marks)
    ends = (labels[0], labels[-1]) if labels else ("", "")
    return LineChart(name, title, sentence, tuple(lines), across, *ends)
