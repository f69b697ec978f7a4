"""Sends what the outbox holds.

Messages are leased in one short transaction, written and handed over outside any, and marked in another. Whoever dies
in between leaves a lease that ends by itself: the message goes out again, with the same Message-ID. What goes to one
reader at the same time goes together (`gathering.py`), and is marked together.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.db import outbox
from pipeline.db.engine import database
from pipeline.db.outbox import OutboxMessage
from pipeline.db.refusals import forget_refusal, note_refusal, refusal_of
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.notifications.envelope import NoLongerDue, Office
from pipeline.notifications.gathering import take_due
from pipeline.notifications.mail import write_message, write_together
from pipeline.notifications.transport import AddressRefused, Mailer, NotSent, Refused, ServerAway

log = logging.getLogger(__name__)

Group = list[OutboxMessage]

BATCH = 20
LONGEST_BATCH_SECONDS = 60.0
"""After this no further message of a batch is begun: its lease (two minutes) must not end meanwhile, and a mail server
has less than a minute for each (`MESSAGE_TIMEOUT`)."""

OF_THE_ACCOUNT = ("account.", "authorisation.code")
"""Mail that somebody waits for, who has just asked for it: it is tried where all other mail was refused."""

SHORTEST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 60.0
"""How long a sender leaves a mail server alone that is away: twice as long each time."""


@dataclass(slots=True)
class Sender:
    """Sends messages through one mailer, and remembers when to try a server again that was away."""

    mailer: Mailer
    office: Office
    stop: threading.Event = field(default_factory=threading.Event)
    """Set when the worker is asked to stop: no further message is begun."""
    wait_seconds: float = 0.0
    resume_at: float = 0.0

    def send_due(self) -> int:
        """Send a batch of what is due, and return how many e-mails or messages were dealt with."""
        if time.monotonic() < self.resume_at:
            return 0
        with housekeeping("outbox") as session:
            groups, looked_at = take_due(session, self.office, clock.now(), BATCH)
        if not groups:
            return looked_at
        try:
            return self._send_all(groups)
        finally:
            self.mailer.close()

    def _send_all(self, groups: list[Group]) -> int:
        stop_at = time.monotonic() + LONGEST_BATCH_SECONDS
        for number, group in enumerate(groups):
            if time.monotonic() > stop_at or self.stop.is_set():
                self._give_back(groups[number:], "waiting its turn")
                return number
            try:
                self._send(group)
            except ServerAway as error:
                self._give_back(groups[number:], str(error))
                self._wait(error)
                return number
            self.wait_seconds = 0.0
        return len(groups)

    def _send(self, group: Group) -> None:
        """Write and hand over what goes together, and mark what became of it. Raises ServerAway only."""
        first = group[0]
        address = ""
        try:
            address, email, gone = self._written(group)
            self.mailer.send(email, address)
        except ServerAway:
            raise
        except NoLongerDue as reason:
            self._mark(group, outbox.mark_given_up, f"not sent: {reason}")
        except AddressRefused as error:
            log.warning("message %s (%s) is given up: %s", first.id, first.kind, error)
            self._mark(group, outbox.mark_refused, str(error))
            with housekeeping("mail") as session:
                note_refusal(session, address, str(error), clock.now())
        except (Refused, UnicodeError) as error:
            log.warning("message %s (%s) is given up: %s", first.id, first.kind, error)
            self._mark(group, outbox.mark_refused, str(error))
        except NotSent as error:
            log.warning("message %s (%s) did not leave: %s", first.id, first.kind, error)
            self._mark(group, outbox.mark_failed, str(error))
        except Exception as error:
            log.exception("message %s (%s) could not be written", first.id, first.kind)
            self._mark(group, outbox.mark_failed, f"{type(error).__name__}: {error}")
        else:
            with housekeeping("outbox") as session:
                for message in group:
                    if message.id in gone:
                        outbox.mark_given_up(session, message.id, f"not sent: {gone[message.id]}", clock.now())
                    else:
                        outbox.mark_sent(session, message.id, clock.now())
                forget_refusal(session, address)

    def _written(self, group: Group) -> tuple[str, EmailMessage, dict[UUID, str]]:
        try:
            address, email, gone = self._said_in(group)
            refusal = refusal_of(database.session(), address)
            if refusal and refusal.is_left_alone(clock.now()) and not group[0].kind.startswith(OF_THE_ACCOUNT):
                raise NoLongerDue("its reader's address refuses mail")
            return address, email, gone
        finally:
            # The reading transaction ends before the mail server is spoken to.
            database.session.remove()

    def _said_in(self, group: Group) -> tuple[str, EmailMessage, dict[UUID, str]]:
        if len(group) > 1:
            return write_together(database.session(), group, self.office, clock.now())
        return *write_message(database.session(), group[0], self.office, clock.now()), {}

    @staticmethod
    def _mark(group: Group, mark: Callable[[Session, UUID, str, datetime], None], problem: str) -> None:
        with housekeeping("outbox") as session:
            for message in group:
                mark(session, message.id, problem, clock.now())

    @staticmethod
    def _give_back(groups: list[Group], problem: str) -> None:
        with housekeeping("outbox") as session:
            outbox.give_back(session, [message.id for group in groups for message in group], problem)

    def _wait(self, error: ServerAway) -> None:
        self.wait_seconds = min(max(self.wait_seconds * 2, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        self.resume_at = time.monotonic() + self.wait_seconds
        log.warning("no mail can leave, next try in %.0f seconds: %s", self.wait_seconds, error)
