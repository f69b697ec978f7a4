"""What the worker does for webhooks, again and again."""

from datetime import timedelta

from pipeline.db.jobs import Duty
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.webhooks import queue


def forget_old_deliveries() -> None:
    """Delete the record of messages that were taken or given up thirty days ago."""
    deleted = queue.DELETED_AT_A_TIME
    while deleted == queue.DELETED_AT_A_TIME:
        with housekeeping("webhooks") as session:
            deleted = queue.delete_old(session, clock.now())


DUTIES: list[Duty] = [Duty("webhooks: forget old deliveries", timedelta(hours=6), forget_old_deliveries)]
