"""Reading measures and what was read of them. Whoever asks sees of a project's measures what everybody sees: readings
of an update that is not published are shown with the update only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.councils.succession import followed_by
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.measures.models import Measure, MeasureChange, MeasureReading
from pipeline.measures.policy import MeasureFacts
from pipeline.measures.rules import Better, MeasureKind, Point, Terms, Unit, latest_by_council, standing
from pipeline.projects.joined import councils_that_joined
from pipeline.projects.models import Project, Update
from pipeline.projects.queries import facts_of, project_called
from pipeline.projects.rules import UpdateStatus
from pipeline.projects.visibility import visible_to

MOST_COUNTED = 10_000
ORDERS = {
    "-updated_at": Order(Measure.updated_at, Measure.id, is_descending=True),
    "updated_at": Order(Measure.updated_at, Measure.id),
}
"""What a list of measures can be ordered by; a minus is for the latest first."""
READING_ORDERS = {
    "-recorded_at": Order(MeasureReading.recorded_at, MeasureReading.id, is_descending=True),
    "recorded_at": Order(MeasureReading.recorded_at, MeasureReading.id),
}
"""What a list of readings can be ordered by."""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """What was read on a day, for a council."""

    id: UUID
    value: int
    read_on: date
    note: str
    council_id: UUID
    council_name: str
    update_id: UUID | None
    corrects_id: UUID | None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure with all that everybody may read of it, in the order of the days."""

    id: UUID
    version: int
    terms: Terms
    ended_at: datetime | None
    readings: list[ReadingLine] = field(default_factory=list)
    follows: Mapping[UUID, UUID] = field(default_factory=dict)
    """The council that stands in the place of one that ended."""

    @property
    def standing(self) -> list[ReadingLine]:
        """The readings that no other corrects."""
        return standing(self.readings)

    @property
    def reported(self) -> dict[UUID, int]:
        """Of a benefit, what each council has of it in a year by what was said last."""
        last = latest_by_council(self.readings, self.follows)
        return {council_id: sum(one.value for one in lines) for council_id, lines in last.items()}


def terms_of(measure: Measure) -> Terms:
    """What is measured now."""
    return Terms(
        measure.name, MeasureKind(measure.kind), Unit(measure.unit), Better(measure.better),
        _point(measure.baseline, measure.baseline_on), _point(measure.target, measure.target_on),
    )  # fmt: skip


def _point(value: int | None, on: date | None) -> Point | None:
    return None if value is None or on is None else Point(value, on)


def readings_are_public() -> ColumnElement[bool]:
    """Readings that stand alone, and those of a published update."""
    published = select(Update.id).where(
        Update.id == MeasureReading.update_id, Update.status == UpdateStatus.PUBLISHED.value
    )
    return or_(MeasureReading.update_id.is_(None), published.exists())


def measures_of(reading: Reading, project_id: UUID) -> list[MeasureLine]:
    """The measures of a project the viewer has been found to see, with what was read: two queries at most."""
    query = (
        select(Measure, MeasureReading, Council.short_name)
        .select_from(Measure)
        .outerjoin(MeasureReading, (MeasureReading.measure_id == Measure.id) & readings_are_public())
        .outerjoin(Council, Council.id == MeasureReading.council_id)
        .where(Measure.project_id == project_id)
        .order_by(Measure.id, MeasureReading.read_on, MeasureReading.id)
    )
    found: dict[UUID, MeasureLine] = {}
    for measure, row, council_name in reading.session.execute(query):
        line = found.setdefault(
            measure.id, MeasureLine(measure.id, measure.version, terms_of(measure), measure.ended_at)
        )
        if row is not None:
            line.readings.append(_line(row, council_name))
    return _with_successors(reading, list(found.values()))


