"""What a line chart draws is what its table says, whatever the figures are."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.web.charts import LineChart, Series, line_chart
from pipeline.web.charts.lines import HEIGHT, TOP
from tests.support.charts import drawn, pixels, values_in

pytestmark = pytest.mark.pure

figures = st.none() | st.integers(-(10**6), 10**14)
tables = st.integers(1, 40).flatmap(
    lambda months: st.lists(st.lists(figures, min_size=months, max_size=months), min_size=1, max_size=4)
)


def chart_of(rows: list[list[int | None]]) -> LineChart:
    series = [Series(f"series {number}", values) for number, values in enumerate(rows)]
    return line_chart(
        "by-month", "By month", "All of it.", labels=[f"m{n}" for n in range(len(rows[0]))], series=series
    )


@settings(max_examples=40)
@given(tables)
def test_a_line_chart_draws_every_known_figure_and_nothing_else(rows: list[list[int | None]]) -> None:
    told = [
        (f"series {number}", f"m{place}", str(value))
        for number, values in enumerate(rows)
        for place, value in enumerate(values)
        if value is not None
    ]
    assert values_in(drawn(chart_of(rows))) == told


@settings(max_examples=40)
@given(tables)
def test_marks_stand_as_high_as_their_figures_and_stay_inside_the_drawing(rows: list[list[int | None]]) -> None:
    chart = chart_of(rows)
    points = [point for line in chart.lines for point in line.points]
    assert all(TOP <= point.y <= TOP + HEIGHT and 0 <= pixels(point.x) <= 100 for point in points)
    by_height = sorted(points, key=lambda point: point.value)
    assert all(lower.y >= higher.y for lower, higher in pairwise(by_height))
    nothing = [y for y, words in chart.across if words == "0"]
    assert all(abs(point.y - nothing[0]) < 0.01 for point in points if point.value == 0)


@pytest.mark.parametrize(
    "values, across",
    [
        ((0, 0, 0), ["0"]),
        ((0, 10**14), ["0", "50,000,000,000,000", "100,000,000,000,000"]),
        ((7, 7, 7), ["0", "4", "8"]),
        ((None, None), ["0"]),
        ((1,), ["0", "1"]),
        ((-3, 4), ["-3", "0", "2", "4"]),
    ],
    ids=["nothing", "one huge", "all equal", "nothing known", "one", "below nothing"],
)
def test_a_scale_is_round_and_holds_every_figure(values: tuple[int | None, ...], across: list[str]) -> None:
    assert [words for _y, words in chart_of([list(values)]).across] == across


def test_a_month_that_is_not_known_leaves_a_gap() -> None:
    (line,) = chart_of([[1, 2, None, 4, 5]]).lines
    assert [(one.value, other.value) for one, other in line.strokes] == [(1, 2), (4, 5)]


def test_lines_are_told_apart_by_their_marks_as_well_as_by_colour() -> None:
    chart = chart_of([[1], [1], [1], [1]])
    assert len({line.mark for line in chart.lines}) == 4
    with pytest.raises(ValueError, match="cannot be told apart"):
        chart_of([[1]] * 5)


def test_a_drawing_has_a_name_and_says_where_its_figures_are() -> None:
    (drawing,) = [one for one in drawn(chart_of([[1, 2]])).iter("svg") if one.get("role") == "img"]
    named = {one.get("id"): one.text for one in drawing if one.tag in ("title", "desc")}
    assert drawing.get("aria-labelledby", "").split() == list(named)
    assert list(named.values()) == ["By month", "The table below has the same figures."]
