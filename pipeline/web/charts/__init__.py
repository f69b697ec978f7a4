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

Places along the width are percentages and those down the height pixels, so a chart fits any width while its words
keep their size. Nothing here knows of Flask: these are plain values, and tests read them.
"""

from pipeline.web.charts.lines import LineChart, Series, line_chart

__all__ = ["LineChart", "Series", "line_chart"]
