"""The library: shared documents the public reads, filtered, in an order, paged by key; and lists for other pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Adoption, Artefact, Draft
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus, DraftStatus
from pipeline.artefacts.visibility import artefacts_visible_to, drafts_shown_to
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.projects.models import Check, Project, ProjectTheme
from pipeline.projects.queries import project_called

MOST_COUNTED = 10_000
MOST_WORDS = 8
ORDERS = {
    "-updated_at": Order(Artefact.updated_at, Artefact.id, is_descending=True),
    "updated_at": Order(Artefact.updated_at, Artefact.id),
    "-published_at": Order(Artefact.published_at, Artefact.id, is_descending=True),
    "published_at": Order(Artefact.published_at, Artefact.id),
    "title": Order(Artefact.title, Artefact.id),
    "-title": Order(Artefact.title, Artefact.id, is_descending=True),
    "-adoptions": Order(Artefact.adoptions, Artefact.id, is_descending=True),
    "adoptions": Order(Artefact.adoptions, Artefact.id),
}
"""What the library can be ordered by; a minus turns it round."""

_Upstream = aliased(Artefact, name="upstream")
SHOWN: tuple[Any, ...] = (
    Artefact.id, type_coerce(Artefact.slug, String).label("slug"), Artefact.kind, Artefact.title, Artefact.summary,
    Artefact.language, Artefact.licence, Artefact.review_on, Artefact.status, Artefact.current_number,
    Artefact.last_number, Artefact.generation, Artefact.as_is, Artefact.adapted, Artefact.adoptions, Artefact.copies,
    Artefact.lessons, Artefact.published_at, Artefact.updated_at, Artefact.version, Artefact.revision,
    Artefact.is_made_up, Project.slug.label("project_slug"), Project.title.label("project_title"),
    Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.short_name.label("council_short_name"), Council.gss_code, _Upstream.slug.label("upstream_slug"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilters:
    """What the library is narrowed to. None means any; `review_due` are those whose review date is past on that day."""

    q: str | None = None
    kind: str | None = None
    council: str | None = None
    project: str | None = None
    theme: str | None = None
    licence: str | None = None
    language: str | None = None
    status: str | None = None
    upstream: str | None = None
    adopted_by: str | None = None
    review_due: date | None = None
    nation: str | None = None
    region: str | None = None
    updated_since: datetime | None = None


def documents_listed(
    reading: Reading, filters: DocumentFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of published documents of public projects."""
    return read_page(reading.session, _narrowed(_shown(), filters), order, place, limit)


def number_of_documents(reading: Reading, filters: DocumentFilters) -> int:
    """How many documents a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    rows = _public(select(Artefact.id).join(Project, Project.id == Artefact.project_id))
    counted = _narrowed(rows.join(Council, Council.id == Artefact.council_id), filters).limit(MOST_COUNTED + 1)
    return reading.session.scalar(select(func.count()).select_from(counted.subquery())) or 0


def document_listed(reading: Reading, slug: str) -> Any:
    """One published document as lists show it. Raises NotFound."""
    artefact_id = id_from(slug)
    named = Artefact.slug == slug if artefact_id is None else Artefact.id == artefact_id
    row = reading.session.execute(_shown().where(named)).first()
    if row is None:
        raise NotFound("artefact")
    return row


def _shown() -> Select[Any]:
    return _public(
        select(*SHOWN)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .outerjoin(_Upstream, (_Upstream.id == Artefact.upstream_id) & _Upstream.is_public)
    )


def _public(query: Select[Any]) -> Select[Any]:
    return query.where(artefacts_visible_to(ANONYMOUS))


def _narrowed(query: Select[Any], filters: DocumentFilters) -> Select[Any]:
    for column in (
        Artefact.kind, Artefact.licence, Artefact.language, Artefact.status, Council.nation, Council.region,
    ):  # fmt: skip
        if (value := getattr(filters, column.key)) is not None:
            query = query.where(column == value)
    if filters.council is not None:
        query = query.where(Artefact.council_id == council_called(filters.council))
    if filters.project is not None:
        query = query.where(Artefact.project_id == project_called(filters.project))
    if filters.theme is not None:
        themes = exists().where(ProjectTheme.project_id == Artefact.project_id, ProjectTheme.theme == filters.theme)
        query = query.where(themes)
    if filters.upstream is not None:
        query = query.where(_made_from(filters.upstream))
    if filters.adopted_by is not None:
        query = query.where(_adopted_by(filters.adopted_by))
    if filters.review_due is not None:
        query = query.where(Artefact.review_on <= filters.review_due)
    if filters.updated_since is not None:
        query = query.where(Artefact.updated_at >= filters.updated_since)
    return query.where(*map(_holds, (filters.q or "").split()[:MOST_WORDS]))


def _made_from(slug: str) -> ColumnElement[bool]:
    """Whether a document is a copy of the one with a slug or id."""
    if artefact_id := id_from(slug):
        return Artefact.upstream_id == artefact_id
    original = aliased(Artefact)
    return Artefact.upstream_id.in_(select(original.id).where(original.slug == slug))


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a word stands in the title, the summary or the name of the council."""
    columns = (Artefact.title, Artefact.summary, Council.name)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _adopted_by(code: str) -> ColumnElement[bool]:
    public = (AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value)
    return exists().where(
        Adoption.artefact_id == Artefact.id, Adoption.standing.in_(public),
        Adoption.council_id == council_called(code),
    )  # fmt: skip


