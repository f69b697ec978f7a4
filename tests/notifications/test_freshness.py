"""Who is told of silence and of handovers, and that nobody is told of what is settled when the mail leaves."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.notifications.date_reminders import remind_of_dates
from pipeline.pledges import actions
from pipeline.pledges.silence import age_projects
from pipeline.projects.actions import say_still_true
from tests.factories import Factory
from tests.notifications.conftest import Post
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=200), least_councils=1)


def address(scene: Scene, actor: Actor) -> str:
    found: str = scene.row(Officer, actor.officer_id).address
    return found


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def act(scene: Scene, actor: Actor, verb: Callable[..., Any], **values: Any) -> Any:
    with scene.work(actor) as work:
        return verb(work, **values)


def test_leads_are_nudged_with_a_page_to_answer_on(scene: Scene, post: Post) -> None:
    for days in (42, 49, 56):
        with clock.moved(timedelta(days=days)):
            scene.worker(age_projects)
            told = post.deliver()
            assert told.keys() == {address(scene, scene.lead)}
            said = text_of(told[address(scene, scene.lead)])
            assert f"https://pipeline.example/projects/{scene.slug}/still-true" in said
            assert ("soon says that the project is quiet" in said) is (days == 56)


def test_a_nudge_that_is_answered_before_it_leaves_is_not_sent(scene: Scene, post: Post) -> None:
    with clock.moved(timedelta(days=42)):
        scene.worker(age_projects)
        post.hear()
        scene.as_lead(say_still_true, slug=scene.slug)
        assert post.deliver() == {}


def test_admins_hear_that_a_project_is_quiet_and_coordinators_that_nobody_leads_it(
    make: Factory, work: Callable[..., Any], post: Post
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    admin = make.officer(scene.lead_council, Role.COUNCIL_ADMIN)
    coordinator = make.officer(None, Role.COORDINATOR)
    told_at: dict[int, set[str]] = {}
    for days in (60, 90, 150):
        with clock.moved(timedelta(days=days)):
            scene.worker(age_projects)
            told_at[days] = set(post.deliver())
    leads = {address(scene, scene.lead), admin.address}
    assert told_at == {60: leads, 90: leads, 150: {coordinator.address}}


def test_the_council_that_is_offered_a_project_is_asked_and_everybody_hears_when_it_agrees(
    scene: Scene, post: Post
) -> None:
    scene.accepted("Leeds", 100)
    post.deliver()
    york = scene.side("York")
    handover = scene.as_lead(
        actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="We have nobody."
    )
    told = post.deliver()
    assert told.keys() == {address(scene, york.authoriser)}
    assert f"/handovers/{handover.id}" in text_of(told[address(scene, york.authoriser)])
    act(scene, york.authoriser, actions.agree_handover, handover_id=handover.id)
    told = post.deliver()
    pledgers = {address(scene, one) for one in (scene.side("Leeds").officer, scene.side("Leeds").authoriser)}
    assert pledgers <= told.keys()
    assert "York leads" in text_of(told[min(pledgers)])


def test_a_refusal_reaches_whoever_offered(scene: Scene, post: Post) -> None:
    york = scene.side("York")
    handover = scene.as_lead(
        actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="We have nobody."
    )
    act(scene, york.authoriser, actions.decline_handover, handover_id=handover.id, answer="No time.")
    assert post.deliver().keys() == {address(scene, scene.lead)}


def test_a_takeover_is_told_to_leads_authorisers_and_coordinators(scene: Scene, post: Post) -> None:
    york, coordinator = scene.side("York"), scene.make.officer(None, Role.COORDINATOR)
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        post.deliver()
        act(scene, york.officer, actions.ask_take_over, slug=scene.slug, message="We would do it.")
        told = post.deliver()
        assert told.keys() == {address(scene, scene.lead), address(scene, york.authoriser), coordinator.address}
        scene.as_lead(say_still_true, slug=scene.slug)
        assert post.deliver().keys() == {address(scene, york.officer)}


def test_councils_that_committed_something_are_asked_whether_it_carries_over(
    make: Factory, work: Callable[..., Any], post: Post
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    pledge = scene.accepted("Leeds", 100)
    york = scene.side("York")
    handover = scene.as_lead(
        actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="We have nobody."
    )
    post.deliver()
    act(scene, york.authoriser, actions.agree_handover, handover_id=handover.id)
    said = text_of(post.deliver()[address(scene, scene.side("Leeds").authoriser)])
    assert f"/pledges/{pledge.id}/carry-over" in said


def test_nobody_is_reminded_of_a_date_that_waits_and_a_project_nobody_led_says_so_when_it_lapses(
    make: Factory, work: Callable[..., Any], post: Post
) -> None:
    scene = make_scene(make, work, decision_on=clock.today() + timedelta(days=95), least_councils=1)
    scene.authorised("Leeds", 100)
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        post.hear()
        post.send()
    with clock.moved(timedelta(days=94)):
        scene.worker(remind_of_dates)
        assert post.deliver() == {}
    with clock.moved(timedelta(days=150)):
        scene.worker(age_projects)
        told = post.deliver()
    said = text_of(told[address(scene, scene.side("Leeds").officer)])
    assert "Nobody led" in said
    assert "not enough was agreed" not in said
