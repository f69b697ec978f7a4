"""A timeline tells what happened in sentences that lead to what they speak of."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.kernel.event import CATALOGUE
from pipeline.pledges.delivery_messages import PLEDGE_SENTENCES as DELIVERY_SENTENCES
from pipeline.pledges.messages import SENTENCES as PLEDGE_SENTENCES
from pipeline.successions.messages import PLEDGE_SENTENCES as SUCCESSION_SENTENCES
from pipeline.web.timeline import SENTENCES, history_of_pledge, timeline_of
from tests.pledges.test_actions import Scene, scene
from tests.support.hot_statements import all_counted as counted

__all__ = ["scene"]
Reads = Callable[..., Any]


@pytest.mark.pure
def test_every_sentence_is_of_an_event_there_is() -> None:
    assert set(SENTENCES) <= set(CATALOGUE)
    sentences = {*PLEDGE_SENTENCES, *DELIVERY_SENTENCES, *SUCCESSION_SENTENCES}
    assert {name for name in CATALOGUE if name.startswith(("pledge.", "delivery."))} == sentences


@pytest.mark.database
@pytest.mark.parametrize("root", ["", "/cy"])
def test_a_pledges_sentence_leads_to_the_pledge(scene: Scene, app: Flask, read: Reads, root: str) -> None:
    pledge = scene.authorise(scene.offer(5))
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}), read(ANONYMOUS) as reading:
        (moment,) = timeline_of(reading, scene.project.id)
    assert (
        f'<a href="{root}/pledges/{pledge.id}">Giver pledged 2.5 days towards {scene.need.title}.</a>'
        in moment["sentence"]
    )
    assert moment["datetime"].endswith("Z")
    assert not moment["is_milestone"]


@pytest.mark.database
def test_what_people_wrote_is_text_in_a_sentence(scene: Scene, app: Flask, read: Reads) -> None:
    with scene.make.session() as session:
        session.get_one(type(scene.need), scene.need.id).title = "<script>alert(1)</script>"
    pledge = scene.authorise(scene.offer())
    with app.test_request_context("/"), read(ANONYMOUS) as reading:
        told = [*timeline_of(reading, scene.project.id), *history_of_pledge(reading, pledge.id)]
    assert all("<script>" not in moment["sentence"] for moment in told)


@pytest.mark.database
def test_a_timeline_is_two_queries_however_long_it_is(scene: Scene, app: Flask, read: Reads) -> None:
    def asked(actor: Actor) -> int:
        with app.test_request_context("/"), read(actor) as reading, counted(app) as statements:
            timeline_of(reading, scene.project.id)
            return len([one for one in statements if not one.startswith("BEGIN")])

    scene.authorise(scene.offer(1))
    few = asked(scene.lead)
    for _number in range(5):
        scene.withdraw(scene.authorise(scene.offer(1)))
    assert few == asked(scene.lead) == asked(ANONYMOUS) == 2
