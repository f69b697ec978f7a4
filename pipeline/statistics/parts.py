"""What one project puts into the sums, and what it makes of them. Pure.

A part is kept as JSON. Replacing a project's earlier part by its present one changes the sums by the difference of the
two: counting a project again, as often as one likes, therefore changes nothing that has not changed.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pipeline.statistics.measures import PLACE, Measure, periods_of, places_of, themes_of

Cell = tuple[str, str, str, str]
"""Theme, region, kind, period: in the order of the table's key."""
Present = tuple[str, str, str, str, str]
"""Council, theme, period, region, kind."""
Pair = tuple[str, str]


@dataclass(slots=True)
class Part:
    """The figures of one project by month and council's place, which councils took part in it when, and who joined
    whom."""

    themes: tuple[str, ...] = ()
    figures: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    """By month, region and kind, in the order of SUMMED."""
    present: set[tuple[str, str, str, str]] = field(default_factory=set)
    """Period, council, region and kind."""
    lead: str = ""
    partners: frozenset[str] = frozenset()

    def add(self, measure: Measure, number: int, *, month: str, place: tuple[str, str]) -> None:
        """Put something into a figure of a month and place."""
        if number:
            row = self.figures.setdefault((month, *place), [0] * len(PLACE))
            row[PLACE[measure]] += number

    def as_json(self) -> dict[str, Any]:
        """As it is kept: the same part is always the same JSON."""
        return {
            "themes": list(self.themes),
            "figures": [[*key, row] for key, row in sorted(self.figures.items())],
            "present": [list(one) for one in sorted(self.present)],
            "lead": self.lead,
            "partners": sorted(self.partners),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Part":
        """As it was kept."""
        return cls(
            themes=tuple(kept["themes"]),
            figures={(month, region, kind): row for month, region, kind, row in kept["figures"]},
            present={(period, council, region, kind) for period, council, region, kind in kept["present"]},
            lead=kept["lead"],
            partners=frozenset(kept["partners"]),
        )


class Sums:
    """Sums of parts, or the difference of such sums. What themes have in common is looked up once for all of them."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, str, str], dict[str, list[int]]] = {}
        """By month, region and kind, of each theme: what all cells are added up from."""
        self._present: dict[tuple[str, str, str, str], dict[str, int]] = {}
        """By period, council, region and kind, of each theme."""
        self.pairs: Counter[Pair] = Counter()

    def put(self, part: Part, sign: int = 1) -> None:
        """Put a part in; with -1 take it out."""
        themes = themes_of(part.themes)
        for key, row in part.figures.items():
            of_themes = self._figures.setdefault(key, {})
            told = [(number, sign * value) for number, value in enumerate(row) if value]
            for theme in themes:
                _raise(of_themes, theme, told)
        for present in part.present:
            numbers = self._present.setdefault(present, {})
            for theme in themes:
                numbers[theme] = numbers.get(theme, 0) + sign
        for partner in part.partners:
            self.pairs[part.lead, partner] += sign

    def changed_cells(self) -> list[tuple[Cell, list[int]]]:
        """The cells in which anything is not nothing, in the order of their keys."""
        cells: dict[Cell, list[int]] = {}
        for (month, region, kind), of_themes in self._figures.items():
            for theme, row in of_themes.items():
                told = [(number, value) for number, value in enumerate(row) if value]
                for period in periods_of(month) if told else ():
                    for one, other in places_of(region, kind):
                        _raise(cells, (theme, one, other, period), told)
        return sorted((cell, row) for cell, row in cells.items() if any(row))

    def changed_presences(self) -> list[tuple[Present, int]]:
        """In how many projects councils take part, where that is not in none; in the order of their keys."""
        return sorted(
            ((council, theme, period, region, kind), number)
            for (period, council, region, kind), numbers in self._present.items()
            for theme, number in numbers.items()
            if number
        )

    def with_councils(self) -> dict[Cell, list[int]]:
        """Every cell, with the councils that are present in it as the last figure."""
        cells = {cell: [*row, 0] for cell, row in self.changed_cells()}
        for present, _number in self.changed_presences():
            for cell in cells_of_presence(present):
                cells.setdefault(cell, [0] * (len(PLACE) + 1))[-1] += 1
        return cells


Key = TypeVar("Key", str, Cell)


def _raise(rows: dict[Key, list[int]], key: Key, told: list[tuple[int, int]]) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = [0] * len(PLACE)
    for number, value in told:
        row[number] += value


def cells_of_presence(present: Present) -> list[Cell]:
    """The cells in which a council counts as one more while it is present."""
    _council, theme, period, region, kind = present
    return [(theme, one, other, period) for one, other in places_of(region, kind)]
