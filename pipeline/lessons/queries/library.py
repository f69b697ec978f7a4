"""The library of lessons: published ones, as the public reads them, searched, filtered and paged by key."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.accounts.models import Officer
from pipeline.artefacts.models import Artefact, Version
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.clock import UK
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.lessons.models import Lesson, LessonTheme
from pipeline.lessons.queries.panels import LINE, LessonLine, line_of
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.queries import project_called

MOST_COUNTED = 10_000
MOST_WORDS = 8
"""Words of a search that are looked for; what comes after them narrows nothing."""

ORDERS = {
    "-published_at": Order(Lesson.published_at, Lesson.id, is_descending=True),
    "published_at": Order(Lesson.published_at, Lesson.id),
    "-updated_at": Order(Lesson.updated_at, Lesson.id, is_descending=True),
    "updated_at": Order(Lesson.updated_at, Lesson.id),
    "-used_by": Order(Lesson.used_by, Lesson.id, is_descending=True),
    "used_by": Order(Lesson.used_by, Lesson.id),
}
"""What a list of lessons can be ordered by; a minus is for the latest, or the most used, first."""

_AUTHOR_NAME = case((and_(Officer.is_named, Officer.erased_at.is_(None)), Officer.name))
_answering = aliased(Version)
_author = aliased(ProjectPerson)
"""Whether a viewer is of the team is asked of the table itself."""

_COLUMNS: tuple[Any, ...] = (
    Lesson.id, Lesson.slug, Lesson.title, Lesson.did, Lesson.did_html, Lesson.happened, Lesson.happened_html,
    Lesson.differently, Lesson.differently_html, Lesson.evidence, Lesson.evidence_html, Lesson.outcome,
    Lesson.measures, Lesson.language, Lesson.status, Lesson.paragraph, Lesson.paragraph_hash,
    Lesson.paragraph_removed_at, Lesson.reply,
    Lesson.reply_html, Lesson.replied_at, Lesson.used_by, Lesson.published_at, Lesson.edited_at, Lesson.updated_at,
    Lesson.version, Lesson.revision, Project.slug.label("project_slug"), Project.id.label("project_id"),
    Project.title.label("project_title"), Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.short_name.label("council_short_name"), Council.gss_code, _AUTHOR_NAME.label("author_name"),
    _author.role.label("author_role"), Artefact.slug.label("artefact_slug"),
    Artefact.title.label("artefact_title"), Version.number.label("version_number"),
    Version.status.label("version_status"), _answering.number.label("answered_by"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFilters:
    """What a list of lessons is narrowed to. None means any; `version` is a number and goes with `artefact`."""

    q: str = ""
    project: str | None = None
    council: str | None = None
    theme: str | None = None
    outcome: str | None = None
    artefact: str | None = None
    version: int | None = None
    year: int | None = None
    nation: str | None = None
    region: str | None = None
    updated_since: datetime | None = None


def lessons_listed(
    reading: Reading, filters: LessonFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of public lessons."""
    return read_page(reading.session, _narrowed(_public(_shown()), filters), order, place, limit)


def lessons_in_short(reading: Reading, filters: LessonFilters, most: int) -> list[LessonLine]:
    """The latest public lessons, each in one line."""
    columns: tuple[Any, ...] = LINE
    query = _narrowed(_public(select(*columns).join(Project, Project.id == Lesson.project_id)), filters)
    rows = reading.session.execute(query.order_by(Lesson.published_at.desc(), Lesson.id.desc()).limit(most))
    return [line_of(row) for row in rows]


def number_of_lessons(reading: Reading, filters: LessonFilters) -> int:
    """How many lessons a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    rows = _narrowed(_public(select(Lesson.id).join(Project, Project.id == Lesson.project_id)), filters)
    counted = rows.limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def lesson_listed(reading: Reading, slug: str) -> Any:
    """One lesson as lists show it, by slug or id, where the viewer may know of it. Raises NotFound."""
    lesson_id = id_from(slug)
    named = Lesson.slug == slug if lesson_id is None else Lesson.id == lesson_id
    row = reading.session.execute(_shown().where(named, lessons_visible_to(reading.actor))).first()
    if row is None:
        raise NotFound("lesson")
    return row


def themes_of(reading: Reading, lesson_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The themes of lessons, the main one first."""
    found: dict[UUID, list[str]] = defaultdict(list)
    query = (
        select(LessonTheme.lesson_id, LessonTheme.theme)
        .where(LessonTheme.lesson_id.in_(list(lesson_ids)))
        .order_by(LessonTheme.lesson_id, LessonTheme.position, LessonTheme.theme)
    )
    for lesson_id, theme in reading.session.execute(query):
        found[lesson_id].append(theme)
    return found