def _with_successors(reading: Reading, lines: list[MeasureLine]) -> list[MeasureLine]:
    """Benefits are those of the council that has taken the place of whoever reported them: one query more."""
    benefits = [line for line in lines if line.terms.kind is MeasureKind.BENEFIT]
    councils = {one.council_id for line in benefits for one in line.readings}
    follows = followed_by(reading, councils) if councils else {}
    return [replace(line, follows=follows) for line in lines] if follows else lines


def _line(row: MeasureReading, council_name: str) -> ReadingLine:
    return ReadingLine(
        row.id, row.value, row.read_on, row.note, row.council_id, council_name, row.update_id, row.corrects_id
    )


def measures_to_read(reading: Reading, project_id: UUID) -> list[Measure]:
    """The measures of a project that an update can carry readings of."""
    query = select(Measure).where(
        Measure.project_id == project_id, Measure.kind == MeasureKind.OUTCOME.value, Measure.ended_at.is_(None)
    )
    return list(reading.session.scalars(query.order_by(Measure.id)))


def readings_of_update(reading: Reading, update_id: UUID) -> list[tuple[Measure, ReadingLine]]:
    """What an update carries, which the viewer has been found to see."""
    query = (
        select(Measure, MeasureReading, Council.short_name)
        .select_from(Measure)
        .join(MeasureReading, MeasureReading.measure_id == Measure.id)
        .join(Council, Council.id == MeasureReading.council_id)
        .where(MeasureReading.update_id == update_id)
        .order_by(Measure.id)
    )
    return [(measure, _line(row, name)) for measure, row, name in reading.session.execute(query)]


def changes_of(reading: Reading, project_id: UUID) -> dict[UUID, list[MeasureChange]]:
    """How the measures of a project were changed since it was published, the latest first, by measure: one query."""
    query = select(MeasureChange).join(Measure, Measure.id == MeasureChange.measure_id)
    query = query.where(Measure.project_id == project_id)
    found: dict[UUID, list[MeasureChange]] = defaultdict(list)
    for row in reading.session.scalars(query.order_by(MeasureChange.changed_at.desc(), MeasureChange.id.desc())):
        found[row.measure_id].append(row)
    return found


def measure_seen_by(reading: Reading, measure_id: UUID, *, lock: bool = False) -> tuple[Measure, Project]:
    """A measure of a project the viewer may know of, with the project. Raises NotFound."""
    query = (
        select(Measure, Project)
        .join(Project, Project.id == Measure.project_id)
        .where(Measure.id == measure_id, visible_to(reading.actor))
    )
    if lock:
        query = query.with_for_update(of=(Project, Measure)).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("measure")
    return row.Measure, row.Project


def reading_seen_by(reading: Reading, reading_id: UUID) -> MeasureReading:
    """A reading that everybody may read who may know of its project. Raises NotFound."""
    query = (
        select(MeasureReading)
        .join(Project, Project.id == MeasureReading.project_id)
        .where(MeasureReading.id == reading_id, visible_to(reading.actor), readings_are_public())
    )
    row = reading.session.scalars(query).first()
    if row is None:
        raise NotFound("reading")
    return row


def facts_of_measure(reading: Reading, measure: Measure, project: Project) -> MeasureFacts:
    """What policies need to know of a measure: the project's facts, and which councils are in it."""
    councils = councils_that_joined(reading.session, project) | {project.council_id}
    return MeasureFacts(facts_of(reading, project), MeasureKind(measure.kind), frozenset(councils))


def number_of_readings(reading: Reading, measure_id: UUID) -> int:
    """How many readings a measure has, corrections and those of drafts included."""
    query = select(func.count()).select_from(MeasureReading).where(MeasureReading.measure_id == measure_id)
    return reading.session.scalar(query) or 0


def number_of_measures_in(reading: Reading, project_id: UUID) -> int:
    """How many measures of a project stand."""
    query = select(func.count()).select_from(Measure)
    return reading.session.scalar(query.where(Measure.project_id == project_id, Measure.ended_at.is_(None))) or 0


