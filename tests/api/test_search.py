"""Searching everything public through the API."""

import pytest

from pipeline.search.index import rebuild_index
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database
ADDRESS = "/api/v1/search"


@pytest.fixture
def indexed(make: Factory) -> None:
    council = make.council("Northborough")
    officer = make.officer(council)
    for number in range(3):
        project = make.project(council, officer, title=f"Parking {number}", summary="Permits.", themes=("planning",))
    make.lesson(project, officer, council, title="Permits are paper", did="We asked about parking permits.")
    with make.app.app_context():
        rebuild_index()


def test_what_is_found_has_highlights_and_counts(client: CheckedClient, indexed: None) -> None:
    body = client.get(f"{ADDRESS}?q=permit").get_json()
    assert body["page"]["total"] == 4
    lesson = next(one for one in body["data"] if one["kind"] == "lesson")
    [[start, end]] = lesson["title_highlights"]
    assert lesson["title"][start:end] == "Permits"
    assert lesson["belongs_to"] == "Parking 2"
    assert {one["value"]: one["count"] for one in body["facets"]["kind"]} == {"project": 3, "lesson": 1}
    assert body["holds_all_words"] is True
    assert client.get(lesson["url"].replace("http://localhost", "")).status_code in (200, 404)


def test_pages_follow_each_other_and_facets_narrow(client: CheckedClient, indexed: None) -> None:
    first = client.get(f"{ADDRESS}?q=parking&kind=project&limit=2").get_json()
    assert (len(first["data"]), first["page"]["has_more"]) == (2, True)
    second = client.get(first["links"]["next"].split("//", 1)[1].partition("/")[2].join(("/", ""))).get_json()
    assert len({one["id"] for one in first["data"] + second["data"]}) == 3
    assert second["links"]["next"] is None
    assert client.get(f"{ADDRESS}?q=parking&kind=lesson&theme=planning").get_json()["data"] == []


@pytest.mark.parametrize(
    "query", ["kind=x", "theme=none", "year=20", "sort=colour", "limit=0", "cursor=nonsense", "colour=red", "q=%00"]
)
def test_what_means_nothing_is_refused(client: CheckedClient, make: Factory, query: str) -> None:
    assert client.get(f"{ADDRESS}?{query}").status_code == 400


def test_nothing_asked_for_finds_nothing(client: CheckedClient, indexed: None) -> None:
    assert client.get(ADDRESS).get_json()["data"] == []
