"""Projects whose leads are silent: nudged, quiet, looking for a lead, given up; and what any sign of life undoes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotAllowed
from pipeline.kernel.event import CATALOGUE
from pipeline.pledges import actions
from pipeline.pledges.decision_dates import decide_due_dates
from pipeline.pledges.silence import age_projects
from pipeline.projects.actions import say_still_true
from pipeline.projects.freshness import SIGNS_OF_LIFE
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database

OF_SILENCE = ("project.nudged", "project.quiet", "project.looking_for_lead", "project.still_true", "project.given_up")


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=100), least_councils=1)


def age(scene: Scene, days: int) -> None:
    """Let the worker come round so many days from now."""
    with clock.moved(timedelta(days=days)):
        scene.worker(age_projects)


def told(scene: Scene) -> list[str]:
    return [name for name in scene.names() if name in OF_SILENCE]


def test_every_sign_of_life_is_an_event_there_is(app: Flask) -> None:
    assert set(CATALOGUE) >= SIGNS_OF_LIFE


def test_leads_are_nudged_three_times_then_the_project_is_quiet_then_looks_for_a_lead(scene: Scene) -> None:
    for days in (41, 42, 43, 49, 56, 56, 60, 61, 90, 91):
        age(scene, days)
    assert told(scene) == ["project.nudged"] * 3 + ["project.quiet", "project.looking_for_lead"]
    assert [event.payload.get("nudge") for event in scene.events() if event.name == "project.nudged"] == [1, 2, 3]
    assert scene.now().freshness == "looking_for_lead"


def test_after_a_long_stop_of_the_worker_only_the_last_step_is_told(scene: Scene) -> None:
    age(scene, 95)
    assert told(scene) == ["project.looking_for_lead"]


def test_what_a_lead_does_is_a_sign_of_life_and_what_others_do_is_not(scene: Scene) -> None:
    pledge = scene.authorised("Leeds", 100)
    with clock.moved(timedelta(days=30)):
        scene.withdraw("Leeds", pledge)
    age(scene, 42)
    assert told(scene) == ["project.nudged"]
    with clock.moved(timedelta(days=43)):
        second = scene.authorised("Leeds", 100)
        scene.accept(second)
    age(scene, 84)
    assert told(scene) == ["project.nudged"]
    age(scene, 85)
    assert told(scene) == ["project.nudged"] * 2


def test_a_lead_says_that_the_page_is_still_true_and_nobody_else_can(scene: Scene) -> None:
    age(scene, 60)
    before = scene.now().revision
    with pytest.raises(NotAllowed), scene.work(scene.side("Leeds").officer) as work:
        say_still_true(work, slug=scene.slug)
    with clock.moved(timedelta(days=61)):
        scene.as_lead(say_still_true, slug=scene.slug)
    row = scene.now()
    assert (row.freshness, row.freshness_step, row.revision > before) == ("fresh", 0, True)
    assert scene.events()[-1].payload["changes"] == {"freshness": ["quiet", "fresh"]}
    age(scene, 61 + 41)
    assert told(scene) == ["project.quiet", "project.still_true"]


def test_a_project_that_ended_is_asked_nothing_more(scene: Scene) -> None:
    age(scene, 60)
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="It was bought.")
    age(scene, 200)
    assert told(scene) == ["project.quiet"]
    assert scene.now().freshness == "fresh"
    with pytest.raises(Conflict, match="Only a project"):
        scene.as_lead(say_still_true, slug=scene.slug)


def test_a_project_that_looks_for_a_lead_takes_nothing_and_its_date_waits(scene: Scene) -> None:
    pledge = scene.accepted("Leeds", 10_000_00)
    age(scene, 90)
    with clock.moved(timedelta(days=90)), pytest.raises(Conflict) as refusal:
        scene.offer("York", 100)
    assert refusal.value.code == "project.waits"
    # The date has passed, and nobody decides.
    with clock.moved(timedelta(days=120)):
        scene.worker(decide_due_dates)
        assert scene.now().status == "open"
        # The first sign of life lets it go on: ten days were left when it began to wait.
        scene.as_lead(say_still_true, slug=scene.slug)
        assert scene.now().decision_on == clock.today() + timedelta(days=10)
    assert "project.date_moved" in scene.names()
    with clock.moved(timedelta(days=131)):
        scene.worker(decide_due_dates)
    assert (scene.now().status, scene.status(pledge)) == ("going_ahead", ["committed"])


def test_sixty_days_later_an_open_project_lapses(scene: Scene) -> None:
    pledge = scene.accepted("Leeds", 10_000_00)
    age(scene, 90)
    age(scene, 149)
    assert scene.now().status == "open"
    age(scene, 150)
    assert (scene.now().status, scene.status(pledge)) == ("lapsed", ["lapsed"])
    (lapsed,) = [event for event in scene.events() if event.name == "project.lapsed"]
    assert lapsed.payload["changes"]["freshness"] == ["looking_for_lead", "fresh"]
    assert "project.test_failed" not in scene.names()
    assert scene.differences() == []


def test_sixty_days_later_one_that_goes_ahead_is_for_the_coordinators(make: Factory, work: Callable[..., Any]) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    for days in (90, 150, 151, 400):
        age(scene, days)
    assert told(scene) == ["project.looking_for_lead", "project.given_up"]
    assert scene.now().status == "going_ahead"


def test_two_workers_tell_each_step_once(scene: Scene, app: Flask) -> None:
    lead = scene.make.officer(scene.lead_council)
    for _ in range(11):
        scene.make.project(scene.lead_council, lead)
    with clock.moved(timedelta(days=60)):
        assert failures(at_once(3, lambda _number: scene.worker(age_projects))) == []
    assert told(scene) == ["project.quiet"] * 12


def test_neither_trials_nor_places_for_documents_nor_hidden_projects_age(scene: Scene) -> None:
    lead = scene.make.officer(scene.lead_council)
    for values in ({"is_trial": True, "slug": None}, {"keeps_documents": True}, {"is_hidden": True}):
        scene.make.project(scene.lead_council, lead, status="going_ahead", mode="flexible", **values)
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).status = "finished"
    age(scene, 400)
    assert told(scene) == []
