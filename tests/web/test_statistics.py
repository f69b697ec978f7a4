"""The pages of figures: charts and tables say the same, and what is counted."""

import csv
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from pipeline.kernel import clock
from pipeline.kernel.effort import days
from pipeline.statistics.measures import Measure
from pipeline.statistics.models import StatisticsPair
from pipeline.web.charts.tiles import TILES
from pipeline.web.statistics.sections import GIVEN, in_words, name_of
from tests.factories import Factory
from tests.pledges.test_actions import Scene, make_scene
from tests.support.client import CheckedClient
from tests.support.statistics import listen

pytestmark = pytest.mark.database

PAGES = ("", "/themes", "/places", "/answers", "/documents", "/councils")


@pytest.fixture
def scene(make: Factory, work: Any) -> Scene:
    """Giver pledged 6 half-days to a project of Lead, which accepted them at once."""
    found = make_scene(make, work)
    found.accept(found.authorise(found.offer(6)))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_place_where_nothing_happened_says_so(client: CheckedClient, page: str) -> None:
    shown = client.page(f"/statistics{page}")
    assert "Nothing is counted yet." in shown.text
    assert not shown.select("svg.chart__drawing, table"), "and draws nothing"


def drawn(page: Any, drawing: str) -> list[tuple[str, str, int]]:
    """What a chart of a page draws: series, label and value."""
    svg = page.select_one(f'svg[aria-labelledby^="{drawing}-title"]')
    return [(one["data-series"], one["data-label"], int(one["data-value"])) for one in svg.select("[data-value]")]


def table(page: Any, section: str) -> list[tuple[str, str, str]]:
    """A table of a page as (column, row, figure)."""
    found = page.select_one(f'[aria-labelledby="{section}"] table')
    head = [cell.text for cell in found.select("thead th")]
    return [
        (head[place], row.th.text, cell.text)
        for row in found.select("tbody tr")
        for place, cell in enumerate(row.select("td"), start=1)
    ]


def test_what_a_chart_draws_is_what_its_table_says(client: CheckedClient, make: Factory, scene: Scene) -> None:
    listen(make)
    overview, places, answers = (client.page(f"/statistics{page}") for page in ("", "/places", "/answers"))
    said = set(table(overview, "by-month"))
    months = drawn(overview, "days")
    assert {(series, label, days(value)) for series, label, value in months} <= said
    assert ("Days pledged", 6) in {(series, value) for series, _label, value in months}
    said = {(column, row.rpartition(" (")[0], figure) for column, row, figure in table(places, "by-region")}
    assert {(series, label, days(value)) for series, label, value in drawn(places, "map")} <= said
    kinds = {(series, label, days(value)) for series, label, value in drawn(places, "days-by-kind")}
    assert kinds <= set(table(places, "by-kind"))
    told = {(series, label, f"{value:,}") for series, label, value in drawn(answers, "answers-chart")}
    assert told == set(table(answers, "answers"))
    assert "Pledges answered within three working days: 1. Later: 0. Not yet: 0." in answers.text


@pytest.mark.parametrize("measure", GIVEN)
def test_the_map_shows_the_measure_that_is_asked_for(
    client: CheckedClient, make: Factory, scene: Scene, measure: Measure
) -> None:
    listen(make)
    page = client.page(f"/statistics/places?theme=housing&measure={measure}")
    said = {(column, row.rpartition(" (")[0], figure) for column, row, figure in table(page, "by-region")}
    shown = drawn(page, "map")
    assert {(series, label, in_words(measure, value)) for series, label, value in shown} <= said
    assert len(shown) == 12
    assert [one.text for one in page.select('[aria-current="true"]')] == [name_of(measure)]
    links = [one["href"] for one in page.select('nav[aria-label="Show on the map"] a')]
    assert len(links) == len(GIVEN) - 1
    assert all("theme=housing&measure=" in link for link in links), "what is narrowed stays so"
    assert page.select_one('form input[name="measure"]')["value"] == measure
    (without,) = (one["href"] for one in page.select(".removable a"))
    assert without == f"/statistics/places?measure={measure}"


def test_a_measure_nobody_knows_is_left_out(client: CheckedClient, make: Factory, scene: Scene) -> None:
    listen(make)
    page = client.page("/statistics/places?measure=colour")
    assert "Part of this address means nothing here" in page.text
    assert page.select_one('[aria-current="true"]').text == "Days pledged"


def test_figures_can_be_narrowed_and_old_addresses_keep_working(
    client: CheckedClient, make: Factory, scene: Scene
) -> None:
    listen(make)
    year = clock.today().year if clock.today().month > 3 else clock.today().year - 1
    assert "3 days pledged" in client.page(f"/statistics?kind=non-metropolitan+district&year={year}").text
    assert "Nothing is counted yet." in client.page("/statistics?region=Wales").text
    assert "Nothing is counted yet." in client.page("/statistics?year=1999").text
    page = client.page("/statistics?region=Atlantis&year=soon&colour=blue")
    assert "Part of this address means nothing here" in page.text
    assert "3 days pledged" in page.text


