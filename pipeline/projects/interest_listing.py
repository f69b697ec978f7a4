"""Lists of the interests that councils show in a project under their names, paged by key: what everybody reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import NotFound
from pipeline.projects.interested import interests_visible_to_all
from pipeline.projects.models import Interest, Project
from pipeline.projects.visibility import visible_to

ORDERS = {
    "-shown_at": Order(Interest.shown_at, Interest.id, is_descending=True),
    "shown_at": Order(Interest.shown_at, Interest.id),
}
"""What a list of interests can be ordered by; a minus is for the latest first."""

SHOWN: tuple[Any, ...] = (
    Interest.id, Interest.kind, Interest.shown_at, Project.slug.label("project_slug"),
    Project.title.label("project_title"), Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.gss_code,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestFilters:
    """What the interests in projects are narrowed to. None means any."""

    project: UUID | None = None
    kind: str | None = None
    council: str | None = None
    updated_since: datetime | None = None


def interests_listed(
    reading: Reading, filters: InterestFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of the interests in projects that stand under their councils' names."""
    return read_page(reading.session, _narrowed(_shown(), filters), order, place, limit)


def number_of_interests(reading: Reading, filters: InterestFilters) -> int:
    """How many such interests there are in all: at most two of each council's officers."""
    counted = _narrowed(_shown(), filters).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def interest_listed(reading: Reading, interest_id: UUID) -> Any:
    """One interest that stands under its council's name, as lists show it. Raises NotFound."""
    row = reading.session.execute(_shown().where(Interest.id == interest_id)).first()
    if row is None:
        raise NotFound("interest")
    return row


def _shown() -> Select[Any]:
    return (
        select(*SHOWN)
        .join(Project, Project.id == Interest.project_id)
        .join(Council, Council.id == Interest.council_id)
        .where(interests_visible_to_all(), visible_to(ANONYMOUS))
    )


def _narrowed(query: Select[Any], filters: InterestFilters) -> Select[Any]:
    if filters.project is not None:
        query = query.where(Interest.project_id == filters.project)
    if filters.kind is not None:
        query = query.where(Interest.kind == filters.kind)
    if filters.council is not None:
        query = query.where(Interest.council_id == council_called(filters.council))
    if filters.updated_since is not None:
        query = query.where(Interest.shown_at >= filters.updated_since)
    return query
