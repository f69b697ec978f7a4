"""Adoptions through the API: the register and the lineage for everybody, adopting and adapting with a token."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipeline.artefacts.actions.ending import delete_document
from pipeline.artefacts.models import Adoption, Artefact
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


class Scene:
    """Keeper's policy has three versions; Asby uses 1 as is, Dover has a copy of 2, an officer of Northby acts."""

    def __init__(self, make: Factory, shelf: Shelf, client: CheckedClient) -> None:
        self.make, self.shelf, self.client = make, shelf, client
        self.keeper, self.asby, self.dover, self.northby = (
            make.council(name) for name in ("Keeper", "Asby", "Dover", "Northby")
        )
        self.lead, self.officer = make.officer(self.keeper), make.officer(self.northby)
        project = make.project(self.keeper, self.lead)
        self.model = shelf.document(project, self.lead, "One.", "Two.", "Three.", slug="model", title="Model")
        self.as_is = shelf.adopt(
            self.model, 1, self.asby, make.officer(self.asby), approved_by="Cabinet", note="=SUM(A1)"
        )
        keeper = make.officer(self.dover)
        self.copy: Made = shelf.copy(
            self.model, 2, shelf.keeper(self.dover, keeper), keeper, "Ours.", slug="dover-model", title="Dover's"
        )

    def read(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def send(self, method: str, path: str, body: Any = None, officer: Any = None, **headers: str) -> TestResponse:
        council = self.northby if officer is None else None
        token = self.make.token(officer or self.officer, council or self.asby)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1/{path}", method=method, json=body, headers={**token, **names})

    def adopt(self, number: int = 1, key: str = "one", **body: Any) -> TestResponse:
        return self.send("POST", f"artefacts/model/versions/{number}/adoptions", body, Idempotency_Key=key)


@pytest.fixture
def scene(make: Factory, shelf: Shelf, client: CheckedClient) -> Scene:
    return Scene(make, shelf, client)


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["type"].rsplit("/", 1)[1])


def councils(body: Any) -> dict[str, tuple[str, int, int]]:
    return {
        one["council"]["slug"]: (one["standing"], one["version"], one["versions_behind"]) for one in body["data"]
    }  # fmt: skip


def test_the_register_is_for_everybody(scene: Scene) -> None:
    expected = {"asby": ("as_is", 1, 2), "dover": ("adapted", 2, 1)}
    assert councils(scene.read("artefacts/model/register")) == expected
    assert councils(scene.read("adoptions?artefact=model")) == expected
    assert councils(scene.read("adoptions?include_total=true")) == expected
    assert set(councils(scene.read("artefacts/model/versions/2/adoptions"))) == {"dover"}
    assert set(councils(scene.read("artefacts/model/register?standing=as_is"))) == {"asby"}
    assert set(councils(scene.read("artefacts/model/register?behind=false"))) == set()
    assert set(councils(scene.read("artefacts/model/register?council=dover"))) == {"dover"}
    (dover,) = scene.read("adoptions?council=dover")["data"]
    assert (dover["copy"], dover["artefact"]["slug"]) == ({"slug": "dover-model", "title": "Dover's"}, "model")


