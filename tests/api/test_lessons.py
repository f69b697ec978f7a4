"""Lessons through the API: read, written, published, pinned, used and answered."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from pipeline.accounts.tokens import Scope
from pipeline.artefacts.models import Artefact
from pipeline.lessons.models import Lesson, LessonText
from pipeline.lessons.paragraphs import paragraphs_of
from tests.factories import Factory
from tests.lessons.scene import TEXTS, Scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

LESSONS = "/api/v1/lessons"
BODY: dict[str, Any] = {
    "project": "answering", "title": "Promise two days", "did": "We promised **a day**.", "happened": "It held.",
    "differently": "Promise two.", "outcome": "partly", "themes": ["housing", "planning"],
    "measures": [{"name": "In time", "before": "20.0", "after": "80", "unit": "%"}],
}  # fmt: skip


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


@pytest.fixture
def tokens(scene: Scene) -> dict[str, dict[str, str]]:
    """The headers of each person's token."""
    people = {
        "lead": (scene.lead_row, scene.north), "writer": (scene.writer_row, scene.north),
        "keeper": (scene.keeper_row, scene.east), "user": (scene.user_row, scene.wex),
    }  # fmt: skip
    return {name: scene.make.token(officer, council) for name, (officer, council) in people.items()}


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, str(answer.get_json()["type"].rsplit("/", 1)[1])


def drafted(client: CheckedClient, headers: dict[str, str], **members: Any) -> dict[str, Any]:
    answer = client.post(LESSONS, json=BODY | members, headers=headers)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.get_json()["data"]
    return data


def published(client: CheckedClient, tokens: dict[str, dict[str, str]], **members: Any) -> dict[str, Any]:
    data = drafted(client, tokens["writer"], **members)
    headers = tokens["lead"] | {"If-Match": f'"{data["etag"]}"'}
    answer = client.post(f"{LESSONS}/{data['id']}/publish", headers=headers)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.get_json()["data"]
    return made


