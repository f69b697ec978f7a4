"""`flask demonstration`: what is made up happens by the same rules as all else, once, and never in production."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership, Officer
from pipeline.cli import demonstration
from pipeline.cli.demonstration_data import made_up
from pipeline.cli.demonstration_data.recorded import recorded_projects
from pipeline.cli.demonstration_data.story import Story
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.projects.models import Check, Need, Project, ProjectPartner, Update
from tests.conftest import empty

pytestmark = pytest.mark.database


def load(app: Flask) -> str:
    """Run the command and return what it said."""
    result = app.test_cli_runner().invoke(args=["demonstration", "load"])
    assert result.exit_code == 0, result.output
    return result.output


def number_of(session: Session, table: type) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_demonstration_is_loaded_whole_and_once(app: Flask) -> None:
    assert "made-up councils" in load(app)
    with app.app_context(), housekeeping("jobs") as session:
        check_people(session)
        check_projects(session)
        check_pledges(session)
        check_what_waits(session)
        check_updates(session)
        check_log(session)
        events = number_of(session, LoggedEvent)
    for command in ("reconcile", "check"):
        result = app.test_cli_runner().invoke(args=[command])
        assert result.exit_code == 0, result.output
    assert load(app) == "The demonstration is there already.\n"
    with app.app_context(), housekeeping("jobs") as session:
        assert number_of(session, LoggedEvent) == events


def check_people(session: Session) -> None:
    """Everybody is there, in their place, and nobody has a password."""
    officers = {officer.address: officer for officer in session.scalars(select(Officer))}
    assert officers.keys() == {one.address for one in made_up.OFFICERS}
    assert {officer.password_hash for officer in officers.values()} == {"!"}
    assert number_of(session, Membership) == sum(one.council is not None for one in made_up.OFFICERS)
    made = session.scalars(select(Council).where(Council.is_made_up)).all()
    assert {council.slug for council in made} == {one.slug for one in made_up.COUNCILS}
    assert all(council.gss_code is None for council in made)
    active = session.scalar(select(func.count()).where(Council.is_active, Council.is_made_up.is_(False)))
    assert active == 398


def check_projects(session: Session) -> None:
    """Each project stands where its story says."""
    projects = {one.title: one for one in session.scalars(select(Project).where(Project.is_made_up))}
    assert {title: one.status for title, one in projects.items()} == {one.title: one.status for one in made_up.PROJECTS}
    for told in made_up.PROJECTS:
        project = projects[told.title]
        assert project.is_public == (told.status != "draft" and not told.is_trial), told.key
        assert not project.is_recorded
    past = session.scalars(select(Project).where(Project.is_recorded)).all()
    assert len(past) == len(list(recorded_projects()))
    assert all((one.status, one.is_public, one.is_made_up) == ("finished", True, False) for one in past)
    assert all(one.sources and one.slug for one in past)
    assert any(one.phase is None for one in past)
    assert number_of(session, ProjectPartner) > 50


def check_pledges(session: Session) -> None:
    """Pledges stand as told, and their sums are right."""
    told = Counter(pledge.status for project in made_up.PROJECTS for pledge in project.pledges)
    assert Counter(session.scalars(select(Pledge.status))) == told
    uncommitted = ("offered", "authorised", "accepted")
    for need in session.scalars(select(Need)):
        held = session.scalar(
            select(func.coalesce(func.sum(Pledge.amount - Pledge.broken - Pledge.released), 0)).where(
                Pledge.need_id == need.id, Pledge.status.in_(uncommitted) | Pledge.committed_at.is_not(None)
            )
        )
        assert need.held == held, need.title
    today = clock.today()
    waiting = session.scalars(select(Pledge).where(Pledge.status == "offered")).all()
    assert all(pledge.sign_off_by >= today for pledge in waiting)


def check_what_waits(session: Session) -> None:
    """A sum is a penny short, two wait for each other, three on a staircase; one answer would make a test pass."""

    def of(key: str) -> tuple[Project, list[Pledge]]:
        told = next(one for one in made_up.PROJECTS if one.key == key)
        project = session.scalars(select(Project).where(Project.title == told.title)).one()
        rows = session.scalars(select(Pledge).where(Pledge.project_id == project.id).order_by(Pledge.offered_at)).all()
        return project, [one for one in rows if one.kind == "funding" or key != "interpreters"]

    assert [one.is_counting for one in of("interpreters")[1]] == [True, False, False]
    project, pair = of("out-of-hours")
    assert ([one.is_counting for one in pair], project.councils) == ([False, False], 0)
    assert set(pair[1].would_begin) == {str(one.id) for one in pair}
    assert [one.is_counting for one in of("night-visits")[1]] == [False, False, False]
    project, pledges = of("noise-evenings")
    assert project.would_pass == [str(one.id) for one in pledges if one.status == "authorised"]
    assert session.get_one(Project, project.continues_id).status == "lapsed"
    ways = Counter(session.scalars(select(Authorisation.way).where(Authorisation.set_aside_at.is_(None))))
    assert (ways["named"], ways["standing-rule"]) == (1, 1)
    assert session.scalar(select(func.count()).where(Authorisation.set_aside_at.is_not(None))) == 1


def check_updates(session: Session) -> None:
    """Updates are published as told; a colleague is asked to check where told."""
    told = [update for project in made_up.PROJECTS for update in project.updates]
    published = sum(update.published_days_ago is not None for update in told)
    assert session.scalar(select(func.count()).where(Update.status == "published")) == published
    assert number_of(session, Update) == len(told)
    assert number_of(session, Check) == sum(update.checker is not None for update in told)


def check_log(session: Session) -> None:
    """The log reads in order of time, without gaps, and nothing in it is yet to come."""
    rows = session.execute(select(LoggedEvent.sequence, LoggedEvent.occurred_at).order_by(LoggedEvent.sequence)).all()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    moments = [row.occurred_at for row in rows]
    assert moments == sorted(moments)
    assert moments[-1] <= clock.now()


def test_an_interrupted_loading_goes_on_where_it_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = tuple(project for project in made_up.PROJECTS if project.council in ("eastmere", "northborough"))
    monkeypatch.setattr(demonstration, "PROJECTS", projects)
    monkeypatch.setattr(demonstration.register, "rows", lambda: iter(()))
    monkeypatch.setattr(demonstration, "recorded_projects", lambda: iter(()))
    tell = Story.tell

    def stop_at(step: int) -> None:
        def told(done: int, _of: int) -> None:
            if done == step:
                raise KeyboardInterrupt

        monkeypatch.setattr(Story, "tell", lambda story, all_of_them, _told: tell(story, all_of_them, told))

    for step in (5, 20, 45):
        stop_at(step)
        assert app.test_cli_runner().invoke(args=["demonstration", "load"]).exit_code != 0
    monkeypatch.setattr(Story, "tell", tell)
    load(app)
    with app.app_context(), housekeeping("jobs") as session:
        assert Counter(session.scalars(select(Project.title))) == Counter(project.title for project in projects)
        told = Counter(pledge.status for project in projects for pledge in project.pledges)
        assert Counter(session.scalars(select(Pledge.status))) == told
        assert number_of(session, Update) == sum(len(project.updates) for project in projects)


def test_production_refuses_made_up_people(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], pipeline_mode="production"))
    for command in ("load", "people"):
        result = app.test_cli_runner().invoke(args=["demonstration", command])
        assert result.exit_code == 1
        assert "never go into production" in result.output
    with app.app_context(), housekeeping("jobs") as session:
        assert number_of(session, Officer) == 0


def test_people_says_where_to_sign_in_and_as_whom(app: Flask) -> None:
    output = app.test_cli_runner().invoke(args=["demonstration", "people"]).output
    assert "/demonstration" in output
    assert [line.split()[0] for line in output.splitlines()[1:]] == [
        one.address for one in made_up.OFFICERS if one.can_be is not None
    ]


def test_a_demonstration_loaded_another_day_looks_as_fresh(
    applications: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weekends, bank holidays and months fall elsewhere; the rules still hold for every step."""
    app = applications("sqlite")
    empty(app)
    monkeypatch.setattr(demonstration.register, "rows", lambda: iter(()))
    monkeypatch.setattr(demonstration, "recorded_projects", lambda: iter(()))
    with clock.moved(timedelta(days=37)):
        load(app)
