"""Carries messages to webhooks, each in a thread of its own, so that a slow receiver holds up nobody else's.

Taking, sending and noting are three steps with nothing held between them but the lease of the row. A worker that dies
in the middle leaves a lease that ends, and another sends the message again: at least once, under the same id.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

from pipeline.db.engine import database
from pipeline.db.work import Reading, housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, system
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.webhooks import queue
from pipeline.webhooks.actions.keeping import disable_webhook, verify_webhook
from pipeline.webhooks.addresses import Target
from pipeline.webhooks.parcel import Parcel, Sender, parcel_of
from pipeline.webhooks.queue import Task
from pipeline.webhooks.rules import Answered, Failure, WhyDisabled, is_to_be_disabled
from pipeline.webhooks.transport import post

log = logging.getLogger(__name__)

MOST_AT_ONCE = 64
MOST_TO_FAILING = 32
"""Receivers that fail never hold more threads than this: the others are for those that do well."""

Post = Callable[[Target, dict[str, str], bytes], Answered]
WORKER = system("deliver to webhooks")


@dataclass
class Courier:
    """Sends what is due. `in_context` opens what a thread needs to reach the database."""

    sender: Sender
    in_context: Callable[[], AbstractContextManager[object]]
    post: Post = post
    stop: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _under_way: dict[threading.Thread, Task] = field(default_factory=dict)

    def deliver_due(self) -> int:
        """Begin to send what is due, as far as there are threads, and return how many messages that is."""
        if self.stop.is_set():
            return 0
        room, room_for_failing = self._room()
        if room <= 0:
            return 0
        with self.in_context(), housekeeping("webhooks") as session:
            tasks = queue.take_due(session, clock.now(), room, room_for_failing)
        for task in tasks:
            thread = threading.Thread(target=self._deliver_in_thread, args=(task,), name="webhook", daemon=True)
            with self._turn:
                self._under_way[thread] = task
            thread.start()
        return len(tasks)

    def deliver_and_wait(self) -> int:
        """Send all that is due now and wait until it is done; returns how many messages that was."""
        number = self.deliver_due()
        for thread in list(self._under_way):
            thread.join()
        return number

    def _room(self) -> tuple[int, int]:
        with self._turn:
            failing = sum(task.is_failing for task in self._under_way.values())
            return MOST_AT_ONCE - len(self._under_way), MOST_TO_FAILING - failing

    def _deliver_in_thread(self, task: Task) -> None:
        try:
            with self.in_context():
                self._deliver(task)
        except Exception:
            log.exception("message %s could not be sent; it is tried again", task.delivery_id)
        finally:
            with self._turn:
                self._under_way.pop(threading.current_thread(), None)

    def _deliver(self, task: Task) -> None:
        try:
            parcel = parcel_of(Reading(database.session(), ANONYMOUS, clock.now()), task, self.sender)
        finally:
            # The reading transaction ends before the receiver is spoken to.
            database.session.remove()
        if parcel is None:
            with housekeeping("webhooks") as session:
                queue.note_withheld(session, task, Failure.NO_LONGER_PUBLIC, clock.now())
            return
        answered = self._sent(parcel)
        if answered.is_success:
            self._taken(task, parcel, answered)
        else:
            self._failed(task, answered)

    def _sent(self, parcel: Parcel) -> Answered:
        if parcel.target is None:
            return Answered(failure=Failure.UNREACHABLE)
        started = time.monotonic()
        try:
            return self.post(parcel.target, parcel.headers, parcel.body)
        except Exception:
            log.exception("a message to a webhook failed in a way nobody thought of")
            return Answered(failure=Failure.BROKEN_OFF, took_ms=int((time.monotonic() - started) * 1000))

    @staticmethod
    def _taken(task: Task, parcel: Parcel, answered: Answered) -> None:
        """Note that a message was taken. A ping makes its webhook active first: if this stops between the two, the ping
        is sent again."""
        if task.is_ping and parcel.target is not None:
            _verify(task, parcel.target)
        with housekeeping("webhooks") as session:
            queue.note_taken(session, task, answered, clock.now())

    @staticmethod
    def _failed(task: Task, answered: Answered) -> None:
        now = clock.now()
        with housekeeping("webhooks") as session:
            is_ours = queue.note_failed(session, task, answered, now)
            because = is_to_be_disabled(answered, queue.first_failed_at(session, task.webhook_id), now)
        if is_ours and because is not None:
            _turn_off(task, because)


def _verify(task: Task, target: Target) -> None:
    """Make a webhook active whose ping was answered; one that was deleted meanwhile is no more."""
    with suppress(NotFound), unit_of_work(WORKER) as work:
        verify_webhook(work, webhook_id=task.webhook_id, address=target.url)


def _turn_off(task: Task, because: WhyDisabled) -> None:
    """Turn a webhook off that fails, or is gone; one that somebody turned off or deleted meanwhile is left alone."""
    with suppress(Conflict, NotFound), unit_of_work(WORKER) as work:
        disable_webhook(work, webhook_id=task.webhook_id, because=because)
