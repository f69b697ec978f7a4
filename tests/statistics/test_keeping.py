"""The sums follow what happens, and are those that a rebuild makes."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from pipeline.councils.events import CouncilChanged
from pipeline.councils.models import Council
from pipeline.db.listeners import ListenerPlace
from pipeline.kernel import clock
from pipeline.kernel.actor import Role, system
from pipeline.kernel.decision import YES
from pipeline.projects.actions.hiding import hide_project
from pipeline.statistics import totals
from pipeline.statistics.models import StatisticsPair, StatisticsPresence, StatisticsSum
from pipeline.statistics.rebuilding import count_all_again
from pipeline.successions.duties import carry_on
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.pledges.calls import make_scene as make_councils
from tests.pledges.test_actions import make_scene
from tests.pledges.test_laws import ACTS, LIKELY, Story
from tests.support.statistics import listen

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def rows_of(make: Factory, table: Any) -> set[tuple[Any, ...]]:
    """The rows of a table of sums; those that say nothing are as good as none."""
    columns = table.__table__.columns
    with make.session() as session:
        rows = session.execute(select(*columns)).all()
    numbers = [place for place, column in enumerate(columns) if not column.primary_key]
    return {tuple(row) for row in rows if any(row[place] for place in numbers)}


def kept(make: Factory) -> list[set[tuple[Any, ...]]]:
    return [rows_of(make, table) for table in (StatisticsSum, StatisticsPresence, StatisticsPair)]


def cell(make: Factory, theme: str = "", region: str = "", kind: str = "", period: str = "") -> StatisticsSum:
    with make.session() as session:
        found = session.get(StatisticsSum, {"theme": theme, "region": region, "kind": kind, "period": period})
        assert found is not None
        return found


def test_after_a_long_story_the_listener_has_the_sums_of_a_rebuild(make: Factory, work: Any, read: Read) -> None:
    story = Story(make_scene(make, work))
    choose = random.Random(35)
    for number in range(100):
        act = choose.choice(("offer", "offer", "authorise", "authorise", "accept", "accept", *ACTS))
        who = choose.choice([*LIKELY[act], choose.randrange(8)])
        story.step(act, who, choose.randrange(len(story.pledges) or 1), choose.randint(1, 6))
        if number % 20 == 19:
            listen(make)
            with read() as reading:
                assert totals.differences(reading) == []
    by_listener = kept(make)
    assert cell(make).pledged_half_days > 0
    assert cell(make).answered_on_time > 0
    with make.app.app_context():
        count_all_again()
    assert kept(make) == by_listener
    assert by_listener[2], "somebody works with somebody"


def test_hearing_everything_twice_changes_nothing(make: Factory, work: Any) -> None:
    scene = make_scene(make, work)
    scene.accept(scene.authorise(scene.offer(6)))
    listen(make)
    before = kept(make)
    with make.session() as session:
        session.execute(update(ListenerPlace).values(sequence=0))
    listen(make)
    assert kept(make) == before


def test_a_council_that_changes_kind_takes_what_it_gave_along(make: Factory, work: Any) -> None:
    scene = make_scene(make, work)
    scene.authorise(scene.offer(6))
    listen(make)
    assert cell(make, kind="non-metropolitan district").pledged_half_days == 6
    with make.session() as session:
        session.execute(update(Council).where(Council.id == scene.giver.id).values(kind="unitary", region="London"))
    with work(system("register")) as unit:
        unit.require(YES)
        unit.record(CouncilChanged(council_id=scene.giver.id, changes={"kind": ["a", "b"]}))
    listen(make)
    assert cell(make, kind="unitary", region="London").pledged_half_days == 6
    assert cell(make, kind="non-metropolitan district").pledged_half_days == 0
    assert cell(make, kind="unitary", period=f"{clock.today():%Y-%m}").councils == 1
    assert cell(make, kind="non-metropolitan district", period=f"{clock.today():%Y-%m}").councils == 1, "the lead"


def test_councils_that_merge_count_once_where_their_successor_is(
    make: Factory, work: Any, shelf: Shelf, read: Read
) -> None:
    scene = make_councils(make, work, decision_on=clock.today() + timedelta(days=90), least_councils=1)
    for name in ("Leeds", "Hull"):
        scene.accepted(name, 10_000)
    document = shelf.document(scene.project, make.officer(scene.lead_council), "A text.")
    shelf.adopt(document, 1, scene.side("Leeds").council, make.officer(scene.side("Leeds").council))
    new = make.council("Westshire", region="London", is_active=False, started_on=clock.today())
    for name in ("Leeds", "Hull"):
        make.succession(scene.side(name).council, new)
    listen(make)
    month = f"{clock.today():%Y-%m}"
    assert cell(make, period=month).councils == 3, "the lead and both"
    scene.worker(carry_on)
    listen(make)
    assert cell(make, region="London").pledged_pence == cell(make).pledged_pence == 20_000
    assert (cell(make, region="London", period=month).councils, cell(make, period=month).councils) == (1, 2)
    assert cell(make, region="London").adoptions == 1
    with read() as reading:
        assert totals.differences(reading) == []


def test_what_is_hidden_counts_nowhere(make: Factory, work: Any) -> None:
    scene = make_scene(make, work)
    scene.accept(scene.authorise(scene.offer(6)))
    listen(make)
    assert (cell(make).pledged_half_days, cell(make).councils) == (6, 2)
    with work(make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)) as unit:
        hide_project(unit, project_id=scene.project.id)
    listen(make)
    assert kept(make) == [set(), set(), set()]


def test_a_sum_that_was_spoilt_is_said_and_mended(app: Flask, make: Factory, work: Any) -> None:
    scene = make_scene(make, work)
    scene.accept(scene.authorise(scene.offer(6)))
    listen(make)
    right = kept(make)
    with make.session() as session:
        session.execute(update(StatisticsSum).where(StatisticsSum.theme == "housing").values(pledged_half_days=999))
        session.execute(delete(StatisticsPresence).where(StatisticsPresence.council_id == scene.giver.id))
        session.execute(update(StatisticsPair).values(number=StatisticsPair.number + 1))
    said = app.test_cli_runner().invoke(args=["reconcile"]).output
    assert "statistics_sum of housing: pledged_half_days lacks -993" in said
    assert f"statistics_pair of {scene.lead_council.id}, {scene.giver.id}: number lacks -1" in said
    app.test_cli_runner().invoke(args=["reconcile", "--mend"])
    assert kept(make) == right
