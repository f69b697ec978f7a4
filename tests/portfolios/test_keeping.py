"""Portfolios are kept by a listener: an event has its effect once, and all is made again to the same numbers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.pledges.account import council_account
from pipeline.portfolios.index import rebuild_portfolios, write_entries
from pipeline.portfolios.listener import NAME, handle
from pipeline.portfolios.models import PortfolioCount, PortfolioEntry
from pipeline.portfolios.queries import cells_of
from pipeline.portfolios.rules import together
from pipeline.portfolios.totals import differences
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson, ProjectTheme
from tests.factories import Factory

pytestmark = pytest.mark.database
Reads = Callable[..., AbstractContextManager[Reading]]


class Scene:
    """Northborough leads; Eastmere pledged, Wexcombe has an officer in the team, Port Ellis is on record."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        names = ("Northborough", "Eastmere", "Wexcombe", "Port Ellis")
        self.north, self.east, self.wex, self.port = (make.council(one) for one in names)
        self.lead, self.giver, self.helper = (make.officer(one) for one in (self.north, self.east, self.wex))
        self.project = make.project(self.north, self.lead, pledged_half_days=10, phase="alpha")
        self.need = make.need(self.project)
        self.pledge = make.pledge(self.need, self.east, self.giver, status="committed", amount=10, delivered=4)
        make.person(self.project, self.helper, self.wex)
        make.keep(ProjectPartner(project_id=self.project.id, council_id=self.port.id))

    def write(self, *projects: Project) -> None:
        """What the listener does when it hears of projects."""
        with self.make.app.app_context(), housekeeping("portfolios") as session:
            write_entries(session, [one.id for one in projects or (self.project,)])

    def change(self, **values: Any) -> None:
        """Change the project, and let the listener hear of it."""
        with self.make.session() as session:
            session.execute(update(Project).where(Project.id == self.project.id).values(**values))
        self.write()


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


def counts(reading: Reading, theme: str = "") -> dict[Any, tuple[int, ...]]:
    """The counts that are not nothing, by council, role, phase and status: of all projects, or about a theme."""
    return {
        (one.council_id, one.role, one.phase, one.status): (
            one.projects, one.pledged_half_days, one.committed_half_days, one.delivered_half_days,
        )
        for one in reading.session.scalars(select(PortfolioCount).where(PortfolioCount.theme == theme))
        if one.projects
    }  # fmt: skip


def test_a_project_is_in_the_portfolio_of_each_council_that_has_part_in_it(scene: Scene, read: Reads) -> None:
    scene.write()
    with read() as reading:
        assert counts(reading) == {
            (scene.north.id, "leads", "alpha", "open"): (1, 10, 0, 0),
            (scene.east.id, "partner", "alpha", "open"): (1, 10, 10, 4),
            (scene.wex.id, "partner", "alpha", "open"): (1, 0, 0, 0),
            (scene.port.id, "partner", "alpha", "open"): (1, 0, 0, 0),
        }


def test_writing_twice_changes_nothing_and_a_change_moves_the_count(scene: Scene, read: Reads) -> None:
    for _ in range(2):
        scene.write()
    scene.change(status="finished", phase=None)
    with read() as reading:
        found = counts(reading)

    assert found[scene.east.id, "partner", "", "finished"] == (1, 10, 10, 4)
    assert {key[3] for key in found} == {"finished"}


def test_a_project_counts_once_about_each_of_its_themes(scene: Scene, read: Reads) -> None:
    both = scene.make.project(scene.north, phase="beta", themes=("planning", "housing"))
    scene.write(both)
    for theme in ("planning", "housing"):
        with read() as reading:
            assert counts(reading, theme) == {(scene.north.id, "leads", "beta", "open"): (1, 0, 0, 0)}
    with scene.make.session() as session:
        session.execute(delete(ProjectTheme).where(ProjectTheme.project_id == both.id, ProjectTheme.theme == "housing"))
    scene.write(both)
    with read() as reading:
        assert counts(reading, "housing") == {}
        assert counts(reading) == {(scene.north.id, "leads", "beta", "open"): (1, 0, 0, 0)}


def test_the_first_target_that_is_not_met_is_kept_as_its_readings_stand(scene: Scene, read: Reads) -> None:
    make, first, second = scene.make, date(2026, 3, 1), date(2026, 9, 1)
    fewer = make.measure(scene.project, scene.lead, target=8, target_on=first)
    make.measure(scene.project, scene.lead, target=10, target_on=second, better="more")
    make.measure(scene.project, scene.lead, target=8, target_on=date(2020, 1, 1), ended_at=clock.now())
    kept = []
    for day, value in enumerate((9, 8, 12), 1):
        scene.write()
        with read() as reading:
            kept.append(reading.session.scalars(select(PortfolioEntry.target_due_on).distinct()).one())
            assert all(reading.session.scalars(select(PortfolioEntry.is_measured)))
        make.reading(fewer, scene.lead, scene.north, value=value, read_on=date(2026, 2, day))

    assert kept == [first, first, second]