# Lists that everybody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilters:
    """What a list of measures is narrowed to. None means any."""

    project: str | None = None
    kind: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFilters:
    """What a list of readings is narrowed to. None means any."""

    project: str | None = None
    measure: UUID | None = None
    council: str | None = None


def measures_listed(
    reading: Reading, filters: MeasureFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of measures of public projects."""
    columns: tuple[Any, ...] = (Measure, Measure.id, Measure.updated_at, Project.slug, Project.title)
    query = select(*columns).select_from(Measure).join(Project, Project.id == Measure.project_id)
    return read_page(reading.session, _narrowed(_public(query), filters), order, place, limit)


def number_of_measures(reading: Reading, filters: MeasureFilters) -> int:
    """How many measures a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    query = _narrowed(_public(select(Measure.id).join(Project)), filters)
    return reading.session.scalar(select(func.count()).select_from(query.limit(MOST_COUNTED + 1).subquery())) or 0


def measure_listed(reading: Reading, measure_id: UUID) -> Any:
    """A measure as lists show it, of a project the viewer may know of. Raises NotFound."""
    query = select(Measure, Project.slug, Project.title).select_from(Measure).join(Project)
    row = reading.session.execute(query.where(Measure.id == measure_id, visible_to(reading.actor))).first()
    if row is None:
        raise NotFound("measure")
    return row


def readings_listed(
    reading: Reading, filters: ReadingFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of readings that everybody may read."""
    query = _narrowed_readings(_public(_readings()).where(readings_are_public()), filters)
    return read_page(reading.session, query, order, place, limit)


def number_of_all_readings(reading: Reading, filters: ReadingFilters) -> int:
    """How many readings a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    query = _public(select(MeasureReading.id).join(Project, Project.id == MeasureReading.project_id))
    narrowed = _narrowed_readings(query.where(readings_are_public()), filters)
    return reading.session.scalar(select(func.count()).select_from(narrowed.limit(MOST_COUNTED + 1).subquery())) or 0


def reading_listed(reading: Reading, reading_id: UUID) -> Any:
    """A reading as lists show it, of a project the viewer may know of. Raises NotFound."""
    query = _readings().where(MeasureReading.id == reading_id, visible_to(reading.actor), readings_are_public())
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("reading")
    return row


def _readings() -> Select[Any]:
    other = aliased(MeasureReading)
    correction = select(other.id).where(other.corrects_id == MeasureReading.id).correlate(MeasureReading)
    columns: tuple[Any, ...] = (
        MeasureReading, MeasureReading.id, MeasureReading.recorded_at, Measure.unit, Project.slug, Project.title,
        Council.slug.label("council_slug"), Council.name.label("council_name"), Council.gss_code,
        correction.scalar_subquery().label("corrected_by"),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(MeasureReading)
        .join(Measure, Measure.id == MeasureReading.measure_id)
        .join(Project, Project.id == MeasureReading.project_id)
        .join(Council, Council.id == MeasureReading.council_id)
    )


def _public(query: Select[Any]) -> Select[Any]:
    # Not by the index of public projects: SQLite would begin with it and sort what it found.
    return query.where(unindexed(Project.is_public))


def _narrowed(query: Select[Any], filters: MeasureFilters) -> Select[Any]:
    if filters.project is not None:
        query = query.where(Measure.project_id == project_called(filters.project))
    if filters.kind is not None:
        query = query.where(Measure.kind == filters.kind)
    if filters.updated_since is not None:
        query = query.where(Measure.updated_at >= filters.updated_since)
    return query


def _narrowed_readings(query: Select[Any], filters: ReadingFilters) -> Select[Any]:
    if filters.project is not None:
        query = query.where(MeasureReading.project_id == project_called(filters.project))
    if filters.measure is not None:
        query = query.where(MeasureReading.measure_id == filters.measure)
    if filters.council is not None:
        query = query.where(MeasureReading.council_id == council_called(filters.council))
    return query
