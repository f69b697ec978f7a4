"""Pledges with conditions through the actions: what waits, what begins to count, and what is kept of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.pledges import actions
from pipeline.pledges.condition_queries import conditions_measured, pledges_that_wait, what_would_follow
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity, Offer
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind
from tests.factories import Factory

pytestmark = pytest.mark.database

ONE_OTHER = Condition(kind=ConditionKind.COUNCILS, at_least=1)


def in_all(half_days: int) -> Condition:
    return Condition(kind=ConditionKind.TOTAL, at_least=half_days, unit=NeedKind.TIME)


@dataclass
class Scene:
    """A project of Lead that needs 40 half-days, and councils that can pledge to it."""

    make: Factory
    work: Callable[..., Any]
    read: Callable[..., Any]
    lead: Actor
    project: Project
    need: Need

    def council(self, name: str, **values: Any) -> tuple[Council, Actor, Actor]:
        """A council with an officer who offers and an authoriser."""
        council = self.make.council(name, **values)
        officer = self.make.officer(council)
        authoriser = self.make.officer(council, Role.AUTHORISER)
        return (
            council,
            self.make.actor(officer, council),
            self.make.actor(authoriser, council, Role.AUTHORISER),
        )

    def offer(self, by: Actor, *conditions: Condition, amount: int = 10, **values: Any) -> UUID:
        today = clock.today()
        offer = Offer(
            amount=amount, sign_off_by=today + timedelta(days=14), from_on=today, to_on=today + timedelta(days=60),
            conditions=conditions, **values,
        )  # fmt: skip
        with self.work(by) as work:
            return actions.offer_pledge(work, need_id=self.need.id, offer=offer).id

    def authorise(self, pledge_id: UUID, by: Actor) -> None:
        with self.work(by) as work:
            actions.authorise_pledge(work, pledge_id=pledge_id, capacity=Capacity.BUDGET_HOLDER)

    def accept(self, pledge_id: UUID) -> None:
        with self.work(self.lead) as work:
            actions.accept_pledge(work, pledge_id=pledge_id)

    def pledge(self, pledge_id: UUID) -> Pledge:
        with self.make.session() as session:
            return session.get_one(Pledge, pledge_id)

    def is_counting(self, *pledge_ids: UUID) -> list[bool]:
        return [self.pledge(one).is_counting for one in pledge_ids]

    def events(self, name: str) -> list[UUID]:
        with self.make.session() as session:
            query = select(LoggedEvent.subject_id).where(LoggedEvent.name == name).order_by(LoggedEvent.sequence)
            return list(session.scalars(query))

    def have(self, pledge_id: UUID) -> list[tuple[int, bool]]:
        with self.read(ANONYMOUS) as reading:
            found = conditions_measured(reading, [pledge_id])
        return [(one.have, one.is_met) for one in found.get(pledge_id, ())]


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any], read: Callable[..., Any]) -> Scene:
    council = make.council("Lead")
    officer = make.officer(council)
    project = make.project(council, officer)
    need = make.need(project, target=40)
    return Scene(make, work, read, make.actor(officer, council), project, need)


def test_two_that_wait_for_each_other_count_once_both_are_authorised(scene: Scene) -> None:
    (_, york, york_decides), (_, hull, hull_decides) = scene.council("York"), scene.council("Hull")
    first, second = scene.offer(york, ONE_OTHER), scene.offer(hull, ONE_OTHER)
    scene.authorise(first, york_decides)
    assert scene.is_counting(first, second) == [False, False]
    assert scene.events("pledge.counting") == []
    scene.authorise(second, hull_decides)
    assert scene.is_counting(first, second) == [True, True]
    assert scene.events("pledge.counting") == [first, second]
    with scene.make.session() as session:
        need = session.get_one(Need, scene.need.id)
        assert (need.held, need.pledged, need.agreed) == (20, 20, 0)


def test_what_would_follow_from_an_offer_is_told_to_who_may_know_of_it(scene: Scene) -> None:
    (_, york, york_decides), (_, hull, _), (_, _, stranger) = (
        scene.council(name) for name in ("York", "Hull", "Leeds")
    )
    first = scene.offer(york, ONE_OTHER)
    scene.authorise(first, york_decides)
    second = scene.offer(hull)
    with scene.read(scene.lead) as reading:
        [told] = what_would_follow(reading, scene.project.id)
    assert (told.id, told.council_name, told.counts_itself, told.others) == (second, "Hull", True, ["York"])
    for nobody in (ANONYMOUS, stranger, york):
        with scene.read(nobody) as reading:
            assert what_would_follow(reading, scene.project.id) == []


def test_everybody_sees_what_an_authorised_pledge_waits_for_and_how_near_it_is(scene: Scene) -> None:
    (_, york, york_decides), (_, hull, hull_decides) = scene.council("York"), scene.council("Hull")
    first = scene.offer(york, in_all(25), Condition(kind=ConditionKind.COUNCILS, at_least=2))
    with scene.read(ANONYMOUS) as reading:
        assert pledges_that_wait(reading, scene.project.id) == []
    scene.authorise(first, york_decides)
    second = scene.offer(hull, amount=14)
    scene.authorise(second, hull_decides)
    with scene.read(ANONYMOUS) as reading:
        [waiting] = pledges_that_wait(reading, scene.project.id)
    assert (waiting.id, waiting.council_name, waiting.amount) == (first, "York", 10)
    assert scene.have(first) == [(24, False), (1, False)]


def test_a_pledge_whose_support_goes_waits_again_and_says_so(scene: Scene) -> None:
    (_, york, york_decides), (_, hull, hull_decides) = scene.council("York"), scene.council("Hull")
    first, second = scene.offer(york, ONE_OTHER), scene.offer(hull)
    scene.authorise(first, york_decides)
    scene.authorise(second, hull_decides)
    assert scene.is_counting(first) == [True]
    with scene.work(hull) as work:
        actions.withdraw_pledge(work, pledge_id=second, reason="We cannot.")
    assert scene.is_counting(first) == [False]
    assert scene.pledge(first).status == "authorised"
    assert scene.events("pledge.waiting") == [first]


def test_in_a_flexible_project_two_that_wait_for_each_other_commit_together(scene: Scene) -> None:
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.mode, project.decision_on = "flexible", None
    until = clock.today() + timedelta(days=60)
    (_, york, york_decides), (_, hull, hull_decides) = scene.council("York"), scene.council("Hull")
    first, second = scene.offer(york, ONE_OTHER, stands_until=until), scene.offer(hull, ONE_OTHER, stands_until=until)
    scene.authorise(first, york_decides)
    scene.authorise(second, hull_decides)
    scene.accept(first)
    assert scene.pledge(first).status == "accepted"
    scene.accept(second)
    assert [scene.pledge(one).status for one in (first, second)] == ["committed", "committed"]
    with scene.make.session() as session:
        need = session.get_one(Need, scene.need.id)
        assert (need.pledged, need.agreed, need.committed) == (20, 20, 20)


def test_conditions_in_a_flexible_project_need_a_day_until_which_the_pledge_stands(scene: Scene) -> None:
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.mode, project.decision_on = "flexible", None
    _, york, _ = scene.council("York")
    scene.council("Hull")
    with pytest.raises(RuleBroken, match=r"offer\.stands_until_missing"):
        scene.offer(york, ONE_OTHER)


def test_what_cannot_come_true_in_the_room_that_is_left_is_refused_and_nothing_is_kept(scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Need, scene.need.id).is_capped = True
    _, york, _ = scene.council("York")
    with pytest.raises(Conflict, match=r"condition\.cannot_hold"):
        scene.offer(york, in_all(41))
    with scene.make.session() as session:
        assert session.scalars(select(Pledge)).all() == []
        assert session.get_one(Need, scene.need.id).held == 0
    assert scene.offer(york, in_all(40))


def test_an_offer_is_changed_to_wait_for_something_else_and_for_nothing(scene: Scene) -> None:
    _, york, _ = scene.council("York")
    scene.council("Hull")
    pledge_id = scene.offer(york, ONE_OTHER, in_all(20))

    def changed(*conditions: Condition) -> list[str]:
        today = clock.today()
        offer = Offer(
            amount=10, sign_off_by=today + timedelta(days=14), from_on=today, to_on=today + timedelta(days=60),
            conditions=conditions,
        )  # fmt: skip
        with scene.work(york) as work:
            pledge = actions.change_pledge(work, pledge_id=pledge_id, offer=offer)
            return [one.kind for one in pledge.conditions]

    assert changed(in_all(30), ONE_OTHER, in_all(20)) == ["total", "councils", "total"]
    assert scene.have(pledge_id) == [(10, False), (0, False), (10, False)]
    assert changed() == []
    assert scene.have(pledge_id) == []


def test_a_council_of_another_kind_is_not_one_of_those_asked_for(scene: Scene) -> None:
    counties = Condition(kind=ConditionKind.COUNCILS, at_least=1, of_kind="county")
    (_, york, york_decides), (_, hull, hull_decides) = scene.council("York"), scene.council("Hull")
    _, essex, essex_decides = scene.council("Essex", kind="county")
    waits = scene.offer(york, counties)
    scene.authorise(waits, york_decides)
    scene.authorise(scene.offer(hull), hull_decides)
    assert scene.is_counting(waits) == [False]
    scene.authorise(scene.offer(essex), essex_decides)
    assert scene.is_counting(waits) == [True]
