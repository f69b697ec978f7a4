"""Pledges through the API."""

from typing import Any

import pytest
from flask import Flask

from pipeline.api.pledges import PledgeSchema
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Pledge, PledgeCondition
from pipeline.projects.models import Need
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.database


def test_a_pledge_says_what_is_promised_by_whom_towards_what(client: CheckedClient, make: Factory) -> None:
    lead, partner = make.council("Lead"), make.council("Partner")
    need = make.need(make.project(lead, slug="shared-form", title="A shared form"), profession="user-researcher")
    pledge = make.pledge(need, partner, make.officer(partner), status="authorised", amount=10)
    answer = client.get(f"/api/v1/pledges/{pledge.id}")
    data = answer.get_json()["data"]
    assert {name: data[name] for name in data if not name.endswith("_at")} == {
        "id": str(pledge.id),
        "project": {"slug": "shared-form", "title": "A shared form"},
        "need": {"id": str(need.id), "kind": "time", "profession": "user-researcher"},
        "council": {"slug": "partner", "name": "Partner Council", "gss_code": partner.gss_code},
        "kind": "time", "half_days": 10, "pence": None, "quantity": None, "status": "authorised",
        "from_on": str(pledge.from_on), "to_on": str(pledge.to_on), "counts": True, "conditions": [],
        "delivered": 0, "broken": 0, "released": 0, "pledged_as": None, "carry_over_due_on": None,
        "answer_due_on": None, "answered_on": None,
        "url": f"http://127.0.0.1:8000/pledges/{pledge.id}", "etag": "1.1.2026-11",
    }  # fmt: skip
    assert answer.headers["ETag"] == '"1.1.2026-11"'


@pytest.mark.parametrize("kind,unit", [("time", "half_days"), ("funding", "pence"), ("in_kind", "quantity")])
def test_an_amount_is_in_the_unit_of_its_kind(client: CheckedClient, make: Factory, kind: str, unit: str) -> None:
    council = make.council()
    pledge = make.pledge(
        make.need(make.project(council), kind), council, make.officer(council), status="accepted", amount=7
    )
    data = client.get(f"/api/v1/pledges/{pledge.id}").get_json()["data"]
    assert {name: data[name] for name in ("half_days", "pence", "quantity") if data[name] is not None} == {unit: 7}


def test_an_ended_pledge_does_not_count(client: CheckedClient, world: World) -> None:
    listed = client.get("/api/v1/pledges").get_json()["data"]
    assert {one["status"]: one["counts"] for one in listed} == {"authorised": True, "accepted": True, "declined": False}


def test_what_was_never_authorised_answers_as_if_it_did_not_exist(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    need = make.need(make.project(council))
    for status in ("offered", "refused", "withdrawn", "lapsed", "declined"):
        pledge = make.pledge(need, council, make.officer(council), status=status)
        refused, missing = client.get(f"/api/v1/pledges/{pledge.id}"), client.get(f"/api/v1/pledges/{need.id}")
        assert refused.status_code == missing.status_code == 404
        assert {**refused.get_json(), "instance": ""} == {**missing.get_json(), "instance": ""}
    assert client.get("/api/v1/pledges").get_json()["data"] == []


@pytest.mark.parametrize(
    "query,expected",
    [
        ("project=shared-form", {"authorised", "accepted", "declined"}),
        ("project=no-such-project", set()),
        ("council=partnerby", {"authorised", "declined"}),
        ("council=leadham&status=accepted", {"accepted"}),
        ("status=declined", {"declined"}),
        ("kind=funding", set()),
        ("kind=time", {"authorised", "accepted", "declined"}),
        ("updated_since=2999-01-01T00:00:00Z", set()),
        ("updated_since=2000-01-01T00:00:00%2B01:00", {"authorised", "accepted", "declined"}),
    ],
)
def test_a_list_is_narrowed(client: CheckedClient, world: World, query: str, expected: set[str]) -> None:
    answer = client.get(f"/api/v1/pledges?{query}&include_total=true").get_json()
    assert {one["status"] for one in answer["data"]} == expected
    assert answer["page"]["total"] == len(expected)


def test_a_list_narrows_to_a_need_and_to_a_project_by_id(client: CheckedClient, world: World) -> None:
    project = client.get(f"/api/v1/pledges?need={world.need_id}").get_json()
    assert len(project["data"]) == 3
    assert client.get("/api/v1/pledges?need=01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a").get_json()["data"] == []


@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "-offered_at", "offered_at"])
def test_pages_follow_each_other_both_ways(client: CheckedClient, make: Factory, sort: str) -> None:
    council = make.council()
    need, officer = make.need(make.project(council)), make.officer(council)
    for _ in range(7):
        make.pledge(need, council, officer, status="authorised")
    whole = [one["id"] for one in client.get(f"/api/v1/pledges?sort={sort}").get_json()["data"]]
    pages, address = [], f"/api/v1/pledges?limit=3&sort={sort}"
    while address:
        answer = client.get(address)
        body = answer.get_json()
        pages.append([one["id"] for one in body["data"]])
        for rel in ("next", "prev"):
            if body["links"][rel]:
                assert f'<{body["links"][rel]}>; rel="{rel}"' in answer.headers["Link"]
        address, back = body["links"]["next"], body["links"]["prev"]
    assert [one for page in pages for one in page] == whole
    assert [len(page) for page in pages] == [3, 3, 1]
    before = client.get(back).get_json()
    assert [one["id"] for one in before["data"]] == pages[1]
    assert [one["id"] for one in client.get(before["links"]["prev"]).get_json()["data"]] == pages[0]
    assert (
        client.get(client.get(before["links"]["prev"]).get_json()["links"]["next"]).get_json()["data"] == before["data"]
    )


