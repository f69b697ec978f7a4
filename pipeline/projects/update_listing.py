"""Lists of updates, filtered and paged by key: published ones, as the public reads them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import aliased

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import NotFound
from pipeline.projects.models import Project, ProjectPerson, Update
from pipeline.projects.queries import project_called
from pipeline.projects.rules import UpdateStatus
from pipeline.projects.visibility import updates_visible_to, visible_to

MOST_COUNTED = 10_000
ORDERS = {
    "-published_at": Order(Update.published_at, Update.id, is_descending=True),
    "published_at": Order(Update.published_at, Update.id),
    "-updated_at": Order(Update.updated_at, Update.id, is_descending=True),
    "updated_at": Order(Update.updated_at, Update.id),
}
"""What a list of updates can be ordered by; a minus is for the latest first."""

_AUTHOR_NAME = case((and_(Officer.is_named, Officer.erased_at.is_(None)), Officer.name))
SHOWN: tuple[Any, ...] = (
    Update.id, Update.title, Update.body, Update.body_html, Update.language, Update.published_at, Update.edited_at,
    Update.updated_at, Update.version, Update.revision, Update.status, Update.project_id,
    Project.slug.label("project_slug"),
    Project.title.label("project_title"), Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.gss_code, _AUTHOR_NAME.label("author_name"), ProjectPerson.role.label("author_role"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFilters:
    """What a list of updates is narrowed to. None means any."""

    project: str | None = None
    council: str | None = None
    updated_since: datetime | None = None


def updates_listed(
    reading: Reading, filters: UpdateFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of published updates of public projects."""
    return read_page(reading.session, _narrowed(_shown(), filters), order, place, limit)


def number_of_updates(reading: Reading, filters: UpdateFilters) -> int:
    """How many updates a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    rows = _narrowed(_public(select(Update.id).join(Project, Project.id == Update.project_id)), filters)
    counted = rows.limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def update_listed(reading: Reading, update_id: UUID) -> Any:
    """One published update as lists show it. Raises NotFound."""
    row = reading.session.execute(_shown().where(Update.id == update_id)).first()
    if row is None:
        raise NotFound("update")
    return row


def update_in_any_state(reading: Reading, update_id: UUID) -> Any:
    """As `update_listed`, of an update the viewer has been found to know of, whatever its state."""
    return reading.session.execute(_rows().where(Update.id == update_id)).one()


def latest_of(reading: Reading, project_ids: Collection[Any]) -> dict[str, Any]:
    """The latest published update of each of some projects, as lists show it, by the project's slug."""
    if not project_ids:
        return {}
    one = aliased(Update)
    latest = (
        select(one.id)
        .where(one.project_id == Project.id, one.status == UpdateStatus.PUBLISHED.value)
        .order_by(one.published_at.desc(), one.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    ids = [each if isinstance(each, UUID) else UUID(each) for each in project_ids]
    rows = reading.session.execute(_shown().where(Project.id.in_(ids), Update.id == latest))
    return {row.project_slug: row for row in rows}


def _shown() -> Select[Any]:
    return _public(_rows())


def _rows() -> Select[Any]:
    standing = and_(
        ProjectPerson.project_id == Update.project_id, ProjectPerson.officer_id == Update.officer_id,
        ProjectPerson.ended_at.is_(None),
    )  # fmt: skip
    return (
        select(*SHOWN)
        .join(Project, Project.id == Update.project_id)
        .join(Council, Council.id == Update.council_id)
        .join(Officer, Officer.id == Update.officer_id)
        .outerjoin(ProjectPerson, standing)
    )


def _public(query: Select[Any]) -> Select[Any]:
    return query.where(visible_to(ANONYMOUS), updates_visible_to(ANONYMOUS))


def _narrowed(query: Select[Any], filters: UpdateFilters) -> Select[Any]:
    if filters.project is not None:
        query = query.where(Update.project_id == project_called(filters.project))
    if filters.council is not None:
        query = query.where(Update.council_id == council_called(filters.council))
    if filters.updated_since is not None:
        query = query.where(Update.updated_at >= filters.updated_since)
    return query
