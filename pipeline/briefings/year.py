"""What a council did with others in a financial year, as everybody may know it: for one page.

Public projects only, and of pledges those that were authorised, as in its account. A financial year begins on 1 April.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.visibility import adoptions_visible_to
from pipeline.briefings.achieved import Achieved, achieved
from pipeline.db.statements import text_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.clock import UK, uk_date
from pipeline.lessons.models import Lesson
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.answering import DAYS_TO_ANSWER, DAYS_TO_ANSWER_OTHERS
from pipeline.projects.models import AnswerClock, Project, ProjectPerson
from pipeline.projects.rules import NeedKind, ProjectStatus

MOST_NAMED = 5
"""Of each kind of thing so many are named; the rest are a number."""
MOST_FINISHED = 3
FIRST_YEAR = 2014
DAYS_AHEAD = 90
"""What is due within so many days is told."""

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class FinancialYear:
    """From 1 April of `begins` to 31 March, UK time."""

    begins: int

    @classmethod
    def of(cls, day: date) -> "FinancialYear":
        """The year a day is in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def written(cls, text: str, today: date) -> "FinancialYear | None":
        """The year written as 2026-27; None for anything else, and for years that are still to come."""
        match = _WRITTEN.fullmatch(text)
        if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
            return None
        year = cls(int(match[1]))
        return year if FIRST_YEAR <= year.begins <= cls.of(today).begins else None

    def __str__(self) -> str:
        return f"{self.begins}-{(self.begins + 1) % 100:02d}"

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.begins, 4, 1)

    @property
    def end_on(self) -> date:
        """The first day after it."""
        return date(self.begins + 1, 4, 1)

    def has(self, moment: Any) -> ColumnElement[bool]:
        """Whether a moment is in it."""
        return and_(moment >= _at(self.first_on), moment < _at(self.end_on))

    def has_day(self, day: Any) -> ColumnElement[bool]:
        """Whether a day is in it."""
        return and_(day >= self.first_on, day < self.end_on)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UK)


class Kind(StrEnum):
    """What is named in a year's briefing."""

    LED = "led"
    JOINED = "joined"
    SHARED = "shared"
    ADOPTED = "adopted"
    LESSON = "lesson"
    DECISION = "decision"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its title. `status` is a project's, and `day` when it is due, where it is."""

    title: str
    language: str
    status: str = ""
    day: str | None = None


@dataclass(slots=True)
class Things:
    """How many there are of one kind, and some of them."""

    number: int = 0
    named: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """What was promised and given in the year, in half-days or pence; `to_come` of what is committed now."""

    pledged: int = 0
    committed: int = 0
    delivered: int = 0
    to_come: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """A project that came to its end in the year, with what came of it as safe HTML."""

    title: str
    language: str
    outcome_html: str


@dataclass(frozen=True, slots=True)
class YearOfCouncil:
    """A council's year."""

    things: dict[Kind, Things]
    time: Given
    funding: Given
    finished: list[Finished]
    achieved: Achieved
    answers_owed: int
    answers_in_time: int


def year_of_council(reading: Reading, council_id: UUID, year: FinancialYear) -> YearOfCouncil:
    """What a council did in a year: seven statements. What is due is told as of today, in the present year only."""
    given = _given(reading, council_id, year)
    owed, in_time = _answers(reading, council_id, year)
    return YearOfCouncil(
        _things(reading, council_id, year), given.get(NeedKind.TIME, Given()), given.get(NeedKind.FUNDING, Given()),
        _finished(reading, council_id, year),
        achieved(reading, council_id, or_(_leads(council_id), _joins(council_id, year.end_on)), year.has_day),
        owed, in_time,
    )  # fmt: skip


_RUNS = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
_PARTNER = (PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED)
_IS_WORK = and_(Project.is_public, Project.keeps_documents.is_(False), Project.is_recorded.is_(False))


def _leads(council_id: UUID) -> ColumnElement[bool]:
    return and_(_IS_WORK, Project.council_id == council_id)


def _joins(council_id: UUID, until: date) -> ColumnElement[bool]:
    """Whether a project is another council's and it had joined by a day: by a pledge, also one it broke after it gave
    something, or by an officer in the team."""
    pledged = select(Pledge.project_id).where(
        Pledge.council_id == council_id,
        or_(Pledge.status.in_(_PARTNER), Pledge.delivered > 0),
        Pledge.accepted_at < _at(until),
    )
    in_team = select(ProjectPerson.project_id).where(
        ProjectPerson.council_id == council_id, ProjectPerson.started_at < _at(until), ProjectPerson.ended_at.is_(None)
    )
    return and_(
        _IS_WORK, Project.council_id != council_id, or_(Project.id.in_(pledged), Project.id.in_(in_team))
    )  # fmt: skip


def _ran_in(year: FinancialYear) -> ColumnElement[bool]:
    begun = Project.published_at < _at(year.end_on)
    return and_(begun, or_(Project.status.in_(_RUNS), Project.ended_at >= _at(year.first_on)))


def _named(kind: Kind, query: Select[Any], *, of: Any, status: Any = None, day: Any = None) -> Select[Any]:
    """The titles of some things of a table as rows like those of all others; the number of all of them in each."""
    title = of.title
    columns: tuple[Any, ...] = (
        literal_column(f"'{kind.value}'").label("kind"), cast(title, Text).label("title"),
        cast(of.language, Text).label("language"),
        cast(null() if status is None else status, Text).label("status"),
        cast(null() if day is None else day, Text).label("day"), func.count().over().label("number"),
    )  # fmt: skip
    rows = query.with_only_columns(*columns, maintain_column_froms=True)
    return select(rows.order_by(title if day is None else day, title).limit(MOST_NAMED).subquery())