def test_what_the_public_may_not_see_is_in_no_portfolio(scene: Scene, read: Reads) -> None:
    make = scene.make
    offered = make.project(scene.north)
    make.pledge(make.need(offered), scene.wex, scene.helper, status="offered")
    home = make.project(scene.north, keeps_documents=True)
    scene.write(
        scene.project, home, make.project(scene.north, status="draft"), make.project(scene.north, is_trial=True)
    )
    scene.change(is_public=False, is_hidden=True)
    with read() as reading:
        assert counts(reading) == {}
    scene.write(offered)
    with read() as reading:
        assert list(counts(reading)) == [(scene.north.id, "leads", "discovery", "open")]


def test_a_portfolio_comes_to_what_the_account_of_its_council_says(scene: Scene, read: Reads) -> None:
    """Something is only authorised, something was broken after a part was delivered, and the rest was accepted."""
    make, wex = scene.make, (scene.wex, scene.helper)
    for values in (
        {"status": "authorised", "amount": 11}, {"status": "accepted", "amount": 7},
        {"status": "broken", "amount": 9, "delivered": 2, "broken": 7, "committed_at": clock.now()},
        {"status": "withdrawn", "amount": 5}, {"status": "offered", "amount": 3},
    ):  # fmt: skip
        project = make.project(scene.north)
        make.pledge(
            make.need(project, target=40),
            *wex,
            is_counting=values["status"] in ("authorised", "accepted", "broken"),
            **values,
        )
        scene.write(project)
    with read() as reading:
        said = council_account(reading, scene.wex.id).time
        cells = cells_of(reading, [scene.wex.id])[scene.wex.id]
        total = together(cells)
        assert (said.pledged, said.committed, said.delivered) == (20, 2, 2)
        assert (total.pledged_half_days, total.committed_half_days, total.delivered_half_days) == (20, 2, 2)
        assert total.projects == 3


def test_a_project_that_was_deleted_leaves_the_counts(scene: Scene, read: Reads) -> None:
    gone = scene.make.project(scene.north, phase="beta")
    scene.write(gone)
    with scene.make.session() as session:
        session.delete(session.get_one(Project, gone.id))
    scene.write(gone)
    with read() as reading:
        assert counts(reading) == {}
        assert reading.session.scalars(select(PortfolioEntry)).all() == []


def test_a_council_that_changed_has_all_its_projects_written(scene: Scene, app: Any, read: Reads) -> None:
    event = LoggedEvent(subject_type="council", subject_id=scene.east.id, project_id=None)
    with app.app_context(), housekeeping("listeners") as session:
        handle(session, event)
    with read() as reading:
        assert (scene.north.id, "leads", "alpha", "open") in counts(reading)


def test_an_officer_who_passed_to_another_council_takes_their_part_along(scene: Scene, app: Any, read: Reads) -> None:
    scene.write()
    with scene.make.session() as session:
        session.execute(
            update(ProjectPerson).where(ProjectPerson.officer_id == scene.helper.id).values(council_id=scene.port.id)
        )
    payload = {"officer_id": str(scene.helper.id)}
    event = LoggedEvent(subject_type="membership", subject_id=new_id(), project_id=None, payload=payload)
    with app.app_context(), housekeeping("listeners") as session:
        handle(session, event)
    with read() as reading:
        assert {key[0] for key in counts(reading)} == {scene.north.id, scene.east.id, scene.port.id}


def test_reconcile_finds_what_is_wrong_and_makes_the_same_numbers_again(scene: Scene, app: Any, read: Reads) -> None:
    scene.make.keep(ListenerPlace(name=NAME, sequence=0))
    scene.write()
    with read() as reading:
        right = counts(reading)
        assert differences(reading) == []
    with scene.make.session() as session:
        session.execute(update(PortfolioCount).where(PortfolioCount.council_id == scene.east.id).values(projects=7))
        session.execute(update(PortfolioEntry).where(PortfolioEntry.role == "leads").values(phase="beta"))
        session.add(_astray(scene))
    with read() as reading:
        assert {one.column for one in differences(reading)} >= {
            "partner/alpha/open projects", f"project {scene.project.id}"
        }  # fmt: skip
    with app.app_context():
        assert rebuild_portfolios() == 1
    with read() as reading:
        assert differences(reading) == []
        assert counts(reading) == right


def _astray(scene: Scene) -> PortfolioEntry:
    """An entry of a project there is not."""
    nothing = dict.fromkeys(
        [f"{name}_{unit}" for name in ("pledged", "committed", "delivered") for unit in ("half_days", "pence")], 0
    )
    return PortfolioEntry(
        council_id=scene.wex.id, project_id=new_id(), theme="", role="leads", phase="beta", status="open",
        updated_at=clock.now(), is_measured=False, **nothing,
    )  # fmt: skip


def test_what_the_listener_has_still_to_hear_is_not_called_wrong(scene: Scene, read: Reads) -> None:
    with read() as reading:
        assert differences(reading) == []
