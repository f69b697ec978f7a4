"""Lists of pledges, filtered and paged by key, on behalf of a viewer: to the public those that were authorised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.pledges.models import Pledge
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.models import Need, Project
from pipeline.projects.queries import project_called

MOST_COUNTED = 10_000
ORDERS = {
    "-updated_at": Order(Pledge.updated_at, Pledge.id, is_descending=True),
    "updated_at": Order(Pledge.updated_at, Pledge.id),
    "-offered_at": Order(Pledge.offered_at, Pledge.id, is_descending=True),
    "offered_at": Order(Pledge.offered_at, Pledge.id),
}
"""What a list of pledges can be ordered by; a minus is for the latest first."""

_FORMER = aliased(Council)
SHOWN: tuple[Any, ...] = (
    Pledge.id, Pledge.kind, Pledge.amount, Pledge.status, Pledge.from_on, Pledge.to_on, Pledge.offered_at,
    Pledge.authorised_at, Pledge.committed_at, Pledge.answer_due_on, Pledge.answered_at, Pledge.is_counting,
    Pledge.delivered, Pledge.broken, Pledge.released, Pledge.updated_at,
    Pledge.version, Pledge.revision, Pledge.need_id, Need.profession,
    Project.slug.label("project_slug"), Project.title.label("project_title"), Council.slug.label("council_slug"),
    Council.name.label("council_name"), Council.gss_code, Project.has_conditions, Pledge.carry_over_due_on,
    select(_FORMER.slug).where(_FORMER.id == Pledge.pledged_as_id).scalar_subquery().label("pledged_as"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFilters:
    """What a list of pledges is narrowed to. None means any."""

    project: str | None = None
    need: UUID | None = None
    council: str | None = None
    kind: str | None = None
    status: str | None = None
    updated_since: datetime | None = None


def pledges_listed(
    reading: Reading, filters: PledgeFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of the pledges the viewer may know of."""
    return read_page(reading.session, _narrowed(_shown(reading), filters), order, place, limit)


def number_of_pledges(reading: Reading, filters: PledgeFilters) -> int:
    """How many pledges a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    rows = _narrowed(select(Pledge.id).where(_is_visible(reading)), filters)
    counted = rows.limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def pledge_listed(reading: Reading, pledge_id: UUID) -> Any:
    """One pledge as lists show it. Raises NotFound."""
    row = reading.session.execute(_shown(reading).where(Pledge.id == pledge_id)).first()
    if row is None:
        raise NotFound("pledge")
    return row


def projects_of(reading: Reading, pledge_ids: Collection[str]) -> list[UUID]:
    """The ids of the projects of pledges the viewer has been found to see."""
    ids = [UUID(one) for one in pledge_ids]
    return list(reading.session.scalars(select(Pledge.project_id).where(Pledge.id.in_(ids)).distinct()))


def _shown(reading: Reading) -> Select[Any]:
    query: Select[Any] = select(*SHOWN)
    return (
        query.join(Project, Project.id == Pledge.project_id)
        .join(Need, Need.id == Pledge.need_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(_is_visible(reading))
    )


def _is_visible(reading: Reading) -> ColumnElement[bool]:
    """For the public authorised, and then the visibility filter as a question about each pledge.

    As a condition of the join it would lead SQLite to begin with every public project and to sort all their pledges;
    and only what is said here of the pledge itself lets it use the indexes of authorised ones.
    """
    visible = select(Project.id).where(Project.id == Pledge.project_id, pledges_visible_to(reading.actor))
    is_seen = visible.correlate(Pledge).exists()
    return and_(Pledge.authorised_at.is_not(None), is_seen) if reading.actor.is_anonymous else is_seen


def _narrowed(query: Select[Any], filters: PledgeFilters) -> Select[Any]:
    if filters.project is not None:
        query = query.where(Pledge.project_id == project_called(filters.project))
    if filters.council is not None:
        query = query.where(Pledge.council_id == council_called(filters.council))
    for column, value in (
        (Pledge.need_id, filters.need), (Pledge.kind, filters.kind), (Pledge.status, filters.status),
    ):  # fmt: skip
        if value is not None:
            query = query.where(column == value)
    if filters.updated_since is not None:
        query = query.where(Pledge.updated_at >= filters.updated_since)
    return query
