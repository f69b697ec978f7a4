"""Introducing two councils: who does, who is written to, who reads it, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.introductions import actions, queries
from pipeline.introductions.rules import Outcome
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.kernel.errors import NotAllowed, NotFound, RuleBroken
from tests.factories import Factory

pytestmark = pytest.mark.database


@dataclass
class Scene:
    """Askham leads a project that needs something; Giverby could help. Both have an admin."""

    make: Factory
    need: Any
    actors: dict[str, Actor]

    @property
    def coordinator(self) -> Actor:
        return self.actors["coordinator"]


@pytest.fixture
def scene(make: Factory) -> Scene:
    ask, give, third = make.council("Askham"), make.council("Giverby"), make.council("Thirdly")
    lead = make.officer(ask, address="lead@askham.example")
    project = make.project(ask, lead)
    third_lead = make.officer(third)
    make.person(project, third_lead, third, role="lead")
    actors = {
        "lead": make.actor(lead, ask), "third lead": make.actor(third_lead, third),
        "giver": make.actor(make.officer(give, Role.COUNCIL_ADMIN), give, Role.COUNCIL_ADMIN),
        "stranger": make.actor(make.officer(third), third),
        "coordinator": make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR),
    }  # fmt: skip
    return Scene(make, make.need(project), actors)


def test_an_introduction_is_read_by_its_councils_the_leads_and_coordinators(
    scene: Scene, work: Callable[..., Any], read: Callable[..., Any]
) -> None:
    with work(scene.coordinator) as unit:
        made = actions.make_introduction(
            unit, council="askham", other="giverby", message="You could help.", need_id=scene.need.id
        )
    for name in ("lead", "third lead", "giver", "coordinator"):
        with read(scene.actors[name]) as reading:
            row = queries.introduction_shown(reading, made.id)
            assert (row.council_slug, row.other_slug, row.need_title) == ("askham", "giverby", scene.need.title)
    for actor in (ANONYMOUS, scene.actors["stranger"]):
        with read(actor) as reading, pytest.raises(NotFound):
            queries.introduction_shown(reading, made.id)
    with work(scene.actors["giver"]) as unit, pytest.raises(NotAllowed):
        actions.follow_up_introduction(unit, introduction_id=made.id, outcome=Outcome.PLEDGE)
    with work(scene.coordinator) as unit:
        actions.follow_up_introduction(unit, introduction_id=made.id, outcome=Outcome.TALKING)
    order = queries.ORDERS["-made_at"]
    with read(scene.coordinator) as reading:
        assert len(queries.introductions_listed(reading, outcome="talking", order=order, limit=5).rows) == 1
        assert queries.number_of_introductions(reading, "pledge") == 0
    with read(scene.actors["giver"]) as reading, pytest.raises(NotFound):
        queries.introductions_listed(reading, order=order, limit=5)


@pytest.mark.parametrize(
    "values, words",
    [
        ({"other": "askham"}, "two different"),
        ({"other": "nowhere"}, "on the register"),
        ({"message": ""}, "why they should talk"),
        ({"message": "Write to lead@askham.example"}, "e-mail address"),
        ({"other": "thirdly"}, "Thirdly has no admin"),
        ({"council": "giverby", "other": "thirdly"}, "must be the council that asks"),
    ],
)
def test_what_cannot_be_an_introduction_is_refused(
    scene: Scene, work: Callable[..., Any], values: dict[str, str], words: str
) -> None:
    given = {"council": "askham", "other": "giverby", "message": "You could help."} | values
    with work(scene.coordinator) as unit, pytest.raises(RuleBroken, match=words):
        actions.make_introduction(unit, need_id=scene.need.id, **given)


def test_only_a_coordinator_introduces(scene: Scene, work: Callable[..., Any]) -> None:
    with work(scene.actors["giver"]) as unit, pytest.raises(NotAllowed):
        actions.make_introduction(unit, council="askham", other="giverby", message="We could help.")


def test_an_introduction_outlives_its_need(scene: Scene, work: Callable[..., Any], read: Callable[..., Any]) -> None:
    with work(scene.coordinator) as unit:
        made = actions.make_introduction(
            unit, council="askham", other="giverby", message="You could help.", need_id=scene.need.id
        )
    with scene.make.session() as session:
        session.delete(session.get_one(type(scene.need), scene.need.id))
    with read(scene.actors["giver"]) as reading:
        assert queries.introduction_shown(reading, made.id).need_id is None
