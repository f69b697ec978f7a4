"""Who is told when a council follows another."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel.actor import Role
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.successions.duties import carry_on
from tests.factories import Factory
from tests.notifications.conftest import Post
from tests.notifications.test_freshness import address, text_of
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def test_officers_hear_for_whom_they_work_and_whose_pledge_stops_counting_hears_why(scene: Scene, post: Post) -> None:
    for name in ("Leeds", "Hull"):
        scene.authorised(name, 100)
    waits = Condition(kind=ConditionKind.COUNCILS, at_least=2)
    scene.authorise("York", scene.offer("York", 100, waits))
    post.hear()
    post.send()
    new = scene.make.council("Westshire")
    for name in ("Leeds", "Hull"):
        scene.make.succession(scene.side(name).council, new)
    scene.worker(carry_on)
    told = post.deliver()
    leeds, york = scene.side("Leeds"), scene.side("York")
    moved = {address(scene, one) for name in ("Leeds", "Hull") for one in (scene.side(name).officer,
             scene.side(name).authoriser)}  # fmt: skip
    waiting = {address(scene, york.officer), address(scene, york.authoriser)}
    assert told.keys() == moved | waiting
    assert "Westshire has taken the place of Leeds" in text_of(told[address(scene, leeds.officer)])
    assert "one council counts once" in text_of(told[address(scene, york.officer)])


def test_admins_and_coordinators_are_asked_to_choose_between_several(scene: Scene, post: Post) -> None:
    leeds = scene.side("Leeds").council
    admin, coordinator = scene.make.officer(leeds, Role.COUNCIL_ADMIN), scene.make.officer(None, Role.COORDINATOR)
    for name in ("North", "South"):
        scene.make.succession(leeds, scene.make.council(name))
    scene.worker(carry_on)
    told = post.deliver()
    assert told.keys() == {scene.row(Officer, one.id).address for one in (admin, coordinator)}
    assert "/councils/leeds/reorganisation" in text_of(told[admin.address])
