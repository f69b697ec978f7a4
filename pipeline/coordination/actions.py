"""What a coordinator does about what failed: has it tried again."""

from uuid import UUID

from sqlalchemy import select

from pipeline.coordination import policy
from pipeline.coordination.events import FailedEventTriedAgain, MessageTriedAgain
from pipeline.db import listeners, outbox
from pipeline.db.listeners import FailedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import NotFound


def try_message_again(work: UnitOfWork, *, message_id: UUID) -> OutboxMessage:
    """Have a message that could not be delivered tried again, as often as a new one. Raises NotFound, NotAllowed."""
    work.require(policy.may_try_again(work.actor))
    query = select(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.failed_at.is_not(None))
    message = work.session.scalars(query.with_for_update()).first()
    if message is None:
        raise NotFound("message")
    outbox.try_again(message, work.now)
    work.record(MessageTriedAgain(message_id=message.id, kind=message.kind))
    return message


def try_event_again(work: UnitOfWork, *, failed_event_id: UUID) -> FailedEvent:
    """Have a listener try an event again that it had given up on. Raises NotFound, NotAllowed."""
    work.require(policy.may_try_again(work.actor))
    query = select(FailedEvent).where(FailedEvent.id == failed_event_id, FailedEvent.given_up_at.is_not(None))
    failed = work.session.scalars(query.with_for_update()).first()
    if failed is None:
        raise NotFound("event")
    listeners.try_again(failed, work.now)
    work.record(FailedEventTriedAgain(failed_event_id=failed.id, listener=failed.listener))
    return failed
