"""What the leads owe a pledge, and its council its own offer: the clock of the leads' first answer, and the days on
which whoever is to authorise an offer is reminded. The project is locked by whoever calls."""

from datetime import date

from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.pledges.models import Pledge
from pipeline.pledges.nudging import next_nudge
from pipeline.projects.actions.answer_clocks import first_answer, start_clock, stop_clock
from pipeline.projects.taking_part import Answerable


def owe_answer(work: UnitOfWork, pledge: Pledge) -> None:
    """The pledge is authorised and waits for the leads: their clock starts, and nobody in its council is reminded."""
    dates = start_clock(work, pledge.need.project, Answerable.PLEDGE, pledge.id)
    pledge.answer_due_on, pledge.answered_at, pledge.nudge_on = dates.due_on, None, None


def leads_answered(work: UnitOfWork, pledge: Pledge) -> None:
    """The leads accepted, declined or asked back: if they owed an answer, that was it."""
    if first_answer(work, pledge.need.project, pledge.id):
        pledge.answered_at = pledge.updated_at = work.now
        pledge.revision += 1


def answer_not_owed(work: UnitOfWork, pledge: Pledge) -> None:
    """The pledge no longer waits for the leads, nor for anybody in its council to authorise it."""
    pledge.nudge_on = None
    if pledge.answer_due_on is not None and pledge.answered_at is None:
        stop_clock(work, pledge.id)
        pledge.answer_due_on = None


def plan_nudges(work: UnitOfWork, pledge: Pledge, nation: str | None = None) -> None:
    """The pledge's council, of a nation, is asked now to authorise it; from here its reminders are counted."""
    pledge.asked_at = work.now
    pledge.nudge_on = nudge_after(work, pledge, uk_date(work.now), nation)


def nudge_after(work: UnitOfWork, pledge: Pledge, day: date, nation: str | None = None) -> date | None:
    """The day after `day` on which whoever was asked is next reminded; None when they have been often enough."""
    if nation is None:
        found = select(Council.nation).where(Council.id == pledge.council_id)
        nation = work.session.execute(found).scalar_one()
    return next_nudge(day, uk_date(pledge.asked_at or pledge.offered_at), pledge.sign_off_by, nation)
