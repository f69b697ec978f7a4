"""What the worker does where leads are silent, or do not answer: each project and pledge in work of its own."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from pipeline.db.jobs import Duty
from pipeline.db.work import Reading, UnitOfWork, unit_of_work
from pipeline.kernel.actor import system
from pipeline.kernel.errors import Refusal
from pipeline.pledges.actions.ageing import age_project, projects_gone_silent
from pipeline.pledges.actions.carrying_over import pledges_not_carried_over, release_not_carried_over

log = logging.getLogger(__name__)

FRESHNESS = "freshness"


def age_projects() -> None:
    """Nudge the leads of every silent project, say that it is quiet, that it looks for a lead, or let it lapse."""
    _see_to_all(projects_gone_silent, lambda one: partial(age_project, project_id=one))


def release_what_was_not_carried_over() -> None:
    """Release what councils had committed to a project of another council, and were asked to carry over in vain."""
    _see_to_all(pledges_not_carried_over, lambda one: partial(release_not_carried_over, pledge_id=one))


def _see_to_all(
    due: Callable[[Reading], list[UUID]], act: Callable[[UUID], Callable[[UnitOfWork], None]]
) -> None:  # fmt: skip
    """Everything that is due, each in work of its own: one that fails stops no other, and is tried again next time."""
    with unit_of_work(system(FRESHNESS)) as work:
        found = due(work)
    for row_id in found:
        try:
            with unit_of_work(system(FRESHNESS)) as work:
                act(row_id)(work)
        except Refusal as refusal:
            log.info("%s was not due any more: %s", row_id, refusal.code)
        except Exception:
            log.exception("%s could not be seen to; it is tried again next time", row_id)


DUTIES = [
    Duty("projects.freshness", timedelta(hours=1), age_projects),
    Duty("pledges.carrying_over", timedelta(hours=1), release_what_was_not_carried_over),
]
"""What `flask worker` runs for silence."""