def _things(reading: Reading, council_id: UUID, year: FinancialYear) -> dict[Kind, Things]:
    today = uk_date(reading.now)
    projects, artefacts = select(Project), select(Artefact).join(Project, Project.id == Artefact.project_id)
    kept = artefacts.where(Artefact.council_id == council_id, Artefact.is_public, Project.is_public)
    lessons = select(Lesson).join(Project, Project.id == Lesson.project_id)
    adopted = artefacts.join(Adoption, Adoption.artefact_id == Artefact.id).where(
        Adoption.council_id == council_id, Artefact.is_public, Project.is_public, adoptions_visible_to(ANONYMOUS)
    )
    project: dict[str, Any] = {"of": Project, "status": Project.status}
    its_lessons = lessons.where(Lesson.council_id == council_id, Lesson.is_public, Project.is_public)
    parts = [
        _named(Kind.LED, projects.where(_leads(council_id), _ran_in(year)), **project),
        _named(Kind.JOINED, projects.where(_joins(council_id, year.end_on), _ran_in(year)), **project),
        _named(Kind.SHARED, kept.where(year.has(Artefact.published_at)), of=Artefact),
        _named(Kind.ADOPTED, adopted.where(year.has(Adoption.started_at)), of=Artefact),
        _named(Kind.LESSON, its_lessons.where(year.has(Lesson.published_at)), of=Lesson),
    ]
    if year == FinancialYear.of(today):
        takes_part = or_(_leads(council_id), _joins(council_id, year.end_on))
        open_now = (Project.status == ProjectStatus.OPEN, Project.decision_on >= today)
        soon = Artefact.review_on <= today + timedelta(days=DAYS_AHEAD)
        parts += [
            _named(Kind.DECISION, projects.where(takes_part, *open_now), of=Project, day=Project.decision_on),
            _named(Kind.REVIEW, kept.where(soon), of=Artefact, day=Artefact.review_on),
        ]
    found = {kind: Things() for kind in Kind}
    for kind, title, language, status, day, number in reading.session.execute(union_all(*parts)):
        things = found[Kind(kind)]
        things.number = number
        things.named.append(Named(title, language, status or "", text_of(day)))
    return found


def _given(reading: Reading, council_id: UUID, year: FinancialYear) -> dict[str, Given]:
    of_council = (Pledge.council_id == council_id, Project.is_public, Pledge.authorised_at.is_not(None))
    bound = Pledge.amount - Pledge.broken - Pledge.released
    is_bound = Pledge.committed_at.is_not(None)
    sums = (
        case((and_(Pledge.is_counting, year.has(Pledge.authorised_at)), bound), else_=0),
        case((year.has(Pledge.committed_at), bound), else_=0),
        case((and_(is_bound, Pledge.delivered < bound), bound - Pledge.delivered), else_=0),
    )
    query = (
        select(Pledge.kind, *(func.coalesce(func.sum(one), 0) for one in sums))
        .join(Project, Project.id == Pledge.project_id)
        .where(*of_council)
        .group_by(Pledge.kind)
    )
    delivered = (
        select(Pledge.kind, func.sum(Delivery.counted))
        .join(Delivery, Delivery.pledge_id == Pledge.id)
        .join(Project, Project.id == Pledge.project_id)
        .where(*of_council, year.has_day(Delivery.delivered_on))
        .group_by(Pledge.kind)
    )
    came = {kind: int(amount) for kind, amount in reading.session.execute(delivered)}
    return {
        kind: Given(int(pledged), int(committed), came.get(kind, 0), int(to_come))
        for kind, pledged, committed, to_come in reading.session.execute(query)
    }


def _finished(reading: Reading, council_id: UUID, year: FinancialYear) -> list[Finished]:
    query = (
        select(Project.title, Project.language, Project.outcome_html)
        .where(
            or_(_leads(council_id), _joins(council_id, year.end_on)),
            Project.status == ProjectStatus.FINISHED, year.has(Project.ended_at),
        )
        .order_by(Project.ended_at.desc(), Project.id)
        .limit(MOST_FINISHED)
    )  # fmt: skip
    return [Finished(*row) for row in reading.session.execute(query)]


def _answers(reading: Reading, council_id: UUID, year: FinancialYear) -> tuple[int, int]:
    """How many first answers the leads of its projects owed by a day in the year that has passed, and gave in time."""
    within = case(
        *((AnswerClock.subject_type == about.value, days) for about, days in DAYS_TO_ANSWER_OTHERS.items()),
        else_=DAYS_TO_ANSWER,
    )
    query = select(
        func.count(), func.coalesce(func.sum(case((AnswerClock.days_taken <= within, 1), else_=0)), 0)
    ).where(
        exists().where(Project.id == AnswerClock.project_id, _leads(council_id)),
        AnswerClock.stopped_at.is_(None), year.has_day(AnswerClock.due_on),
        or_(AnswerClock.answered_at.is_not(None), AnswerClock.due_on < uk_date(reading.now)),
    )  # fmt: skip
    owed, in_time = reading.session.execute(query).one()
    return int(owed), int(in_time)
