"""Comments, reports and hiding through the API, on both databases."""

from typing import Any

import pytest

from pipeline.accounts.tokens import Scope
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database
API = "/api/v1"


class Scene:
    """Leadham's update, with tokens of its lead, of an officer of Partnerby, and of a coordinator who works there."""

    def __init__(self, make: Factory, client: CheckedClient) -> None:
        self.client = client
        lead_council, partner = make.council("Leadham", projects_led=1), make.council("Partnerby")
        lead = make.officer(lead_council)
        self.lead_id = str(lead.id)
        self.lead, self.other = make.token(lead, lead_council), make.token(make.officer(partner), partner)
        self.coordinator = make.token(make.officer(partner, Role.COORDINATOR), partner)
        self.reader = make.token(make.officer(partner), partner, Scope.READ)
        self.project = make.project(lead_council, lead, slug="shared-form")
        self.update_id = str(make.update(self.project, lead, lead_council, title="News").id)

    def send(self, token: dict[str, str], path: str, method: str = "POST", status: int = 200, **body: Any) -> Any:
        headers = token | body.pop("headers", {})
        answer = self.client.open(f"{API}{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.get_json()
        return answer.get_json().get("data", answer.get_json())

    def about(self, **more: Any) -> dict[str, Any]:
        return {"about_type": "update", "about_id": self.update_id} | more

    def public(self) -> list[str]:
        listed = self.client.get(f"{API}/comments?update={self.update_id}").get_json()
        return [one["text"] for one in listed["data"]]


@pytest.fixture
def scene(make: Factory, client: CheckedClient) -> Scene:
    return Scene(make, client)


def test_a_comment_is_written_with_a_mention_edited_and_taken_back(scene: Scene) -> None:
    talk = scene.client.get(f"{API}/conversations/update/{scene.update_id}", headers=scene.other).get_json()["data"]
    assert next((one["officer"], one["display_name"], one["role"]) for one in talk["people"]) == (
        scene.lead_id, None, "lead",
    )  # fmt: skip
    made = scene.send(
        scene.other, "/comments", status=201, **scene.about(markdown="**Well** done.", mentions=[scene.lead_id])
    )
    assert (made["author"]["display_name"], scene.public()) == (None, ["Well done."])

    path = f"/comments/{made['id']}"
    scene.send(scene.other, path, "PATCH", 428, markdown="Very well done.")
    match = {"headers": {"If-Match": f'"{made["etag"]}"'}}
    scene.send(scene.lead, path, "PATCH", 403, markdown="Mine.", **match)
    scene.send(scene.other, path, "PATCH", markdown="Very well done.", **match)
    scene.send(scene.other, path, "PATCH", 412, markdown="Once more.", **match)
    assert scene.public() == ["Very well done."]
    scene.send(scene.other, f"{path}/withdraw")
    assert scene.public() == []
    assert scene.client.get(f"{API}{path}").status_code == 404


def test_what_is_wrong_with_a_comment_is_named_by_its_member(scene: Scene) -> None:
    stranger = {"mentions": ["0196f0a0-0000-7000-8000-000000000000"]}
    refused = scene.send(scene.other, "/comments", status=422, **scene.about(markdown="Hello", **stranger))
    assert [one["pointer"] for one in refused["errors"]] == ["/mentions"]
    refused = scene.send(scene.other, "/comments", status=422, **scene.about(markdown=" "))
    assert [one["pointer"] for one in refused["errors"]] == ["/markdown"]


def test_what_is_reported_is_hidden_and_brought_back_by_coordinators(scene: Scene) -> None:
    report = scene.send(scene.other, "/reports", status=201, **scene.about(reason="false"))
    assert (report["about"]["title"], report["status"]) == (None, "waiting")
    for path in ("/reports", f"/reports/{report['id']}", "/hidings"):
        assert scene.client.get(f"{API}{path}", headers=scene.lead).status_code == 404
    scene.send(scene.lead, f"/reports/{report['id']}/hide", status=404, reason="No.")
    [listed] = scene.client.get(f"{API}/reports?status=waiting", headers=scene.coordinator).get_json()["data"]
    assert (listed["id"], listed["about"]["title"]) == (report["id"], "News")

    hiding = scene.send(scene.coordinator, f"/reports/{report['id']}/hide", status=201, reason="It is not so.")
    assert scene.client.get(f"{API}/updates/{scene.update_id}").status_code == 404
    own = scene.client.get(f"{API}/updates/{scene.update_id}", headers=scene.lead).get_json()["data"]
    assert own["status"] == "hidden"
    scene.send(scene.coordinator, f"/reports/{report['id']}/leave", status=409)
    scene.send(scene.coordinator, f"/hidings/{hiding['id']}/restore", reason="It was so.")
    assert scene.client.get(f"{API}/updates/{scene.update_id}").status_code == 200
    names = [one["type"] for one in scene.client.get(f"{API}/events").get_json()["data"]]
    assert names == ["update.removed", "update.restored"]


def test_a_hidden_project_leaves_its_last_address_in_the_log(scene: Scene) -> None:
    about = {"about_type": "project", "about_id": str(scene.project.id), "reason": "It is not theirs."}
    scene.send(scene.coordinator, "/hidings", status=201, **about)
    [event] = scene.client.get(f"{API}/events").get_json()["data"]
    assert (event["type"], event["project"], event["subject"]["title"]) == (
        "project.removed", {"slug": "shared-form"}, None,
    )  # fmt: skip
    assert scene.client.get(f"{API}/projects/shared-form").status_code == 404
