"""Measures of many projects in short: how many each has, and the one that says most; and, for what is kept of a
project, whether it measures anything and which target it has still to meet. What has ended is left out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils.succession import followed_by
from pipeline.db.work import Reading
from pipeline.measures.models import Measure, MeasureReading
from pipeline.measures.queries import readings_are_public, terms_of
from pipeline.measures.rules import Better, MeasureKind, Point, Terms, latest_by_council, says_most
from pipeline.projects.models import Project

AT_ONCE = 500
"""Projects whose measures one statement reads."""


@dataclass(frozen=True, slots=True)
class InShort:
    """A measure: of an outcome what was read last; of a benefit what the councils that reported it have together in a
    year, and how many they are."""

    terms: Terms
    latest: Point | None = None
    reported: int = 0
    together: int = 0


@dataclass(frozen=True, slots=True)
class MeasuresInShort:
    """How many measures a project has, and the one that says most."""

    number: int
    most: InShort


def measures_in_short(reading: Reading, project_ids: Sequence[UUID]) -> dict[UUID, MeasuresInShort]:
    """What some public projects measure, for those that do: a few statements for every `AT_ONCE` projects."""
    found: dict[UUID, MeasuresInShort] = {}
    for start in range(0, len(project_ids), AT_ONCE):
        found |= _in_short(reading, project_ids[start : start + AT_ONCE])
    return found


def _in_short(reading: Reading, project_ids: Sequence[UUID]) -> dict[UUID, MeasuresInShort]:
    query = (
        select(Measure, _latest(MeasureReading.value), _latest(MeasureReading.read_on))
        .where(Measure.project_id.in_(project_ids), Measure.ended_at.is_(None))
        .order_by(Measure.project_id, Measure.id)
    )
    rows: dict[UUID, list[Any]] = defaultdict(list)
    for row in reading.session.execute(query):
        rows[row[0].project_id].append(row)
    chosen = {project_id: max(own, key=_weight) for project_id, own in rows.items()}
    benefits = _together(reading, [row[0].id for row in chosen.values() if row[0].kind == MeasureKind.BENEFIT.value])
    return {
        project_id: MeasuresInShort(len(rows[project_id]), _shown(row, benefits.get(row[0].id, (0, 0))))
        for project_id, row in chosen.items()
    }


def _weight(row: Any) -> int:
    measure, value, _read_on = row
    return says_most(terms_of(measure), has_reading=value is not None)


def _shown(row: Any, benefit: tuple[int, int]) -> InShort:
    measure, value, read_on = row
    terms = terms_of(measure)
    if terms.kind is MeasureKind.BENEFIT:
        return InShort(terms, reported=benefit[0], together=benefit[1])
    return InShort(terms, None if value is None else Point(value, read_on))


def _together(reading: Reading, measure_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many councils have something of each benefit, and what they have together by what was said last."""
    if not measure_ids:
        return {}
    query = select(MeasureReading).where(MeasureReading.measure_id.in_(measure_ids), readings_are_public())
    said: dict[UUID, list[MeasureReading]] = defaultdict(list)
    for row in reading.session.scalars(query):
        said[row.measure_id].append(row)
    follows = followed_by(reading, {one.council_id for rows in said.values() for one in rows})
    last = {measure_id: latest_by_council(rows, follows) for measure_id, rows in said.items()}
    return {
        measure_id: (len(by_council), sum(one.value for lines in by_council.values() for one in lines))
        for measure_id, by_council in last.items()
    }


def _standing() -> Iterable[ColumnElement[bool]]:
    """Readings that everybody may read and no other corrects that they may."""
    other = aliased(MeasureReading)
    return readings_are_public(), ~select(other.id).where(other.corrects_id == MeasureReading.id).exists()


def _latest(column: Any) -> Any:
    """What a measure's last standing reading has in a column."""
    return (
        select(column)
        .where(MeasureReading.measure_id == Measure.id, *_standing())
        .order_by(MeasureReading.read_on.desc(), MeasureReading.id.desc())
        .limit(1)
        .correlate(Measure)
        .scalar_subquery()
    )


# Of one project, as a column of a statement over projects


def is_measured() -> ColumnElement[bool]:
    """Whether a project measures anything now."""
    return select(Measure.id).where(Measure.project_id == Project.id, Measure.ended_at.is_(None)).exists()


def target_due_on() -> Any:
    """The first day by which a target of the project was, or is, to be met that is not met yet."""
    last = _latest(MeasureReading.value)
    is_met = case((Measure.better == Better.MORE.value, last >= Measure.target), else_=last <= Measure.target)
    return (
        select(func.min(Measure.target_on))
        .where(
            Measure.project_id == Project.id, Measure.ended_at.is_(None), Measure.kind == MeasureKind.OUTCOME.value,
            Measure.target.is_not(None), or_(last.is_(None), ~is_met),
        )
        .correlate(Project)
        .scalar_subquery()
    )  # fmt: skip
