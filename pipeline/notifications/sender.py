"""Sends what the outbox holds.

A message is leased in one short transaction, written and handed over outside any, and marked in another. Whoever dies
in between leaves a lease that ends by itself: the message goes out again, with the same Message-ID.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from uuid import UUID

from pipeline.db import outbox
from pipeline.db.engine import database
from pipeline.db.outbox import OutboxMessage
from pipeline.db.refusals import forget_refusal, note_refusal, refusal_of
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.notifications.mail import NoLongerDue, Office, write_message
from pipeline.notifications.transport import AddressRefused, Mailer, NotSent, Refused, ServerAway

log = logging.getLogger(__name__)

BATCH = 20
LONGEST_BATCH_SECONDS = 60.0
"""After this no further message of a batch is begun: its lease (two minutes) must not end meanwhile."""

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
        """Send a batch of what is due, and return how many messages were dealt with."""
        if time.monotonic() < self.resume_at:
            return 0
        with housekeeping("outbox") as session:
            messages = outbox.take_due(session, clock.now(), BATCH)
        if not messages:
            return 0
        try:
            return self._send_all(messages)
        finally:
            self.mailer.close()

    def _send_all(self, messages: list[OutboxMessage]) -> int:
        stop_at = time.monotonic() + LONGEST_BATCH_SECONDS
        for number, message in enumerate(messages):
            if time.monotonic() > stop_at or self.stop.is_set():
                self._give_back(messages[number:], "waiting its turn")
                return number
            try:
                self._send(message)
            except ServerAway as error:
                self._give_back(messages[number:], str(error))
                self._wait(error)
                return number
            self.wait_seconds = 0.0
        return len(messages)

    def _send(self, message: OutboxMessage) -> None:
        """Write and hand over one message, and mark what became of it. Raises ServerAway only."""
        address = ""
        try:
            address, email = self._written(message)
            self.mailer.send(email, address)
        except ServerAway:
            raise
        except NoLongerDue as reason:
            self._give_up(message.id, f"not sent: {reason}")
        except AddressRefused as error:
            log.warning("message %s (%s) is given up: %s", message.id, message.kind, error)
            self._give_up(message.id, str(error))
            with housekeeping("mail") as session:
                note_refusal(session, address, str(error), clock.now())
        except (Refused, UnicodeError) as error:
            log.warning("message %s (%s) is given up: %s", message.id, message.kind, error)
            self._give_up(message.id, str(error))
        except NotSent as error:
            log.warning("message %s (%s) did not leave: %s", message.id, message.kind, error)
            self._failed(message.id, str(error))
        except Exception as error:
            log.exception("message %s (%s) could not be written", message.id, message.kind)
            self._failed(message.id, f"{type(error).__name__}: {error}")
        else:
            with housekeeping("outbox") as session:
                outbox.mark_sent(session, message.id, clock.now())
            self._forget_refusal(address)

    def _written(self, message: OutboxMessage) -> tuple[str, EmailMessage]:
        try:
            address, email = write_message(database.session(), message, self.office, clock.now())
            refusal = refusal_of(database.session(), address)
            if refusal and refusal.is_left_alone(clock.now()) and not message.kind.startswith(OF_THE_ACCOUNT):
                raise NoLongerDue("its reader's address refuses mail")
            return address, email
        finally:
            # The reading transaction ends before the mail server is spoken to.
            database.session.remove()

    @staticmethod
    def _forget_refusal(address: str) -> None:
        """The address takes mail: nearly always nothing is noted, and nothing written."""
        is_noted = refusal_of(database.session(), address) is not None
        database.session.remove()
        if is_noted:
            with housekeeping("mail") as session:
                forget_refusal(session, address)

    @staticmethod
    def _give_up(message_id: UUID, problem: str) -> None:
        with housekeeping("outbox") as session:
            outbox.mark_given_up(session, message_id, problem, clock.now())

    @staticmethod
    def _failed(message_id: UUID, problem: str) -> None:
        with housekeeping("outbox") as session:
            outbox.mark_failed(session, message_id, problem, clock.now())

    @staticmethod
    def _give_back(messages: list[OutboxMessage], problem: str) -> None:
        with housekeeping("outbox") as session:
            outbox.give_back(session, [message.id for message in messages], problem)

    def _wait(self, error: ServerAway) -> None:
        self.wait_seconds = min(max(self.wait_seconds * 2, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        self.resume_at = time.monotonic() + self.wait_seconds
        log.warning("no mail can leave, next try in %.0f seconds: %s", self.wait_seconds, error)
