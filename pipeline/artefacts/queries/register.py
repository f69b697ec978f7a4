"""The register of adoptions: who uses which version, as is or adapted, since when and how far behind.

A page costs the same for a document that ten councils use and for one that a thousand do: so many rows, two statements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.adoption_rules import behind
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Version
from pipeline.artefacts.rules import AdoptionStanding, VersionStatus
from pipeline.artefacts.visibility import adoptions_visible_to, artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.projects.models import Project

MOST_COUNTED = 10_000
MOST_EXPORTED = 10_000
ORDERS = {
    "-started_at": Order(Adoption.started_at, Adoption.id, is_descending=True),
    "started_at": Order(Adoption.started_at, Adoption.id),
    "-updated_at": Order(Adoption.updated_at, Adoption.id, is_descending=True),
    "updated_at": Order(Adoption.updated_at, Adoption.id),
}
"""What a list of adoptions can be ordered by; a minus is for the latest first."""

PUBLIC_STANDINGS = (AdoptionStanding.AS_IS, AdoptionStanding.ADAPTED, AdoptionStanding.ENDED)

_Copy = aliased(Artefact)
_copy_is_seen = and_(_Copy.id == Adoption.copy_id, _Copy.is_public)
_SHOWN_REVISION = Adoption.revision + Artefact.revision + func.coalesce(_Copy.revision, 0)
"""Rises with anything that is shown of an adoption: how far behind it is changes with the document, its copy's title
with the copy."""
SHOWN: tuple[Any, ...] = (
    Adoption.id, Adoption.artefact_id, Adoption.standing, Adoption.review_on, Adoption.note, Adoption.approved_by,
    Adoption.approved_on, Adoption.started_at, Adoption.moved_at, Adoption.ended_at, Adoption.updated_at,
    Adoption.version, _SHOWN_REVISION.label("revision"), Adoption.council_id, Artefact.slug.label("artefact_slug"),
    Artefact.title.label("artefact_title"), Artefact.current_number, Version.number,
    Version.status.label("version_status"), Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.short_name.label("council_short_name"), Council.gss_code, _Copy.slug.label("copy_slug"),
    _Copy.title.label("copy_title"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilters:
    """What a list of adoptions is narrowed to. None means any; without a standing, those that have not ended.

    `artefact` is a slug or id, `council` a slug or GSS code, `number` a version's number, `is_behind` whether a newer
    version lives than the one used.
    """

    artefact: str | None = None
    council: str | None = None
    standing: AdoptionStanding | None = None
    number: int | None = None
    is_behind: bool | None = None
    updated_since: datetime | None = None
    with_ended: bool = False


def adoptions_listed(
    reading: Reading, filters: RegisterFilters, *, order: Order, limit: int, place: Place | None = None,
    viewer: Actor = ANONYMOUS,
) -> Page:  # fmt: skip
    """A page of adoptions the viewer may know of; unless one is named, those everybody may."""
    return read_page(reading.session, _narrowed(_shown_to(viewer), filters), order, place, limit)


def adoptions_exported(reading: Reading, filters: RegisterFilters, viewer: Actor = ANONYMOUS) -> Sequence[Any]:
    """All adoptions of a list, by council, up to `MOST_EXPORTED`."""
    query = _narrowed(_shown_to(viewer), filters).order_by(Council.name, Adoption.id).limit(MOST_EXPORTED)
    return reading.session.execute(query).all()


def number_of_adoptions(reading: Reading, filters: RegisterFilters, viewer: Actor = ANONYMOUS) -> int:
    """How many adoptions a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    rows = _narrowed(_joined(select(Adoption.id), viewer), filters).limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(rows)) or 0


def adoption_listed(reading: Reading, adoption_id: UUID, viewer: Actor = ANONYMOUS) -> Any:
    """One adoption as lists show it. Raises NotFound."""
    row = reading.session.execute(_shown_to(viewer).where(Adoption.id == adoption_id)).first()
    if row is None:
        raise NotFound("adoption")
    return row


def own_adoption(reading: Reading, artefact_id: UUID) -> Any:
    """The standing adoption of a document by the council the viewer acts for, as lists show it; None without one."""
    council_id = reading.actor.council_id
    if council_id is None:
        return None
    query = _joined(select(*SHOWN, Adoption.copy_id), reading.actor).where(
        Adoption.artefact_id == artefact_id, Adoption.council_id == council_id, Adoption.ended_at.is_(None)
    )
    return reading.session.execute(query).first()


def live_numbers_in(reading: Reading, artefact_ids: Iterable[UUID]) -> dict[UUID, list[int]]:
    """For each document the numbers of its versions not withdrawn or removed, in order: one statement."""
    wanted = set(artefact_ids)
    found: dict[UUID, list[int]] = {one: [] for one in wanted}
    if not wanted:
        return found
    query = select(Version.artefact_id, Version.number).where(
        Version.artefact_id.in_(wanted), Version.status == VersionStatus.PUBLISHED.value
    )
    for artefact_id, number in reading.session.execute(query.order_by(Version.artefact_id, Version.number)):
        found[artefact_id].append(number)
    return found


def behind_of(row: Any, live: dict[UUID, list[int]]) -> int:
    """How many versions behind a listed adoption is; nothing once it has ended."""
    return 0 if row.ended_at is not None else behind(live[row.artefact_id], row.number)


