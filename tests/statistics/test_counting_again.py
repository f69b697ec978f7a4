"""Counting everything again while the site is open: whatever is counted meanwhile, the sums come out right."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, update

from pipeline.statistics import rebuilding, totals
from pipeline.statistics.models import ProjectStatistics, StatisticsPair, StatisticsPresence, StatisticsSum
from pipeline.statistics.rebuilding import count_all_again
from tests.factories import Factory
from tests.pledges.test_actions import Scene, make_scene
from tests.statistics.test_keeping import cell, kept
from tests.support.statistics import listen

pytestmark = pytest.mark.database

TABLES = (ProjectStatistics, StatisticsSum, StatisticsPresence, StatisticsPair)


@pytest.fixture
def scene(make: Factory, work: Any) -> Scene:
    """Giver pledged 6 half-days to one project of Lead and nothing yet to another; both are counted."""
    found = make_scene(make, work)
    found.accept(found.authorise(found.offer(6)))
    make.project(found.lead_council, make.officer(found.lead_council))
    listen(make)
    with make.app.app_context():
        count_all_again()
    return found


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, scene: Scene) -> list[str]:
    """Have a pledge made and counted right before a step of counting again is first done; returns what was done."""
    step: Callable[..., Any] = getattr(rebuilding, name)
    done: list[str] = []

    def after_a_pledge(*args: Any, **values: Any) -> Any:
        if not done:
            scene.authorise(scene.offer(1))
            listen(scene.make)
            done.append(name)
        return step(*args, **values)

    monkeypatch.setattr(rebuilding, name, after_a_pledge)
    return done


def wipe(make: Factory) -> None:
    with make.session() as session:
        for table in TABLES:
            session.execute(delete(table))


@pytest.mark.parametrize("step", ["parts_of", "mend_sums", "errors_in", "_put_right"])
@pytest.mark.parametrize("is_wiped", [True, False], ids=["from nothing", "from what is there"])
def test_what_is_pledged_meanwhile_is_in_the_sums_once(
    make: Factory, scene: Scene, monkeypatch: pytest.MonkeyPatch, read: Any, step: str, is_wiped: bool
) -> None:
    if is_wiped:
        wipe(make)
    else:
        with make.session() as session:
            session.execute(update(StatisticsSum).values(pledged_half_days=999))
            session.execute(delete(StatisticsPresence).where(StatisticsPresence.council_id == scene.giver.id))
    monkeypatch.setattr(rebuilding, "CHUNK", 1)
    done = meanwhile(monkeypatch, step, scene)
    with make.app.app_context():
        count_all_again()
    assert done
    listen(make)
    assert cell(make).pledged_half_days == 7
    with read() as reading:
        assert totals.differences(reading) == []


def test_counting_again_writes_nothing_where_nothing_is_wrong(
    make: Factory, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(make)
    monkeypatch.setattr(rebuilding, "housekeeping", _only_looks(rebuilding.housekeeping))
    with make.app.app_context():
        assert count_all_again() == 2
    assert kept(make) == before


def _only_looks(real: Callable[[str], Any]) -> Callable[[str], Any]:
    """The first is to look for projects that are gone; more are refused."""
    begun: list[str] = []

    def begin(name: str) -> Any:
        begun.append(name)
        assert len(begun) == 1, "nothing was to be written"
        return real(name)

    return begin


def test_stopped_halfway_it_is_said_and_put_right_the_next_time(
    make: Factory, scene: Scene, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    right = kept(make)
    wipe(make)
    with monkeypatch.context() as patched:
        patched.setattr(rebuilding, "mend_sums", lambda: None)
        with make.app.app_context():
            count_all_again()
    with read() as reading:
        assert any("pledged_half_days lacks 6" in one for one in totals.differences(reading))
    with make.app.app_context():
        count_all_again()
    assert kept(make) == right
