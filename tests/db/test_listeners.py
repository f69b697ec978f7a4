"""Listeners: each event has its effect once, whatever fails and however many workers run. On both databases."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.db import listeners
from pipeline.db.engine import database
from pipeline.db.leases import LEASE
from pipeline.db.listeners import MOST_TRIES, FailedEvent, Listener, ListenerPlace, hear
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage, queue_message
from pipeline.db.work import UnitOfWork, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from tests.support.facts import ThingHappened, ThingKeptQuiet
from tests.support.parallel import at_once, failures

pytestmark = [pytest.mark.database, pytest.mark.filterwarnings("ignore")]

Working = Callable[..., AbstractContextManager[UnitOfWork]]
SOMEBODY = new_id()


class Fault(Exception):
    """What a listener trips over in these tests."""


def write_down(session: Session, event: LoggedEvent) -> None:
    """Owe one message for each event. Its key is random, so that hearing twice would show."""
    payload = {"number": event.payload["number"]}
    queue_message(session, kind="test", officer_id=SOMEBODY, payload=payload, now=event.occurred_at)


def happen(work: Working, *numbers: int) -> None:
    for number in numbers:
        with work() as unit:
            unit.record(ThingHappened(thing_id=new_id(), number=number))


def written(app: Flask) -> list[int]:
    with app.app_context(), Session(database.engine) as session:
        return sorted(row.payload["number"] for row in session.scalars(select(OutboxMessage)))


def failed(app: Flask) -> list[FailedEvent]:
    with app.app_context(), Session(database.engine) as session:
        return list(session.scalars(select(FailedEvent).order_by(FailedEvent.sequence)))


def hear_all(app: Flask, listener: Listener) -> int:
    with app.app_context():
        passed, more = 0, -1
        while more:
            more = hear(listener)
            passed += more
        return passed


def test_each_event_is_heard_once_and_in_order(app: Flask, work: Working) -> None:
    heard: list[int] = []
    listener = Listener("test", lambda _session, event: heard.append(event.sequence), starts_at_the_beginning=True)
    happen(work, *range(5))

    hear_all(app, listener)
    hear_all(app, listener)
    happen(work, 5)
    hear_all(app, listener)

    assert heard == [1, 2, 3, 4, 5, 6]


def test_a_new_listener_starts_now_unless_it_says_otherwise(app: Flask, work: Working) -> None:
    heard: list[int] = []
    listener = Listener("test", lambda _session, event: heard.append(event.sequence))
    happen(work, 0, 1)
    hear_all(app, listener)
    happen(work, 2)

    hear_all(app, listener)

    assert heard == [3]


def test_a_listener_hears_only_what_it_named_and_passes_over_the_rest(app: Flask, work: Working) -> None:
    listener = Listener("test", write_down, frozenset({"test.kept_quiet"}), starts_at_the_beginning=True)
    happen(work, 1, 2)
    with work() as unit:
        unit.record(ThingKeptQuiet(thing_id=new_id(), number=3))

    assert hear_all(app, listener) == 3
    assert written(app) == [3]


def test_more_events_than_a_batch_are_heard_batch_by_batch(app: Flask, work: Working) -> None:
    with work() as unit:
        for number in range(listeners.BATCH * 2 + 5):
            unit.record(ThingHappened(thing_id=new_id(), number=number))

    assert hear_all(app, Listener("test", write_down, starts_at_the_beginning=True)) == listeners.BATCH * 2 + 5
    assert written(app) == list(range(listeners.BATCH * 2 + 5))


class Poisoned:
    """A listener that fails on some numbers, after it has begun to write."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = set(numbers)
        self.listener = Listener("test", self.handle, starts_at_the_beginning=True)

    def handle(self, session: Session, event: LoggedEvent) -> None:
        write_down(session, event)
        if event.payload["number"] in self.numbers:
            raise Fault


