"""Reading portfolios: the projects of a council as a board or a list, what they come to, and councils like it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from pipeline.accounts.models import Officer
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.rules import AdoptionStanding
from pipeline.councils.models import Council
from pipeline.db.hot_lists import FEW, FEW_OF_SEVERAL, unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.listeners import ListenerPlace
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.portfolios.listener import NAME
from pipeline.portfolios.models import PortfolioCount, PortfolioEntry
from pipeline.portfolios.rules import (
    AMOUNTS,
    DAYS_AHEAD,
    NO_THEME,
    SUMS,
    UNKNOWN,
    Cell,
    Measured,
    PortfolioFilters,
    Sums,
    together,
)
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.rules import PersonRole, ProjectStatus

ORDER = Order(PortfolioEntry.updated_at, PortfolioEntry.project_id, is_descending=True)
MOST_COUNTED = 1_000
"""What the kept counts do not answer is counted no further."""
MOST_SIMILAR = 6
MOST_NAMED = 200


def heard_up_to(reading: Reading) -> int:
    """How far in the log portfolios have been kept."""
    return reading.session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == NAME)) or 0


def cells_of(reading: Reading, council_ids: Iterable[UUID], theme: str | None = None) -> dict[UUID, list[Cell]]:
    """The counts of some councils, of all their projects or of those about a theme: one statement for them all."""
    count = PortfolioCount
    query = select(
        count.council_id, count.role, count.phase, count.status, *(getattr(count, name) for name in SUMS)
    ).where(
        count.council_id.in_(list(council_ids)), count.theme == (theme or NO_THEME), count.projects > 0
    )  # fmt: skip
    found: dict[UUID, list[Cell]] = {}
    for row in reading.session.execute(query):
        found.setdefault(row[0], []).append(Cell(row[1], row[2], row[3], Sums(*row[4:])))
    return found


class Portfolio:
    """A council's portfolio, narrowed: which of its cells match, its rows, and how many there are.

    What few pass is found from an index of its own and sorted; otherwise the entries are walked in their order, which
    is quick because many pass. The kept counts say how many pass; of what they do not know, entries are counted as far
    as `FEW`.
    """

    def __init__(self, reading: Reading, council_id: UUID, filters: PortfolioFilters) -> None:
        self._reading, self._council_id, self.filters = reading, council_id, filters
        cells = cells_of(reading, [council_id], filters.theme).get(council_id, [])
        self.cells = [cell for cell in cells if cell.matches(filters)]
        self.most = together(self.cells).projects
        """As many as the kept counts let through; they do not know what is due or measured."""
        self._found_by = self._rarest() if self.most else []
        self.order = replace(ORDER, is_sorted=bool(self._found_by))

    def page(self, limit: int, place: Place | None = None) -> Page:
        """A page of it, the last changed first."""
        if not self.most:
            return Page([], None, None)
        return read_page(self._reading.session, self._listed(), self.order, place, limit)

    def board(self, phases: Sequence[str], most: int) -> dict[str, list[Any]]:
        """The projects that changed last in each phase, `most` of each: one statement. An empty phase is an unknown
        one."""
        found: dict[str, list[Any]] = {phase: [] for phase in phases}
        columns = [self._column(phase, most) for phase in phases]
        for row in self._reading.session.execute(union_all(*columns)) if columns else ():
            found[row.phase].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.updated_at, row.project_id), reverse=True)
        return found

    @cached_property
    def by_role(self) -> dict[str, Sums]:
        """What it comes to in each role: as kept, or added up no further than one project past `MOST_COUNTED`."""
        roles = {cell.role for cell in self.cells}
        if self.filters.is_counted or not self.most:
            return {role: together(cell for cell in self.cells if cell.role == role) for role in roles}
        columns = (PortfolioEntry.role, *(getattr(PortfolioEntry, name) for name in AMOUNTS))
        rows = self._listed().with_only_columns(*columns, maintain_column_froms=True).limit(MOST_COUNTED + 1).subquery()
        sums = (func.count(), *(func.sum(rows.c[name]) for name in AMOUNTS))
        found = self._reading.session.execute(select(rows.c.role, *sums).group_by(rows.c.role))
        return {row[0]: Sums(*(int(value) for value in row[1:])) for row in found}

    @property
    def number(self) -> int:
        """How many there are: as kept, or counted no further than one past `MOST_COUNTED`."""
        return sum(sums.projects for sums in self.by_role.values())

    @property
    def is_whole(self) -> bool:
        """Whether what it comes to is of all its projects, however many."""
        return self.filters.is_counted or self.number <= MOST_COUNTED

    def _column(self, phase: str, most: int) -> Any:
        changed: ColumnElement[Any] = PortfolioEntry.updated_at.expression
        if self._found_by:
            changed = func.coalesce(changed, changed)
        listed = self._listed().where(PortfolioEntry.phase == phase)
        return select(listed.order_by(changed.desc(), PortfolioEntry.project_id.desc()).limit(most).subquery())

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        entry = PortfolioEntry
        return entry.council_id == self._council_id, entry.theme == (self.filters.theme or NO_THEME)

    def _rarest(self) -> list[ColumnElement[bool]]:
        """The conditions to find the rows by, where few meet them; none to walk."""
        families = [self._by_cell(), self._by_day(), self._by_measures()]
        ways = [(number, conditions) for number, conditions in families if conditions]
        few = FEW if len(ways) == 1 else FEW_OF_SEVERAL
        number, conditions = min(ways, key=lambda way: way[0], default=(0, []))
        return conditions if number <= few else []

    def _by_cell(self) -> tuple[int, list[ColumnElement[bool]]]:
        """By phase, status and role together: every value of each, so that one index answers all three."""
        asked = self.filters
        if asked.role is None and asked.phase is None and asked.status is None:
            return 0, []
        entry = PortfolioEntry
        values = {
            name: sorted({getattr(cell, name) for cell in self.cells}) for name in ("phase", "status", "role")
        }  # fmt: skip
        return self.most, [getattr(entry, name).in_(those) for name, those in values.items()]

    def _by_day(self) -> tuple[int, list[ColumnElement[bool]]]:
        return self._counted(list(_is_due(self._reading)) if self.filters.is_due else [])

    def _by_measures(self) -> tuple[int, list[ColumnElement[bool]]]:
        return self._counted(list(_measured(self._reading, self.filters)))

    def _counted(self, conditions: list[ColumnElement[bool]]) -> tuple[int, list[ColumnElement[bool]]]:
        """How many entries meet conditions that have an index, counted no further than it matters."""
        if not conditions:
            return 0, []
        rows = select(literal(1)).select_from(PortfolioEntry).where(*self._mine(), *conditions)
        counted = select(func.count()).select_from(rows.limit(FEW_OF_SEVERAL + 1).subquery())
        return self._reading.session.scalar(counted) or 0, conditions

    def _listed(self) -> Select[Any]:
        """Entries with what is shown of them, of projects that everybody may see. SQLite would begin with every public
        project and sort: it is kept from that."""
        entry = PortfolioEntry
        query: Select[Any] = (
            select(
                entry.project_id, entry.role, entry.phase, entry.updated_at, entry.target_due_on,
                *(getattr(entry, name) for name in AMOUNTS),
                Project.slug, Project.title, Project.language, Project.status, Project.decision_on, Project.freshness,
                Project.last_sign_of_life_at, Project.published_at, Project.ended_at,
                _people().label("people"), _reviews(self._reading).label("reviews"),
            )
            .join(Project, Project.id == entry.project_id)
            .where(*self._mine(), unindexed(Project.is_public), *self._found_by)
        )  # fmt: skip
        return query.where(*_narrowed(self._reading, self.filters))


def _people() -> Any:
    return (
        select(func.count())
        .where(ProjectPerson.project_id == Project.id, ProjectPerson.ended_at.is_(None))
        .correlate(Project)
        .scalar_subquery()
    )


def _reviews(reading: Reading) -> Any:
    soon = uk_date(reading.now) + timedelta(days=DAYS_AHEAD)
    return (
        select(func.count())
        .where(Artefact.project_id == Project.id, unindexed(Artefact.is_public), Artefact.review_on <= soon)
        .correlate(Project)
        .scalar_subquery()
    )


def _narrowed(reading: Reading, filters: PortfolioFilters) -> Iterable[ColumnElement[bool]]:
    entry = PortfolioEntry
    phase = "" if filters.phase == UNKNOWN else filters.phase
    for column, value in ((entry.role, filters.role), (entry.phase, phase), (entry.status, filters.status)):
        if value is not None:
            yield column == value
    yield from _measured(reading, filters)
    if filters.is_due:
        yield from _is_due(reading)


def _is_due(reading: Reading) -> Iterable[ColumnElement[bool]]:
    entry, today = PortfolioEntry, uk_date(reading.now)
    yield entry.status == ProjectStatus.OPEN.value
    yield entry.decision_on.between(today, today + timedelta(days=DAYS_AHEAD))


def _measured(reading: Reading, filters: PortfolioFilters) -> Iterable[ColumnElement[bool]]:
    if filters.measures == Measured.YES:
        yield PortfolioEntry.is_measured.is_(True)
    if filters.measures == Measured.LATE:
        yield PortfolioEntry.target_due_on < uk_date(reading.now)


def leads_named(reading: Reading, project_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The leads of some projects who chose to be named, by project."""
    query = (
        select(ProjectPerson.project_id, Officer.name)
        .join(Officer, Officer.id == ProjectPerson.officer_id)
        .where(
            ProjectPerson.project_id.in_(project_ids), ProjectPerson.ended_at.is_(None),
            ProjectPerson.role == PersonRole.LEAD.value, Officer.is_named, Officer.erased_at.is_(None),
        )
        .order_by(Officer.name, Officer.id)
        .limit(MOST_NAMED)
    )  # fmt: skip
    found: dict[UUID, list[str]] = {}
    for project_id, name in reading.session.execute(query):
        found.setdefault(project_id, []).append(name)
    return found


