"""Messages are carried to their receivers: signed, once each, in their own time. On both databases."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from pipeline.db.leases import LEASE
from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.event import Audience
from pipeline.projects.models import Project
from pipeline.webhooks import queue
from pipeline.webhooks.actions import keeping, sending
from pipeline.webhooks.duties import forget_old_deliveries
from pipeline.webhooks.models import WebhookHealth
from pipeline.webhooks.rules import Answered, Failure
from pipeline.webhooks.signing import secret_of
from tests.support.client import CheckedClient
from tests.webhooks import receivers
from tests.webhooks.receivers import Answer, receiver, wait_until, with_status
from tests.webhooks.scene import PUBLIC_URL, SECRET_KEY, Scene

pytestmark = pytest.mark.database


# --- What is sent ------------------------------------------------------------------------------------------------


def test_a_public_event_arrives_signed_and_says_what_the_log_of_events_says(
    scene: Scene, client: CheckedClient
) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()

    ping, told = there.taken
    payload = Verifier(scene.secrets[webhook.id]).verify(told.body, told.headers)
    event_id = payload["data"]["id"]
    own = client.get(f"/api/v1/events/{event_id}").get_json()["data"]
    own["subject"]["url"] = own["subject"]["url"].replace(client.application.config["PUBLIC_URL"], PUBLIC_URL)
    assert payload == {"type": "project.published", "timestamp": own["occurred_at"], "data": own}
    assert told.headers["webhook-id"] == event_id
    assert told.headers["user-agent"].startswith("Pipeline-Webhooks/1.0")
    assert len(told.body) < 20_000
    assert Verifier(scene.secrets[webhook.id]).verify(ping.body, ping.headers)["type"] == "webhook.ping"
    assert scene.said(webhook.id) == [(1, "delivered", 204, None)]


@pytest.mark.parametrize("spoiled", ["body", "secret", "old", "id"])
def test_what_was_tampered_with_or_is_old_is_not_believed(scene: Scene, spoiled: str) -> None:
    with receiver() as there, clock.moved(-timedelta(minutes=6 if spoiled == "old" else 0)):
        webhook = scene.webhook(there.url)
        scene.courier().deliver_and_wait()
    (taken,) = there.taken
    secret = scene.secrets[webhook.id] if spoiled != "secret" else secret_of("another secret", webhook.id)
    body = taken.body.replace(b"ping", b"pong") if spoiled == "body" else taken.body
    headers = taken.headers | ({"webhook-id": "another"} if spoiled == "id" else {})

    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body, headers)
    if spoiled != "old":
        assert Verifier(scene.secrets[webhook.id]).verify(taken.body, taken.headers)


def test_while_a_secret_rotates_both_hold_and_after_a_day_only_the_new_one(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        with scene.acting(scene.member) as work:
            new = secret_of(SECRET_KEY, keeping.rotate_secret(work, webhook_id=webhook.id).secret_id)
        old = scene.secrets[webhook.id]
        scene.happen()
        scene.deliver()
        during = there.taken[-1]
        (delivery,) = scene.deliveries(webhook.id)
        with scene.acting(scene.member) as work:
            sending.redeliver(work, webhook_id=webhook.id, delivery_id=delivery.id)
        with clock.moved(timedelta(hours=24, minutes=1)):
            scene.deliver()
        after = there.taken[-1]

    assert len(during.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        assert Verifier(secret).verify(during.body, during.headers)
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    assert Verifier(new).sign(
        after.headers["webhook-id"], datetime.fromtimestamp(int(after.headers["webhook-timestamp"]), UTC),
        after.body.decode(),
    ) == after.headers["webhook-signature"]  # fmt: skip


def test_a_secret_that_must_end_at_once_signs_nothing_more(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        with scene.acting(scene.member) as work:
            new = secret_of(SECRET_KEY, keeping.rotate_secret(work, webhook_id=webhook.id, is_at_once=True).secret_id)
        scene.happen()
        scene.deliver()

    told = there.taken[-1]
    assert Verifier(new).verify(told.body, told.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(scene.secrets[webhook.id]).verify(told.body, told.headers)


def test_only_public_events_that_were_asked_for_are_sent(scene: Scene) -> None:
    other = scene.make.project(scene.elsewhere)
    with receiver() as there:
        of_needs = scene.active(there.url, kinds=("need.*",))
        of_projects = scene.active(there.url, kinds=("project.published",))
        of_elsewhere = scene.active(there.url, council_id=scene.elsewhere.id)
        of_one = scene.active(there.url, project_id=scene.project.id)
        scene.happen()
        scene.happen(other)
        scene.happen(audience=Audience.PROJECT)
        scene.deliver()

    assert [len(scene.deliveries(one.id)) for one in (of_needs, of_projects, of_elsewhere, of_one)] == [0, 2, 1, 1]


def test_what_is_hidden_before_its_message_leaves_is_not_sent(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.hear()
        with scene.make.session() as session:
            session.execute(update(Project).values(is_public=False))
        scene.deliver()

    assert len(there.taken) == 1
    assert scene.said(webhook.id) == [(0, "withheld", None, "no_longer_public")]


def test_no_webhook_hears_of_webhooks_or_of_what_came_before_it(scene: Scene) -> None:
    scene.happen()
    with receiver() as there:
        webhook = scene.active(there.url)
        with scene.acting(scene.member) as work:
            sending.test_webhook(work, webhook_id=webhook.id)
        scene.deliver()

    assert [json.loads(one.body)["type"] for one in there.taken] == ["webhook.ping", "webhook.ping"]


def test_an_event_that_is_too_large_is_sent_without_its_changes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.webhooks.parcel.LARGEST_BODY", 300)
    with receiver() as there:
        scene.active(there.url)
        scene.happen()
        scene.deliver()

    assert json.loads(there.taken[-1].body)["data"]["changes"] == {}


# --- Being verified ----------------------------------------------------------------------------------------------


def test_a_webhook_is_told_of_nothing_until_its_address_has_answered(scene: Scene) -> None:
    with receiver(with_status("500 Oh")) as there:
        webhook = scene.webhook(there.url)
        scene.happen()
        scene.deliver()
        assert scene.row(webhook.id).status == "waiting"
        there.answer = with_status("200 OK")
        with scene.acting(scene.member) as work:
            sending.test_webhook(work, webhook_id=webhook.id)
        scene.deliver()
        scene.happen()
        scene.deliver()

    assert scene.row(webhook.id).status == "active"
    assert [json.loads(one.body)["type"] for one in there.taken] == [
        "webhook.ping", "webhook.ping", "project.published",
    ]  # fmt: skip


def test_an_answer_of_the_address_before_verifies_no_other(scene: Scene) -> None:
    """The ping is under way while somebody gives the webhook another address."""

    def changed_meanwhile(connection: Any, over: threading.Event) -> None:
        terms = scene.row_terms(webhook.id, address="http://127.0.0.1:1/")
        with scene.acting(scene.member) as work:
            keeping.change_webhook(work, webhook_id=webhook.id, terms=terms, to_this_machine=True)
        with_status("204 No Content")(connection, over)

    with receiver(changed_meanwhile) as there:
        webhook = scene.webhook(there.url)
        scene.courier().deliver_and_wait()

    assert scene.row(webhook.id).status == "waiting"


def test_with_another_address_a_webhook_is_verified_again(scene: Scene) -> None:
    with receiver() as there, receiver() as elsewhere:
        webhook = scene.active(there.url)
        terms = scene.row_terms(webhook.id, address=elsewhere.url)
        with scene.acting(scene.member) as work:
            keeping.change_webhook(work, webhook_id=webhook.id, terms=terms, to_this_machine=True)
        assert scene.row(webhook.id).status == "waiting"
        scene.deliver()

    assert scene.row(webhook.id).status == "active"
    assert (len(there.taken), len(elsewhere.taken)) == (1, 1)


# --- Receivers that fail -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer, status, problem",
    [
        (with_status("500 Oh"), 500, "refused"),
        (with_status("302 Found", "Location: http://127.0.0.1:1/"), 302, "redirected"),
        (with_status("429 Slow", "Retry-After: 7"), 429, "refused"),
        (receivers.reset, None, "broken_off"),
        (receivers.nonsense, None, "broken_off"),
        (receivers.hang, None, "timed_out"),
        (receivers.drip, None, "timed_out"),
    ],
    ids=("500", "302", "429", "reset", "nonsense", "hang", "drip"),
)
def test_however_a_receiver_fails_the_message_is_tried_again(
    scene: Scene, answer: Answer, status: int | None, problem: str
) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        there.answer = answer
        scene.happen()
        scene.hear()
        scene.courier(seconds=0.5).deliver_and_wait()
        assert scene.said(webhook.id) == [(1, "waiting", status, problem)]
        wait = scene.deliveries(webhook.id)[0].next_try_at - clock.now()
        assert timedelta(seconds=2) < wait < timedelta(seconds=8)
        there.answer = with_status("200 OK")
        with clock.moved(timedelta(minutes=2)):
            scene.courier().deliver_and_wait()

    assert scene.said(webhook.id) == [(2, "delivered", 200, None)]
    health = scene.health(webhook.id)
    assert health is not None
    assert health.first_failed_at is None


def test_a_message_is_tried_ten_times_at_the_documented_times_and_then_given_up(scene: Scene) -> None:
    tries: list[datetime] = []

    def refuse(*_of_message: Any) -> Answered:
        tries.append(clock.now())
        return Answered(500, Failure.REFUSED)

    with receiver() as there:
        webhook = scene.active(there.url)
    scene.happen()
    scene.hear()
    start = datetime.now(UTC)
    for _number in range(10):
        due = scene.deliveries(webhook.id)[0].next_try_at
        with clock.at(due + timedelta(milliseconds=1)):
            assert scene.courier(refuse).deliver_and_wait() == 1
    with clock.at(start + timedelta(days=30)):
        assert scene.courier(refuse).deliver_and_wait() == 0

    waits = [round((later - earlier).total_seconds()) for earlier, later in pairwise(tries)]
    assert waits == [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert scene.said(webhook.id) == [(10, "failed", 500, "refused")]
    assert scene.row(webhook.id).status == "active"


def test_retry_after_is_honoured_for_the_whole_receiver(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        there.answer = with_status("429 Slow", "Retry-After: 600")
        scene.happen()
        scene.hear()
        scene.courier().deliver_and_wait()
        scene.happen()
        scene.deliver()
        assert [one[0] for one in scene.said(webhook.id)] == [1, 0]
        there.answer = with_status("200 OK")
        with clock.moved(timedelta(seconds=601)):
            scene.deliver()

    assert {one[1] for one in scene.said(webhook.id)} == {"delivered"}


def test_a_receiver_that_is_gone_ends_its_webhook(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        there.answer = with_status("410 Gone")
        scene.happen()
        scene.happen()
        scene.hear()
        scene.courier().deliver_and_wait()

    row = scene.row(webhook.id)
    assert (row.status, row.disabled_because) == ("disabled", "gone")
    assert {one[1] for one in scene.said(webhook.id)} == {"failed"}


def test_five_failing_days_end_a_webhook_and_one_success_between_saves_it(scene: Scene) -> None:
    answers = {"is_well": False}

    def answer(*_of_message: Any) -> Answered:
        return Answered(200) if answers["is_well"] else Answered(500, Failure.REFUSED)

    def day(number: int, *, is_well: bool = False) -> None:
        answers["is_well"] = is_well
        with clock.moved(timedelta(days=number)):
            scene.happen()
            scene.hear()
            scene.courier(answer).deliver_and_wait()

    with receiver() as there:
        saved, ended = scene.active(there.url), None
    for number in range(5):
        day(number)
    assert scene.row(saved.id).status == "active"
    day(5, is_well=True)
    for number in (6, 7, 8, 9, 10):
        day(number)
    assert scene.row(saved.id).status == "active"
    day(11)
    ended = scene.row(saved.id)
    assert (ended.status, ended.disabled_because) == ("disabled", "failing")


# --- Side by side ------------------------------------------------------------------------------------------------


def test_a_slow_receiver_holds_up_no_other(scene: Scene) -> None:
    with receiver() as slow, receiver() as quick:
        scene.active(slow.url)
        own = scene.active(quick.url)
        slow.answer = receivers.hang
        for _number in range(6):
            scene.happen()
        scene.hear()
        courier = scene.courier(seconds=3)
        started = time.monotonic()
        while len(quick.taken) < 7:
            with scene.app.app_context():
                courier.deliver_due()
            assert time.monotonic() - started < 2.5
            time.sleep(0.01)
        slow.over.set()
        courier.deliver_and_wait()

    assert {one[1] for one in scene.said(own.id)} == {"delivered"}


def test_receivers_that_fail_never_hold_every_thread(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.webhooks.courier.MOST_AT_ONCE", 3)
    monkeypatch.setattr("pipeline.webhooks.courier.MOST_TO_FAILING", 1)
    with receiver() as there:
        failing = [scene.active(there.url) for _number in range(3)]
        well = scene.active(there.url)
    scene.happen()
    scene.hear()
    with scene.app.app_context(), housekeeping("webhooks") as session:
        for one in failing:
            values = {"first_failed_at": clock.now()}
            queue._note_health(session, one.id, values)
    hold = threading.Event()
    sent: list[str] = []

    def held(*of_message: Any) -> Answered:
        sent.append(of_message[0].url)
        hold.wait(10)
        return Answered(200)

    courier = scene.courier(held)
    with scene.app.app_context():
        assert courier.deliver_due() == 2
        assert courier.deliver_due() == 0
    hold.set()
    courier.deliver_and_wait()
    assert scene.said(well.id) == [(1, "delivered", 200, None)]


def test_two_workers_never_note_one_try_twice(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        for _number in range(12):
            scene.happen()
        scene.hear()
        couriers = [scene.courier() for _number in range(3)]
        threads = [threading.Thread(target=_work, args=(scene, one)) for one in couriers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: all(one[1] == "delivered" for one in scene.said(webhook.id)))

    ids = [one.headers["webhook-id"] for one in there.taken[1:]]
    assert len(ids) == len(set(ids)) == 12
    assert {one[0] for one in scene.said(webhook.id)} == {1}


def _work(scene: Scene, courier: Any) -> None:
    idle = 0
    while idle < 3:
        with scene.app.app_context():
            idle = 0 if courier.deliver_and_wait() else idle + 1


def test_what_a_dead_worker_held_comes_back_and_its_late_word_counts_no_more(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.hear()
        with scene.app.app_context():
            with housekeeping("webhooks") as session:
                (dead,) = queue.take_due(session, clock.now(), 64, 32)
            assert scene.courier().deliver_and_wait() == 0
        with clock.moved(LEASE + timedelta(seconds=1)):
            assert scene.courier().deliver_and_wait() == 1
        with scene.app.app_context(), housekeeping("webhooks") as session:
            assert not queue.note_failed(session, dead, Answered(500, Failure.REFUSED), clock.now())

    assert scene.said(webhook.id) == [(1, "delivered", 204, None)]
    assert len(there.taken) == 2


def test_a_worker_that_is_killed_after_the_receiver_answered_sends_again_under_the_same_id(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.hear()

        def die(*_: Any) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as patched:
            patched.setattr("pipeline.webhooks.courier.Courier._taken", staticmethod(die))
            scene.courier().deliver_and_wait()
        assert scene.said(webhook.id)[0][1] == "waiting"
        with clock.moved(LEASE + timedelta(seconds=1)):
            scene.courier().deliver_and_wait()

    assert there.taken[1].headers["webhook-id"] == there.taken[2].headers["webhook-id"]
    assert there.taken[1].body == there.taken[2].body
    assert scene.said(webhook.id) == [(1, "delivered", 204, None)]


def test_an_event_that_is_heard_again_is_owed_once(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()
        with scene.app.app_context(), housekeeping("listeners") as session:
            session.scalars(select(ListenerPlace).where(ListenerPlace.name == "webhooks")).one().sequence = 0
        scene.deliver()

    assert len(there.taken) == 2
    assert len(scene.deliveries(webhook.id)) == 1


# --- Again -------------------------------------------------------------------------------------------------------


def test_one_message_is_sent_again_at_once_under_its_id(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()
        (delivery,) = scene.deliveries(webhook.id)
        with scene.acting(scene.admin) as work:
            sending.redeliver(work, webhook_id=webhook.id, delivery_id=delivery.id)
        scene.deliver()

    assert there.taken[1].headers["webhook-id"] == there.taken[2].headers["webhook-id"]
    assert len(scene.deliveries(webhook.id)) == 1


def test_what_came_before_or_was_missed_is_replayed_from_an_event_or_a_moment(scene: Scene) -> None:
    for _number in range(3):
        scene.happen()
    with scene.app.app_context(), housekeeping("webhooks") as session:
        events = session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)).all()
    first, second, third = (one for one in events if one.audience == "public")
    with receiver() as there:
        webhook = scene.active(there.url)
        with scene.acting(scene.member) as work:
            after = sending.replay(work, webhook_id=webhook.id, after=first.id)
        scene.deliver()
        replayed = [json.loads(one.body)["data"]["id"] for one in there.taken[1:]]
        with scene.acting(scene.member) as work:
            since = sending.replay(work, webhook_id=webhook.id, since=third.occurred_at)
            everything = sending.replay(work, webhook_id=webhook.id)
        scene.deliver()

    assert (after.number, after.has_more) == (2, False)
    assert set(replayed) == {str(second.id), str(third.id)}
    assert since.number >= 1
    assert everything.number == 3
    assert len(scene.deliveries(webhook.id)) == 3
    assert {one[1] for one in scene.said(webhook.id)} == {"delivered"}


def test_a_long_replay_says_where_to_go_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "MOST_REPLAYED", 2)
    monkeypatch.setattr(sending, "LOOKED_AT", 2)
    for _number in range(3):
        scene.happen()
    with receiver() as there:
        webhook = scene.active(there.url)
    with scene.acting(scene.member) as work:
        first = sending.replay(work, webhook_id=webhook.id)
    with scene.acting(scene.member) as work:
        second = sending.replay(work, webhook_id=webhook.id, after=first.last_id)

    assert (first.number, first.has_more, second.number, second.has_more) == (2, True, 1, False)
    assert len(scene.deliveries(webhook.id)) == 3


def test_the_record_of_messages_is_kept_for_thirty_days(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()
    for days, left in ((29, 1), (31, 0)):
        with scene.app.app_context(), clock.moved(timedelta(days=days)):
            forget_old_deliveries()
        assert len(scene.deliveries(webhook.id)) == left


def test_what_still_waits_is_never_forgotten(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
    scene.happen()
    scene.hear()
    with scene.app.app_context(), clock.moved(timedelta(days=90)):
        forget_old_deliveries()

    assert len(scene.deliveries(webhook.id)) == 1


def readiness_in(scene: Scene, minutes: int) -> list[str]:
    with scene.app.app_context(), clock.moved(timedelta(minutes=minutes)):
        return scene.app.test_client().get("/readyz").get_json()["problems"]  # type: ignore[no-any-return]


def test_a_site_whose_webhooks_nobody_calls_says_so(scene: Scene) -> None:
    said = "messages to webhooks are waiting: is `flask worker` running?"
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.hear()
        assert said not in readiness_in(scene, 4)
        assert said in readiness_in(scene, 6)
        # A long queue that is being worked through is not one that nobody works on.
        with scene.app.app_context(), housekeeping("webhooks") as session:
            taken = {"last_succeeded_at": clock.now() + timedelta(minutes=3)}
            session.execute(update(WebhookHealth).where(WebhookHealth.webhook_id == webhook.id).values(**taken))
        assert said not in readiness_in(scene, 6)
        assert said in readiness_in(scene, 9)
        scene.deliver()
        assert said not in readiness_in(scene, 60)


def test_a_receiver_that_asked_to_be_left_alone_does_not_look_overlooked(scene: Scene) -> None:
    with receiver(with_status("204 No Content")) as there:
        scene.active(there.url)
        there.answer = with_status("503 Service Unavailable", "Retry-After: 3600")
        scene.happen()
        scene.deliver()
    assert not any("webhooks" in problem for problem in readiness_in(scene, 50))
    assert any("webhooks" in problem for problem in readiness_in(scene, 70))
