"""Reading the register. Every council on it is public."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from pipeline.councils.models import Council, CouncilFormerCode, CouncilSuccession
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from

ORDERS = {
    "short_name": Order(Council.short_name, Council.id),
    "-short_name": Order(Council.short_name, Council.id, is_descending=True),
    "-updated_at": Order(Council.updated_at, Council.id, is_descending=True),
    "updated_at": Order(Council.updated_at, Council.id),
}
"""What the register can be ordered by; a minus turns it round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilFilters:
    """What a list of councils is narrowed to. None means any."""

    q: str = ""
    nation: str | None = None
    kind: str | None = None
    region: str | None = None
    active: bool | None = None
    has_projects: bool | None = None
    made_up: bool | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A council in a few words: for links."""

    id: UUID
    slug: str
    name: str
    short_name: str
    gss_code: str | None


def council_seen_by(reading: Reading, code: str) -> Council:
    """The council with a slug, GSS code or id; one it had before leads to it too. Raises NotFound."""
    by_id = id_from(code)
    named = or_(Council.slug == code, Council.gss_code == code, *([Council.id == by_id] if by_id else []))
    council = reading.session.scalars(select(Council).where(named)).first()
    if council is None:
        former = select(CouncilFormerCode.council_id).where(CouncilFormerCode.code == code)
        council = reading.session.scalars(select(Council).where(Council.id.in_(former))).first()
    if council is None:
        raise NotFound("council")
    return council


def council_called(code: str) -> ColumnElement[UUID]:
    """The id of the council with a slug, GSS code or former code; null where there is none. For filters of lists:
    compared as one value, a column that has an index is read from it in the list's order."""
    by_slug = select(Council.id).where(Council.slug == code).correlate(None).scalar_subquery()
    by_code = select(Council.id).where(Council.gss_code == code).correlate(None).scalar_subquery()
    former = select(CouncilFormerCode.council_id).where(CouncilFormerCode.code == code).scalar_subquery()
    return func.coalesce(by_slug, by_code, former)


def active_councils(reading: Reading) -> list[tuple[str, str]]:
    """Every current council by name, as slug and short name, to choose one from."""
    query = select(Council.slug, Council.short_name).where(Council.is_active)
    return [(row[0], row[1]) for row in reading.session.execute(query.order_by(Council.short_name, Council.id))]


def councils_listed(
    reading: Reading, filters: CouncilFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of the register in an order of `ORDERS`. Each row holds the `Council`."""
    columns: tuple[Any, ...] = (Council, Council.id, Council.short_name, Council.updated_at)
    return read_page(reading.session, _narrowed(select(*columns), filters), order, place, limit)


def number_of_councils(reading: Reading, filters: CouncilFilters) -> int:
    """How many councils a list has in all."""
    return reading.session.scalar(_narrowed(select(func.count()).select_from(Council), filters)) or 0


def _narrowed(query: Select[Any], filters: CouncilFilters) -> Select[Any]:
    if filters.q:
        like = "%" + filters.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower() + "%"
        names = (Council.name, Council.short_name, Council.name_cy)
        query = query.where(
            or_(*(func.lower(name).like(like, escape="\\") for name in names), Council.gss_code == filters.q.upper())
        )
    for column, value in (
        (Council.nation, filters.nation),
        (Council.kind, filters.kind),
        (Council.region, filters.region),
    ):
        if value:
            query = query.where(column == value)
    if filters.active is not None:
        query = query.where(Council.is_active.is_(filters.active))
    if filters.made_up is not None:
        query = query.where(Council.is_made_up.is_(filters.made_up))
    if filters.has_projects is not None:
        taking_part = Council.projects_led + Council.projects_joined > 0
        query = query.where(taking_part if filters.has_projects else ~taking_part)
    if filters.updated_since is not None:
        query = query.where(Council.updated_at >= filters.updated_since)
    return query


def councils_with_slugs(reading: Reading, slugs: Collection[str]) -> Sequence[Council]:
    """Some councils by their slugs."""
    return reading.session.scalars(select(Council).where(Council.slug.in_(slugs))).all()


def councils_named(reading: Reading, council_ids: Collection[UUID]) -> dict[UUID, Named]:
    """Some councils in a few words, by id."""
    query = select(Council.id, Council.slug, Council.name, Council.short_name, Council.gss_code)
    return {row.id: Named(*row) for row in reading.session.execute(query.where(Council.id.in_(council_ids)))}


def relatives(reading: Reading, council_ids: Sequence[UUID]) -> dict[UUID, tuple[list[Named], list[Named]]]:
    """The predecessors and the successors of each of some councils."""
    found: dict[UUID, tuple[list[Named], list[Named]]] = {council_id: ([], []) for council_id in council_ids}
    named = (Council.id, Council.slug, Council.name, Council.short_name, Council.gss_code)
    before = (
        select(CouncilSuccession.successor_id, *named)
        .join(Council, Council.id == CouncilSuccession.predecessor_id)
        .where(CouncilSuccession.successor_id.in_(council_ids))
        .order_by(Council.short_name)
    )
    after = (
        select(CouncilSuccession.predecessor_id, *named)
        .join(Council, Council.id == CouncilSuccession.successor_id)
        .where(CouncilSuccession.predecessor_id.in_(council_ids))
        .order_by(Council.short_name)
    )
    for place, query in enumerate((before, after)):
        for row in reading.session.execute(query):
            found[row[0]][place].append(Named(row.id, row.slug, row.name, row.short_name, row.gss_code))
    return found
