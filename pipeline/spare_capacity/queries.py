"""Reading spare capacity, and the needs it fits, on behalf of officers of councils."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, literal, or_, select, union_all

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import Mode, NeedStatus, ProjectStatus
from pipeline.spare_capacity import policy
from pipeline.spare_capacity.matching import numbers, spellings
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.spare_capacity.rules import Spare, SpareKind

MOST_COUNTED = 10_000
MOST_NEEDS = 5
"""How many of the needs that one line fits are shown beside it, the newest; the others have a page of their own."""
MOST_HELPERS = 50

NEED_ORDERS = {
    "-posted": Order(Need.project_id, Need.id, is_descending=True),
    "posted": Order(Need.project_id, Need.id),
}
"""The needs that a line fits, those of the newest project first, or last."""

ORDERS = {
    "to_on": Order(SpareCapacity.to_on, SpareCapacity.id),
    "-to_on": Order(SpareCapacity.to_on, SpareCapacity.id, is_descending=True),
}
"""What a list of it can be ordered by: what is gone soonest comes first."""

SHOWN: tuple[Any, ...] = (
    SpareCapacity.id, SpareCapacity.kind, SpareCapacity.profession, SpareCapacity.thing, SpareCapacity.amount,
    SpareCapacity.from_on, SpareCapacity.to_on, SpareCapacity.note, SpareCapacity.listed_at, SpareCapacity.changed_at,
    SpareCapacity.ended_at, SpareCapacity.version, SpareCapacity.revision, SpareCapacity.council_id,
    Council.slug.label("council_slug"), Council.name.label("council_name"), Council.short_name, Council.gss_code,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareFilters:
    """What a list of spare capacity is narrowed to. None means any."""

    council: str | None = None
    kind: str | None = None
    profession: str | None = None


@dataclass(frozen=True, slots=True)
class NeedFitted:
    """A need that a line of spare capacity fits."""

    spare_capacity_id: UUID
    id: UUID
    title: str
    kind: str
    project_address: str
    project_title: str
    council: str


def spare_capacity_listed(
    reading: Reading, filters: SpareFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of what councils could give today or later. Raises NotFound for the public."""
    return read_page(reading.session, _narrowed(reading, select(*SHOWN), filters), order, place, limit)


def number_of_spare_capacity(reading: Reading, filters: SpareFilters) -> int:
    """How many lines of it there are, counted no further than one past `MOST_COUNTED`."""
    counted = _narrowed(reading, select(SpareCapacity.id), filters).limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def _narrowed(reading: Reading, query: Select[Any], filters: SpareFilters) -> Select[Any]:
    _check_seen(reading)
    query = query.join(Council, Council.id == SpareCapacity.council_id).where(*standing_on(uk_date(reading.now)))
    if filters.council is not None:
        query = query.where(SpareCapacity.council_id == council_called(filters.council))
    for column, value in ((SpareCapacity.kind, filters.kind), (SpareCapacity.profession, filters.profession)):
        if value is not None:
            query = query.where(column == value)
    return query


def standing_on(today: date) -> tuple[ColumnElement[bool], ...]:
    """Lines that hold today or begin later."""
    return SpareCapacity.ended_at.is_(None), SpareCapacity.to_on >= today


def listed_by_own_council(reading: Reading) -> Sequence[Any]:
    """What the council one acts for lists, what is gone soonest first: all of it, there are few."""
    _check_seen(reading)
    query = (
        select(*SHOWN)
        .join(Council, Council.id == SpareCapacity.council_id)
        .where(SpareCapacity.council_id == reading.actor.council_id, *standing_on(uk_date(reading.now)))
    )
    return reading.session.execute(query.order_by(SpareCapacity.to_on, SpareCapacity.id)).all()


def number_listed_by(reading: Reading, council_id: UUID) -> int:
    """How many lines of it a council has."""
    query = select(func.count()).where(SpareCapacity.council_id == council_id, *standing_on(uk_date(reading.now)))
    return reading.session.scalar(query) or 0


def spare_capacity_seen_by(reading: Reading, spare_capacity_id: UUID, *, lock: bool = False) -> SpareCapacity:
    """One line of it. One that ended is its own council's to see. Raises NotFound."""
    _check_seen(reading)
    query = select(SpareCapacity).where(SpareCapacity.id == spare_capacity_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = reading.session.scalars(query).first()
    if row is None or (row.ended_at is not None and row.council_id != reading.actor.council_id):
        raise NotFound("spare_capacity")
    return row


def spare_capacity_shown(reading: Reading, spare_capacity_id: UUID) -> Any:
    """One line of it as lists show it. Raises NotFound."""
    spare_capacity_seen_by(reading, spare_capacity_id)
    query = select(*SHOWN).join(Council, Council.id == SpareCapacity.council_id)
    return reading.session.execute(query.where(SpareCapacity.id == spare_capacity_id)).one()


def spare_of(row: Any) -> Spare:
    """What a listed row says, as the rules know it."""
    return Spare(
        kind=SpareKind(row.kind), profession=row.profession, thing=row.thing, amount=row.amount, from_on=row.from_on,
        to_on=row.to_on, note=row.note,
    )  # fmt: skip


def needs_fitted(reading: Reading, rows: Iterable[Any], most: int = MOST_NEEDS) -> dict[UUID, list[NeedFitted]]:
    """The newest needs that each of some listed rows fits, by the row's id: one statement for them all.

    A need its council has pledged to already is left out. What is listed must come from a list the reader could see.
    """
    today = uk_date(reading.now)
    parts = [select(_newest(row, today, most).subquery()) for row in rows]
    found: dict[UUID, list[NeedFitted]] = {}
    for row in reading.session.execute(union_all(*parts)) if parts else ():
        found.setdefault(row[0], []).append(need_of(row))
    return found


def need_of(row: Any) -> NeedFitted:
    """A row of `needs_fitted_listed`, as a value."""
    return NeedFitted(*row[: len(fields(NeedFitted))])


def needs_fitted_listed(reading: Reading, row: Any, *, order: Order, limit: int, place: Place | None = None) -> Page:
    """A page of all the needs that one listed row fits. What is listed must come from a list the reader could see."""
    return read_page(reading.session, _fitted(row, uk_date(reading.now)), order, place, limit)


def number_of_needs_fitted(reading: Reading, row: Any) -> int:
    """How many there are, counted no further than one past `MOST_COUNTED`."""
    counted = _fitted(row, uk_date(reading.now)).with_only_columns(Need.id, maintain_column_froms=True)
    limited = counted.limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(limited)) or 0