def test_a_poison_event_is_set_aside_and_the_others_are_heard_once(app: Flask, work: Working) -> None:
    poisoned = Poisoned(2)
    happen(work, 1, 2, 3)

    hear_all(app, poisoned.listener)

    assert written(app) == [1, 3]
    assert [(one.sequence, one.tries, one.problem) for one in failed(app)] == [(2, 1, "Fault: ")]


def test_an_event_set_aside_is_tried_again_when_its_time_has_come(app: Flask, work: Working) -> None:
    poisoned = Poisoned(2)
    happen(work, 1, 2, 3)
    hear_all(app, poisoned.listener)
    poisoned.numbers.clear()

    hear_all(app, poisoned.listener)
    assert written(app) == [1, 3]
    with clock.moved(timedelta(minutes=1)):
        hear_all(app, poisoned.listener)

    assert written(app) == [1, 2, 3]
    assert failed(app) == []


def test_each_further_try_waits_longer_and_after_ten_it_is_given_up(app: Flask, work: Working) -> None:
    poisoned = Poisoned(1)
    happen(work, 1)
    hear_all(app, poisoned.listener)
    waits = []

    for _ in range(MOST_TRIES - 1):
        (one,) = failed(app)
        assert one.given_up_at is None
        with clock.at(one.next_try_at + timedelta(seconds=1)):
            hear_all(app, poisoned.listener)
            waits.append(failed(app)[0].next_try_at - clock.now())

    (one,) = failed(app)
    assert one.tries == MOST_TRIES
    assert one.given_up_at is not None
    assert waits == sorted(waits)
    with clock.moved(timedelta(days=30)):
        assert hear_all(app, poisoned.listener) == 0
    assert failed(app)[0].tries == MOST_TRIES


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_heard(app: Flask, work: Working) -> None:
    happen(work, 1, 2, 3)

    def die(session: Session, event: LoggedEvent) -> None:
        write_down(session, event)
        session.flush()
        if event.payload["number"] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hear_all(app, Listener("test", die, starts_at_the_beginning=True))
    assert written(app) == []

    healthy = Listener("test", write_down, starts_at_the_beginning=True)
    assert hear_all(app, healthy) == 0, "its lease still stands"
    with clock.moved(LEASE + timedelta(seconds=1)):
        hear_all(app, healthy)
    assert written(app) == [1, 2, 3]


def test_two_workers_never_hear_the_same_event_twice(app: Flask, work: Working) -> None:
    listener = Listener("test", write_down, starts_at_the_beginning=True)
    happen(work, 0)
    hear_all(app, listener)
    stop = threading.Event()

    def act(place: int) -> None:
        if place == 0:
            happen(work, *range(1, 60))
            stop.set()
            return
        while not stop.is_set():
            with app.app_context():
                hear(listener)

    assert failures(at_once(3, act)) == []
    hear_all(app, listener)
    assert written(app) == list(range(60))


def test_the_place_of_a_listener_never_moves_back(app: Flask, work: Working) -> None:
    listener = Listener("test", write_down, starts_at_the_beginning=True)
    happen(work, 1, 2)
    hear_all(app, listener)
    with app.app_context(), housekeeping("listeners") as session:
        session.execute(update(ListenerPlace).values(sequence=50))

    assert hear_all(app, listener) == 0
    with app.app_context(), Session(database.engine) as session:
        assert session.get_one(ListenerPlace, "test").sequence == 50


def test_a_listener_may_not_write_what_is_somebodys_act(app: Flask, make, work: Working) -> None:  # type: ignore[no-untyped-def]
    from pipeline.councils.models import Council

    make.council(name="Northborough")
    happen(work, 1)

    def rename(session: Session, _event: LoggedEvent) -> None:
        session.execute(update(Council).values(name="Other"))

    hear_all(app, Listener("test", rename, starts_at_the_beginning=True))

    assert "may not write ['council']" in failed(app)[0].problem
    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(Council.name)) == "Northborough Council"