def document_named(reading: Reading, slug: str) -> str:
    """The title of a public document by its slug or id, for saying what a list is narrowed to; "" for none."""
    query = select(Artefact.title).where(_artefact_named(slug), Artefact.is_public)
    return reading.session.scalar(query) or ""


def _shown() -> Select[Any]:
    standing = and_(
        _author.project_id == Lesson.project_id, _author.officer_id == Lesson.officer_id, _author.ended_at.is_(None)
    )  # fmt: skip
    return (
        select(*_COLUMNS)
        .join(Project, Project.id == Lesson.project_id)
        .join(Council, Council.id == Lesson.council_id)
        .join(Officer, Officer.id == Lesson.officer_id)
        .outerjoin(_author, standing)
        .outerjoin(Artefact, and_(Artefact.id == Lesson.artefact_id, _document_is_public()))
        .outerjoin(Version, and_(Version.id == Lesson.version_id, Artefact.id.is_not(None)))
        .outerjoin(_answering, and_(_answering.id == Lesson.answered_by_id, Artefact.id.is_not(None)))
    )


def _document_is_public() -> ColumnElement[bool]:
    kept_in = aliased(Project)
    return and_(Artefact.is_public, exists().where(kept_in.id == Artefact.project_id, kept_in.is_public))


def _public(query: Select[Any]) -> Select[Any]:
    return query.where(lessons_visible_to(ANONYMOUS))


def _narrowed(query: Select[Any], filters: LessonFilters) -> Select[Any]:
    narrowing: list[ColumnElement[bool]] = [_holds(word) for word in filters.q.split()[:MOST_WORDS]]
    if filters.project is not None:
        narrowing.append(Lesson.project_id == project_called(filters.project))
    if filters.council is not None:
        narrowing.append(Lesson.council_id == council_called(filters.council))
    if filters.theme is not None:
        narrowing.append(exists().where(LessonTheme.lesson_id == Lesson.id, LessonTheme.theme == filters.theme))
    if filters.outcome is not None:
        narrowing.append(Lesson.outcome == filters.outcome)
    if filters.artefact is not None:
        narrowing.append(_of_document(filters.artefact, filters.version))
    if filters.year is not None:
        first, end = (datetime.combine(date(filters.year + more, 1, 1), datetime.min.time(), UK) for more in (0, 1))
        narrowing += [Lesson.published_at >= first, Lesson.published_at < end]
    for name in ("nation", "region"):
        if (value := getattr(filters, name)) is not None:
            in_place = select(Council.id).where(getattr(Council, name) == value).correlate(None)
            narrowing.append(Lesson.council_id.in_(in_place))
    if filters.updated_since is not None:
        narrowing.append(Lesson.updated_at >= filters.updated_since)
    return query.where(*narrowing)


def _holds(word: str) -> ColumnElement[bool]:
    columns = (Lesson.title, Lesson.did, Lesson.happened, Lesson.differently, Lesson.evidence)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _artefact_named(slug: str) -> ColumnElement[bool]:
    artefact_id = id_from(slug)
    return Artefact.slug == slug if artefact_id is None else Artefact.id == artefact_id


def _of_document(slug: str, number: int | None) -> ColumnElement[bool]:
    """Pinned to a public document, or to one version of it."""
    named = select(Artefact.id).where(_artefact_named(slug), _document_is_public()).correlate(None).scalar_subquery()
    if number is None:
        return Lesson.artefact_id == named
    which = (
        select(Version.id).where(Version.artefact_id == named, Version.number == number).correlate(None)
    ).scalar_subquery()
    return and_(Lesson.artefact_id == named, Lesson.version_id == which)
