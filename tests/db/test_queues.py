"""Leases, the outbox and jobs: work that waits for its time, taken by one worker at a time. On both databases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db import jobs, outbox
from pipeline.db.engine import database
from pipeline.db.jobs import Duty, Job, do_due_duties, plan_duties
from pipeline.db.leases import LEASE
from pipeline.db.outbox import LONGEST_DELAY, MOST_TRIES, OutboxMessage, queue_message, take_due
from pipeline.db.readiness import PATIENCE, readiness
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def owe(app: Flask, number: int = 1, **values: object) -> None:
    with app.app_context(), housekeeping("outbox") as session:
        for _ in range(number):
            queue_message(session, kind="test", officer_id=new_id(), payload={"id": "1"}, now=NOON, **values)  # type: ignore[arg-type]


def taken(app: Flask, now: datetime, most: int = 20) -> list[UUID]:
    with app.app_context(), housekeeping("outbox") as session:
        return [one.message.id for one in take_due(session, now, most)]


def the_message(app: Flask) -> OutboxMessage:
    with app.app_context(), Session(database.engine) as session:
        return session.scalars(select(OutboxMessage)).one()


def test_workers_at_once_never_take_the_same_message(app: Flask) -> None:
    owe(app, 60)

    results = at_once(6, lambda _place: [one for _ in range(5) for one in taken(app, NOON, 7)])

    assert failures(results) == []
    every = [one for result in results if isinstance(result, list) for one in result]
    assert len(every) == len(set(every)) == 60


def test_what_a_dead_worker_held_comes_back_when_its_lease_ends(app: Flask) -> None:
    owe(app)

    (first,) = taken(app, NOON)
    assert taken(app, NOON + LEASE) == []
    assert taken(app, NOON + LEASE + timedelta(seconds=1)) == [first]


def test_a_message_waits_for_its_time(app: Flask) -> None:
    owe(app)

    assert taken(app, NOON - timedelta(seconds=1)) == []


def test_the_same_key_twice_is_one_message(app: Flask) -> None:
    owe(app, dedupe_key="event-1:officer-2")
    owe(app, dedupe_key="event-1:officer-2")

    assert the_message(app).dedupe_key == "event-1:officer-2"


def test_a_message_that_left_is_never_taken_again_and_forgets_what_it_said(app: Flask) -> None:
    owe(app)
    (message_id,) = taken(app, NOON)
    with app.app_context(), housekeeping("outbox") as session:
        outbox.mark_sent(session, message_id, NOON)

    assert taken(app, NOON + timedelta(days=1)) == []
    assert the_message(app).payload == {}


def test_each_try_waits_twice_as_long_and_after_four_days_the_message_is_given_up(app: Flask) -> None:
    owe(app)
    now, waits = NOON, []
    for _ in range(MOST_TRIES):
        (message_id,) = taken(app, now)
        with app.app_context(), housekeeping("outbox") as session:
            outbox.mark_failed(session, message_id, "the server is away", now)
        message = the_message(app)
        waits.append(message.next_try_at - now)
        assert taken(app, message.next_try_at - timedelta(seconds=1)) == []
        now = message.next_try_at

    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_DELAY
    assert message.given_up_at is not None
    assert taken(app, now + timedelta(days=30)) == []


def test_messages_given_back_lose_no_try(app: Flask) -> None:
    owe(app)
    held = taken(app, NOON)
    with app.app_context(), housekeeping("outbox") as session:
        outbox.give_back(session, held, "no connection")

    assert the_message(app).tries == 0
    assert taken(app, NOON) == held


def test_a_message_that_will_never_leave_says_why(app: Flask) -> None:
    owe(app)
    (message_id,) = taken(app, NOON)
    with app.app_context(), housekeeping("outbox") as session:
        outbox.mark_given_up(session, message_id, "address refused", NOON)

    assert taken(app, NOON + timedelta(days=1)) == []
    assert the_message(app).last_problem == "address refused"


def test_a_duty_is_planned_once_and_done_by_one_of_many_workers(app: Flask) -> None:
    done: list[int] = []
    duties = [Duty("test.count", timedelta(hours=1), lambda: done.append(1))]
    with app.app_context():
        plan_duties(duties)
        plan_duties(duties)

    def worker(_place: int) -> int:
        with app.app_context():
            return do_due_duties(duties)

    results = at_once(5, worker)

    assert failures(results) == []
    assert done == [1]
    with clock.moved(timedelta(hours=1, seconds=5)), app.app_context():
        do_due_duties(duties)
    assert done == [1, 1]


def test_a_duty_that_fails_is_noted_and_comes_round_again(app: Flask) -> None:
    def fail() -> None:
        raise ZeroDivisionError("no room")

    duties = [Duty("test.fail", timedelta(minutes=10), fail)]
    with app.app_context():
        plan_duties(duties)
        assert do_due_duties(duties) == 1
        assert do_due_duties(duties) == 0

    with app.app_context(), Session(database.engine) as session:
        job = session.scalars(select(Job)).one()
    assert (job.tries, job.last_problem) == (1, "ZeroDivisionError: no room")


def test_a_duty_this_release_does_not_know_is_left_alone(app: Flask) -> None:
    with app.app_context():
        plan_duties([Duty("test.old", timedelta(hours=1), lambda: None)])
        assert do_due_duties([]) == 0
        assert jobs.do_due_duties([Duty("test.other", timedelta(hours=1), lambda: None)]) == 0


def test_the_site_is_ready_and_degraded_when_work_has_waited_too_long(app: Flask) -> None:
    with app.app_context(), Session(database.engine) as session:
        assert readiness(session, NOON).status == "ready"
    owe(app)
    with app.app_context(), Session(database.engine) as session:
        assert readiness(session, NOON + PATIENCE).status == "ready"
        late = readiness(session, NOON + PATIENCE + timedelta(seconds=1))

    assert (late.status, late.is_ready) == ("degraded", True)
    assert late.problems == ("messages are waiting to be sent",)
