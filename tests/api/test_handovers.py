"""Signs of life and handovers through the API: what lists say of leads, and the same acts as the pages have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import actions
from pipeline.pledges.silence import age_projects
from pipeline.successions.duties import carry_on
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=200), least_councils=1)


@pytest.fixture
def post(client: CheckedClient, scene: Scene) -> Callable[..., TestResponse]:
    """Post as an actor of a council."""

    def sent(path: str, actor: Actor, of: Any, **body: Any) -> TestResponse:
        token = scene.make.token(scene.row(Officer, actor.officer_id), of, lasts=timedelta(days=360))
        return client.post(f"/api/v1/{path}", json=body, headers=token)

    return sent


def listed(client: CheckedClient, freshness: str) -> list[str]:
    answer = client.get(f"/api/v1/projects?freshness={freshness}")
    assert answer.status_code == 200, answer.text
    return [one["slug"] for one in answer.get_json()["data"]]


def test_lists_say_whose_leads_were_heard_of_and_a_lead_says_still_true(
    client: CheckedClient, scene: Scene, post: Callable[..., TestResponse]
) -> None:
    assert (listed(client, "fresh"), listed(client, "quiet")) == ([scene.slug], [])
    with clock.moved(timedelta(days=60)):
        scene.worker(age_projects)
        one = client.get(f"/api/v1/projects/{scene.slug}")
        assert one.get_json()["data"]["freshness"] == "quiet"
        assert listed(client, "quiet") == [scene.slug]
        york = scene.side("York")
        path = f"projects/{scene.slug}/still-true"
        assert post(path, york.officer, york.council).status_code == 403
        said = post(path, scene.lead, scene.lead_council)
        assert said.status_code == 200
        now = client.get(f"/api/v1/projects/{scene.slug}", headers={"If-None-Match": one.headers["ETag"]})
        assert (now.status_code, now.headers["ETag"]) == (200, said.headers["ETag"])
        assert now.get_json()["data"]["freshness"] == "fresh"


def test_a_project_is_handed_over_and_agreed(scene: Scene, post: Callable[..., TestResponse]) -> None:
    york = scene.side("York")
    offered = post(
        f"projects/{scene.slug}/hand-over", scene.lead, scene.lead_council, council="york", message="We have nobody."
    )
    assert offered.status_code == 201, offered.text
    data = offered.get_json()["data"]
    assert (data["kind"], data["to_council"]["slug"], data["has_agreed"]) == ("hand_over", "york", False)
    assert offered.headers["Location"] == data["url"]
    agreed = post(f"handovers/{data['id']}/agree", york.authoriser, york.council)
    assert agreed.get_json()["data"]["status"] == "agreed"
    assert scene.now().council_id == york.council.id
    again = post(f"handovers/{data['id']}/decline", york.authoriser, york.council, answer="No.")
    assert (again.status_code, again.get_json()["type"].rsplit("/", 1)[1]) == (409, "handover.ended")


def test_a_takeover_is_approved_by_a_coordinator(
    client: CheckedClient, scene: Scene, post: Callable[..., TestResponse]
) -> None:
    york = scene.side("York")
    elsewhere = scene.make.council("Elsewhere")
    coordinator = scene.make.officer(elsewhere, Role.COORDINATOR)
    path = f"projects/{scene.slug}/take-over"
    early = post(path, york.officer, york.council, message="We would do it.")
    assert early.get_json()["type"].endswith("handover.has_leads")
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        asked = post(path, york.authoriser, york.council, message="We would do it.").get_json()["data"]
        assert asked["has_agreed"] is True
        token = scene.make.token(coordinator, elsewhere, lasts=timedelta(days=300))
        own = client.get("/api/v1/me/handovers", headers=token).get_json()["data"]
        assert [one["id"] for one in own] == [asked["id"]]
    with clock.moved(timedelta(days=120)):
        approved = post(f"handovers/{asked['id']}/approve", scene.make.actor(coordinator, elsewhere), elsewhere)
        assert approved.get_json()["data"]["status"] == "agreed", approved.text
    assert scene.now().council_id == york.council.id


def test_a_council_says_whether_its_pledge_carries_over(
    make: Factory, work: Callable[..., Any], client: CheckedClient
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    pledge = scene.accepted("Leeds", 100)
    leeds = scene.side("Leeds")
    token = make.token(scene.row(Officer, leeds.authoriser.officer_id), leeds.council)
    answer = client.post(f"/api/v1/pledges/{pledge.id}/carry-over", json={"carries_over": True}, headers=token)
    assert answer.get_json()["type"].endswith("pledge.not_asked_to_carry_over")


def test_a_pledge_says_as_which_council_it_was_made_and_by_when_it_is_to_carry_over(
    make: Factory, work: Callable[..., Any], client: CheckedClient
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    pledge = scene.accepted("Leeds", 100)
    york = scene.side("York")
    handover = scene.as_lead(actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="Why not?")
    with scene.work(york.authoriser) as acting:
        actions.agree_handover(acting, handover_id=handover.id)
    make.succession(scene.side("Leeds").council, make.council("Westshire"))
    scene.worker(carry_on)
    data = client.get(f"/api/v1/pledges/{pledge.id}").get_json()["data"]
    assert (data["council"]["slug"], data["pledged_as"]) == ("westshire", "leeds")
    assert data["carry_over_due_on"] == after_working_days(clock.today(), 20, "England").isoformat()
