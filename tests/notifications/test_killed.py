"""Workers that are killed at each step there is, and two that share ten thousand events: each is told once."""

import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from pipeline.accounts.models import Officer
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.notifications.models import FanOut, Notice
from tests.factories import PASSWORD_HASH, Factory
from tests.notifications.conftest import Place
from tests.notifications.test_notices import published
from tests.notifications.test_transport import Catcher, server
from tests.support.workers import STEPS, STEPS_OF_A_MESSAGE, address_of, wait_until, worker

pytestmark = [pytest.mark.drill, pytest.mark.database]

MANY = 10_000
A_WHILE, LONG = 180.0, 1_800.0
"""Seconds that a worker may take, where it is not the only one to use the machine."""


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, str]]:
    """A mail server, and the setting that names it."""
    one = Catcher()
    with server(one) as port:
        yield one, f"smtp://127.0.0.1:{port}"


def arrived(catcher: Catcher) -> list[EmailMessage]:
    """The mail that the server has taken."""
    return [message_from_bytes(bytes(one.content or b""), policy=policy.default) for one in list(catcher.caught)]  # type: ignore[arg-type]


def number(make: Factory, table: Any, *where: Any) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_killed_where_everybody_is_told_once_and_mailed_at_most_twice_under_one_message_id(
    place: Place, make: Factory, catcher: tuple[Catcher, str], tmp_path: Path, step: str
) -> None:
    caught, mail_url = catcher
    place.offer()
    published(place)
    url, log = address_of(place.app), tmp_path / "log"
    with worker(url, mail_url, log, dies=step) as dying:
        wait_until(lambda: dying.poll() is not None, A_WHILE)
        assert dying.returncode == -9, log.read_text()
    with worker(url, mail_url, log):
        wait_until(lambda: number(make, OutboxMessage, OutboxMessage.sent_at.is_not(None)) == 3, A_WHILE)
        wait_until(lambda: number(make, Notice, Notice.kind == "update.published") > 0, A_WHILE)
        wait_until(lambda: number(make, FanOut) == 0, A_WHILE)
        time.sleep(0.5)

    with make.session() as session:
        notices = Counter((row.kind, row.officer_id) for row in session.scalars(select(Notice)))
    assert notices == {
        ("pledge.offered", place.lead.id): 1, ("pledge.offered", place.other_lead.id): 1,
        ("pledge.asked", place.authoriser.id): 1, ("update.published", place.other_lead.id): 1,
        ("update.published", place.officer.id): 1,
    }  # fmt: skip
    mails = Counter((email["To"], email["Message-ID"]) for email in arrived(caught))
    assert {address for address, _id in mails} == {
        place.lead.address, place.other_lead.address, place.authoriser.address,
    }  # fmt: skip
    assert len(mails) == 3
    assert mails.total() <= (4 if step in STEPS_OF_A_MESSAGE else 3)


def roles_given(make: Factory) -> None:
    """Ten thousand officers, each of whom was given a role: an event each, of which one notice and one mail come."""
    now, people, events = clock.now(), [], []
    for one in range(1, MANY + 1):
        officer_id, address = new_id(), f"reader{one}@many.example"
        people.append(
            {"id": officer_id, "address": address, "person_key": address, "password_hash": PASSWORD_HASH, "name": "N",
             "job_title": "J", "created_at": now, "verified_at": now}
        )  # fmt: skip
        events.append(
            {"sequence": one, "id": new_id(), "name": "platform_role.given", "version": 1, "occurred_at": now,
             "officer_id": None, "system": "command", "council_id": None, "channel": "cli", "subject_type": "officer",
             "subject_id": officer_id, "project_id": None, "audience": "operators",
             "payload": {"officer_id": str(officer_id), "role": "coordinator"}}
        )  # fmt: skip
    with make.session() as session:
        session.execute(insert(Officer), people)
        session.execute(insert(LoggedEvent), events)
        session.execute(
            text(
                "INSERT INTO platform_role (id, officer_id, role, given_at)"
                " SELECT id, id, 'coordinator', created_at FROM officer"
            )
        )
        session.execute(update(EventCounter).values(last=MANY))


def test_two_workers_tell_and_mail_each_of_ten_thousand_once(
    app: Any, make: Factory, catcher: tuple[Catcher, str], tmp_path: Path
) -> None:
    caught, mail_url = catcher
    roles_given(make)
    url, began = address_of(app), time.monotonic()
    with (
        worker(url, mail_url, tmp_path / "one", dies="unhurried"),
        worker(url, mail_url, tmp_path / "other", dies="unhurried"),
    ):
        wait_until(lambda: number(make, Notice) == MANY, LONG)
        told_in = time.monotonic() - began
        wait_until(lambda: number(make, OutboxMessage, OutboxMessage.sent_at.is_(None)) == 0, LONG)
        mailed_in = time.monotonic() - began
    with make.session() as session:
        assert session.scalar(select(func.count(Notice.officer_id.distinct()))) == MANY
    assert set(Counter(tuple(one.rcpt_tos) for one in caught.caught).values()) == {1}
    assert len(caught.caught) == MANY
    print(f"10,000 events: told in {told_in:.0f} s, mailed in {mailed_in:.0f} s by two workers")
