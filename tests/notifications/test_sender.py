"""Sending what is owed: once where nothing goes wrong, and at least once where a worker dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from threading import Event

import pytest
from flask import Flask

from pipeline.db.outbox import FIRST_DELAY, MOST_TRIES, queue_message
from pipeline.db.readiness import readiness
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import MemoryMailer, Refused, ServerAway, TryLater
from tests.factories import Factory
from tests.notifications.conftest import OFFICE, Post

pytestmark = pytest.mark.database


class FailingMailer(MemoryMailer):
    """A mailer that fails as it is told to."""

    problem: Exception | None = None
    opened = 0

    def send(self, message: EmailMessage, address: str) -> None:
        self.opened += 1
        if self.problem is not None:
            raise self.problem
        super().send(message, address)


def owe(app: Flask, make: Factory, number: int = 1) -> None:
    """Owe a number of officers a message each."""
    officer = make.officer()
    with app.app_context(), housekeeping("outbox") as session:
        for _ in range(number):
            queue_message(session, kind="account.password_changed", officer_id=officer.id, payload={}, now=clock.now())


@contextmanager
def sending(app: Flask, problem: Exception | None = None) -> Iterator[tuple[Sender, FailingMailer]]:
    """A sender whose mailer fails with a problem."""
    mailer = FailingMailer()
    mailer.problem = problem
    with app.app_context():
        yield Sender(mailer, OFFICE), mailer


def test_a_message_is_sent_once_and_marked(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make)
    with sending(app) as (sender, mailer):
        assert sender.send_due() == 1
        assert sender.send_due() == 0
    assert len(mailer.sent) == 1
    row = post.outbox()[0]
    assert (row.sent_at is not None, row.payload, row.leased_until) == (True, {}, None)


def test_the_message_id_is_that_of_the_row(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make)
    post.send()
    assert post.mailer.sent[0][1]["Message-ID"] == f"<{post.outbox()[0].id}@pipeline.example>"


def test_a_refused_address_is_given_up_with_a_note(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make)
    with sending(app, Refused("the mail server said 550 no such mailbox")) as (sender, _):
        sender.send_due()
    row = post.outbox()[0]
    assert row.given_up_at is not None
    assert row.last_problem == "the mail server said 550 no such mailbox"


def test_a_passing_fault_is_tried_again_ever_later_and_given_up_after_four_days(
    app: Flask, make: Factory, post: Post
) -> None:
    owe(app, make)
    with sending(app, TryLater("the mail server said 451 later")) as (sender, mailer):
        sender.send_due()
        sender.send_due()
        assert mailer.opened == 1
        waits = []
        for _ in range(MOST_TRIES - 1):
            row = post.outbox()[0]
            assert row.given_up_at is None
            waits.append(row.next_try_at - clock.now())
            with clock.at(row.next_try_at + timedelta(seconds=1)):
                sender.send_due()
        assert mailer.opened == MOST_TRIES
    assert post.outbox()[0].given_up_at is not None
    assert waits[0] <= FIRST_DELAY
    assert timedelta(days=4) < waits[-1] < timedelta(days=5)


def test_one_bad_message_does_not_stop_the_others(app: Flask, make: Factory, post: Post) -> None:
    with app.app_context(), housekeeping("outbox") as session:
        queue_message(session, kind="no.such_kind", officer_id=make.officer().id, payload={}, now=clock.now())
    owe(app, make, 2)
    post.send()
    assert len(post.mailer.sent) == 2
    assert [row.tries for row in post.outbox()] == [1, 0, 0]


def test_while_the_server_is_away_messages_wait_and_lose_no_try(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make, 5)
    with sending(app, ServerAway("refused")) as (sender, mailer):
        sender.send_due()
        assert mailer.opened == 1
        assert sender.send_due() == 0
        assert mailer.opened == 1
        assert all((row.tries, row.leased_until) == (0, None) for row in post.outbox())
        mailer.problem = None
        sender.resume_at = 0.0
        assert sender.send_due() == 5
        assert sender.wait_seconds == 0.0


def test_a_server_that_stays_away_is_left_alone_ever_longer_up_to_a_minute(app: Flask, make: Factory) -> None:
    owe(app, make)
    with sending(app, ServerAway("refused")) as (sender, _):
        waits = []
        for _ in range(6):
            sender.resume_at = 0.0
            sender.send_due()
            waits.append(sender.wait_seconds)
    assert waits == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]


def test_mail_that_waits_too_long_shows_in_readiness(app: Flask, make: Factory) -> None:
    owe(app, make)
    with sending(app, ServerAway("refused")) as (sender, _):
        sender.send_due()
    with app.app_context(), housekeeping("outbox") as session:
        state = readiness(session, clock.now() + timedelta(minutes=6))
    assert "messages are waiting to be sent" in state.problems


def test_a_worker_killed_after_handing_over_sends_again_with_the_same_id(
    app: Flask, make: Factory, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(app, make)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.notifications.sender.outbox.mark_sent", die)
    with pytest.raises(KeyboardInterrupt):
        post.send()
    monkeypatch.undo()
    post.send()
    assert len(post.mailer.sent) == 1
    with clock.moved(timedelta(minutes=3)):
        post.send()
    assert len(post.mailer.sent) == 2
    assert len({email["Message-ID"] for _, email in post.mailer.sent}) == 1


def test_a_worker_killed_before_handing_over_loses_nothing(
    app: Flask, make: Factory, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(app, make)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.notifications.sender.write_message", die)
    with pytest.raises(KeyboardInterrupt):
        post.send()
    monkeypatch.undo()
    with clock.moved(timedelta(minutes=3)):
        post.send()
    assert len(post.mailer.sent) == 1


def test_two_workers_send_each_message_once(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make, 100)

    def work(_: int) -> None:
        with app.app_context():
            sender = post.sender()
            while sender.send_due():
                pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    ids = [email["Message-ID"] for _, email in post.mailer.sent]
    assert len(ids) == len(set(ids)) == 100


def test_a_stopping_worker_begins_no_further_message(app: Flask, make: Factory, post: Post) -> None:
    owe(app, make, 3)
    stop = Event()

    class StopsAfterOne(MemoryMailer):
        def send(self, message: EmailMessage, address: str) -> None:
            super().send(message, address)
            stop.set()

    mailer = StopsAfterOne()
    with app.app_context():
        assert Sender(mailer, OFFICE, stop).send_due() == 1
    assert len(mailer.sent) == 1
    assert all(row.leased_until is None for row in post.outbox())
    post.send()
    assert len(post.mailer.sent) == 2
