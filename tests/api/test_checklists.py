"""Checklists over the API: points, published answers, and one's own."""

from typing import Any

import pytest
from flask import Flask

from pipeline.accounts.tokens import Scope
from tests.artefacts.test_checklists import Scene
from tests.factories import Factory

pytestmark = pytest.mark.database

BASE = "/api/v1/artefacts/a-checklist"


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


class Program:
    """A program with a token of an officer of Eastmere."""

    def __init__(self, app: Flask, make: Factory, *scopes: Scope) -> None:
        self.client = app.test_client()
        council = make.council("Eastmere")
        self.headers = make.token(make.officer(council), council, *scopes)

    def own(self) -> Any:
        answer = self.client.get(f"{BASE}/own-answers", headers=self.headers)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()["data"]

    def save(self, answers: dict[str, Any], etag: str | None = None, **more: Any) -> Any:
        etag = etag or self.own()["etag"]
        headers = self.headers | {"If-Match": f'"{etag}"'} | more
        return self.client.patch(f"{BASE}/own-answers", json={"answers": answers}, headers=headers)

    def act(self, verb: str) -> Any:
        return self.client.post(f"{BASE}/own-answers/{verb}", headers=self.headers)


@pytest.fixture
def program(app: Flask, make: Factory, scene: Scene) -> Program:
    return Program(app, make)


def test_everybody_reads_points_and_published_answers(app: Flask, scene: Scene, program: Program) -> None:
    ids = scene.ids()
    stranger = app.test_client()
    points = stranger.get(f"{BASE}/points").get_json()["data"]
    assert [one["id"] for one in points["points"]] == ids
    assert points["points"][0]["standing"] == "new"
    assert points["points"][0]["councils"] == {"met": 0, "partly": 0, "not_yet": 0, "not_applicable": 0}
    assert program.save({ids[0]: {"answer": "met", "note": "Yes."}, ids[1]: {"note": "Later."}}).status_code == 200
    assert stranger.get(f"{BASE}/answers").get_json()["data"] == []
    assert program.act("publish").get_json()["data"]["is_published"] is True
    listed = stranger.get(f"{BASE}/answers?include_total=true").get_json()
    assert listed["page"]["total"] == 1
    [one] = listed["data"]
    assert one["council"]["slug"] == "eastmere"
    assert one["counts"] == {"met": 1, "partly": 0, "not_yet": 0, "not_applicable": 0}
    assert one["answers"] == [{"point": ids[0], "answer": "met", "note": "Yes.", "check_again": False}]
    assert stranger.get(f"{BASE}/points").get_json()["data"]["points"][0]["councils"]["met"] == 1
    assert stranger.get(f"{BASE}/answers?council=nowhere").get_json()["data"] == []
    assert stranger.get(f"{BASE}/answers?kind=county").get_json()["data"] == []
    assert stranger.get(f"{BASE}/answers?kind=nonsense").status_code == 400
    assert program.act("unpublish").get_json()["data"]["is_published"] is False
    assert stranger.get(f"{BASE}/answers").get_json()["data"] == []


def test_lists_of_answers_page_by_key_in_both_directions(app: Flask, scene: Scene, work: Any) -> None:
    from pipeline.artefacts.actions.checklists import publish_answers
    from tests.artefacts.test_checklists import MET, answer

    for name in ("Alpha", "Beta", "Gamma"):
        officer = scene.member(name)
        answer(work, scene, officer, p0=MET)
        with work(officer) as unit:
            publish_answers(unit, slug=scene.slug, version=1)
    client = app.test_client()
    first = client.get(f"{BASE}/answers?limit=2&sort=published_at").get_json()
    assert [one["council"]["slug"] for one in first["data"]] == ["alpha", "beta"]
    second = client.get(first["links"]["next"].removeprefix(app.config["PUBLIC_URL"])).get_json()
    assert [one["council"]["slug"] for one in second["data"]] == ["gamma"]


def test_an_edit_says_what_it_was_made_from(scene: Scene, program: Program) -> None:
    ids = scene.ids()
    first = program.own()["etag"]
    assert first.startswith("0.")
    unsaid = program.client.patch(f"{BASE}/own-answers", json={"answers": {}}, headers=program.headers)
    assert unsaid.status_code == 428
    assert program.save({ids[0]: {"answer": "met"}}, first).status_code == 200
    assert program.save({ids[0]: {"answer": "partly"}}, first).status_code == 412
    saved = program.save({ids[0]: {"note": "Since May."}})
    assert saved.get_json()["data"]["answers"] == [
        {"point": ids[0], "answer": "met", "note": "Since May.", "check_again": False}
    ]  # fmt: skip
    assert saved.headers["ETag"].strip('"') == program.own()["etag"]
    assert program.save({ids[0]: None}).get_json()["data"]["answers"] == []


@pytest.mark.parametrize(
    "answers, status",
    [
        ({"nope": {"answer": "met"}}, 422), ({"x" * 50: None}, 400), ({"p": {"answer": "great"}}, 400),
        ({"p": {"note": "x" * 1001}}, 400), ({"p": {"colour": "red"}}, 400), ({"p": 3}, 400), ([], 400), (None, 400),
    ],
)  # fmt: skip
def test_nonsense_is_refused_kindly(scene: Scene, program: Program, answers: Any, status: int) -> None:
    assert program.save(answers).status_code == status


def test_answers_move_on_over_the_api(scene: Scene, program: Program) -> None:
    ids = scene.ids()
    program.save({ids[0]: {"answer": "met"}, ids[2]: {"answer": "not_yet"}})
    assert program.act("carry-over").status_code == 409
    scene.publish_second()
    moved = program.act("carry-over").get_json()["data"]
    assert moved["number"] == 2
    assert moved["answers"] == [{"point": ids[0], "answer": "met", "note": "", "check_again": True}]
    checked = program.save({ids[0]: {}}).get_json()["data"]["answers"]
    assert checked[0]["check_again"] is False
    points = program.client.get(f"{BASE}/points").get_json()["data"]
    assert [one["standing"] for one in points["points"]] == ["reworded", "same", "new"]
    assert [one["text"] for one in points["dropped"]] == ["Publish what you spend"]


def test_ones_own_answers_need_a_token_and_its_scope(app: Flask, make: Factory, scene: Scene) -> None:
    assert app.test_client().get(f"{BASE}/own-answers").status_code == 401
    reader = Program(app, make, Scope.READ)
    assert reader.own()["answers"] == []
    assert reader.save({scene.ids()[0]: {"answer": "met"}}).status_code == 403
    assert reader.act("publish").status_code == 403


def test_an_act_sent_twice_is_done_once(scene: Scene, program: Program) -> None:
    key = {"Idempotency-Key": "once-only"}
    etag = program.own()["etag"]
    first = program.save({scene.ids()[0]: {"answer": "met"}}, etag, **key)
    again = program.save({scene.ids()[0]: {"answer": "met"}}, etag, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
