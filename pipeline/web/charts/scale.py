"""From values to places in a drawing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

Number = int | float | Decimal
Say = Callable[[Number], str]


def plainly(value: Number) -> str:
    """A number with its thousands separated."""
    return f"{value:,}"


def round_above(value: float) -> float:
    """The least of 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15 … (or 0.1, 0.15 …) that is not less than a value above nothing."""
    unit = 10.0 ** floor(log10(value))
    return float(next(step * unit for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15) if step * unit >= value * (1 - 1e-12)))


@dataclass(frozen=True, slots=True)
class Scale:
    """From a round number at or below the least value, and never above nothing, to one at or above the greatest."""

    least: float
    greatest: float

    @classmethod
    def over(cls, values: Iterable[Number | None]) -> "Scale":
        """The scale that holds all of some values; those that are not known are left out."""
        known = [float(value) for value in values if value is not None]
        most, least = max(known, default=0), min(known, default=0)
        return cls(-round_above(-least) if least < 0 else 0.0, round_above(most) if most > 0 else 0.0)

    def share(self, value: Number) -> float:
        """Where a value stands between the two ends: 0 at the least, 1 at the greatest."""
        width = self.greatest - self.least
        return (float(value) - self.least) / width if width else 0.0

    @property
    def marks(self) -> list[Number]:
        """The values that get a line across the drawing, from the least: its ends, nothing, and half of the greatest
        where that is as round."""
        half = self.greatest / 2
        halves = [half] if self.greatest > 2 and half == int(half) else []
        return [_whole(one) for one in sorted({self.least, 0.0, *halves, self.greatest})]


def _whole(value: float) -> Number:
    return int(value) if value == int(value) else value


def percent(share: float) -> str:
    """A part of the width as an attribute of SVG."""
    return f"{100 * share:.3f}%"
