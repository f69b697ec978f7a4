"""The clocks of the first answers that leads owe: starting, ending and telling of them, with what the project's page
says about how soon its leads usually answer. The project's row is locked by whoever calls."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.projects import answering, policy
from pipeline.projects.answering import MONTHS_LOOKED_BACK, MOST_ANSWERS, AnswerDates
from pipeline.projects.events import Changes
from pipeline.projects.interest_events import AnswerLate, ProjectAnswerTimeChanged
from pipeline.projects.models import AnswerClock, Project
from pipeline.projects.rules import months_after
from pipeline.projects.taking_part import Answerable


def start_clock(work: UnitOfWork, project: Project, about: Answerable, subject_id: UUID) -> AnswerDates:
    """The leads owe an answer from now on; returns its dates. What was set aside and comes again starts anew."""
    dates = answering.answer_dates(work.now, _nation(work, project), about)
    values = {
        "started_at": work.now, "counts_from_on": dates.counts_from_on, "due_on": dates.due_on,
        "nudge_on": dates.nudge_on, "desk_on": dates.desk_on, "nudged_at": None, "answered_at": None,
        "days_taken": None, "stopped_at": None,
    }  # fmt: skip
    clock = _clock_of(work, subject_id)
    if clock is None:
        work.add(
            AnswerClock(id=new_id(), project_id=project.id, subject_type=about.value, subject_id=subject_id, **values)
        )
    else:
        for name, value in values.items():
            setattr(clock, name, value)
    return dates


def first_answer(work: UnitOfWork, project: Project, subject_id: UUID) -> bool:
    """The leads answered, or asked back. Returns whether it was their first answer: a clock ends once."""
    clock = _clock_of(work, subject_id)
    if clock is None or clock.answered_at is not None or clock.stopped_at is not None:
        return False
    days = answering.days_taken(clock.counts_from_on, work.now, _nation(work, project))
    clock.answered_at, clock.days_taken = work.now, days
    renew_usual_days(work, project)
    return True


def stop_clock(work: UnitOfWork, subject_id: UUID) -> None:
    """No answer is wanted any more: it was taken back, or has ended by itself."""
    clock = _clock_of(work, subject_id)
    if clock is not None and clock.answered_at is None and clock.stopped_at is None:
        clock.stopped_at = work.now


def renew_usual_days(work: UnitOfWork, project: Project) -> None:
    """Work out again in how many working days the leads usually answer, and record it where it changed."""
    work.session.flush()
    usual = answering.usual_days(_days_answered(work, project), _days_late(work, project))
    if usual == project.answers_in_days:
        return
    changes: Changes = {"answers_in_working_days": [project.answers_in_days, usual]}
    project.answers_in_days = usual
    project.revision += 1
    audience = Audience.PUBLIC if project.is_public else Audience.PROJECT
    event = ProjectAnswerTimeChanged(project_id=project.id, changes=changes)
    work.record(event, audience=audience, council_id=project.council_id)


def say_late(work: UnitOfWork, *, clock_id: UUID) -> None:
    """Say once that an answer is late, so that the leads are reminded. Only the clock does this. Raises NotAllowed."""
    work.require(policy.may_keep_answer_times(work.actor))
    project_id = select(AnswerClock.project_id).where(AnswerClock.id == clock_id).scalar_subquery()
    project = work.session.scalars(select(Project).where(Project.id == project_id).with_for_update()).one()
    clock = work.session.get_one(AnswerClock, clock_id, populate_existing=True)
    is_owed = clock.answered_at is None and clock.stopped_at is None
    if not is_owed or clock.nudged_at is not None or clock.nudge_on > uk_date(work.now):
        return
    clock.nudged_at = work.now
    event = AnswerLate(
        clock_id=clock.id, project_id=project.id, about_type=clock.subject_type, about_id=clock.subject_id,
        due_on=clock.due_on,
    )  # fmt: skip
    work.record(event, council_id=project.council_id)
    renew_usual_days(work, project)


def renew_answer_time(work: UnitOfWork, *, project_id: UUID) -> None:
    """Renew what a project says of its answers, as what is owed grows older. Only the clock does this."""
    work.require(policy.may_keep_answer_times(work.actor))
    project = work.session.scalars(select(Project).where(Project.id == project_id).with_for_update()).one()
    renew_usual_days(work, project)


def _clock_of(work: UnitOfWork, subject_id: UUID) -> AnswerClock | None:
    return work.session.scalars(select(AnswerClock).where(AnswerClock.subject_id == subject_id)).first()


def _nation(work: UnitOfWork, project: Project) -> str:
    return work.session.execute(select(Council.nation).where(Council.id == project.council_id)).scalar_one()


def _days_answered(work: UnitOfWork, project: Project) -> list[int]:
    since = _long_ago(work.now)
    query = (
        select(AnswerClock.days_taken)
        .where(AnswerClock.project_id == project.id, AnswerClock.answered_at >= since, _says_how_soon())
        .order_by(AnswerClock.answered_at.desc(), AnswerClock.id)
        .limit(MOST_ANSWERS)
    )
    return [days for days in work.session.scalars(query) if days is not None]


def _days_late(work: UnitOfWork, project: Project) -> list[int]:
    query = (
        select(AnswerClock.counts_from_on)
        .where(
            AnswerClock.project_id == project.id, AnswerClock.answered_at.is_(None), AnswerClock.stopped_at.is_(None),
            AnswerClock.due_on < uk_date(work.now), _says_how_soon(),
        )
        .order_by(AnswerClock.started_at.desc(), AnswerClock.id)
        .limit(MOST_ANSWERS)
    )  # fmt: skip
    starts = work.session.scalars(query).all()
    if not starts:
        return []
    nation = _nation(work, project)
    return [answering.days_taken(start, work.now, nation) for start in starts]


def _says_how_soon() -> ColumnElement[bool]:
    """How soon leads usually answer is said of what is due within three days, not of what may take ten."""
    return AnswerClock.subject_type.not_in([about.value for about in answering.DAYS_TO_ANSWER_OTHERS])


def _long_ago(now: datetime) -> datetime:
    day = months_after(uk_date(now), -MONTHS_LOOKED_BACK)
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
