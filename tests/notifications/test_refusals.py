"""Addresses that refuse mail are noted, left alone after a while, and told to whoever can do something about it."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from pipeline.accounts.models import Officer
from pipeline.db.outbox import queue_message
from pipeline.db.refusals import ENOUGH, TRIED_AGAIN_AFTER, note_refusal, refusal_of
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.notifications.bounces import bounces_in
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import AddressRefused, MemoryMailer, Refused
from tests.factories import Factory
from tests.notifications.conftest import OFFICE
from tests.support.client import CheckedClient

REPORT = b"""\
From: MAILER-DAEMON@mail.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; Jo@Wexcombe.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <jo@wexcombe.example> no such user

Final-Recipient: rfc822; sam@wexcombe.example
Action: delayed
Status: 4.4.1

Final-Recipient: rfc822; kim@wexcombe.example
Action: failed
Status: 4.4.7

--b--
"""


class Picky(MemoryMailer):
    """A mailer that refuses as it is told to."""

    problem: Exception | None = None

    def send(self, message: EmailMessage, address: str) -> None:
        if self.problem is not None:
            raise self.problem
        super().send(message, address)


def send(app: Flask, officer: Officer, kind: str = "role.given", problem: Exception | None = None) -> int:
    """Owe an officer a message and send it; how many left."""
    mailer = Picky()
    mailer.problem = problem
    payload: dict[str, Any] = {"role": "coordinator"} if kind == "role.given" else {}
    with app.app_context():
        with housekeeping("outbox") as session:
            queue_message(session, kind=kind, officer_id=officer.id, payload=payload, now=clock.now())
        Sender(mailer, OFFICE).send_due()
    return len(mailer.sent)


def times(app: Flask, officer: Officer) -> int:
    with app.app_context(), housekeeping("mail") as session:
        found = refusal_of(session, officer.address)
        return found.times if found else 0


@pytest.mark.pure
def test_a_bounce_names_the_addresses_that_failed_for_good_and_no_others() -> None:
    assert bounces_in(REPORT) == [("jo@wexcombe.example", "5.1.1 550 5.1.1 <…> no such user")]


@pytest.mark.pure
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Subject: Hello\n\nI am away until Monday.",
        REPORT.replace(b"failed", b"relayed"),
        REPORT[:300],
        b"\xff\x00",
    ],
)
def test_what_is_no_bounce_names_nobody(content: bytes) -> None:
    assert bounces_in(content) == []


@pytest.mark.database
def test_an_address_that_refuses_is_noted_and_forgotten_when_it_takes_a_message(app: Flask, make: Factory) -> None:
    officer = make.officer(None, Role.COORDINATOR)
    send(app, officer, problem=AddressRefused("the mail server said 550 no such mailbox"))
    assert times(app, officer) == 1
    send(app, officer, problem=Refused("the mail server said 554 not wanted"))
    assert times(app, officer) == 1
    assert send(app, officer) == 1
    assert times(app, officer) == 0


@pytest.mark.database
def test_after_some_refusals_only_mail_about_the_account_is_tried_until_a_month_has_passed(
    app: Flask, make: Factory
) -> None:
    officer = make.officer(None, Role.COORDINATOR)
    for _ in range(ENOUGH):
        send(app, officer, problem=AddressRefused("550"))
    assert send(app, officer) == 0
    assert times(app, officer) == ENOUGH
    with clock.at(clock.now() + TRIED_AGAIN_AFTER + timedelta(days=1)):
        assert send(app, officer) == 1
    for _ in range(ENOUGH):
        send(app, officer, problem=AddressRefused("550"))
    assert send(app, officer, "account.password_changed") == 1


@pytest.mark.database
def test_a_bounce_is_taken_by_a_command_and_listed_for_the_operator(app: Flask, make: Factory) -> None:
    make.officer(address="jo@wexcombe.example")
    run = app.test_cli_runner()
    assert "No address refuses mail" in run.invoke(args=["mail", "refused"]).output
    assert "1 addresses noted" in run.invoke(args=["mail", "bounced"], input=REPORT).output
    assert "no notice" in run.invoke(args=["mail", "bounced"], input=b"Subject: Hello\n\nHello").output
    listed = run.invoke(args=["mail", "refused"]).output
    assert "jo@wexcombe.example" in listed
    assert "no such user" in listed


@pytest.mark.database
def test_an_officer_whose_address_refuses_mail_is_told_on_their_account(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    officer = make.officer(council)
    make.signed_in(client, officer, council)
    assert "was refused" not in client.page("/account").text
    with app.app_context(), housekeeping("mail") as session:
        note_refusal(session, officer.address, "550", clock.now())
    assert "Mail to your address was refused" in client.page("/account").text