def _newest(row: Any, today: date, most: int) -> Select[Any]:
    return _fitted(row, today).order_by(Need.project_id.desc(), Need.id.desc()).limit(most)


def _fitted(row: Any, today: date) -> Select[Any]:
    pledged = exists().where(
        Pledge.need_id == Need.id, Pledge.council_id == row.council_id, Pledge.status.in_(STANDING)
    )
    query: Select[Any] = select(
        literal(row.id, SpareCapacity.id.type).label("spare_capacity_id"), Need.id, Need.title, Need.kind,
        Project.slug.label("project_address"), Project.title.label("project_title"),
        Council.short_name.label("council"), Need.project_id,
    )  # fmt: skip
    return (
        query.join(Project, Project.id == Need.project_id)
        .join(Council, Council.id == Project.council_id)
        .where(*needs_that_fit(spare_of(row), row.council_id, today), ~pledged)
    )


def needs_that_fit(spare: Spare, council_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    """What `matching.fits` says, asked of the database: `need` and its `project` are joined."""
    is_same = Need.profession == spare.profession if spare.kind is SpareKind.TIME else Need.thing.in_(spellings(spare))
    return (
        unindexed(Need.kind) == spare.kind.value, is_same, *_is_taking(), unindexed(Project.council_id) != council_id,
        or_(~_waits_for_a_decision(), Project.decision_on <= spare.to_on), literal(spare.to_on) >= literal(today),
    )  # fmt: skip


def councils_that_could_help(reading: Reading, project_id: UUID) -> Sequence[Any]:
    """What other councils list that fits a need of a public project, with `need_id` and `need_title`; one more than
    `MOST_HELPERS` where there is more."""
    _check_seen(reading)
    is_same = or_(
        and_(Need.kind == SpareKind.TIME.value, SpareCapacity.profession == Need.profession),
        *_spelt(reading, project_id),
    )
    query: Select[Any] = select(*SHOWN, Need.id.label("need_id"), Need.title.label("need_title"))
    fitting = (
        query.select_from(Need)
        .join(Project, Project.id == Need.project_id)
        .join(SpareCapacity, is_same)
        .join(Council, Council.id == SpareCapacity.council_id)
        .where(
            Need.project_id == project_id, *_is_taking(), *standing_on(uk_date(reading.now)),
            SpareCapacity.council_id != Project.council_id,
            or_(~_waits_for_a_decision(), Project.decision_on <= SpareCapacity.to_on),
        )
        .order_by(Need.position, Need.id, SpareCapacity.to_on, SpareCapacity.id)
        .limit(MOST_HELPERS + 1)
    )  # fmt: skip
    return reading.session.execute(fitting).all()


def _spelt(reading: Reading, project_id: UUID) -> list[ColumnElement[bool]]:
    """Whether a need of a project asks for a thing as it is listed, for one of it or for several."""
    listed = SpareCapacity.thing
    ways = (listed, func.lower(listed), _capitalised(listed))
    asked = select(Need.id, Need.thing).where(
        Need.project_id == project_id, Need.kind == SpareKind.IN_KIND.value, Need.thing.is_not(None)
    )
    return [
        and_(Need.id == row.id, or_(*(literal(one, listed.type).in_(ways) for one in sorted(numbers(row.thing)))))
        for row in reading.session.execute(asked)
    ]


def _capitalised(column: Any) -> Any:
    first = func.upper(func.substr(column, 1, 1), type_=String())
    return first.concat(func.lower(func.substr(column, 2), type_=String()))


def _is_taking() -> tuple[ColumnElement[bool], ...]:
    """Needs that take pledges and have room, of projects that everybody may know of."""
    return (
        Need.status == NeedStatus.OPEN, unindexed(Project.is_public),
        unindexed(Project.status).in_((ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)),
        or_(Need.is_capped.is_(False), Need.held < Need.target),
    )  # fmt: skip


def _waits_for_a_decision() -> ColumnElement[bool]:
    return and_(
        Project.status == ProjectStatus.OPEN, Project.mode == Mode.ALL_OR_NOTHING, Project.decision_on.is_not(None)
    )


def _check_seen(reading: Reading) -> None:
    if not (reading.actor.is_system or policy.may_see_spare_capacity(reading.actor)):
        raise NotFound("spare_capacity")