def moves_of(reading: Reading, adoption_id: UUID) -> list[Any]:
    """The steps of an adoption the viewer has been found to see, the newest first: standing, number, moment."""
    query = (
        select(AdoptionMove.standing, Version.number, AdoptionMove.moved_at)
        .join(Version, Version.id == AdoptionMove.version_id)
        .where(AdoptionMove.adoption_id == adoption_id)
        .order_by(AdoptionMove.id.desc())
        .limit(50)
    )
    return list(reading.session.execute(query))


@dataclass(frozen=True, slots=True)
class AdoptedDocument:
    """A document a council uses, in one line of a list."""

    adoption_id: UUID
    slug: str
    title: str
    language: str
    standing: str
    number: int
    current_number: int | None
    is_withdrawn: bool
    review_on: date | None
    copy_slug: str | None
    moved_at: datetime | None
    """When its current version was published."""


def documents_adopted_by(reading: Reading, council_id: UUID, most: int = 20) -> list[AdoptedDocument]:
    """What a council uses of others, as everybody may know it, the last recorded first."""
    query = _adopted(ANONYMOUS).where(Adoption.council_id == council_id, Adoption.ended_at.is_(None))
    return [_line(row) for row in reading.session.execute(query.order_by(Adoption.id.desc()).limit(most))]


def adoptions_waiting_for(reading: Reading, today: date, most: int = 20) -> list[AdoptedDocument]:
    """What the viewer's council uses that wants somebody to look: a newer version is there, the version it uses was
    withdrawn, or its own review date has come."""
    actor = reading.actor
    if actor.council_id is None:
        return []
    newer = Version.number < Artefact.current_number
    gone = Version.status != VersionStatus.PUBLISHED.value
    query = _adopted(actor).where(
        Adoption.council_id == actor.council_id,
        Adoption.ended_at.is_(None),
        or_(newer, gone, Adoption.review_on <= today),
    )
    return [_line(row) for row in reading.session.execute(query.order_by(Adoption.id.desc()).limit(most))]


def _adopted(viewer: Actor) -> Select[Any]:
    current = aliased(Version)
    moved = select(current.published_at).where(
        current.artefact_id == Artefact.id, current.number == Artefact.current_number
    )
    columns: tuple[Any, ...] = (
        Adoption.id, Artefact.slug, Artefact.title, Artefact.language, Adoption.standing, Version.number,
        Artefact.current_number, Version.status, Adoption.review_on, _Copy.slug.label("copy_slug"),
        moved.correlate(Artefact).scalar_subquery().label("moved_at"),
    )  # fmt: skip
    return _joined(select(*columns), viewer)


def _line(row: Any) -> AdoptedDocument:
    return AdoptedDocument(
        row.id, row.slug, row.title, row.language, row.standing, row.number, row.current_number,
        row.status != VersionStatus.PUBLISHED.value, row.review_on, row.copy_slug, row.moved_at,
    )  # fmt: skip


def _shown_to(viewer: Actor) -> Select[Any]:
    return _joined(select(*SHOWN), viewer)


def _joined(query: Select[Any], viewer: Actor) -> Select[Any]:
    """Adoptions with what is shown of them. SQLite would begin with every public document and sort what it found:
    it is kept from going from documents to adoptions, so that it walks the index of the list's order."""
    return (
        query.select_from(Adoption)
        .join(Artefact, Artefact.id == unindexed(Adoption.artefact_id))
        .join(Project, Project.id == Artefact.project_id)
        .join(Version, Version.id == Adoption.version_id)
        .join(Council, Council.id == Adoption.council_id)
        .outerjoin(_Copy, _copy_is_seen)
        .where(_is_seen(viewer))
    )


def _is_seen(viewer: Actor) -> ColumnElement[bool]:
    """The two visibility filters. SQLite would begin with every public document and sort all their adoptions: it is to
    begin with the adoptions, in the list's order."""
    if viewer.is_anonymous:
        return and_(unindexed(Artefact.is_public), unindexed(Project.is_public), adoptions_visible_to(viewer))
    return and_(artefacts_visible_to(viewer), adoptions_visible_to(viewer))


def _narrowed(query: Select[Any], filters: RegisterFilters) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if filters.standing is not None:
        conditions.append(Adoption.standing == filters.standing.value)
    elif not filters.with_ended:
        conditions.append(Adoption.ended_at.is_(None))
    if filters.artefact is not None:
        conditions.append(_of_artefact(filters.artefact))
    if filters.council is not None:
        conditions.append(Adoption.council_id == council_called(filters.council))
    if filters.number is not None:
        conditions.append(Version.number == filters.number)
    if filters.is_behind is not None:
        lags = and_(Adoption.ended_at.is_(None), Version.number < Artefact.current_number)
        conditions.append(case((lags, True), else_=False) == filters.is_behind)
    if filters.updated_since is not None:
        conditions.append(Adoption.updated_at >= filters.updated_since)
    return query.where(*conditions)


def _of_artefact(slug: str) -> ColumnElement[bool]:
    artefact_id = id_from(slug)
    of_one = and_(Artefact.slug == slug, Adoption.artefact_id == Artefact.id)
    return of_one if artefact_id is None else Adoption.artefact_id == artefact_id


__all__ = [
    "MOST_COUNTED", "MOST_EXPORTED", "ORDERS", "PUBLIC_STANDINGS", "AdoptedDocument", "RegisterFilters",
    "adoption_listed", "adoptions_exported", "adoptions_listed", "adoptions_waiting_for", "behind_of",
    "documents_adopted_by", "live_numbers_in", "moves_of", "number_of_adoptions", "own_adoption",
]  # fmt: skip