def test_a_lesson_comes_whole(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    paragraph = paragraphs_of(TEXTS[0])[2]
    pin = {"version_id": str(scene.document.version(1).id), "paragraph_hash": paragraph.hash}
    made = published(client, tokens, pin_to=pin)
    answer = client.get(f"{LESSONS}/promise-two-days")
    data = answer.get_json()["data"]
    assert data == made
    assert data["did"] == {
        "markdown": "We promised **a day**.", "html": "<p>We promised <strong>a day</strong>.</p>\n",
        "text": "We promised a day.",
    }  # fmt: skip
    assert data["measures"] == [{"name": "In time", "before": "20", "after": "80", "unit": "%"}]
    assert data["pinned_to"] == {
        "artefact": "social-media", "title": "Social media policy", "version": 1, "paragraph": paragraph.as_read,
        "paragraph_hash": paragraph.hash, "is_paragraph_removed": False, "answered_by": None,
    }  # fmt: skip
    assert data["author"]["display_name"] is None
    assert (data["council"]["slug"], data["themes"], data["used_by"]) == ("northborough", ["housing", "planning"], 0)
    assert data["url"].endswith("/lessons/promise-two-days")
    assert client.get(f"{LESSONS}/{data['id']}").get_json()["data"]["slug"] == "promise-two-days"
    again = client.get(f"{LESSONS}/promise-two-days", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{LESSONS}/promise-two-days?fields=slug,title").get_json()["data"] == {
        "slug": "promise-two-days", "title": "Promise two days",
    }  # fmt: skip


def test_drafts_are_the_teams_and_withdrawn_lessons_are_in_no_list(
    client: CheckedClient, scene: Scene, tokens: Any
) -> None:
    draft = drafted(client, tokens["writer"])
    path = f"{LESSONS}/{draft['id']}"
    assert (draft["status"], draft["slug"], draft["published_at"]) == ("draft", None, None)
    assert client.get(path, headers=tokens["lead"]).get_json()["data"] == draft
    missing = client.get(f"{LESSONS}/no-such-lesson").get_json()
    for headers in ({}, tokens["user"]):
        answer = client.get(path, headers=headers)
        assert {**answer.get_json(), "instance": ""} == {**missing, "instance": ""}
    made = published(client, tokens, title="Other")
    assert [one["title"] for one in client.get(LESSONS).get_json()["data"]] == ["Other"]
    assert client.post(f"{LESSONS}/{made['slug']}/withdraw", headers=tokens["writer"]).status_code == 403
    answer = client.post(f"{LESSONS}/{made['slug']}/withdraw", headers=tokens["lead"])
    assert answer.get_json()["data"]["status"] == "withdrawn"
    assert client.get(LESSONS, headers=tokens["lead"]).get_json()["data"] == []
    assert client.get(f"{LESSONS}/{made['slug']}").status_code == 404


def test_a_lesson_is_changed_from_the_version_that_was_read(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    made = published(client, tokens)
    path, seen = f"{LESSONS}/{made['slug']}", {"If-Match": f'"{made["etag"]}"'}
    assert code_of(client.patch(path, json={"did": "x"}, headers=tokens["lead"])) == (428, "request.version_missing")
    refused = client.patch(path, json={"did": "x"}, headers=tokens["writer"] | seen)
    assert code_of(refused) == (403, "lesson.leads_only")
    answer = client.patch(
        path, json={"happened": "It held for a month.", "measures": []}, headers=tokens["lead"] | seen
    )
    data = answer.get_json()["data"]
    assert (data["happened"]["text"], data["measures"], data["did"]["text"]) == (
        "It held for a month.", [], "We promised a day.",
    )  # fmt: skip
    assert data["edited_at"] is not None
    assert [one.content["happened"] for one in scene.rows(LessonText)] == ["It held."]
    stale = client.patch(path, json={"did": "x"}, headers=tokens["lead"] | seen)
    assert code_of(stale) == (412, "request.stale_version")
    for member in ("status", "slug", "used_by"):
        assert client.patch(path, json={member: "x"}, headers=tokens["lead"] | seen).status_code == 400
    empty = client.patch(path, json={"did": ""}, headers=tokens["lead"] | {"If-Match": answer.headers["ETag"]})
    assert code_of(empty) == (422, "lesson.did_missing")


def test_a_draft_is_deleted_and_a_published_lesson_is_not(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    draft = drafted(client, tokens["writer"])
    path, seen = f"{LESSONS}/{draft['id']}", {"If-Match": f'"{draft["etag"]}"'}
    assert client.delete(path, headers=tokens["writer"]).status_code == 428
    assert client.delete(path, headers=tokens["writer"] | seen).get_json()["data"] == draft
    assert scene.rows(Lesson) == []
    made = published(client, tokens)
    refused = client.delete(f"{LESSONS}/{made['slug']}", headers=tokens["lead"] | {"If-Match": f'"{made["etag"]}"'})
    assert code_of(refused) == (409, "lesson.not_draft")
    assert refused.get_json()["allowed"] == ["withdraw"]


def test_what_cannot_be_written_is_refused_member_by_member(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    for wrong in (
        {"title": 3}, {"outcome": "splendid"}, {"themes": ["magic"]}, {"measures": [{"name": "x"}]},
        {"did": "x" * 5001},
        {"measures": [{"name": "x", "after": "lots"}]}, {"measures": [{"name": "x", "after": 3}]}, {"extra": 1},
        {"pin_to": {"version_id": "x"}}, {"measures": [{"name": "x", "after": "1"}] * 11},
    ):  # fmt: skip
        answer = client.post(LESSONS, json=BODY | wrong, headers=tokens["writer"])
        assert answer.status_code == 400, (wrong, answer.text)
        assert answer.get_json()["errors"], wrong
    for wrong, status in (({"title": ""}, 422), ({"project": "no-such"}, 404), ({"themes": ["housing"] * 5}, 201)):
        assert client.post(LESSONS, json=BODY | wrong, headers=tokens["writer"]).status_code == status, wrong
    assert client.post(LESSONS, json=BODY).status_code == 401
    assert code_of(client.post(LESSONS, json=BODY, headers=tokens["user"])) == (403, "lesson.team_only")
    reader = scene.make.token(scene.writer_row, scene.north, Scope.READ, Scope.ARTEFACTS_WRITE)
    assert code_of(client.post(LESSONS, json=BODY, headers=reader)) == (403, "token.scope")


def test_publishing_names_the_version_that_was_read_and_everything_missing(
    client: CheckedClient, scene: Scene, tokens: Any
) -> None:
    draft = drafted(client, tokens["writer"], did="", themes=[])
    path = f"{LESSONS}/{draft['id']}/publish"
    assert client.post(path, headers=tokens["lead"]).status_code == 428
    answer = client.post(path, headers=tokens["lead"] | {"If-Match": f'"{draft["etag"]}"'})
    assert code_of(answer) == (422, "lesson.did_missing")
    assert [one["pointer"] for one in answer.get_json()["errors"]] == ["/did", "/themes"]


def test_a_draft_that_is_sent_twice_with_one_key_is_one_draft(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    headers = tokens["writer"] | {"Idempotency-Key": "one"}
    first, again = (client.post(LESSONS, json=BODY, headers=headers) for _ in range(2))
    assert (first.status_code, first.get_json()) == (201, again.get_json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"].endswith(f"/lessons/{first.get_json()['data']['id']}")
    other = client.post(LESSONS, json=BODY | {"title": "Other"}, headers=headers)
    assert code_of(other) == (422, "idempotency.other_body")
    assert len(scene.rows(Lesson)) == 1


def test_we_used_this_is_said_once_for_a_council_and_taken_back(
    client: CheckedClient, scene: Scene, tokens: Any
) -> None:
    made = published(client, tokens)
    path = f"{LESSONS}/{made['slug']}"
    assert code_of(client.post(f"{path}/used-this", headers=tokens["lead"])) == (403, "lesson.own_lesson")
    answer = client.post(f"{path}/used-this", json={"note": "Ours too."}, headers=tokens["user"])
    data = answer.get_json()["data"]
    assert data["used_by"] == 1
    assert data["etag"].split(".")[0] == made["etag"].split(".")[0]
    assert data["etag"] != made["etag"]
    again = client.post(f"{path}/used-this", headers=tokens["user"])
    assert code_of(again) == (409, "lesson.used_already")
    assert client.post(f"{path}/take-back-use", headers=tokens["user"]).get_json()["data"]["used_by"] == 0
    assert code_of(client.post(f"{path}/take-back-use", headers=tokens["user"])) == (409, "lesson.not_used")


def test_the_leads_of_the_document_reply_and_mark_the_answer(client: CheckedClient, scene: Scene, tokens: Any) -> None:
    made = published(client, tokens)
    path = f"{LESSONS}/{made['slug']}"
    pin = {"version_id": str(scene.document.version(1).id)}
    assert code_of(client.post(f"{path}/unpin", headers=tokens["lead"])) == (409, "lesson.not_pinned")
    assert client.post(f"{path}/pin", json=pin, headers=tokens["user"]).status_code == 403
    data = client.post(f"{path}/pin", json=pin, headers=tokens["lead"]).get_json()["data"]
    assert (data["pinned_to"]["version"], data["pinned_to"]["paragraph"]) == (1, None)
    assert scene.row(Artefact, scene.document.artefact.id).lessons == 1
    assert client.post(f"{path}/reply", json={"reply": "Yes"}, headers=tokens["lead"]).status_code == 403
    data = client.post(f"{path}/reply", json={"reply": "*Yes*"}, headers=tokens["keeper"]).get_json()["data"]
    assert (data["reply"]["text"], data["reply"]["replied_at"] is not None) == ("Yes", True)
    early = client.post(f"{path}/answer", json={"version": 1}, headers=tokens["keeper"])
    assert code_of(early) == (422, "lesson.version_not_later")
    data = client.post(f"{path}/answer", json={"version": 3}, headers=tokens["keeper"]).get_json()["data"]
    assert data["pinned_to"]["answered_by"] == 3
    data = client.post(f"{path}/answer", json={"version": None}, headers=tokens["keeper"]).get_json()["data"]
    assert data["pinned_to"]["answered_by"] is None
    assert code_of(client.post(f"{path}/unpin", headers=tokens["lead"])) == (409, "lesson.has_reply")
    assert (
        client.post(f"{path}/reply", json={"reply": ""}, headers=tokens["keeper"]).get_json()["data"]["reply"] is None
    )
    assert client.post(f"{path}/unpin", headers=tokens["lead"]).get_json()["data"]["pinned_to"] is None


def test_the_list_is_narrowed_ordered_and_paged(client: CheckedClient, scene: Scene) -> None:
    for number in range(5):
        scene.pinned(number % 3 + 1, title=str(number), used_by=number % 2)
    scene.lesson("planning", title="Paint", outcome="did_not_work")

    def titles(query: str) -> list[str]:
        found: list[str] = []
        address = f"{LESSONS}?limit=2&{query}"
        while address:
            body = client.get(address).get_json()
            found += [one["title"] for one in body["data"]]
            address = body["links"]["next"]
        return found

    assert titles("") == ["Paint", "4", "3", "2", "1", "0"]
    assert titles("sort=-used_by") == ["3", "1", "Paint", "4", "2", "0"]
    assert titles("artefact=social-media&version=2") == ["4", "1"]
    assert titles("theme=planning") == titles("outcome=did_not_work") == titles("q=paint") == ["Paint"]
    assert titles("council=eastmere") == titles("updated_since=2999-01-01T00:00:00Z") == []
    assert len(titles(f"project={scene.project.id}&council=northborough")) == 6
    assert client.get(f"{LESSONS}?include_total=true&limit=1").get_json()["page"]["total"] == 6
    for wrong in ("version=0", "theme=magic", "outcome=fine", "sort=title", "limit=101", "q=a&q=b", "colour=red"):
        assert client.get(f"{LESSONS}?{wrong}").status_code == 400, wrong


def test_what_happened_to_a_lesson_is_in_the_log_while_it_is_public(
    client: CheckedClient, scene: Scene, tokens: Any
) -> None:
    made = published(client, tokens, pin_to={"version_id": str(scene.document.version(1).id)})
    events = client.get("/api/v1/events").get_json()["data"]
    assert [one["type"] for one in events] == ["lesson.published", "lesson.pinned"]
    assert events[0]["subject"]["url"].endswith("/api/v1/lessons/promise-two-days")
    assert (events[0]["subject"]["title"], events[0]["project"]["slug"]) == ("Promise two days", "answering")
    client.post(f"{LESSONS}/{made['slug']}/withdraw", headers=tokens["lead"])
    events = client.get("/api/v1/events").get_json()["data"]
    assert [(one["type"], one["subject"]["title"]) for one in events] == [("lesson.withdrawn", None)]
