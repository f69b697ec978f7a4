"""The map of the nations and regions, each a tile of the same size, with its figure in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.web.charts.scale import Number, Say, plainly

TILES: dict[str, tuple[str, int, int]] = {
    "Scotland": ("SCO", 0, 1),
    "Northern Ireland": ("NI", 1, 0),
    "North East": ("NE", 1, 2),
    "North West": ("NW", 2, 1),
    "Yorkshire and The Humber": ("YH", 2, 2),
    "Wales": ("WAL", 3, 0),
    "West Midlands": ("WM", 3, 1),
    "East Midlands": ("EM", 3, 2),
    "East of England": ("EE", 3, 3),
    "South West": ("SW", 4, 1),
    "South East": ("SE", 4, 2),
    "London": ("LDN", 4, 3),
}
"""For each region of the register its short name, its row and its column, roughly as they lie."""
ROWS, COLUMNS = 5, 4
HIGH, GAP = 58, 4
SHADES = 4
"""How many shades there are besides white, for nothing. The figure stands in the tile, so the shade only helps."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One region in its place."""

    region: str
    code: str
    x: str
    middle: str
    y: int
    shade: int
    value: Number
    words: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """All that a template needs to draw it (`components/charts.html`)."""

    id: str
    title: str
    sentence: str
    series: str
    tiles: tuple[Tile, ...]
    width: str = f"{100 / COLUMNS - 1:.3f}%"
    high: int = HIGH
    height: int = ROWS * (HIGH + GAP)
    kind: str = "tiles"


def shade_of(value: Number, most: Number) -> int:
    """How dark a tile is: 0 for nothing, then in equal steps up to the greatest."""
    if value <= 0:
        return 0
    return min(int(float(value) / float(most) * SHADES) + 1, SHADES)


def tile_map(
    name: str, title: str, sentence: str, values: Mapping[str, Number], *, series: str = "", say: Say = plainly
) -> TileMap:
    """Draw a value for each region of the register; one not given is nothing. `name` is the id of the drawing, `series`
    what the values are of. `say` keeps to eight characters: a tile is narrow."""
    most = max(values.values(), default=0)
    tiles = []
    for region, (code, row, column) in TILES.items():
        value, start = values.get(region, 0), 100 * column / COLUMNS
        middle = f"{start + (100 / COLUMNS - 1) / 2:.3f}%"
        shade = shade_of(value, most)
        tiles.append(Tile(region, code, f"{start:.3f}%", middle, row * (HIGH + GAP), shade, value, say(value)))
    return TileMap(name, title, sentence, series, tuple(tiles))
