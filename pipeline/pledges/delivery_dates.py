"""What the worker does for deliveries when nobody answers: each in work of its own, so that one that fails stops no
other."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pipeline.db.jobs import Duty
from pipeline.db.work import Reading, UnitOfWork, unit_of_work
from pipeline.kernel.actor import system
from pipeline.kernel.errors import Refusal
from pipeline.pledges.actions.breaking import break_unanswered_pledge
from pipeline.pledges.actions.delivering import count_unanswered_delivery
from pipeline.pledges.deliveries import deliveries_past_answer, pledges_not_come

log = logging.getLogger(__name__)

DELIVERY_DATES = "delivery dates"
BATCH = 200


def count_unanswered() -> None:
    """Let every delivery count that nobody answered in 20 working days."""
    _each(deliveries_past_answer, lambda work, found: count_unanswered_delivery(work, delivery_id=found))


def break_what_has_not_come() -> None:
    """Break what is left of every pledge whose council did not say in 20 working days why it has not come."""
    _each(pledges_not_come, lambda work, found: break_unanswered_pledge(work, pledge_id=found))


def _each(due: Callable[[Reading, int], Sequence[UUID]], act: Callable[[UnitOfWork, UUID], Any]) -> None:
    tried: set[UUID] = set()
    while found := [one for one in _due(due, BATCH + len(tried)) if one not in tried]:
        for one in found:
            tried.add(one)
            _do(act, one)


def _due(due: Callable[[Reading, int], Sequence[UUID]], most: int) -> Sequence[UUID]:
    with unit_of_work(system(DELIVERY_DATES)) as work:
        return due(work, most)


def _do(act: Callable[[UnitOfWork, UUID], Any], found: UUID) -> None:
    try:
        with unit_of_work(system(DELIVERY_DATES)) as work:
            act(work, found)
    except Refusal as refusal:
        # Somebody answered or corrected it between the look and the act.
        log.info("%s was left as it is: %s", found, refusal.code)
    except Exception:
        log.exception("%s could not be seen to; it is tried again next time", found)


DUTIES = (
    Duty("pledges.unanswered_deliveries", timedelta(minutes=5), count_unanswered),
    Duty("pledges.not_come", timedelta(minutes=5), break_what_has_not_come),
)
"""What `flask worker` runs for deliveries."""
