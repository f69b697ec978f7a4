"""The pages on which a council's officers make webhooks and see what became of their messages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from standardwebhooks import Webhook as Verifier

from pipeline.kernel import clock
from pipeline.kernel.actor import Actor
from pipeline.webhooks.actions import sending
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.webhooks.receivers import receiver, with_status
from tests.webhooks.scene import Scene, make_scene

pytestmark = pytest.mark.database
BASE = "/councils/northborough/settings/webhooks"
URL = "https://www.northborough.example/hook"


@pytest.fixture
def scene(app: Flask, make: Factory) -> Scene:
    """Two councils, and a public project of Northborough."""
    return make_scene(app, make)


def sign_in(scene: Scene, client: CheckedClient, actor: Actor) -> None:
    council = scene.elsewhere if actor is scene.stranger else scene.council
    with scene.make.session() as session:
        from pipeline.accounts.models import Officer

        officer = session.get_one(Officer, actor.officer_id)
    scene.make.signed_in(client, officer, council)


def secret_in(answer: Any) -> str:
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.get_data(as_text=True))
    return str(secret)


def test_an_officer_makes_a_webhook_and_is_shown_its_secret_once(scene: Scene, client: CheckedClient) -> None:
    sign_in(scene, client, scene.member)
    answer = client.send(f"{BASE}/new", address=URL, description="Our website", kinds=["pledge.*"])

    assert answer.status_code == 200
    secret = secret_in(answer)
    Verifier(secret)
    listed = client.get(BASE).get_data(as_text=True)
    assert "Our website" in listed
    assert "Waiting for an answer" in listed
    (address,) = set(re.findall(rf'{BASE}/[0-9a-f-]{{36}}(?=")', listed))
    shown = client.get(address).get_data(as_text=True)
    assert URL in shown
    assert "Pledges" in shown
    assert secret not in listed + shown


@pytest.mark.parametrize(
    "values, words",
    [
        ({"address": ""}, "Give the address of your system"),
        ({"address": "http://www.northborough.example/"}, "must begin with https://"),
        ({"address": "https://169.254.169.254/"}, "not its number"),
        ({"address": "https://localhost/"}, "private network"),
        ({"address": URL, "only_council": "atlantis"}, "There is no council"),
        ({"address": URL, "only_project": "nothing"}, "There is no project"),
        ({"address": URL, "description": "a" * 101}, "1 character fewer"),
        ({"address": URL, "kinds": ["secret.*"]}, "Choose from the answers"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_loses_nothing(
    scene: Scene, client: CheckedClient, values: dict[str, Any], words: str
) -> None:
    sign_in(scene, client, scene.member)
    answer = client.send(f"{BASE}/new", **{"description": "Our website"} | values)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert values.get("description", "Our website") in text


def test_everything_that_is_wrong_is_said_at_once(scene: Scene, client: CheckedClient) -> None:
    sign_in(scene, client, scene.member)
    wrong = {"address": "http://10.0.0.8/", "only_council": "nowhere", "only_project": "nothing"}
    answer = client.send(f"{BASE}/new", **wrong)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("must begin with https://", "no council with this name", "no project with this name"):
        assert words in text


def test_a_button_that_is_pressed_twice_makes_one_webhook(scene: Scene, client: CheckedClient) -> None:
    sign_in(scene, client, scene.member)
    page = client.get(f"{BASE}/new").get_data(as_text=True)
    hidden = dict(re.findall(r'name="(\w+)" type="hidden" value="([^"]*)"', page))
    first, second = (client.post(f"{BASE}/new", data=hidden | {"address": URL}) for _number in range(2))

    assert (first.status_code, second.status_code) == (200, 303)
    assert "whsec_" not in second.get_data(as_text=True)
    assert client.get(BASE).get_data(as_text=True).count("rows__title") == 1


def test_a_webhook_is_looked_after_by_who_made_it_and_the_admins_alone(scene: Scene, client: CheckedClient) -> None:
    webhook = scene.webhook(URL)
    one = f"{BASE}/{webhook.id}"
    paths = (one, f"{one}/change", f"{one}/rotate-secret", f"{one}/replay", f"{one}/turn-off", f"{one}/delete")

    for actor, status in ((scene.member, 200), (scene.admin, 200), (scene.colleague, 404), (scene.stranger, 404)):
        sign_in(scene, client, actor)
        assert [client.get(path).status_code for path in paths] == [status] * len(paths)
        assert client.get(BASE).status_code == (404 if actor is scene.stranger else 200)
    sign_in(scene, client, scene.stranger)
    assert str(webhook.id) not in client.get("/councils/elsewhere/settings/webhooks").get_data(as_text=True)
    assert client.get(f"/councils/elsewhere/settings/webhooks/{webhook.id}").status_code == 404


def test_its_page_shows_what_became_of_each_message_and_sends_one_again(scene: Scene, client: CheckedClient) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        there.answer = with_status("500 Oh", "X-Inside: secret of the receiver")
        scene.happen()
        scene.deliver()
        sign_in(scene, client, scene.member)
        shown = client.get(f"{BASE}/{webhook.id}").get_data(as_text=True)
        there.answer = with_status("200 OK")
        (delivery,) = scene.deliveries(webhook.id)
        again = client.post(
            f"{BASE}/{webhook.id}/deliveries/{delivery.id}/send-again", data={"csrf_token": token_in(shown)}
        )
        scene.deliver()

    assert "Answer 500" in shown
    assert "Next try on" in shown
    assert "secret of the receiver" not in shown
    assert again.status_code == 303
    assert scene.said(webhook.id) == [(1, "delivered", 200, None)]
    assert "Answer 200" in client.get(f"{BASE}/{webhook.id}").get_data(as_text=True)
    assert "Answer 200" not in client.get(f"{BASE}/{webhook.id}?status=failed").get_data(as_text=True)


def token_in(page: str) -> str:
    return re.findall(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page)[0]


def test_a_long_list_of_messages_has_pages(scene: Scene, client: CheckedClient) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
    for number in range(30):
        with clock.moved(timedelta(seconds=number)):
            scene.happen()
            scene.hear()
    sign_in(scene, client, scene.member)
    first = client.get(f"{BASE}/{webhook.id}").get_data(as_text=True)
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = client.get(following.replace("&amp;", "&")).get_data(as_text=True)

    assert (first.count("rows__title"), second.count("rows__title")) == (25, 6)
    assert client.get(f"{BASE}/{webhook.id}?cursor=made-up").status_code == 400


def test_a_webhook_is_changed_rotated_turned_off_and_on_replayed_and_deleted(
    scene: Scene, client: CheckedClient
) -> None:
    sign_in(scene, client, scene.admin)
    scene.happen()
    with receiver() as there:
        webhook = scene.active(there.url)
        one = f"{BASE}/{webhook.id}"
        page = client.get(one).get_data(as_text=True)
        rotated = client.send(f"{one}/rotate-secret")
        replayed = client.send(f"{one}/replay", since_on=["1", "1", "2020"])
        assert client.post(f"{one}/test", data={"csrf_token": token_in(page)}).status_code == 303
        off = client.send(f"{one}/turn-off")
        twice = client.send(f"{one}/turn-off")
        said = client.get(one).get_data(as_text=True)
        assert client.post(f"{one}/turn-on", data={"csrf_token": token_in(said)}).status_code == 303
        scene.courier().deliver_and_wait()
        assert scene.row(webhook.id).status == "active"
        changed = client.send(f"{one}/change", address=URL, description="Another", only_council="northborough")
        gone = client.send(f"{one}/delete")

    assert secret_in(rotated) != scene.secrets[webhook.id]
    assert (replayed.status_code, off.status_code, twice.status_code) == (303, 303, 409)
    assert "Somebody of your council turned it off." in said
    assert (changed.status_code, gone.status_code) == (303, 303)
    assert client.get(one).status_code == 404


def test_an_edit_from_an_older_page_loses_nothing(scene: Scene, client: CheckedClient) -> None:
    webhook = scene.webhook(URL)
    sign_in(scene, client, scene.member)
    path = f"{BASE}/{webhook.id}/change"
    old = dict(re.findall(r'name="(\w+)" type="hidden" value="([^"]*)"', client.get(path).get_data(as_text=True)))
    assert client.send(path, address=URL, description="First").status_code == 303
    second = client.post(path, data=old | {"address": URL, "description": "Second"})

    assert second.status_code == 409
    assert "Second" in second.get_data(as_text=True)
    assert scene.row(webhook.id).description == "First"


def test_a_place_to_replay_from_that_is_none_is_refused_on_the_form(scene: Scene, client: CheckedClient) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
    sign_in(scene, client, scene.member)
    answer = client.send(f"{BASE}/{webhook.id}/replay", after="made up")

    assert answer.status_code == 400
    assert "page marker cannot be read" in answer.get_data(as_text=True)


def test_a_replay_that_has_more_leads_on(scene: Scene, client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_REPLAYED", 1)
    scene.happen()
    scene.happen()
    with receiver() as there:
        webhook = scene.active(there.url)
    sign_in(scene, client, scene.member)
    first = client.send(f"{BASE}/{webhook.id}/replay")
    following = first.headers["Location"]
    assert 'value="' in client.get(following).get_data(as_text=True)
    client.send(following, after=following.split("after=")[1])

    assert len(scene.deliveries(webhook.id)) == 2


def test_the_way_to_webhooks_stands_where_officers_look(scene: Scene, client: CheckedClient) -> None:
    sign_in(scene, client, scene.admin)

    for page in ("/account", "/councils/northborough/settings"):
        assert BASE in client.get(page).get_data(as_text=True)
    assert 'id="webhooks"' in client.get("/developers").get_data(as_text=True)
