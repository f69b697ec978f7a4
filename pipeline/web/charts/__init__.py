"""Charts, drawn on the server as SVG that reads without colour, without scripts and at any width.

A chart is made from the rows of the table beside it, so the two cannot differ:

    chart = line_chart(
        "answers", gettext("Answers by month"), sentence, labels=["Oct 2026", "Nov 2026"],
        series=[Series(gettext("Asked"), (3, 5)), Series(gettext("On time"), (3, None))],
    )

and a template draws it, whatever kind it is: `{% from "components/charts.html" import draw with context %}` and
`{{ draw(chart) }}`. `say` puts a value into words (`days`, `pounds`); without it numbers have thousands separated. A
value of None is not known and leaves a gap. The id is unlike any other on its page. The sentence says what the chart
shows and stands above it; the table is the page's to write, from the same rows.

Besides lines over time there are `bar_chart` (things beside each other, or parts of a whole), `tile_map` (nations and
regions) and `network` (who works with whom), made alike.

Places along the width are percentages and those down the height pixels, so a chart fits any width while its words
keep their size. Nothing here knows of Flask: these are plain values, and tests read them.
"""

from pipeline.web.charts.bars import BarChart, bar_chart
from pipeline.web.charts.lines import LineChart, Series, line_chart
from pipeline.web.charts.network import Network, network
from pipeline.web.charts.tiles import TileMap, tile_map

Chart = BarChart | LineChart | Network | TileMap
"""Anything that `draw` draws."""

__all__ = [
    "BarChart", "Chart", "LineChart", "Network", "Series", "TileMap", "bar_chart", "line_chart", "network", "tile_map",
]  # fmt: skip
