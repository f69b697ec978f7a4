"""Webhooks through the API: made, changed and asked to send by tokens of one council, unknown to all others."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier
from werkzeug.test import TestResponse

from pipeline.accounts.actions import remove_member
from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.tokens import Scope
from pipeline.db.engine import database
from pipeline.kernel.actor import Actor
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.webhooks.hostile import HOSTILE_URLS
from tests.webhooks.receivers import receiver, with_status
from tests.webhooks.scene import Scene, make_scene

pytestmark = pytest.mark.database
URL = "https://www.northborough.example/hook"
Call = Callable[..., TestResponse]


@pytest.fixture
def scene(app: Flask, make: Factory) -> Scene:
    """Two councils, and a public project of Northborough."""
    return make_scene(app, make)


@pytest.fixture
def call(scene: Scene, client: CheckedClient) -> Call:
    """Call the API as somebody, by default the member of Northborough."""

    def called(method: str, path: str, body: Any = None, actor: Actor | None = None, **headers: str) -> TestResponse:
        who = actor or scene.member
        with scene.make.session() as session:
            officer = session.get_one(Officer, who.officer_id)
        council = scene.elsewhere if who is scene.stranger else scene.council
        token = scene.make.token(officer, council, Scope.READ, Scope.WEBHOOKS_WRITE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=token | named)

    return called


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]


def test_a_webhook_is_made_listed_read_changed_and_deleted(scene: Scene, call: Call) -> None:
    made = call("POST", "/webhooks", {"address": URL, "kinds": ["pledge.*"], "only_council": "northborough"})
    data = made.get_json()["data"]
    one = f"/webhooks/{data['id']}"

    assert made.status_code == 201
    Verifier(data["secret"])
    assert (data["status"], data["only_council"]["slug"]) == ("waiting", "northborough")
    assert [row["id"] for row in call("GET", "/webhooks").get_json()["data"]] == [data["id"]]
    read = call("GET", one)
    assert "secret" not in read.get_json()["data"]
    assert code_of(call("PATCH", one, {"description": "x"})) == (428, "request.version_missing")
    assert code_of(call("PATCH", one, {"description": "x"}, If_Match='"9.1.x"')) == (412, "request.stale_version")
    changed = call("PATCH", one, {"description": "Ours", "only_council": None}, If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.get_json()["data"]["only_council"]) == (200, None)
    assert changed.get_json()["data"]["kinds"] == ["pledge.*"]
    assert code_of(call("DELETE", one)) == (428, "request.version_missing")
    assert call("DELETE", one, If_Match=changed.headers["ETag"]).status_code == 200
    assert call("GET", one).status_code == 404


def test_the_secret_is_answered_once_and_kept_nowhere(scene: Scene, call: Call) -> None:
    first = call("POST", "/webhooks", {"address": URL}, Idempotency_Key="one")
    again = call("POST", "/webhooks", {"address": URL}, Idempotency_Key="one")
    rotated = call("POST", f"/webhooks/{first.get_json()['data']['id']}/rotate-secret")

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json()["data"] == first.get_json()["data"] | {"secret": None}
    secrets = [first.get_json()["data"]["secret"], rotated.get_json()["data"]["secret"]]
    assert secrets[0] != secrets[1]
    with scene.app.app_context():
        kept = [
            str(row) for table in database.metadata.sorted_tables for row in database.session.execute(select(table))
        ]
        database.session.remove()
    for secret in secrets:
        assert not [row for row in kept if secret in row or secret.removeprefix("whsec_") in row]


def test_a_copy_of_the_database_alone_signs_nothing(scene: Scene, call: Call) -> None:
    """The same rows under another SECRET_KEY give another secret."""
    from pipeline.webhooks.models import WebhookSecret
    from pipeline.webhooks.signing import secret_of

    made = call("POST", "/webhooks", {"address": URL}).get_json()["data"]
    with scene.make.session() as session:
        (secret_id,) = session.scalars(select(WebhookSecret.id))

    assert secret_of(scene.app.config["SECRET_KEY"], secret_id) == made["secret"]
    assert secret_of("another secret of a site, as long as it must be", secret_id) != made["secret"]


@pytest.mark.parametrize("url", HOSTILE_URLS[::7], ids=ascii)
def test_a_hostile_address_is_refused_and_named(call: Call, url: str) -> None:
    answer = call("POST", "/webhooks", {"address": url})

    if answer.status_code == 400:  # not even strict JSON, or longer than a text can be
        return
    assert code_of(answer) == (422, "webhook.address")
    assert answer.get_json()["errors"][0]["pointer"] == "/address"


@pytest.mark.parametrize(
    "body, code",
    [
        ({"kinds": ["pledge.offered"]}, "webhook.kind_unknown"),
        ({"only_council": "atlantis"}, "webhook.council_unknown"),
        ({"only_project": "nothing"}, "webhook.project_unknown"),
    ],
)
def test_what_breaks_a_rule_is_said(call: Call, body: dict[str, Any], code: str) -> None:
    assert code_of(call("POST", "/webhooks", {"address": URL} | body)) == (422, code)


def test_a_webhook_of_another_council_or_a_colleague_answers_as_if_there_were_none(scene: Scene, call: Call) -> None:
    made = call("POST", "/webhooks", {"address": URL}).get_json()["data"]
    one = f"/webhooks/{made['id']}"
    nobody = "/webhooks/01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a"
    acts = [
        ("GET", ""), ("GET", "/deliveries"), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate-secret"),
        ("POST", "/test"), ("POST", "/enable"), ("POST", "/disable"), ("POST", "/replay"),
        ("POST", f"/deliveries/{made['id']}/redeliver"),
    ]  # fmt: skip

    for actor in (scene.stranger, scene.colleague):
        for method, act in acts:
            body = {} if method in ("POST", "PATCH") else None
            theirs = call(method, one + act, body, actor, If_Match='"1.1.x"')
            missing = call(method, nobody + act, body, actor, If_Match='"1.1.x"')
            assert theirs.status_code == missing.status_code == 404, (method, act)
            assert theirs.get_json()["type"] == missing.get_json()["type"]
        assert call("GET", "/webhooks", None, actor).get_json()["data"] == []
    assert len(call("GET", "/webhooks", None, scene.admin).get_json()["data"]) == 1
    assert call("GET", one, None, scene.admin).status_code == 200


def test_a_council_has_ten_webhooks_at_most(scene: Scene, call: Call) -> None:
    for _number in range(10):
        assert call("POST", "/webhooks", {"address": URL}).status_code == 201

    refused = call("POST", "/webhooks", {"address": URL}, scene.colleague)
    assert code_of(refused) == (409, "webhook.too_many")
    assert call("POST", "/webhooks", {"address": URL}, scene.stranger).status_code == 201


def test_an_active_webhook_is_tested_replayed_and_its_messages_sent_again(scene: Scene, call: Call) -> None:
    scene.happen()
    scene.happen()
    with receiver() as there:
        webhook = scene.active(there.url)
        one = f"/webhooks/{webhook.id}"
        events = call("GET", "/events?limit=1").get_json()
        after = events["links"]["next"].split("after=")[1].split("&")[0]
        replayed = call("POST", f"{one}/replay", {"after": after})
        assert code_of(call("POST", f"{one}/replay", {"after": after, "since": "2026-01-01T00:00:00Z"}))[0] == 422
        assert code_of(call("POST", f"{one}/replay", {"after": "made up"})) == (422, "cursor.unreadable")
        scene.deliver()
        page = call("GET", f"{one}/deliveries?status=delivered&limit=1").get_json()
        rest = call("GET", page["links"]["next"].split("/api/v1")[1]).get_json()
        again = call("POST", f"{one}/deliveries/{page['data'][0]['id']}/redeliver")
        tested = call("POST", f"{one}/test")
        scene.deliver()

    assert replayed.get_json()["data"] == {"queued": 1, "has_more": False, "after": None}
    assert [row["type"] for row in page["data"] + rest["data"]] == ["project.published", "webhook.ping"]
    assert page["data"][0]["answer_status"] == 204
    assert again.get_json()["data"]["status"] == "waiting"
    assert tested.status_code == 200
    assert len(there.taken) == 4


def test_webhooks_and_their_messages_are_read_as_every_list(scene: Scene, call: Call) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()
    address = f"/webhooks/{webhook.id}/deliveries"
    page = call("GET", f"{address}?limit=1&sort=created_at&fields=type,tries&include_total=true").get_json()
    rest = call("GET", page["links"]["next"].split("/api/v1")[1]).get_json()
    back = call("GET", rest["links"]["prev"].split("/api/v1")[1]).get_json()

    assert page["page"] == {"limit": 1, "has_more": True, "total": 2}
    assert page["data"] == back["data"] == [{"type": "webhook.ping", "tries": 1}]
    assert [one["type"] for one in rest["data"]] == ["project.published"]
    other = page["links"]["next"].split("/api/v1")[1].replace("sort=created_at", "sort=-created_at")
    assert code_of(call("GET", other)) == (400, "cursor.mismatch")
    second = scene.webhook(URL)
    listed = call("GET", "/webhooks?limit=1&sort=-position&fields=id&include_total=true").get_json()
    assert (listed["data"], listed["page"]["total"]) == ([{"id": str(second.id)}], 2)


def test_what_needs_an_active_webhook_says_what_to_do_instead(scene: Scene, call: Call) -> None:
    with receiver(with_status("500 Oh")) as there:
        webhook = scene.webhook(there.url)
    one = f"/webhooks/{webhook.id}"

    assert code_of(call("POST", f"{one}/enable")) == (409, "webhook.not_disabled")
    waiting = call("POST", f"{one}/replay", {})
    assert (code_of(waiting), waiting.get_json()["allowed"]) == ((409, "webhook.not_active"), ["test"])
    assert call("POST", f"{one}/disable").get_json()["data"]["disabled_because"] == "by_hand"
    assert code_of(call("POST", f"{one}/disable")) == (409, "webhook.disabled")
    assert code_of(call("POST", f"{one}/test")) == (409, "webhook.disabled")
    assert call("POST", f"{one}/replay", {}).get_json()["allowed"] == ["enable"]
    assert call("POST", f"{one}/enable").get_json()["data"]["status"] == "waiting"


def test_a_secret_is_rotated_twice_a_day_and_then_only_at_once(scene: Scene, call: Call) -> None:
    one = f"/webhooks/{call('POST', '/webhooks', {'address': URL}).get_json()['data']['id']}/rotate-secret"

    assert [call("POST", one, {}).status_code for _number in range(3)] == [200, 200, 409]
    assert call("POST", one, {"at_once": True}).status_code == 200


def test_a_member_who_left_keeps_none_of_it_and_the_admins_do(scene: Scene, call: Call) -> None:
    made = call("POST", "/webhooks", {"address": URL}).get_json()["data"]
    with scene.make.session() as session:
        place = session.scalars(select(Membership).where(Membership.officer_id == scene.officer.id)).one()
    with scene.acting(scene.admin) as work:
        remove_member(work, council_id=scene.council.id, membership_id=place.id)

    assert call("GET", f"/webhooks/{made['id']}").status_code == 401
    assert call("GET", "/webhooks", None, scene.admin).get_json()["data"][0]["id"] == made["id"]


def test_events_of_webhooks_are_never_public(scene: Scene, call: Call, client: CheckedClient) -> None:
    made = call("POST", "/webhooks", {"address": URL}).get_json()["data"]
    call("POST", f"/webhooks/{made['id']}/disable")
    log = client.get("/api/v1/events").get_data(as_text=True)

    assert "webhook" not in log
    assert made["id"] not in log


def test_the_description_says_what_a_message_is(
    scene: Scene, client: CheckedClient, description: dict[str, Any]
) -> None:
    with receiver() as there:
        scene.active(there.url)
        scene.happen()
        scene.deliver()

    for name, taken in zip(("webhook.ping", "event"), there.taken, strict=True):
        told = description["webhooks"][name]["post"]
        schema = told["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator(schema | {"components": description["components"]}).validate(_json(taken.body))
        for header in told["parameters"]:
            Draft202012Validator(header["schema"]).validate(taken.headers[header["name"]])


def _json(body: bytes) -> Any:
    import json

    return json.loads(body)
