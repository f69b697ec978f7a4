"""What the worker does when the decision date of a project has ended, or the day until which a pledge stood.

Any number of workers may do it at once: each project and pledge is seen to in work of its own, under a lock on the
project, and what another has seen to is left alone. What a worker was about when it was killed is done by the next.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from pipeline.db.jobs import Duty
from pipeline.db.work import Reading, UnitOfWork, unit_of_work
from pipeline.kernel.actor import system
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Refusal
from pipeline.pledges.actions.answering import lapse_pledge
from pipeline.pledges.actions.deciding_dates import DECISION_DATES, UNDECIDED, decide_if_due
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Project

log = logging.getLogger(__name__)

BATCH = 200
Place = tuple[date, UUID]
"""Where a look for what is due goes on: after a date and an id."""


def decide_due_dates() -> None:
    """Take every decision whose date has ended: the project goes ahead or lapses, on what stood at the end of it."""
    _see_to_all(projects_past_decision, _decide)


def lapse_past_their_dates() -> None:
    """Let every authorised or accepted pledge lapse that stood until a day which has ended."""
    _see_to_all(pledges_past_their_dates, _lapse)


def projects_past_decision(reading: Reading, after: Place | None = None, most: int = BATCH) -> Sequence[Place]:
    """Projects whose decision date has ended and nobody has seen to, the oldest first, with the date."""
    query = select(Project.decision_on, Project.id).where(
        Project.decided_at.is_(None), Project.decision_on.is_not(None), Project.status.in_(UNDECIDED),
        Project.decision_on < uk_date(reading.now), Project.waits_from_on.is_(None),
    )  # fmt: skip
    if after is not None:
        query = query.where(or_(Project.decision_on > after[0], _follows(Project.decision_on, Project.id, after)))
    rows = reading.session.execute(query.order_by(Project.decision_on, Project.id).limit(most))
    return [(row[0], row[1]) for row in rows if row[0] is not None]


def pledges_past_their_dates(reading: Reading, after: Place | None = None, most: int = BATCH) -> Sequence[Place]:
    """Pledges that stood until a day which has ended, the oldest first, with that day."""
    query = select(Pledge.stands_until, Pledge.id).where(
        Pledge.status.in_((PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)), Pledge.stands_until < uk_date(reading.now)
    )
    if after is not None:
        query = query.where(or_(Pledge.stands_until > after[0], _follows(Pledge.stands_until, Pledge.id, after)))
    rows = reading.session.execute(query.order_by(Pledge.stands_until, Pledge.id).limit(most))
    return [(row[0], row[1]) for row in rows if row[0] is not None]


def _follows(day: Any, row_id: Any, after: Place) -> ColumnElement[bool]:
    return and_(day == after[0], row_id > after[1])


def _see_to_all(due: Callable[[Reading, Place | None], Sequence[Place]], see_to: Callable[[UUID], None]) -> None:
    """See to everything that is due, batch by batch, each in work of its own: one that fails stops no other."""
    place: Place | None = None
    while True:
        with unit_of_work(system(DECISION_DATES)) as work:
            batch = due(work, place)
        for _day, row_id in batch:
            try:
                see_to(row_id)
            except Refusal as refusal:
                # Somebody was there between the look and the act.
                log.info("%s was not due any more: %s", row_id, refusal.code)
            except Exception:
                log.exception("%s could not be seen to; it is tried again next time", row_id)
        if len(batch) < BATCH:
            return
        place = batch[-1]


def _decide(project_id: UUID) -> None:
    with unit_of_work(system(DECISION_DATES)) as work:
        project = _taken_unless_busy(work, project_id)
        if project is not None:
            decide_if_due(work, project)


def _taken_unless_busy(work: UnitOfWork, project_id: UUID) -> Project | None:
    """The project, locked; None while somebody else has it: whoever has it takes the decision first."""
    query = select(Project).where(Project.id == project_id).with_for_update(skip_locked=True)
    return work.session.scalars(query).first()


def _lapse(pledge_id: UUID) -> None:
    with unit_of_work(system(DECISION_DATES)) as work:
        lapse_pledge(work, pledge_id=pledge_id)


DUTIES = [
    Duty("pledges.decision_dates", timedelta(minutes=1), decide_due_dates),
    Duty("pledges.last_days", timedelta(minutes=5), lapse_past_their_dates),
]
"""What `flask worker` runs for dates."""