def test_councils_that_work_together_are_drawn_and_listed(client: CheckedClient, make: Factory, scene: Scene) -> None:
    with make.session() as session:
        session.merge(scene.lead_council).projects_led = 1
        session.merge(scene.giver).projects_joined = 1
    listen(make)
    page = client.page("/statistics/councils")
    assert drawn(page, "network") == [("Giver Council", "Lead Council", 1)]
    rows = [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert rows == [["1 Giver Council", "2 Lead Council", "1"]]
    assert "these work together most: Giver Council – Lead Council. Projects of each pair: 1." in page.text
    assert client.get("/statistics/councils.csv").text.splitlines()[1].startswith("giver,Giver Council,lead,")


def test_the_file_of_who_works_with_whom_is_the_table_above_it(client: CheckedClient, make: Factory) -> None:
    councils = [make.council(f"C{place}", projects_led=place + 1) for place in range(5)]
    with make.session() as session:
        for one, other, number in ((0, 1, 1), (1, 0, 2), (2, 3, 3), (1, 2, 3), (0, 3, 1)):
            pair = StatisticsPair(lead_id=councils[one].id, partner_id=councils[other].id, number=number)
            session.add(pair)
    page = client.page("/statistics/councils")
    rows = [
        [cell.text.partition(" ")[2] or cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")
    ]
    _head, *lines = csv.reader(client.get("/statistics/councils.csv").text.splitlines())
    assert [[line[1], line[3], line[4]] for line in lines] == rows
    assert sorted(row[2] for row in rows) == ["1", "3", "3", "3"]
    for pair in ("C1 Council – C0 Council", "C3 Council – C2 Council", "C2 Council – C1 Council"):
        assert pair in page.select_one("figure, .chart").text


def test_many_pairs_that_work_together_most_are_counted(client: CheckedClient, make: Factory) -> None:
    councils = [make.council(f"C{place}", projects_led=1) for place in range(5)]
    with make.session() as session:
        for other in councils[1:]:
            session.add(StatisticsPair(lead_id=councils[0].id, partner_id=other.id, number=2))
    said = client.page("/statistics/councils").text
    assert "Of these councils, 4 pairs work together most. Projects of each pair: 2." in said


def test_a_table_as_csv_has_plain_numbers_and_says_as_of_when(
    client: CheckedClient, make: Factory, scene: Scene
) -> None:
    listen(make)
    head, *lines = client.get("/statistics/months.csv").text.splitlines()
    rows = [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]
    assert [(row["month"], row["pledged_half_days"]) for row in rows] == [(f"{clock.today():%Y-%m}", "6")]
    assert rows[0]["as_of"].startswith(f"{clock.now():%Y-%m-%dT}")
    for name, number in (("themes", 2), ("regions", 12), ("kinds", 12)):
        assert len(client.get(f"/statistics/{name}.csv").text.splitlines()) > number


def test_files_are_narrowed_as_the_pages_and_the_api_are(client: CheckedClient, make: Factory, scene: Scene) -> None:
    listen(make)
    region, kind = scene.giver.region, scene.giver.kind
    narrowed = f"region={quote(region)}&kind={quote(kind)}&theme=housing"
    for by, file in (("month", "months"), ("theme", "themes"), ("region", "regions"), ("kind", "kinds")):
        head, *lines = csv.reader(client.get(f"/statistics/{file}.csv?{narrowed}").text.splitlines())
        data = client.get(f"/api/v1/statistics?by={by}&{narrowed}").get_json()["data"]
        assert [line[:-1] for line in lines] == [
            [str(row[name or "of"]) for name in ["", *head[1:-1]]] for row in data["rows"]
        ]
    assert "Nothing is counted yet." in client.page("/statistics/places?region=Wales").text
    page = client.page(f"/statistics/places?{narrowed}")
    assert not page.select('svg[aria-labelledby^="map"]'), "one region has no map"
    assert {row for _column, row, _figure in table(page, "by-region")} == {f"{region} ({TILES[region][0]})"}
    assert [one["href"] for one in page.select('a[href*="kinds.csv"]')] == [
        f"/statistics/kinds.csv?{urlencode(parse_qsl(narrowed))}"
    ]


@pytest.mark.parametrize(
    "file",
    ["months.csv?yaer=2026", "months.csv?theme=Housing", "kinds.csv?region=Atlantis", "councils.csv?theme=housing"],
)
def test_a_file_refuses_what_it_would_have_to_leave_out(client: CheckedClient, file: str) -> None:
    answer = client.get(f"/statistics/{file}")
    assert answer.status_code == 422
    assert "Part of this address means nothing here." in answer.text


def test_a_page_is_made_again_when_the_worker_has_counted(client: CheckedClient, make: Factory, scene: Scene) -> None:
    first = client.get("/statistics")
    mark = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/statistics", headers=mark).status_code == 304
    listen(make)
    assert "3 days pledged" in client.get("/statistics", headers=mark).text
