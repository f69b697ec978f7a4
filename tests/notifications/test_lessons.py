"""Who is told of a lesson pinned to a document: once, and only while it is so."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Adoption
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.lessons import actions
from pipeline.lessons.actions import PinTo
from pipeline.lessons.models import Lesson
from tests.factories import Factory
from tests.lessons.scene import Scene, content
from tests.notifications.conftest import Post

pytestmark = pytest.mark.database

Work = Callable[..., Any]


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def publish(scene: Scene, work: Work, number: int = 2) -> Lesson:
    """Northborough publishes a lesson pinned to a version."""
    pin_to = PinTo(scene.document.version(number).id)
    with work(scene.writer) as unit:
        lesson = actions.draft_lesson(unit, slug="answering", content=content(), pin_to=pin_to)
    with work(scene.lead) as unit:
        published: Lesson = actions.publish_lesson(unit, slug=str(lesson.id), version=1)
    return published


def test_those_who_adopted_that_version_and_those_who_keep_it_are_told(scene: Scene, work: Work, post: Post) -> None:
    scene.shelf.adopt(scene.document, 2, scene.wex, scene.user_row)
    elsewhere = scene.make.council("Tallow Bridge")
    scene.shelf.adopt(scene.document, 1, elsewhere, scene.make.officer(elsewhere))
    scene.shelf.adopt(scene.document, 2, scene.north, scene.writer_row)
    lesson = publish(scene, work)
    told = post.deliver()
    assert told.keys() == {scene.user_row.address, scene.keeper_row.address}
    adopter, keeper = text_of(told[scene.user_row.address]), text_of(told[scene.keeper_row.address])
    assert "Northborough published what it learned with version 2 of “Social media policy”" in adopter
    assert "Wexcombe uses that version" in adopter
    assert f"/lessons/{lesson.slug}" in adopter
    assert "mark the later version that answers it" in keeper
    assert post.deliver() == {}


def test_the_admins_are_told_where_the_officer_who_adopted_has_left(scene: Scene, work: Work, post: Post) -> None:
    admin = scene.make.officer(scene.wex, Role.COUNCIL_ADMIN)
    scene.shelf.adopt(scene.document, 2, scene.wex, scene.user_row)
    with scene.make.session() as session:
        for membership in session.query(Membership).filter_by(officer_id=scene.user_row.id):
            membership.ended_at = clock.now()
    publish(scene, work)
    assert post.deliver().keys() == {admin.address, scene.keeper_row.address}


def test_an_ended_adoption_and_a_lesson_about_nothing_tell_nobody(scene: Scene, work: Work, post: Post) -> None:
    adoption = scene.shelf.adopt(scene.document, 2, scene.wex, scene.user_row)
    with scene.make.session() as session:
        row = session.get_one(Adoption, adoption.id)
        row.standing, row.ended_at = "ended", clock.now()
    publish(scene, work)
    assert post.deliver().keys() == {scene.keeper_row.address}
    with work(scene.lead) as unit:
        lesson = actions.draft_lesson(unit, slug="answering", content=content())
        actions.publish_lesson(unit, slug=str(lesson.id), version=1)
    assert post.deliver() == {}


def test_what_was_taken_back_before_the_mail_left_is_not_told(scene: Scene, work: Work, post: Post) -> None:
    scene.shelf.adopt(scene.document, 2, scene.wex, scene.user_row)
    for take_back in (actions.withdraw_lesson, actions.unpin_lesson):
        lesson = publish(scene, work)
        post.hear()
        with work(scene.lead) as unit:
            take_back(unit, slug=lesson.slug)
        assert post.deliver() == {}


def test_a_lesson_pinned_afterwards_is_told_then(scene: Scene, work: Work, post: Post) -> None:
    scene.shelf.adopt(scene.document, 2, scene.wex, scene.user_row)
    lesson = publish(scene, work, 1)
    assert post.deliver().keys() == {scene.keeper_row.address}
    with work(scene.lead) as unit:
        actions.pin_lesson(unit, slug=lesson.slug, pin_to=PinTo(scene.document.version(2).id))
    assert scene.user_row.address in post.deliver()


def test_a_colleague_asked_to_check_a_lesson_is_led_to_it(scene: Scene, work: Work, post: Post) -> None:
    with work(scene.writer) as unit:
        lesson = actions.draft_lesson(unit, slug="answering", content=content("Quite secret"))
    with work(scene.writer) as unit:
        actions.ask_to_check_lesson(unit, slug=str(lesson.id), officer_id=scene.colleague_row.id)
    told = post.deliver()
    assert told.keys() == {scene.colleague_row.address}
    said = text_of(told[scene.colleague_row.address])
    assert f"/lessons/{lesson.id}" in said
    assert "secret" not in said
