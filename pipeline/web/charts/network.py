"""Who is tied to whom: things on a ring, in the order they are given, with lines between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

WIDE, HIGH = 43, 150
"""Half of the ring: in hundredths of the width, and in pixels."""
MIDDLE = HIGH + 20
STRENGTHS = 4
MOST = 16
"""More things on a ring cannot be told apart at the width of a phone."""


@dataclass(frozen=True, slots=True)
class Knot:
    """One thing on the ring. It is drawn with its number; a list beside says which is which."""

    number: int
    name: str
    x: str
    y: float


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between two things, the thicker the stronger."""

    one: Knot
    other: Knot
    value: int
    strength: int


@dataclass(frozen=True, slots=True)
class Network:
    """All that a template needs to draw it (`components/charts.html`)."""

    id: str
    title: str
    sentence: str
    knots: tuple[Knot, ...]
    ties: tuple[Tie, ...]
    height: int = 2 * MIDDLE
    kind: str = "network"


def network(
    name: str, title: str, sentence: str, *, knots: Sequence[str], ties: Sequence[tuple[int, int, int]]
) -> Network:
    """Draw named things and ties between them (the places of two of them from 0, and how strong, from 1). `name` is the
    id of the drawing."""
    if len(knots) > MOST:
        raise ValueError(f"more than {MOST} things cannot be told apart")
    placed = [_placed(place, len(knots), one) for place, one in enumerate(knots)]
    most = max((strength for _one, _other, strength in ties), default=1)
    # The strongest are drawn last, above the others.
    drawn = [
        Tie(placed[one], placed[other], value, -(-value * STRENGTHS // most))
        for one, other, value in sorted(ties, key=lambda tie: (tie[2], tie))
    ]
    return Network(name, title, sentence, tuple(placed), tuple(drawn))


def _placed(place: int, number: int, name: str) -> Knot:
    angle = 2 * pi * place / number - pi / 2
    return Knot(place + 1, name, f"{50 + WIDE * cos(angle):.3f}%", round(MIDDLE + HIGH * sin(angle), 2))
