"""The acts on a project's call for support through the API, and what it tells of the decision."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def post(client: CheckedClient, scene: Scene, path: str, who: str | None = None, **body: Any) -> TestResponse:
    """The lead, or the officer of a council, acts."""
    side = scene.side(who) if who else None
    officer = scene.row(Officer, (side.officer if side else scene.lead).officer_id)
    token = scene.make.token(officer, side.council if side else scene.lead_council)
    return client.post(f"/api/v1/{path}", json=body, headers=token)


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["type"].rsplit("/", 1)[1])


def read(client: CheckedClient, scene: Scene) -> dict[str, Any]:
    answer = client.get(f"/api/v1/projects/{scene.slug}")
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.get_json()["data"]
    return data


def test_the_test_is_told_with_what_is_missing(client: CheckedClient, scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).least_councils = 2
    scene.accepted("York", 6_000_00)
    data = read(client, scene)
    assert data["test"] == {
        "passes": False, "councils": 1, "missing_councils": 1,
        "missing": [{"need_id": str(scene.need.id), "missing": 4_000_00}],
    }  # fmt: skip
    assert (data["agreed_pence"], data["committed_pence"]) == (6_000_00, 0)
    first = client.get(f"/api/v1/projects/{scene.slug}").headers["ETag"]
    scene.accepted("Leeds", 4_000_00)
    answer = client.get(f"/api/v1/projects/{scene.slug}", headers={"If-None-Match": first})
    assert answer.get_json()["data"]["test"]["passes"] is True


def test_a_lead_gives_the_go_ahead(client: CheckedClient, scene: Scene) -> None:
    refused = post(client, scene, f"projects/{scene.slug}/go-ahead")
    assert (refused.status_code, code_of(refused)) == (409, "project.test_not_passed")
    assert "move_date" in refused.get_json()["allowed"]
    scene.accepted("York", 10_000_00)
    not_a_lead = post(client, scene, f"projects/{scene.slug}/go-ahead", "York")
    assert (not_a_lead.status_code, code_of(not_a_lead)) == (403, "project.leads_only")
    answer = post(client, scene, f"projects/{scene.slug}/go-ahead")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["data"]["status"] == "going_ahead"
    data = read(client, scene)
    assert (data["test"], data["committed_pence"]) == (None, 10_000_00)
    assert data["went_ahead_at"] is not None
    assert f'"{data["etag"]}"' == answer.headers["ETag"]


def test_a_project_is_stopped_with_a_reason(client: CheckedClient, scene: Scene) -> None:
    assert post(client, scene, f"projects/{scene.slug}/stop").status_code == 400
    empty = post(client, scene, f"projects/{scene.slug}/stop", reason=" ")
    assert (empty.status_code, code_of(empty)) == (422, "project.reason_missing")
    answer = post(client, scene, f"projects/{scene.slug}/stop", reason="Too early")
    assert answer.get_json()["data"]["status"] == "stopped"
    data = read(client, scene)
    assert data["stop_reason"] == "Too early"
    assert data["ended_at"] is not None
    again = post(client, scene, f"projects/{scene.slug}/stop", reason="Too early")
    assert (again.status_code, again.get_json()["allowed"]) == (409, ["post_again"])


def test_a_project_is_finished_with_what_came_of_it(client: CheckedClient, scene: Scene) -> None:
    scene.accepted("York", 10_000_00)
    post(client, scene, f"projects/{scene.slug}/go-ahead")
    year = clock.today().year
    answer = post(client, scene, f"projects/{scene.slug}/finish", year_ended=year, outcome="It **works**.")
    assert answer.status_code == 200, answer.text
    data = read(client, scene)
    assert (data["status"], data["year_ended"]) == ("finished", year)
    assert "<strong>works</strong>" in data["outcome_html"]


def test_the_date_is_moved_once(client: CheckedClient, scene: Scene) -> None:
    assert scene.project.decision_on is not None
    later = str(scene.project.decision_on + timedelta(days=30))
    answer = post(client, scene, f"projects/{scene.slug}/move-date", decision_on=later, reason="Longer")
    assert answer.get_json()["data"]["decision_on"] == later
    again = post(client, scene, f"projects/{scene.slug}/move-date", decision_on=later, reason="Longer")
    assert (again.status_code, code_of(again)) == (409, "project.date_moved_before")


def test_a_need_is_closed_and_dropped(client: CheckedClient, scene: Scene) -> None:
    other = scene.make.need(scene.project, "funding", target=100_00)
    pledge = scene.accepted("York", 100_00, need=other)
    answer = post(client, scene, f"needs/{other.id}/close")
    assert answer.get_json()["data"]["status"] == "closed"
    assert code_of(post(client, scene, f"needs/{other.id}/close")) == "need.not_open"
    without = post(client, scene, f"needs/{other.id}/drop")
    assert (without.status_code, code_of(without)) == (422, "project.reason_missing")
    answer = post(client, scene, f"needs/{other.id}/drop", reason="Bought elsewhere")
    assert answer.get_json()["data"]["status"] == "dropped"
    assert scene.row(Need, other.id).status == "dropped"
    assert scene.status(pledge) == ["lapsed"]


def test_an_act_sent_twice_is_done_once(client: CheckedClient, scene: Scene) -> None:
    officer = scene.row(Officer, scene.lead.officer_id)
    headers = scene.make.token(officer, scene.lead_council) | {"Idempotency-Key": "one"}
    answers = [
        client.post(f"/api/v1/projects/{scene.slug}/stop", json={"reason": "Too early"}, headers=headers)
        for _number in range(2)
    ]
    assert answers[0].get_json() == answers[1].get_json()
    assert scene.names().count("project.stopped") == 1