class DocumentLine(NamedTuple):
    """A document in one line of another page. Its address holds its id until it is published."""

    id: UUID
    slug: str | None
    title: str
    kind: str
    language: str
    summary: str
    status: str
    current_number: int | None
    updated_at: datetime

    @property
    def address(self) -> str:
        """What stands after /documents/ in its address."""
        return self.slug or str(self.id)


_LINE: tuple[Any, ...] = (
    Artefact.id, Artefact.slug, Artefact.title, Artefact.kind, Artefact.language, Artefact.summary, Artefact.status,
    Artefact.current_number, Artefact.updated_at,
)  # fmt: skip


def documents_of_project(reading: Reading, project_id: UUID, most: int = 20) -> list[DocumentLine]:
    """The documents of a project that the viewer may know of, the last changed first."""
    query = (
        select(*_LINE)
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.project_id == project_id, artefacts_visible_to(reading.actor))
        .order_by(Artefact.updated_at.desc(), Artefact.id.desc())
        .limit(most)
    )
    return [DocumentLine(*row) for row in reading.session.execute(query)]


def documents_kept_by(reading: Reading, council_id: UUID, most: int = 20) -> list[DocumentLine]:
    """The public documents a council keeps, the last changed first."""
    query = _public(
        select(*_LINE)
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.council_id == council_id)
    )  # fmt: skip
    query = query.order_by(Artefact.updated_at.desc(), Artefact.id.desc()).limit(most)
    return [DocumentLine(*row) for row in reading.session.execute(query)]


def documents_named(reading: Reading, artefact_ids: Iterable[Any]) -> dict[str, DocumentLine]:
    """Documents by their ids as events hold them: those the viewer may know of. Without ids no query."""
    ids = {found for one in artefact_ids if isinstance(one, str) and (found := id_from(one))}
    if not ids:
        return {}
    query = (
        select(*_LINE)
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.id.in_(ids), artefacts_visible_to(reading.actor))
    )  # fmt: skip
    return {str(line.id): line for line in (DocumentLine(*row) for row in reading.session.execute(query))}


class DraftLine(NamedTuple):
    """A draft of a document in one line."""

    id: UUID
    address: str
    title: str
    document_title: str
    updated_at: datetime


def open_drafts_for(reading: Reading, most: int = 50) -> list[DraftLine]:
    """The open drafts of documents the viewer is of the team of, the last changed first."""
    if reading.actor.officer_id is None:
        return []
    query = (
        _drafts()
        .where(Draft.status == DraftStatus.OPEN.value, drafts_shown_to(reading.actor))
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(most)
    )
    return [_draft_line(row) for row in reading.session.execute(query)]


def drafts_to_check(reading: Reading) -> dict[UUID, DraftLine]:
    """The drafts the viewer was asked to check and has not answered about, by their ids."""
    if reading.actor.officer_id is None:
        return {}
    asked = exists().where(
        Check.subject_id == Draft.id, Check.officer_id == reading.actor.officer_id, Check.answered_at.is_(None)
    )
    return {row.id: _draft_line(row) for row in reading.session.execute(_drafts().where(asked).limit(100))}


def _drafts() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Draft.id, Draft.title, Draft.updated_at, Artefact.slug, Artefact.id.label("artefact_id"),
        Artefact.title.label("document_title"),
    )  # fmt: skip
    query = select(*columns).join(Artefact, Artefact.id == Draft.artefact_id)
    return query.join(Project, Project.id == Artefact.project_id)


def _draft_line(row: Any) -> DraftLine:
    address = row.slug or str(row.artefact_id)
    return DraftLine(row.id, address, row.title, row.document_title, row.updated_at)


PUBLIC_STATUSES = (ArtefactStatus.PUBLISHED, ArtefactStatus.ENDED)
"""The statuses the library tells apart."""