def similar_councils(reading: Reading, council: Council) -> list[Council]:
    """Councils of its kind and nation that have projects, those of its region first, then near to it in number of
    projects: in the order of the alphabet, because nothing is ranked."""
    number = Council.projects_led + Council.projects_joined
    query = (
        select(Council)
        .where(
            Council.kind == council.kind, Council.nation == council.nation, Council.id != council.id,
            Council.is_active, Council.is_made_up == council.is_made_up, number > 0,
        )
        .order_by(
            Council.region != council.region, func.abs(number - council.projects_led - council.projects_joined),
            Council.short_name, Council.id,
        )
        .limit(MOST_SIMILAR)
    )  # fmt: skip
    return sorted(reading.session.scalars(query), key=lambda one: (one.short_name, one.id))


def documents_counted(reading: Reading, council_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many public documents each of some councils shares, and how many of others it uses; each counted no further
    than one past `MOST_COUNTED`."""
    used = (AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value)
    parts = []
    for council_id in council_ids:
        shared = select(Artefact.id).where(Artefact.council_id == council_id, unindexed(Artefact.is_public))
        adopted = (
            select(Adoption.id)
            .join(Artefact, Artefact.id == Adoption.artefact_id)
            .where(Adoption.council_id == council_id, Adoption.standing.in_(used), unindexed(Artefact.is_public))
        )
        numbers = (
            select(func.count()).select_from(query.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()
            for query in (shared, adopted)
        )
        parts.append(select(literal(council_id, Council.id.type), *numbers))
    rows = reading.session.execute(union_all(*parts)) if parts else ()
    return {row[0]: (row[1], row[2]) for row in rows}


def documents_due(reading: Reading, council_id: UUID, most: int = 5) -> list[Any]:
    """The public documents a council keeps whose review date has come, or comes soon: title, address, day."""
    soon = uk_date(reading.now) + timedelta(days=DAYS_AHEAD)
    kept = (
        select(Artefact.title, Artefact.slug, Artefact.review_on, Artefact.id)
        .join(Project, Project.id == Artefact.project_id)
        .where(
            Artefact.council_id == council_id, Artefact.review_on <= soon, unindexed(Artefact.is_public),
            Project.is_public,
        )
        .order_by(Artefact.review_on, Artefact.id)
        .limit(most)
    )  # fmt: skip
    return list(reading.session.execute(kept))
