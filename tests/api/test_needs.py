"""Needs through the API."""

from datetime import date

import pytest

from pipeline.api.needs import NeedSchema
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


def test_a_need_says_what_is_asked_for_and_how_far_it_has_come(client: CheckedClient, make: Factory) -> None:
    project = make.project(make.council(), slug="shared-form", title="A shared form")
    need = make.need(
        project, "in_kind", title="Testers", thing="test group", target=4, held=3, pledged=1, is_capped=True
    )
    answer = client.get(f"/api/v1/needs/{need.id}")
    data = answer.get_json()["data"]
    assert NeedSchema().load(data)
    assert {name: data[name] for name in data if not name.endswith("_at")} == {
        "id": str(need.id), "kind": "in_kind", "profession": None, "thing": "test group", "title": "Testers",
        "essential": False, "capped": True, "status": "open", "unit": "quantity", "target": 4, "held": 3, "pledged": 1,
        "agreed": 0, "committed": 0, "delivered": 0, "room": 1,
        "project": {"slug": "shared-form", "title": "A shared form"}, "description": "",
        "url": f"http://127.0.0.1:8000/projects/shared-form#need-{need.id}", "etag": "1.1.2026-11",
    }  # fmt: skip
    assert answer.headers["ETag"] == '"1.1.2026-11"'
    assert client.get("/api/v1/needs").get_json()["data"] == [data]


def test_needs_of_hidden_projects_answer_as_if_they_did_not_exist(client: CheckedClient, make: Factory) -> None:
    need = make.need(make.project(make.council(), is_hidden=True))
    assert client.get(f"/api/v1/needs/{need.id}").status_code == 404
    assert client.get("/api/v1/needs").get_json()["data"] == []


def test_needs_are_narrowed_ordered_and_paged(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    soon, later = make.project(council, decision_on=date(2026, 5, 1)), make.project(council, decision_on=None)
    make.need(soon, title="Time", profession="tester")
    make.need(soon, "funding", title="Money", status="closed")
    make.need(later, "in_kind", title="Room")

    def titles(query: str, address: str = "/api/v1/needs") -> list[str]:
        answer = client.get(address + query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [one["title"] for one in answer.get_json()["data"]]

    assert titles("") == ["Room", "Money", "Time"]
    assert titles("?sort=updated_at") == ["Time", "Money", "Room"]
    assert titles("?kind=funding") == titles("?status=closed") == ["Money"]
    assert titles("?profession=tester") == ["Time"]
    assert titles("?closes_before=2026-06-01") == ["Money", "Time"]
    assert titles("", f"/api/v1/projects/{soon.slug}/needs") == ["Time", "Money"]
    assert titles("?kind=time", f"/api/v1/projects/{soon.id}/needs") == ["Time"]
    first = client.get("/api/v1/needs?limit=2&include_total=true").get_json()
    assert first["page"] == {"limit": 2, "has_more": True, "total": 3}
    rest = client.get(first["links"]["next"].removeprefix("http://127.0.0.1:8000")).get_json()
    assert [one["title"] for one in rest["data"]] == ["Time"]


@pytest.mark.parametrize("query", ["?kind=money", "?sort=title", "?status=met", "?profession=wizard", "?role=tester"])
def test_nothing_wrong_passes_silently(client: CheckedClient, query: str) -> None:
    assert client.get(f"/api/v1/needs{query}").status_code == 400
