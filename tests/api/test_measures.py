"""Measures and readings through the API."""

from typing import Any

import pytest

from pipeline.api.account import ProjectAccountSchema
from pipeline.api.measures import MeasureSchema, ReadingSchema
from tests.api.writing import People
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

DAYS: dict[str, Any] = {
    "name": "Days to answer", "unit": "days", "better": "less", "baseline": 20, "baseline_on": "2026-01-31",
    "target": 8, "target_on": "2027-01-31",
}  # fmt: skip
READ = {"value": 9, "read_on": "2026-03-31", "note": "Three of four teams."}


@pytest.fixture
def people(make: Factory, client: CheckedClient) -> People:
    made = People(make, client)
    project = make.project(made.council, made.officers["lead"], slug="repairs")
    make.person(project, made.officers["colleague"], made.council)
    return made


def listed(people: People, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = people.send("GET", path, who="").get_json()["data"]
    return rows


def test_a_lead_sets_changes_and_ends_a_measure(people: People) -> None:
    first = people.done("POST", "projects/repairs/measures", DAYS)
    assert MeasureSchema().load(first)
    assert (first["kind"], first["parts_per_unit"], first["target"]) == ("outcome", 2, 8)
    path = f"measures/{first['id']}"
    assert listed(people, "measures?project=repairs") == [first] == [people.done("GET", path, who="")]
    assert people.refused("POST", "projects/repairs/measures", DAYS, who="colleague")[0] == 403
    assert people.refused("PATCH", path, {"target": 6})[0] == 428
    assert people.refused("PATCH", path, {"target": None}, etag=first["etag"]) == (422, "measure.half_a_point")
    changed = people.done("PATCH", path, {"target": None, "target_on": None}, etag=first["etag"])
    assert (changed["target"], changed["target_on"], changed["baseline"]) == (None, None, 20)
    assert people.refused("PATCH", path, {"name": "Days"}, etag=first["etag"])[0] == 412
    ended = people.done("POST", f"{path}/end", etag=changed["etag"])
    assert ended["ended_at"]
    assert people.refused("POST", f"{path}/readings", READ) == (409, "measure.ended")


def test_a_reading_is_recorded_and_corrected_by_another(people: People) -> None:
    measure = people.done("POST", "projects/repairs/measures", DAYS)
    path = f"measures/{measure['id']}/readings"
    first = people.done("POST", path, READ, key="once")
    assert people.done("POST", path, READ, key="once") == first
    assert ReadingSchema().load(first)
    other = people.done("POST", f"readings/{first['id']}/correct", READ | {"value": 7})
    assert people.refused("POST", f"readings/{first['id']}/correct", READ) == (409, "reading.corrected")
    assert people.refused("POST", path, READ | {"read_on": "2999-01-01"}) == (422, "reading.in_future")
    kept = listed(people, "readings?project=repairs&sort=recorded_at")
    assert [(one["value"], one["corrects"], one["corrected_by"]) for one in kept] == [
        (9, None, other["id"]), (7, first["id"], None),
    ]  # fmt: skip
    assert people.done("GET", f"readings/{other['id']}", who="") == kept[1]


def test_what_an_update_carries_is_in_no_list_until_it_is_published(people: People) -> None:
    measure = people.done("POST", "projects/repairs/measures", DAYS)
    carried = [READ | {"measure": measure["id"]}]
    news = {"title": "News", "markdown": "It works.", "readings": carried}
    draft = people.done("POST", "projects/repairs/updates", news, who="colleague")
    assert listed(people, "readings") == []
    changed = {"readings": [carried[0] | {"value": 7}]}
    draft = people.done("PATCH", f"updates/{draft['id']}", changed, who="colleague", etag=draft["etag"])
    people.done("POST", f"updates/{draft['id']}/publish", etag=draft["etag"])
    assert [(one["value"], one["update"]) for one in listed(people, "readings")] == [(7, draft["id"])]
    events = [one["type"] for one in listed(people, "events?project=repairs")]
    assert events == ["measure.added", "update.published", "measure.reading_recorded"]
    people.done("POST", f"updates/{draft['id']}/withdraw", etag=people.done("GET", f"updates/{draft['id']}")["etag"])
    assert listed(people, "readings") == []


def test_the_account_says_what_each_council_gave_and_got(people: People, make: Factory) -> None:
    saved = {"name": "Saved", "kind": "benefit", "unit": "pounds"}
    measure = people.done("POST", "projects/repairs/measures", saved)
    path = f"measures/{measure['id']}/readings"
    assert people.refused("POST", path, READ, who="other") == (403, "reading.partners_only")
    people.done("POST", path, READ | {"value": 120_000}, who="colleague")
    found = people.done("GET", "projects/repairs/account", who="")
    assert ProjectAccountSchema().load(found)
    assert [(one["slug"], one["lead"], one["benefit_pence"]) for one in found["councils"]] == [
        ("northborough", True, 120_000)
    ]


@pytest.mark.parametrize("values", [{"status": "draft"}, {"is_hidden": True}])
def test_measures_of_what_is_not_public_answer_as_if_they_did_not_exist(
    people: People, make: Factory, values: dict[str, Any]
) -> None:
    measure = make.measure(make.project(people.council, people.officers["lead"], **values), people.officers["lead"])
    reading = make.reading(measure, people.officers["lead"], people.council)
    for path in (f"measures/{measure.id}", f"readings/{reading.id}"):
        assert people.refused("GET", path, who="other")[0] == 404
    assert listed(people, "measures") == listed(people, "readings") == []
    assert people.done("GET", f"measures/{measure.id}")["name"] == "Days to answer"