def test_a_cursor_belongs_to_its_filters(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    need, officer = make.need(make.project(council)), make.officer(council)
    for _ in range(3):
        make.pledge(need, council, officer, status="authorised")
    following = client.get("/api/v1/pledges?limit=1").get_json()["links"]["next"]
    refused = client.get(f"{following}&status=accepted")
    assert refused.status_code == 400
    assert refused.get_json()["type"].endswith("/problems/cursor.mismatch")


def test_a_list_costs_the_same_statements_for_any_number_of_rows(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    need, officer = make.need(make.project(council)), make.officer(council)
    for _ in range(30):
        make.pledge(need, council, officer, status="authorised")
    numbers = []
    for limit in (5, 30):
        with counted(app) as statements:
            client.get(f"/api/v1/pledges?limit={limit}&include_total=true")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 5


def test_only_the_members_that_were_asked_for_come(client: CheckedClient, world: World) -> None:
    listed = client.get("/api/v1/pledges?fields=id,status").get_json()["data"]
    assert {frozenset(one) for one in listed} == {frozenset({"id", "status"})}
    one = client.get(f"/api/v1/pledges/{world.pledge_id}?fields=etag").get_json()["data"]
    assert set(one) == {"etag"}


def conditional(make: Factory, *conditions: dict[str, Any]) -> tuple[Pledge, Need]:
    """An authorised pledge that waits for something, in a project with conditions."""
    council = make.council("Partner")
    project = make.project(make.council("Lead"), has_conditions=True)
    need = make.need(project, target=40)
    pledge = make.pledge(need, council, make.officer(council), status="authorised", is_counting=False)
    for position, values in enumerate(conditions):
        named = {"need_id": need.id} if values["kind"] == "need" else {}
        make.keep(PledgeCondition(id=new_id(), pledge_id=pledge.id, position=position, **named, **values))
    return pledge, need


def test_a_pledge_says_what_it_waits_for_and_how_near_it_is(client: CheckedClient, make: Factory) -> None:
    pledge, need = conditional(
        make,
        {"kind": "councils", "at_least": 2, "of_kind": "non-metropolitan district", "have": 1},
        {"kind": "total", "at_least": 2_000_000, "unit": "funding", "have": 2_500_000, "is_met": True},
        {"kind": "need", "have": 4},
    )
    listed = client.get("/api/v1/pledges").get_json()["data"][0]
    data = client.get(f"/api/v1/pledges/{pledge.id}").get_json()["data"]
    assert data["counts"] is False
    assert data["conditions"] == [
        {
            "kind": "councils", "at_least": 2, "of_kind": "non-metropolitan district", "have": 1, "want": 2,
            "holds": False,
        },
        {"kind": "total", "at_least": 2_000_000, "unit": "pence", "have": 2_500_000, "want": 2_000_000, "holds": True},
        {"kind": "need", "need": str(need.id), "have": 4, "want": 40, "holds": False},
    ]  # fmt: skip
    assert listed["conditions"] == data["conditions"]
    assert PledgeSchema().validate(data) == {}


def test_a_condition_on_a_need_that_is_no_longer_wanted_wants_nothing_there_is(
    client: CheckedClient, make: Factory
) -> None:
    pledge, need = conditional(make, {"kind": "need", "have": 4})
    with make.session() as session:
        session.get_one(Need, need.id).status = "dropped"
    [shown] = client.get(f"/api/v1/pledges/{pledge.id}").get_json()["data"]["conditions"]
    assert (shown["want"], shown["holds"]) == (None, False)
