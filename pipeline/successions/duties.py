"""What the worker does on the first day of a council that follows another, and until nothing of the old one is left.

Each council, project, pledge, adoption and membership is seen to in work of its own, under a lock: any number of
workers may do it at once, and what one was about when it was killed is done by the next.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from pipeline.councils.succession import successions_due, take_effect
from pipeline.db.jobs import Duty
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.kernel.actor import system
from pipeline.kernel.errors import Refusal
from pipeline.successions import queries
from pipeline.successions.actions import freeze, lapse_unassigned, pass_on
from pipeline.successions.queries import Left

log = logging.getLogger(__name__)

SUCCESSIONS = "successions"


def carry_on() -> None:
    """Let due successions take effect, and pass on, freeze or let lapse what the councils that ended still have."""
    for council_id in _due():
        _each(council_id, partial(take_effect, predecessor_id=council_id))
    _see_to_all(queries.left_to_one, lambda left: partial(pass_on, left=left))
    _see_to_all(queries.left_to_freeze, lambda left: partial(freeze, left=left))
    _see_to_all(queries.left_too_long, lambda left: partial(lapse_unassigned, pledge_id=left.id))


def _see_to_all(
    find: Callable[..., list[Left]], act: Callable[[Left], Callable[[UnitOfWork], object]]
) -> None:  # fmt: skip
    tried: set[UUID] = set()
    while left := _left(find, tried):
        for one in left:
            tried.add(one.id)
            _each(one.id, act(one))


def _due() -> list[UUID]:
    with unit_of_work(system(SUCCESSIONS)) as work:
        return successions_due(work)


def _left(find: Callable[..., list[Left]], tried: set[UUID]) -> list[Left]:
    with unit_of_work(system(SUCCESSIONS)) as work:
        found = find(work, most=200 + len(tried))
    return [one for one in found if one.id not in tried]


def _each(row_id: UUID, carry_out: Callable[[UnitOfWork], object]) -> None:
    """One row in work of its own: one that fails stops no other, and is tried again next time."""
    try:
        with unit_of_work(system(SUCCESSIONS)) as work:
            carry_out(work)
    except Refusal as refusal:
        log.info("%s was not due any more: %s", row_id, refusal.code)
    except Exception:
        log.exception("%s could not pass to a successor; it is tried again next time", row_id)


DUTIES = (Duty("councils.successions", timedelta(minutes=30), carry_on),)
"""What `flask worker` runs for councils that follow others."""
