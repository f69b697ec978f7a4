"""Reading portfolios: the projects of a council as a board or a list, what they come to, and councils like it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, union_all

from pipeline.accounts.models import Officer
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.rules import AdoptionStanding
from pipeline.councils.models import Council
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.listeners import ListenerPlace
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.portfolios.listener import NAME
from pipeline.portfolios.models import PortfolioCount, PortfolioEntry
from pipeline.portfolios.rules import AMOUNTS, DAYS_AHEAD, SUMS, UNKNOWN, Cell, PortfolioFilters, Sums
from pipeline.projects.models import Project, ProjectPerson, ProjectTheme
from pipeline.projects.rules import PersonRole, ProjectStatus

ORDER = Order(PortfolioEntry.updated_at, PortfolioEntry.project_id, is_descending=True)
MOST_COUNTED = 1_000
"""What the kept counts do not answer is counted no further."""
MOST_SIMILAR = 6
MOST_NAMED = 200


def heard_up_to(reading: Reading) -> int:
    """How far in the log portfolios have been kept."""
    return reading.session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == NAME)) or 0


def cells_of(reading: Reading, council_ids: Iterable[UUID]) -> dict[UUID, list[Cell]]:
    """The counts of some councils, one statement for them all."""
    count = PortfolioCount
    query = select(
        count.council_id, count.role, count.phase, count.status, *(getattr(count, name) for name in SUMS)
    ).where(count.council_id.in_(list(council_ids)), count.projects > 0)  # fmt: skip
    found: dict[UUID, list[Cell]] = {}
    for row in reading.session.execute(query):
        found.setdefault(row[0], []).append(Cell(row[1], row[2], row[3], Sums(*row[4:])))
    return found


def entries_listed(
    reading: Reading, council_id: UUID, filters: PortfolioFilters, *, limit: int, place: Place | None = None
) -> Page:
    """A page of a council's portfolio, the last changed first."""
    return read_page(reading.session, _listed(reading, council_id, filters), ORDER, place, limit)


def board(
    reading: Reading, council_id: UUID, filters: PortfolioFilters, phases: Sequence[str], most: int
) -> dict[str, list[Any]]:
    """The projects that changed last in each phase, `most` of each: one statement. An empty phase is an unknown one."""
    columns = [
        _listed(reading, council_id, filters)
        .where(PortfolioEntry.phase == phase)
        .order_by(PortfolioEntry.updated_at.desc(), PortfolioEntry.project_id.desc())
        .limit(most)
        .subquery()
        for phase in phases
    ]
    found: dict[str, list[Any]] = {phase: [] for phase in phases}
    for row in reading.session.execute(union_all(*(select(column) for column in columns))) if columns else ():
        found[row.phase].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.updated_at, row.project_id), reverse=True)
    return found


def number_listed(reading: Reading, council_id: UUID, filters: PortfolioFilters) -> int:
    """How many projects the filters let through, counted no further than one past `MOST_COUNTED`."""
    rows = _listed(reading, council_id, filters).with_only_columns(literal(1), maintain_column_froms=True)
    return reading.session.scalar(select(func.count()).select_from(rows.limit(MOST_COUNTED + 1).subquery())) or 0


def _listed(reading: Reading, council_id: UUID, filters: PortfolioFilters) -> Select[Any]:
    """Entries with what is shown of them, of projects that everybody may see. SQLite would begin with every public
    project and sort: it is kept from that, so that it walks the entries in their order."""
    entry = PortfolioEntry
    people = (
        select(func.count())
        .where(ProjectPerson.project_id == Project.id, ProjectPerson.ended_at.is_(None))
        .correlate(Project)
        .scalar_subquery()
    )
    soon = uk_date(reading.now) + timedelta(days=DAYS_AHEAD)
    reviews = (
        select(func.count())
        .where(Artefact.project_id == Project.id, unindexed(Artefact.is_public), Artefact.review_on <= soon)
        .correlate(Project)
        .scalar_subquery()
    )
    query: Select[Any] = (
        select(
            entry.project_id, entry.role, entry.phase, entry.updated_at, *(getattr(entry, name) for name in AMOUNTS),
            Project.slug, Project.title, Project.language, Project.status, Project.decision_on, Project.freshness,
            Project.last_sign_of_life_at, people.label("people"), reviews.label("reviews"),
        )
        .join(Project, Project.id == entry.project_id)
        .where(entry.council_id == council_id, unindexed(Project.is_public))
    )  # fmt: skip
    return query.where(*_narrowed(reading, filters))


def _narrowed(reading: Reading, filters: PortfolioFilters) -> Iterable[ColumnElement[bool]]:
    entry, today = PortfolioEntry, uk_date(reading.now)
    phase = "" if filters.phase == UNKNOWN else filters.phase
    for column, value in ((entry.role, filters.role), (entry.phase, phase), (entry.status, filters.status)):
        if value is not None:
            yield column == value
    if filters.theme is not None:
        yield exists().where(ProjectTheme.project_id == entry.project_id, ProjectTheme.theme == filters.theme)
    if filters.is_due:
        yield and_(
            entry.status == ProjectStatus.OPEN.value,
            entry.decision_on.between(today, today + timedelta(days=DAYS_AHEAD)),
        )


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
