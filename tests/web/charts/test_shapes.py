"""What bars, tiles and networks draw is what their tables say, whatever the figures are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.councils.vocabulary import REGION_BY_VALUE
from pipeline.statistics.measures import Measure
from pipeline.web.charts import bar_chart, network, tile_map
from pipeline.web.charts.tiles import TILES
from pipeline.web.statistics.sections import in_a_tile
from tests.support.charts import drawn, pixels, values_in

pytestmark = pytest.mark.pure

PARTS = ("pledged", "committed", "delivered")
figures = st.lists(st.integers(0, 10**14), min_size=3, max_size=3)


@settings(max_examples=40)
@given(st.lists(figures, max_size=30), st.booleans())
def test_bars_are_as_wide_as_their_figures_and_as_many(values: list[list[int]], is_stacked: bool) -> None:
    rows = [(f"row {number}", row) for number, row in enumerate(values)]
    chart = bar_chart("days", "Days", "All of it.", parts=PARTS, rows=rows, is_stacked=is_stacked)
    told = [(part, label, str(value)) for label, row in rows for part, value in zip(PARTS, row, strict=True)]
    assert values_in(drawn(chart)) == told
    bars = [bar for row in chart.rows for bar in row.bars]
    assert all(pixels(bar.x) + pixels(bar.width) <= 100.01 for bar in bars)
    widest = max(bars, key=lambda bar: bar.value, default=None)
    for bar in bars:
        assert widest is not None
        assert (pixels(bar.width) > 0) >= (bar.value * 1000 > widest.value)
        assert pixels(bar.width) * widest.value == pytest.approx(
            pixels(widest.width) * bar.value, abs=widest.value * 0.001
        )


def test_parts_of_a_whole_stand_one_after_the_other() -> None:
    chart = bar_chart("x", "X", "", parts=PARTS, rows=[("one", (2, 3, 5))], is_stacked=True)
    (row,) = chart.rows
    assert [(bar.x, bar.width) for bar in row.bars] == [
        ("0.000%", "20.000%"), ("20.000%", "30.000%"), ("50.000%", "50.000%"),
    ]  # fmt: skip
    assert row.words == "10"


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(sorted(TILES)), st.integers(0, 10**9)))
def test_every_region_has_a_tile_with_its_figure_the_darker_the_greater(values: dict[str, int]) -> None:
    chart = tile_map("map", "Map", "All of it.", values)
    assert {(label, value) for _series, label, value in values_in(drawn(chart))} == {
        (region, str(values.get(region, 0))) for region in REGION_BY_VALUE
    }
    by_value = sorted(chart.tiles, key=lambda tile: (tile.value, tile.shade))
    assert [tile.shade for tile in by_value] == sorted(tile.shade for tile in chart.tiles)
    assert all((tile.shade == 0) == (tile.value == 0) for tile in chart.tiles)
    assert len({(tile.x, tile.y) for tile in chart.tiles}) == len(TILES)


@pytest.mark.parametrize(
    "measure, value, words",
    [
        (Measure.PLEDGED_PENCE, 33_599_999, "£335,999"),
        (Measure.PLEDGED_PENCE, 1_254_000_00, "£1.3m"),
        (Measure.PLEDGED_PENCE, 98_765_000_000, "£987.6m"),
        (Measure.PLEDGED_HALF_DAYS, 25, "12.5"),
        (Measure.PROJECTS, 100_000, "100,000"),
    ],
)
def test_what_stands_in_a_tile_is_short(measure: Measure, value: int, words: str) -> None:
    assert in_a_tile(measure, value) == words
    assert len(words) <= 8


@settings(max_examples=40)
@given(st.integers(2, 16).flatmap(lambda n: st.tuples(st.just(n), st.dictionaries(
    st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(1, 10**6), max_size=40,
))))  # fmt: skip
def test_a_network_draws_each_tie_once_between_its_two(given_: tuple[int, dict[tuple[int, int], int]]) -> None:
    number, pairs = given_
    names = [f"council {place}" for place in range(number)]
    chart = network(
        "net", "Net", "All of it.", knots=names, ties=[(one, other, value) for (one, other), value in pairs.items()]
    )
    assert set(values_in(drawn(chart))) == {
        (names[one], names[other], str(value)) for (one, other), value in pairs.items()
    }
    assert len(chart.ties) == len(pairs)
    assert len({(knot.x, knot.y) for knot in chart.knots}) == number
    assert all(1 <= tie.strength <= 4 for tie in chart.ties)


def test_nothing_at_all_can_be_drawn() -> None:
    for chart in (
        bar_chart("a", "A", "", parts=("x",), rows=[]),
        bar_chart("b", "B", "", parts=("x",), rows=[("one", (0,)), ("two", (0,))]),
        tile_map("c", "C", "", {}),
        network("d", "D", "", knots=[], ties=[]),
    ):
        assert all(value == "0" for _series, _label, value in values_in(drawn(chart)))
