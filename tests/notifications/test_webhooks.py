"""A council is told by mail when one of its webhooks is turned off. On both databases."""

import pytest
from flask import Flask

from pipeline.accounts.actions import remove_member
from pipeline.accounts.models import Membership, Officer
from pipeline.kernel.actor import system
from pipeline.webhooks.actions import keeping
from pipeline.webhooks.rules import WhyDisabled
from tests.factories import Factory
from tests.notifications.conftest import Post
from tests.webhooks.scene import Scene, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(app: Flask, make: Factory) -> Scene:
    """Two councils, and a public project of Northborough."""
    return make_scene(app, make)


def turn_off(scene: Scene, because: WhyDisabled = WhyDisabled.FAILING) -> None:
    """The worker turns the member's webhook off."""
    webhook = scene.make.webhook(scene.council, scene.officer, address="https://hooks.example/key-of-another-system")
    with scene.acting(system("deliver to webhooks")) as work:
        keeping.disable_webhook(work, webhook_id=webhook.id, because=because)


@pytest.mark.parametrize(
    "because, words",
    [(WhyDisabled.FAILING, "taken nothing for five days"), (WhyDisabled.GONE, "gone for good")],
)
def test_whoever_made_it_is_told_why(scene: Scene, post: Post, because: WhyDisabled, words: str) -> None:
    turn_off(scene, because)
    sent = post.deliver()

    assert set(sent) == {scene.officer.address}
    text = sent[scene.officer.address].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert words in text
    assert "/councils/northborough/settings/webhooks/" in text
    assert "key-of-another-system" not in text


def test_where_they_have_left_the_admins_are_told(scene: Scene, post: Post) -> None:
    with scene.make.session() as session:
        place = session.query(Membership).filter_by(officer_id=scene.officer.id).one()
        admin = session.get_one(Officer, scene.admin.officer_id)
    with scene.acting(scene.admin) as work:
        remove_member(work, council_id=scene.council.id, membership_id=place.id)
    post.deliver()
    turn_off(scene)

    assert set(post.deliver()) == {admin.address}


def test_nobody_is_told_of_what_was_turned_on_again_meanwhile(scene: Scene, post: Post) -> None:
    webhook = scene.make.webhook(scene.council, scene.officer)
    with scene.acting(scene.admin) as work:
        keeping.disable_webhook(work, webhook_id=webhook.id)
        keeping.enable_webhook(work, webhook_id=webhook.id)

    assert post.deliver() == {}
