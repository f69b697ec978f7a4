"""What was measured in a council's year: of the projects it led or joined, how many measures were read and met their
target; and what the council itself said that the work gives it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from pipeline.db.work import Reading
from pipeline.measures.models import Measure, MeasureReading
from pipeline.measures.queries import readings_are_public, terms_of
from pipeline.measures.rules import Better, MeasureKind, Point, Terms, Unit
from pipeline.projects.models import Project

MOST_NAMED = 3
"""Measures that are named; the rest are a number."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measure of a project, and what was read of it last. `language` is the project's."""

    title: str
    language: str
    terms: Terms
    latest: Point


@dataclass(frozen=True, slots=True)
class Achieved:
    """How many measures were read in the year and how many of them met their target, some of them with their project,
    and the benefits the council reported in half-days and pence; None where it reported none."""

    read: int = 0
    met: int = 0
    named: tuple[Outcome, ...] = ()
    half_days: int | None = None
    pence: int | None = None


def achieved(reading: Reading, council_id: UUID, takes_part: ColumnElement[bool], in_year: Any) -> Achieved:
    """What was measured. `takes_part` says of which projects, and `in_year` of a column whether its day is in the
    year: two statements."""
    number, met, named = _outcomes(reading, and_(takes_part, in_year(MeasureReading.read_on)))
    benefits = _benefits(reading, council_id, in_year(MeasureReading.read_on))
    return Achieved(number, met, named, benefits.get(Unit.DAYS), benefits.get(Unit.POUNDS))


def _standing() -> ColumnElement[bool]:
    other = aliased(MeasureReading)
    return and_(readings_are_public(), ~select(other.id).where(other.corrects_id == MeasureReading.id).exists())


def _last(*by: Any) -> Any:
    """Which reading of those alike it is; the last is the first."""
    last_first = (MeasureReading.read_on.desc(), MeasureReading.id.desc())
    return func.row_number().over(partition_by=by, order_by=last_first).label("place")


def _outcomes(reading: Reading, which: ColumnElement[bool]) -> tuple[int, int, tuple[Outcome, ...]]:
    last = (
        select(
            MeasureReading.measure_id, MeasureReading.value, MeasureReading.read_on, _last(MeasureReading.measure_id)
        )
        .join(Project, Project.id == MeasureReading.project_id)
        .where(which, _standing())
        .subquery()
    )
    reaches = case(
        (Measure.better == Better.MORE.value, last.c.value >= Measure.target), else_=last.c.value <= Measure.target
    )
    is_met = case((and_(Measure.target.is_not(None), reaches), 1), else_=0)
    query = (
        select(
            func.count().over(),
            func.sum(is_met).over(),
            Measure,
            last.c.value,
            last.c.read_on,
            Project.title,
            Project.language,
        )
        .join(last, last.c.measure_id == Measure.id)
        .join(Project, Project.id == Measure.project_id)
        .where(last.c.place == 1, Measure.kind == MeasureKind.OUTCOME.value)
        .order_by(is_met.desc(), last.c.read_on.desc(), Measure.id)
        .limit(MOST_NAMED)
    )
    rows = reading.session.execute(query).all()
    named = tuple(
        Outcome(title, language, terms_of(measure), Point(value, on))
        for _number, _met, measure, value, on, title, language in rows
    )
    return (int(rows[0][0]), int(rows[0][1]), named) if rows else (0, 0, ())


def _benefits(reading: Reading, council_id: UUID, in_year: ColumnElement[bool]) -> dict[str, int]:
    last = (
        select(MeasureReading.measure_id, MeasureReading.value, _last(MeasureReading.measure_id))
        .join(Project, Project.id == MeasureReading.project_id)
        .where(MeasureReading.council_id == council_id, Project.is_public, in_year, _standing())
        .subquery()
    )
    query = (
        select(Measure.unit, func.sum(last.c.value))
        .join(last, last.c.measure_id == Measure.id)
        .where(last.c.place == 1, Measure.kind == MeasureKind.BENEFIT.value)
        .group_by(Measure.unit)
    )
    return {unit: int(total) for unit, total in reading.session.execute(query)}
