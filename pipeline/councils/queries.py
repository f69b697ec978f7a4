"""Reading the register. Every council on it is public."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from pipeline.councils.models import Council, CouncilFormerCode, CouncilSuccession
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from

MOST_COUNTED = 10_000


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


def councils_listed(
    reading: Reading,
    filters: CouncilFilters,
    *,
    limit: int,
    after: tuple[str, str] | None = None,
    before: tuple[str, str] | None = None,
    descending: bool = False,
) -> Sequence[Council]:
    """A page of the register in the order of short names: after a position, or (in the same order) before one.

    A position is the short name and id of a row. One row more than `limit` is fetched, to tell whether there is more.
    """
    query = _narrowed(select(Council), filters)
    downwards = (before is not None) != descending
    position = after if before is None else before
    if position is not None:
        query = query.where(_beyond(position, backwards=downwards))
    key = (Council.short_name, Council.id)
    query = query.order_by(*(column.desc() if downwards else column for column in key)).limit(limit + 1)
    rows = reading.session.scalars(query).all()
    return rows if before is None else list(reversed(rows))


def _beyond(position: tuple[str, str], *, backwards: bool) -> ColumnElement[bool]:
    name, council_id = position[0], id_from(position[1])
    if backwards:
        return or_(Council.short_name < name, and_(Council.short_name == name, Council.id < council_id))
    return or_(Council.short_name > name, and_(Council.short_name == name, Council.id > council_id))


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
    return query


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
