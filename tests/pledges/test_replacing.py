"""An authorised pledge is changed by offering another, which takes its place when it has come as far."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.kernel.errors import Conflict, NotFound
from pipeline.pledges import actions
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import NoRoom
from pipeline.projects.models import Need
from tests.factories import Factory
from tests.pledges.calls import Scene, an_offer, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def capped(scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Need, scene.need.id).is_capped = True


def test_the_new_offer_holds_only_what_is_more_while_the_earlier_stands(scene: Scene) -> None:
    capped(scene)
    earlier = scene.accepted("A", 6_000_00)
    with pytest.raises(NoRoom) as caught:
        scene.offer("A", 10_000_01, replaces=earlier)
    assert caught.value.left == 10_000_00
    scene.offer("A", 10_000_00, replaces=earlier)
    assert scene.sums() == (10_000_00, 6_000_00, 6_000_00, 0)
    assert scene.differences() == []


def test_it_takes_the_place_of_an_authorised_pledge_when_it_is_authorised(scene: Scene) -> None:
    earlier = scene.authorised("A", 6_000_00)
    later = scene.offer("A", 4_000_00, replaces=earlier)
    assert scene.status(earlier, later) == ["authorised", "offered"]
    scene.authorise("A", later)
    assert scene.status(earlier, later) == ["withdrawn", "authorised"]
    assert scene.sums() == (4_000_00, 4_000_00, 0, 0)
    assert scene.differences() == []


def test_it_takes_the_place_of_an_accepted_pledge_only_when_it_is_accepted(scene: Scene) -> None:
    earlier = scene.accepted("A", 6_000_00)
    later = scene.authorised("A", 8_000_00, replaces=earlier)
    assert scene.status(earlier, later) == ["accepted", "authorised"]
    assert scene.sums() == (8_000_00, 6_000_00, 6_000_00, 0)
    scene.accept(later)
    assert scene.status(earlier, later) == ["withdrawn", "accepted"]
    assert scene.sums() == (8_000_00, 8_000_00, 8_000_00, 0)
    assert scene.differences() == []


def test_if_the_earlier_commits_first_the_later_lapses(scene: Scene) -> None:
    earlier = scene.accepted("A", 10_000_00)
    later = scene.authorised("A", 12_000_00, replaces=earlier)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    assert scene.status(earlier, later) == ["committed", "lapsed"]
    assert scene.sums() == (10_000_00,) * 4
    assert scene.differences() == []


def test_if_the_earlier_ends_the_later_stands_by_itself(scene: Scene) -> None:
    earlier = scene.accepted("A", 6_000_00)
    later = scene.authorised("A", 8_000_00, replaces=earlier)
    scene.withdraw("A", earlier)
    assert scene.status(earlier, later) == ["withdrawn", "authorised"]
    assert scene.sums() == (8_000_00, 8_000_00, 0, 0)
    assert scene.differences() == []


def test_only_ones_own_councils_pledge_to_the_same_need_is_replaced_once(scene: Scene) -> None:
    earlier = scene.authorised("A", 6_000_00)
    offered = scene.offer("B", 100_00)
    other = scene.make.need(scene.project, "funding", target=100_00)
    for name, values in (
        ("B", {"replaces": earlier}),
        ("A", {"replaces": earlier, "need": other}),
        ("B", {"replaces": offered}),
    ):
        with pytest.raises(Conflict) as caught:
            scene.offer(name, 50_00, **values)
        assert caught.value.code == "pledge.not_replaceable"
    with pytest.raises(NotFound), scene.work(scene.side("A").officer) as work:
        actions.offer_pledge(work, need_id=scene.need.id, offer=an_offer(scene.need, 100_00), replaces_id=offered.id)
    scene.offer("A", 100_00, replaces=earlier)
    with pytest.raises(Conflict) as caught:
        scene.offer("A", 200_00, replaces=earlier)
    assert caught.value.code == "pledge.replaced_already"


def test_an_offer_in_place_of_another_is_changed_within_the_room_of_both(scene: Scene) -> None:
    capped(scene)
    earlier = scene.accepted("A", 6_000_00)
    later = scene.offer("A", 4_000_00, replaces=earlier)
    assert scene.sums()[0] == 6_000_00
    with scene.work(scene.side("A").officer) as work:
        actions.change_pledge(work, pledge_id=later.id, offer=an_offer(scene.need, 9_000_00))
    assert scene.sums()[0] == 9_000_00
    assert scene.row(Pledge, later.id).replaces_id == earlier.id
    assert scene.differences() == []