@pytest.mark.parametrize(
    "path, status",
    [
        ("artefacts/nothing/register", 404), ("artefacts/nothing/lineage", 404),
        ("artefacts/model/versions/9/adoptions", 404), ("adoptions?standing=preparing", 400),
        ("adoptions?colour=red", 400), ("adoptions?behind=perhaps", 400),
        ("adoptions/0192a0b0-0000-7000-8000-000000000000", 404), ("adoptions?limit=0", 400),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_understood(scene: Scene, path: str, status: int) -> None:
    scene.read(path, status)


def test_a_register_is_paged(scene: Scene) -> None:
    scene.shelf.crowd(scene.model, 1, 5, scene.lead)
    seen: list[str] = []
    body = scene.read("artefacts/model/register?limit=3&include_total=true")
    assert body["page"]["total"] == 7
    while True:
        seen += [one["council"]["slug"] for one in body["data"]]
        if body["links"]["next"] is None:
            break
        body = scene.read(body["links"]["next"].split("/api/v1/", 1)[1])
    assert len(seen) == len(set(seen)) == 7


def test_a_copy_that_is_prepared_is_in_no_public_answer_even_for_its_council(scene: Scene) -> None:
    answer = scene.send("POST", "artefacts/model/versions/1/adapt", {}, Idempotency_Key="one")
    assert answer.status_code == 201, answer.text
    adoption_id = answer.get_json()["data"]["adoption_id"]
    token = scene.make.token(scene.officer, scene.northby)
    for headers in ({}, token):
        body = scene.client.get("/api/v1/artefacts/model/register", headers=headers).get_json()
        assert "northby" not in councils(body)
        assert scene.client.get(f"/api/v1/adoptions/{adoption_id}", headers=headers).status_code == 404
        body = scene.client.get("/api/v1/artefacts/model/lineage", headers=headers).get_json()
        assert [one["slug"] for one in body["data"]["documents"]] == ["model", "dover-model"]


def test_the_mark_of_an_adoption_changes_with_how_far_behind_it_is(scene: Scene) -> None:
    path = f"/api/v1/adoptions/{scene.as_is.id}"
    first = scene.client.get(path)
    mark = first.headers["ETag"]
    assert mark == f'"{first.get_json()["data"]["etag"]}"'
    assert scene.client.get(path, headers={"If-None-Match": mark}).status_code == 304
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).revision += 1
    assert scene.client.get(path, headers={"If-None-Match": mark}).status_code == 200


def test_the_lineage_is_for_everybody(scene: Scene) -> None:
    data = scene.read("artefacts/dover-model/lineage")["data"]
    assert [(one["slug"], one["upstream"], one["base"], one["versions_behind"]) for one in data["documents"]] == [
        ("model", None, None, 0), ("dover-model", "model", 2, 1),
    ]  # fmt: skip
    assert (data["known"], data["not_shown"]) == (2, 0)


def test_a_version_is_adopted_once_however_often_it_is_sent(scene: Scene) -> None:
    first = scene.adopt(2, note="For all staff", approved_by="Cabinet", approved_on="2026-10-01")
    assert first.status_code == 201, first.text
    data = first.get_json()["data"]
    assert (data["standing"], data["version"], data["versions_behind"], data["approved_on"]) == (
        "as_is", 2, 1, "2026-10-01",
    )  # fmt: skip
    assert first.headers["Location"] == data["url"]
    again = scene.adopt(2, note="For all staff", approved_by="Cabinet", approved_on="2026-10-01")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.get_json() == first.get_json()
    other = scene.adopt(2, note="Something else")
    assert (other.status_code, code_of(other)) == (422, "idempotency.other_body")
    second = scene.adopt(3, key="two")
    assert (second.status_code, code_of(second)) == (409, "adoption.stands")
    assert second.get_json()["allowed"] == ["move_up", "change", "end"]
    with scene.make.session() as session:
        rows = session.scalars(select(Adoption).where(Adoption.council_id == scene.northby.id)).all()
        assert len(rows) == 1


def test_adopting_and_adapting_need_a_key(scene: Scene) -> None:
    for path in ("adoptions", "adapt"):
        answer = scene.send("POST", f"artefacts/model/versions/1/{path}", {})
        assert (answer.status_code, code_of(answer)) == (400, "request.idempotency_key")


def test_what_is_recorded_wrongly_is_named(scene: Scene) -> None:
    answer = scene.adopt(1, approved_on="2026-10-01", review_on="2020-01-01")
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.get_json()["errors"]} == {"/approved_by", "/review_on"}
    assert scene.adopt(1, key="two", colour="red").status_code == 400
    assert scene.adopt(99, key="three").status_code == 404


def test_an_adoption_is_changed_from_what_was_read(scene: Scene) -> None:
    data = scene.adopt(1, note="First", approved_by="Cabinet").get_json()["data"]
    path, mark = f"adoptions/{data['id']}", f'"{data["etag"]}"'
    assert scene.send("PATCH", path, {"note": "Second"}).status_code == 428
    changed = scene.send("PATCH", path, {"note": "Second"}, If_Match=mark)
    assert changed.status_code == 200, changed.text
    assert (changed.get_json()["data"]["note"], changed.get_json()["data"]["approved_by"]) == ("Second", "Cabinet")
    stale = scene.send("PATCH", path, {"note": "Third"}, If_Match=mark)
    assert stale.status_code == 412
    foreign = scene.send("PATCH", f"adoptions/{scene.as_is.id}", {"note": "Ours"}, If_Match=mark)
    assert (foreign.status_code, code_of(foreign)) == (403, "artefact.council_only")


