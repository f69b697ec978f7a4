"""The one way to save: all or nothing, and never without asking and recording. On both databases."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.idempotency import AlreadyDone, Key, claim, keep_answer
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import UnitOfWork, housekeeping, unit_of_work
from pipeline.kernel.actor import ANONYMOUS, system
from pipeline.kernel.decision import YES, no
from pipeline.kernel.errors import NotAllowed
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words
from tests.factories import Factory
from tests.support.facts import ThingHappened, ThingKeptQuiet
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database

Working = Callable[..., AbstractContextManager[UnitOfWork]]


def new_council(**values: Any) -> Council:
    number = new_id().hex
    return Council(
        id=new_id(), slug=number, name=number, short_name=number, kind="unitary", nation="England", region="London",
        is_principal=True, is_active=True, **values,
    )  # fmt: skip


def found_council(work: UnitOfWork) -> Council:
    """An action as every action is: asks, saves, records."""
    work.require(YES)
    council = work.add(new_council())
    work.record(ThingHappened(thing_id=council.id))
    return council


def kept(app: Flask) -> tuple[int, int, int]:
    """How many councils and events are kept, and what the counter says."""
    with app.app_context(), Session(database.engine) as session:
        count = select(func.count())
        return (
            session.scalar(count.select_from(Council)) or 0,
            session.scalar(count.select_from(LoggedEvent)) or 0,
            session.scalar(select(EventCounter.last)) or 0,
        )


def test_leaving_the_block_keeps_the_change_and_its_event_together(app: Flask, work: Working) -> None:
    with work() as unit:
        found_council(unit)

    assert kept(app) == (1, 1, 1)


def test_an_exception_leaves_nothing_behind_and_no_gap_in_the_log(app: Flask, work: Working) -> None:
    with pytest.raises(ZeroDivisionError), work() as unit:  # noqa: PT012
        found_council(unit)
        unit.session.flush()
        1 / 0  # noqa: B018

    assert kept(app) == (0, 0, 0)


def test_a_change_that_nobody_asked_for_is_refused(app: Flask, work: Working) -> None:
    with pytest.raises(RuntimeError, match="without asking"), work() as unit:  # noqa: PT012
        unit.add(new_council())
        unit.record(ThingHappened(thing_id=new_id()))

    assert kept(app) == (0, 0, 0)


def test_a_change_that_is_not_recorded_is_refused(app: Flask, work: Working) -> None:
    with pytest.raises(RuntimeError, match="without recording"), work() as unit:  # noqa: PT012
        unit.require(YES)
        unit.add(new_council())

    assert kept(app) == (0, 0, 0)


def test_a_form_sent_as_it_stood_keeps_its_key_and_records_nothing(app: Flask, work: Working) -> None:
    key = Key("somebody", "thing.change", "one", "the same")

    with work() as unit:
        unit.require(YES)
        claim(unit.session, key, unit.now)
        keep_answer(unit.session, key, "/things/1")

    assert kept(app) == (0, 0, 0)
    with pytest.raises(AlreadyDone, match="/things/1"), work() as unit:
        claim(unit.session, key, unit.now)


def by_statement(unit: UnitOfWork, council: Council) -> None:
    unit.session.execute(update(Council).values(name="Other"))


def by_insert(unit: UnitOfWork, council: Council) -> None:
    row = {column.key: getattr(council, column.key) for column in Council.__mapper__.columns}
    unit.session.execute(
        insert(Council), [row | {"id": new_id(), "slug": "x", "gss_code": None, "authority_code": None}]
    )


def by_attribute(unit: UnitOfWork, council: Council) -> None:
    unit.session.get_one(Council, council.id).name = "Other"


def by_removal(unit: UnitOfWork, council: Council) -> None:
    unit.session.delete(unit.session.get_one(Council, council.id))


def by_flush(unit: UnitOfWork, council: Council) -> None:
    by_attribute(unit, council)
    unit.session.flush()


@pytest.mark.parametrize("change", [by_statement, by_insert, by_attribute, by_removal, by_flush])
def test_no_way_of_changing_a_row_goes_unnoticed(
    app: Flask, make: Factory, work: Working, change: Callable[[UnitOfWork, Council], None]
) -> None:
    council = make.council()

    with pytest.raises(RuntimeError, match="council"), work() as unit:
        change(unit, council)

    with work() as unit:
        assert unit.session.get_one(Council, council.id).name == council.name


def test_work_that_only_reads_needs_neither(make: Factory, work: Working) -> None:
    council = make.council()

    with work() as unit:
        row = unit.session.get_one(Council, council.id)
        row.name = row.name


def test_work_may_record_without_changing(app: Flask, work: Working) -> None:
    with work() as unit:
        unit.record(ThingHappened(thing_id=new_id()))

    assert kept(app) == (0, 1, 1)


def test_a_policy_that_says_no_ends_the_work(app: Flask, work: Working) -> None:
    with pytest.raises(NotAllowed) as caught, work() as unit:  # noqa: PT012
        found_council(unit)
        unit.require(no("council.not_yours", Words("Ask its admin.")))

    assert caught.value.code == "council.not_yours"
    assert kept(app) == (0, 0, 0)


def test_recording_narrows_an_audience_and_never_widens_it(app: Flask, work: Working) -> None:
    with work() as unit:
        unit.record(ThingHappened(thing_id=new_id()), audience=Audience.PROJECT)
        unit.record(ThingKeptQuiet(thing_id=new_id()), audience=Audience.PUBLIC)

    with app.app_context(), Session(database.engine) as session:
        audiences = session.scalars(select(LoggedEvent.audience).order_by(LoggedEvent.sequence)).all()
    assert audiences == ["project", "operators"]


def test_an_event_says_who_for_whom_and_through_which_door(app: Flask, make: Factory, work: Working) -> None:
    council = make.council()
    officer = make.officer(council)
    with work(make.actor(officer, council)) as unit:
        unit.record(ThingHappened(thing_id=new_id()))
    with work(system("sign-off dates")) as unit:
        unit.record(ThingHappened(thing_id=new_id()), council_id=council.id)

    with app.app_context(), Session(database.engine) as session:
        first, second = session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)).all()
    assert (first.officer_id, first.council_id, first.channel, first.system) == (officer.id, council.id, "web", None)
    assert (second.officer_id, second.council_id, second.channel, second.system) == (
        None,
        council.id,
        "worker",
        "sign-off dates",
    )


def test_work_inside_work_is_refused_at_once_instead_of_waiting_for_itself(work: Working) -> None:
    with work(), pytest.raises(RuntimeError, match="inside"), housekeeping("jobs"):
        pass
    with work(), pytest.raises(RuntimeError, match="inside"), unit_of_work(ANONYMOUS):
        pass
    with work():
        pass


def test_a_reading_session_cannot_save(app: Flask, make: Factory) -> None:
    council = make.council()
    with app.app_context():
        database.session.get_one(Council, council.id).name = "Other"
        with pytest.raises(RuntimeError, match="use a unit of work"):
            database.session.flush()
        database.session.rollback()


def test_concurrent_changes_of_one_row_lose_none(app: Flask, make: Factory) -> None:
    council = make.council()

    def lead_one_more(_place: int) -> None:
        for _ in range(10):
            with app.app_context(), unit_of_work(ANONYMOUS) as unit:
                row = unit.session.get_one(Council, council.id, with_for_update=True)
                unit.require(YES)
                row.projects_led += 1
                unit.record(ThingHappened(thing_id=council.id))

    assert failures(at_once(20, lead_one_more)) == []
    with app.app_context(), Session(database.engine) as session:
        assert session.get_one(Council, council.id).projects_led == 200


DIES_IN_THE_MIDDLE = """
import os, signal, sys
from config import Settings
from pipeline.app import create_app
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import ANONYMOUS
from tests.support.facts import ThingHappened
from pipeline.kernel.ids import new_id
app = create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": sys.argv[1]}))
with app.app_context(), unit_of_work(ANONYMOUS) as work:
    work.record(ThingHappened(thing_id=new_id()))
    from pipeline.db.log import append_events
    append_events(work.session, work.now, work.recorded)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_the_middle_leaves_nothing_and_blocks_nobody(
    app: Flask, work: Working, dialect: str, database_urls: Callable[[str], str]
) -> None:
    dead = subprocess.run([sys.executable, "-c", DIES_IN_THE_MIDDLE, database_urls(dialect)], check=False, timeout=60)

    assert dead.returncode == -9
    with work() as unit:
        found_council(unit)
    assert kept(app) == (1, 1, 1)
