"""Jobs: work that waits for its time, and duties that come round again and again.

A duty is a job with a name of its own: its row keeps when it is next due, so that of many workers one does it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipeline.db.base import Base
from pipeline.db.leases import take
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the worker does every so often. `run` opens its own work."""

    name: str
    every: timedelta
    run: Callable[[], None]


class Job(Base):
    """One row a piece of waiting work."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    last_problem: Mapped[str | None]


def plan_duties(duties: list[Duty]) -> None:
    """Make sure each duty has its row; a new one is due at once."""
    with housekeeping("jobs") as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        now = clock.now()
        for duty in sorted(duties, key=lambda duty: duty.name):
            # Workers that start together plan the same duties: the first to come makes the row.
            row = insert(Job).values(id=new_id(), name=duty.name, payload={}, due_at=now, tries=0)
            session.execute(row.on_conflict_do_nothing(index_elements=["name"]))


def do_due_duties(duties: list[Duty]) -> int:
    """Do what is due, and return how many duties were done or tried."""
    by_name = {duty.name: duty for duty in duties}
    with housekeeping("jobs") as session:
        taken = take(session, Job, (Job.due_at <= clock.now()) & Job.name.in_(by_name), Job.due_at, clock.now())
        names = [job.name for job in taken]
    for name in names:
        _do(by_name[name])
    return len(names)


def _do(duty: Duty) -> None:
    problem = None
    try:
        duty.run()
    except Exception as error:
        log.exception("duty %s failed", duty.name)
        problem = f"{type(error).__name__}: {error}"[:500]
    with housekeeping("jobs") as session:
        _plan_next(session, duty, problem)


def _plan_next(session: Session, duty: Duty, problem: str | None) -> None:
    job = session.scalars(select(Job).where(Job.name == duty.name)).one()
    job.tries = job.tries + 1 if problem else 0
    job.last_problem, job.leased_until = problem, None
    job.due_at = clock.now() + duty.every
