"""What becomes of a webhook, who may do it, and what is recorded. On both databases."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel.actor import Actor, Channel, Role, system
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound
from pipeline.kernel.ids import new_id
from pipeline.webhooks import policy
from pipeline.webhooks.actions import keeping
from pipeline.webhooks.models import Webhook, WebhookDelivery, WebhookHealth, WebhookSecret
from pipeline.webhooks.policy import WebhookFacts
from pipeline.webhooks.rules import WebhookTerms, WhyDisabled
from tests.webhooks.receivers import receiver
from tests.webhooks.scene import Scene

URL = "https://www.northborough.example/hook"
COUNCIL, OTHER, OFFICER = new_id(), new_id(), new_id()


@pytest.mark.pure
@pytest.mark.parametrize(
    "actor, may_make, may_keep, may_judge",
    [
        (Actor(Channel.WEB, OFFICER, COUNCIL, frozenset({Role.MEMBER})), True, True, False),
        (Actor(Channel.API, OFFICER, COUNCIL, frozenset({Role.MEMBER})), True, True, False),
        (Actor(Channel.WEB, new_id(), COUNCIL, frozenset({Role.MEMBER})), True, False, False),
        (Actor(Channel.WEB, new_id(), COUNCIL, frozenset({Role.MEMBER, Role.AUTHORISER})), True, False, False),
        (Actor(Channel.WEB, new_id(), COUNCIL, frozenset({Role.MEMBER, Role.COUNCIL_ADMIN})), True, True, False),
        (Actor(Channel.WEB, new_id(), OTHER, frozenset({Role.MEMBER, Role.COUNCIL_ADMIN})), True, False, False),
        (Actor(Channel.WEB, OFFICER, OTHER, frozenset({Role.MEMBER})), True, False, False),
        (Actor(Channel.WEB, OFFICER, None, frozenset()), False, False, False),
        (Actor(Channel.WEB, new_id(), None, frozenset({Role.COORDINATOR})), False, False, False),
        (Actor(), False, False, False),
        (system("deliver to webhooks"), False, True, True),
    ],
)
def test_who_may_do_what(actor: Actor, may_make: bool, may_keep: bool, may_judge: bool) -> None:
    assert bool(policy.may_make_webhook(actor)) is may_make
    assert bool(policy.may_keep_webhook(actor, WebhookFacts(COUNCIL, OFFICER))) is may_keep
    assert bool(policy.may_judge_webhook(actor)) is may_judge


def recorded(scene: Scene) -> list[LoggedEvent]:
    """The events of webhooks, oldest first."""
    query = select(LoggedEvent).where(LoggedEvent.subject_type == "webhook").order_by(LoggedEvent.sequence)
    with scene.app.app_context(), housekeeping("webhooks") as session:
        return list(session.scalars(query))


@pytest.mark.database
def test_what_happens_to_a_webhook_is_the_councils_and_names_no_address(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url, description="Our website")
    with scene.acting(scene.member) as work:
        terms = WebhookTerms(address=URL, description="Another", kinds=("pledge.*",))
        keeping.change_webhook(work, webhook_id=webhook.id, terms=terms)
    with scene.acting(scene.admin) as work:
        keeping.rotate_secret(work, webhook_id=webhook.id)
        keeping.disable_webhook(work, webhook_id=webhook.id)
        keeping.enable_webhook(work, webhook_id=webhook.id)
        keeping.delete_webhook(work, webhook_id=webhook.id)

    events = recorded(scene)
    assert [one.name.removeprefix("webhook.") for one in events] == [
        "made", "verified", "changed", "secret_rotated", "disabled", "enabled", "deleted",
    ]  # fmt: skip
    assert {(one.audience, one.council_id, one.subject_id) for one in events} == {
        ("council", scene.council.id, webhook.id)
    }
    said = str([one.payload for one in events])
    assert "127.0.0.1" not in said
    assert "example" not in said
    assert "Another" not in said
    assert events[2].payload["changes"] == {"address": None, "description": None, "kinds": [[], ["pledge.*"]]}


@pytest.mark.database
def test_deleting_leaves_nothing_of_a_webhook(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.deliver()
    with scene.acting(scene.member) as work:
        keeping.delete_webhook(work, webhook_id=webhook.id)

    with scene.app.app_context(), housekeeping("webhooks") as session:
        for table in (Webhook, WebhookSecret, WebhookDelivery, WebhookHealth):
            assert session.scalars(select(table)).all() == []
    scene.happen()
    scene.deliver()


@pytest.mark.database
def test_a_change_that_changes_nothing_records_nothing(scene: Scene) -> None:
    webhook = scene.webhook(URL)
    with scene.acting(scene.member) as work:
        keeping.change_webhook(work, webhook_id=webhook.id, terms=WebhookTerms(address=URL))

    assert [one.name for one in recorded(scene)] == ["webhook.made"]


@pytest.mark.database
def test_nobody_makes_a_webhook_active_but_the_worker(scene: Scene) -> None:
    webhook = scene.webhook(URL)
    with pytest.raises(NotAllowed), scene.acting(scene.admin) as work:
        keeping.verify_webhook(work, webhook_id=webhook.id, address=URL)
    with pytest.raises(NotAllowed), scene.acting(scene.admin) as work:
        keeping.disable_webhook(work, webhook_id=webhook.id, because=WhyDisabled.FAILING)

    assert scene.row(webhook.id).status == "waiting"


@pytest.mark.database
@pytest.mark.parametrize("act", [keeping.rotate_secret, keeping.enable_webhook, keeping.delete_webhook])
def test_a_colleague_and_a_stranger_find_no_webhook_to_act_on(scene: Scene, act: Any) -> None:
    webhook = scene.webhook(URL)
    for actor in (scene.colleague, scene.stranger):
        with pytest.raises(NotFound), scene.acting(actor) as work:
            act(work, webhook_id=webhook.id)


@pytest.mark.database
def test_what_was_owed_when_a_webhook_is_turned_off_is_given_up(scene: Scene) -> None:
    with receiver() as there:
        webhook = scene.active(there.url)
        scene.happen()
        scene.hear()
        with scene.acting(scene.member) as work:
            keeping.disable_webhook(work, webhook_id=webhook.id)
        with pytest.raises(Conflict), scene.acting(scene.member) as work:
            keeping.disable_webhook(work, webhook_id=webhook.id)
        scene.happen()
        scene.deliver()

    assert scene.said(webhook.id) == [(0, "failed", None, "disabled")]
    assert len(there.taken) == 1


@pytest.mark.database
@pytest.mark.parametrize(
    "values",
    [
        {"status": "unknown"}, {"status": "active", "verified_at": None}, {"status": "disabled"},
        {"disabled_because": "gone"},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_a_state_that_cannot_be(scene: Scene, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        scene.make.webhook(scene.council, scene.officer, **values)
