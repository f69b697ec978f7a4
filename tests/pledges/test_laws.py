"""Random sequences of acts by everybody: whatever happens, the kept totals are the sums of their rows."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.errors import Refusal
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Need
from tests.conftest import empty
from tests.pledges.test_actions import Scene, make_scene

pytestmark = pytest.mark.database

ACTS = ("offer", "change", "authorise", "refuse", "accept", "decline", "withdraw")
Step = tuple[str, int, int, int]

STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 20), st.integers(1, 12)), min_size=4, max_size=25
)


LIKELY = {
    "offer": (0, 4, 6), "change": (0, 4, 6), "authorise": (1, 5, 7), "refuse": (1, 5, 7), "accept": (3, 3, 3),
    "decline": (3, 3, 3), "withdraw": (0, 1, 2, 4, 5, 6, 7),
}  # fmt: skip
"""Who in the story may well be allowed each act, by their place among its people."""


class Story:
    """A project of one council with a capped and an uncapped need, and the people of three councils."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        third = scene.make.council()
        own = scene.lead_council
        self.needs = [scene.need, scene.make.need(scene.project)]
        self.people: list[Actor] = [
            scene.officer, scene.authoriser, scene.admin, scene.lead, scene.officer_of(third),
            scene.officer_of(third, Role.AUTHORISER), scene.officer_of(own), scene.officer_of(own, Role.AUTHORISER),
        ]  # fmt: skip
        self.pledges: list[Pledge] = []

    def step(self, act: str, who: int, which: int, amount: int) -> None:
        """One act by one person on one pledge; a refusal changes nothing."""
        actor = self.people[who]
        try:
            if act == "offer":
                self.pledges.append(self.scene.offer(amount, actor, self.needs[which % 2]))
            elif self.pledges:
                pledge = self.pledges[which % len(self.pledges)]
                if act == "change":
                    self.scene.change(pledge, amount, actor)
                else:
                    getattr(self.scene, act)(pledge, actor)
        except Refusal:
            return

    def check(self) -> None:
        assert self.scene.differences() == []
        with self.scene.make.session() as session:
            for need in session.scalars(select(Need)):
                assert 0 <= need.agreed <= need.pledged <= need.held
                assert not need.is_capped or need.held <= need.target
            offers: dict[Any, int] = {}
            for pledge in session.scalars(select(Pledge).where(Pledge.need_id == self.scene.need.id)):
                offers[pledge.council_id] = offers.get(pledge.council_id, 0) + (pledge.status == "offered")
                assert (pledge.status in ("authorised", "accepted")) <= (pledge.authorised_at is not None)
        assert all(number <= 1 for number in offers.values())
        assert len({event.sequence for event in self.scene.events()}) == len(self.scene.events())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_the_totals_are_the_sums_of_their_rows(
    app: Any, make: Any, work: Callable[..., Any], steps: list[Step]
) -> None:
    empty(app)
    story = Story(make_scene(make, work))
    for step in steps:
        story.step(*step)
    story.check()


def test_a_long_story_ends_with_exact_totals_at_every_tenth_step(app: Any, make: Any, work: Callable[..., Any]) -> None:
    story = Story(make_scene(make, work))
    choose = random.Random(2026)
    for number in range(120):
        # Acts that lead on come up often enough that pledges reach every state.
        act = choose.choice(("offer", "offer", "authorise", "authorise", "accept", "accept", *ACTS))
        who = choose.choice([*LIKELY[act], choose.randrange(8)])
        story.step(act, who, choose.randrange(len(story.pledges) or 1), choose.randint(1, 6))
        if number % 10 == 9:
            story.check()
    assert {pledge.status for pledge in _all(story)} >= {"offered", "accepted", "declined", "withdrawn", "refused"}


def _all(story: Story) -> list[Pledge]:
    with story.scene.make.session() as session:
        return list(session.scalars(select(Pledge)))
