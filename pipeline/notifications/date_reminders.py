"""Telling the leads of a project ten, five and one working days before its decision date which answers are missing."""

from datetime import date, timedelta
from uuid import UUID

from pipeline.db.jobs import Duty
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.working_days import working_days_after
from pipeline.notifications import project_queries as queries
from pipeline.notifications.notices import keep_notices
from pipeline.notifications.owed import Cause, Owed

DAYS_BEFORE = (1, 5, 10)
"""Working days before the decision date, the nearest first."""
WIDEST = timedelta(days=21)
"""Ten working days are never more days than this."""
KIND = "project.date_near"


def remind_of_dates() -> None:
    """Owe the leads of every project whose date is near one notice for each of the days, and no second one.

    After a stop of the worker only the nearest day is told of.
    """
    today = clock.today()
    with housekeeping("notices") as session:
        reading = Reading(session, system("reminders"), clock.now())
        for project_id, decision_on in queries.decided_between(reading, today, today + WIDEST):
            stage = stage_of(days_before(today, decision_on, queries.nation_of(session, project_id)))
            if stage is None:
                continue
            payload = {"project_id": str(project_id)}
            owed = [
                Owed(KIND, lead, payload, key_of(project_id, decision_on, stage, lead.officer_id))
                for lead in queries.leads(session, project_id)
            ]
            keep_notices(session, Cause(clock.now(), payload, project_id=project_id), owed)


def days_before(today: date, decision_on: date, nation: str) -> int:
    """How many working days are left before a decision date, today among them."""
    return working_days_after(today - timedelta(days=1), decision_on - timedelta(days=1), nation)


def stage_of(days_left: int) -> int | None:
    """Which of the reminders is due with so many working days left; None while none is."""
    return next((stage for stage in DAYS_BEFORE if 0 < days_left <= stage), None)


def key_of(project_id: UUID, decision_on: date, stage: int, officer_id: UUID) -> str:
    """What keeps a reminder to one: a date that was moved is a new one."""
    return f"{KIND}:{project_id}:{decision_on.isoformat()}:{stage}:{officer_id}"


DUTIES = (Duty("decision date reminders", timedelta(hours=1), remind_of_dates),)
"""What `flask worker` runs for reminders."""