def test_a_council_moves_up_and_ends(scene: Scene) -> None:
    data = scene.adopt(1).get_json()["data"]
    path = f"adoptions/{data['id']}"
    moved = scene.send("POST", f"{path}/move-up", {"version": 2})
    assert (moved.status_code, moved.get_json()["data"]["version"]) == (200, 2)
    moved = scene.send("POST", f"{path}/move-up")
    assert moved.status_code == 200, moved.text
    assert (moved.get_json()["data"]["version"], moved.get_json()["data"]["versions_behind"]) == (3, 0)
    again = scene.send("POST", f"{path}/move-up")
    assert (again.status_code, code_of(again)) == (409, "adoption.up_to_date")
    assert scene.send("DELETE", path).status_code == 428
    mark = f'"{moved.get_json()["data"]["etag"]}"'
    ended = scene.send("DELETE", path, If_Match=mark)
    assert ended.status_code == 200, ended.text
    assert ended.get_json()["data"]["standing"] == "ended"
    assert ended.get_json()["data"]["ended_at"] is not None
    assert "northby" not in councils(scene.read("artefacts/model/register"))
    assert "northby" in councils(scene.read("artefacts/model/register?standing=ended"))


def test_a_council_says_why_it_ends(scene: Scene) -> None:
    adoption_id = scene.adopt(1).get_json()["data"]["id"]
    answer = scene.send("POST", f"adoptions/{adoption_id}/end", {"reason": "We merged"})
    assert answer.status_code == 200, answer.text
    with scene.make.session() as session:
        assert session.get_one(Adoption, UUID(adoption_id)).ended_reason == "We merged"
    again = scene.send("POST", f"adoptions/{adoption_id}/end")
    assert (again.status_code, code_of(again)) == (409, "adoption.ended")


def test_a_copy_is_begun(scene: Scene) -> None:
    answer = scene.send(
        "POST", "artefacts/model/versions/2/adapt", {"title": "Ours", "licence": "CC-BY-4.0"}, Idempotency_Key="one"
    )
    assert answer.status_code == 201, answer.text
    data = answer.get_json()["data"]
    assert (data["title"], data["licence"], data["base"], data["upstream"]["slug"]) == (
        "Ours", "CC-BY-4.0", 2, "model",
    )  # fmt: skip
    refused = scene.send(
        "POST", "artefacts/model/versions/2/adapt", {"licence": "MIT"}, Idempotency_Key="two"
    )  # fmt: skip
    assert (refused.status_code, code_of(refused)) == (409, "adoption.has_copy")


def test_events_tell_of_what_the_public_sees(scene: Scene, work: Callable[..., Any]) -> None:
    def names() -> list[tuple[str, dict[str, Any]]]:
        events = scene.read("events")["data"]
        return [(one["type"], one["changes"]) for one in events if one["subject"]["type"] == "adoption"]

    begun = scene.send("POST", "artefacts/model/versions/1/adapt", {}, Idempotency_Key="one").get_json()["data"]
    with work(scene.make.actor(scene.officer, scene.northby)) as unit:
        delete_document(unit, slug=begun["id"])
    assert names() == []
    assert "northby" not in councils(scene.read("artefacts/model/register?standing=ended"))
    adoption_id = scene.adopt(1, key="two").get_json()["data"]["id"]
    scene.send("POST", f"adoptions/{adoption_id}/move-up")
    assert names() == [
        ("adoption.recorded", {"standing": [None, "as_is"], "number": [None, 1]}),
        ("adoption.changed", {"number": [1, 3]}),
    ]
    subject = scene.read("events")["data"][-1]["subject"]
    assert subject["url"].endswith(f"/api/v1/adoptions/{adoption_id}")
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).is_public = False
    assert names() == []


def test_acting_needs_a_token_with_its_scope(scene: Scene) -> None:
    from pipeline.accounts.tokens import Scope

    token = scene.make.token(scene.officer, scene.northby, Scope.READ)
    path = "/api/v1/artefacts/model/versions/1/adoptions"
    assert scene.client.post(path, json={}, headers={"Idempotency-Key": "x"}).status_code == 401
    assert scene.client.post(path, json={}, headers={**token, "Idempotency-Key": "x"}).status_code == 403
