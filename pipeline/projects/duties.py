"""What the worker does for projects: it reminds leads whose answer is late, and renews how soon they usually answer."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from pipeline.db.jobs import Duty
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.projects.actions.answer_clocks import renew_answer_time, say_late
from pipeline.projects.interested import late_clocks, projects_whose_answer_times_move

log = logging.getLogger(__name__)

ANSWERS = "answers"


def say_what_is_late() -> None:
    """Remind the leads of each answer that was due on the working day before, or longer ago, and is not given; once."""
    with unit_of_work(system(ANSWERS)) as work:
        clock_ids = late_clocks(work, clock.today())
    for clock_id in clock_ids:
        _each("late answer", clock_id, partial(say_late, clock_id=clock_id))


def renew_answer_times() -> None:
    """Renew in how many working days leads usually answer, where the passing of days alone can change it."""
    with unit_of_work(system(ANSWERS)) as work:
        project_ids = projects_whose_answer_times_move(work, clock.today())
    for project_id in project_ids:
        _each("answer time", project_id, partial(renew_answer_time, project_id=project_id))


def _each(what: str, row_id: UUID, carry_out: Callable[[UnitOfWork], None]) -> None:
    """One row in work of its own: one that fails stops no other, and is tried again next time."""
    try:
        with unit_of_work(system(ANSWERS)) as work:
            carry_out(work)
    except Exception:
        log.exception("%s %s could not be seen to; it is tried again next time", what, row_id)


DUTIES = (
    Duty("projects.late_answers", timedelta(minutes=10), say_what_is_late),
    Duty("projects.answer_times", timedelta(hours=6), renew_answer_times),
)
"""What `flask worker` runs for the answers that leads owe."""
