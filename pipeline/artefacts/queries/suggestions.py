"""Suggestions, on behalf of a viewer: one, those made to a document or by a copy, and those that wait for an answer."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Artefact, Licence, Suggestion, Version
from pipeline.artefacts.policy import ArtefactFacts, SuggestionFacts
from pipeline.artefacts.queries.comparing import Side, sides_of
from pipeline.artefacts.rules import SuggestionStatus, VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to, suggestions_visible_to
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.projects.interested import leads_project
from pipeline.projects.models import AnswerClock, Project

MOST_LISTED = 100


def suggestion_seen_by(
    reading: Reading, suggestion_id: UUID, *, lock: bool = False
) -> tuple[Suggestion, Artefact, Project]:  # fmt: skip
    """A suggestion with the document it was made to and that document's project, for whoever may know of the document.

    `lock` keeps others from changing it until the work ends. Raises NotFound.
    """
    query = (
        select(Suggestion, Artefact, Project)
        .join(Artefact, Artefact.id == Suggestion.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(
            Suggestion.id == suggestion_id, artefacts_visible_to(reading.actor), suggestions_visible_to(reading.actor)
        )
    )  # fmt: skip
    if lock:
        query = query.with_for_update(of=(Artefact, Suggestion)).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("suggestion")
    return row.Suggestion, row.Artefact, row.Project


def suggestion_facts_of(facts: ArtefactFacts, suggestion: Suggestion) -> SuggestionFacts:
    """What policies need to know of a suggestion."""
    return SuggestionFacts(facts, suggestion.council_id, suggestion.officer_id, SuggestionStatus(suggestion.status))


@dataclass(frozen=True, slots=True)
class SuggestionRead:
    """A suggestion as pages and the API show it. `copy_slug` is None where the viewer may not know of the copy; the
    texts are for comparing and merging, `current` the version it would go into now."""

    id: UUID
    version: int
    revision: int
    status: SuggestionStatus
    reason: str
    answer: str
    made_at: datetime
    updated_at: datetime
    answered_at: datetime | None
    was_edited: bool
    council: str
    council_slug: str
    council_id: UUID
    officer_id: UUID
    copy_slug: str | None
    copy_title: str
    from_number: int
    against_id: UUID
    against_number: int
    against_status: VersionStatus
    against_text: str
    text: str
    published_number: int | None
    due_on: date | None
    is_answered: bool


def read_suggestion(reading: Reading, suggestion_id: UUID) -> SuggestionRead:
    """All that is shown of a suggestion the viewer has been found to see. One query."""
    row: Any = reading.session.execute(_shown(reading).where(Suggestion.id == suggestion_id)).first()
    if row is None:
        raise NotFound("suggestion")
    return suggestion_of(row)


def suggestion_of(row: Any) -> SuggestionRead:
    """A row of a page of suggestions, as a value."""
    values = dict(row._mapping)
    status, of_against = SuggestionStatus(values.pop("status")), VersionStatus(values.pop("against_status"))
    is_answered = values.pop("first_answer_at") is not None
    return SuggestionRead(**values, status=status, against_status=of_against, is_answered=is_answered)


def _shown(reading: Reading) -> Select[*tuple[Any, ...]]:
    copy, against, taken, home = aliased(Artefact), aliased(Version), aliased(Version), aliased(Version)
    seen = select(Artefact.id).join(Project, Project.id == Artefact.project_id)
    seen = seen.where(Artefact.id == Suggestion.copy_id, artefacts_visible_to(reading.actor))
    # Rises with anything that is shown of it: its copy's address comes and goes with the copy.
    shown = Suggestion.revision + copy.revision + case((seen.exists(), 1), else_=0)
    return (
        select(
            Suggestion.id, Suggestion.version, shown.label("revision"), Suggestion.status, Suggestion.reason,
            Suggestion.answer, Suggestion.made_at, Suggestion.updated_at, Suggestion.answered_at, Suggestion.was_edited,
            Council.short_name.label("council"), Council.slug.label("council_slug"), Suggestion.council_id,
            Suggestion.officer_id, case((seen.exists(), copy.slug)).label("copy_slug"),
            copy.title.label("copy_title"), home.number.label("from_number"), against.id.label("against_id"),
            against.number.label("against_number"), against.status.label("against_status"),
            against.text.label("against_text"), Suggestion.text, taken.number.label("published_number"),
            AnswerClock.due_on, AnswerClock.answered_at.label("first_answer_at"),
        )
        .join(copy, copy.id == Suggestion.copy_id)
        .join(against, against.id == Suggestion.against_id)
        .join(home, home.id == Suggestion.from_id)
        .outerjoin(taken, taken.id == Suggestion.published_in_id)
        .join(Council, Council.id == Suggestion.council_id)
        .outerjoin(AnswerClock, AnswerClock.subject_id == Suggestion.id)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A suggestion as a list shows it."""

    id: UUID
    status: SuggestionStatus
    made_at: datetime
    council: str
    artefact_slug: str
    artefact_title: str
    against_number: int
    published_number: int | None
    due_on: date | None
    version: int
    revision: int


ORDERS = {
    "-made_at": Order(Suggestion.made_at, Suggestion.id, is_descending=True),
    "made_at": Order(Suggestion.made_at, Suggestion.id),
    "-updated_at": Order(Suggestion.updated_at, Suggestion.id, is_descending=True),
    "updated_at": Order(Suggestion.updated_at, Suggestion.id),
}
"""What a list of suggestions can be ordered by; a minus is for the latest first."""


def lines_to(
    reading: Reading, artefact_id: UUID, *, waiting_only: bool = False, limit: int, place: Place | None = None
) -> Page:
    """A page of the suggestions made to a document the viewer has been found to see, the latest first, as lines."""
    query = _lines().where(Suggestion.artefact_id == artefact_id, suggestions_visible_to(reading.actor))
    if waiting_only:
        query = query.where(Suggestion.status == SuggestionStatus.MADE.value)
    return _page_of_lines(reading, query, limit, place)


def lines_from(reading: Reading, copy_id: UUID, *, limit: int, place: Place | None = None) -> Page:
    """A page of the suggestions a copy made, to documents the viewer may know of, the latest first, as lines."""
    query = _lines().where(
        Suggestion.copy_id == copy_id, artefacts_visible_to(reading.actor), suggestions_visible_to(reading.actor)
    )
    return _page_of_lines(reading, query, limit, place)


def _page_of_lines(reading: Reading, query: Select[*tuple[Any, ...]], limit: int, place: Place | None) -> Page:
    page = read_page(reading.session, query, ORDERS["-made_at"], place, limit)
    return replace(page, rows=[_line(row) for row in page.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionFilters:
    """What the suggestions made to a document are narrowed to. None means any."""

    artefact: UUID
    status: str | None = None
    council: str | None = None
    updated_since: datetime | None = None


def suggestions_listed(
    reading: Reading, filters: SuggestionFilters, *, order: Order, limit: int, place: Place | None
) -> Page:
    """A page of the suggestions made to a document the viewer has been found to see."""
    return read_page(reading.session, _narrowed(_shown(reading), filters), order, place, limit)


def number_of_suggestions(reading: Reading, filters: SuggestionFilters) -> int:
    """How many suggestions such a list has in all."""
    return reading.session.scalar(_narrowed(select(func.count()).select_from(Suggestion), filters)) or 0


def _narrowed(query: Select[*tuple[Any, ...]], filters: SuggestionFilters) -> Select[*tuple[Any, ...]]:
    query = query.where(Suggestion.artefact_id == filters.artefact, Suggestion.is_hidden.is_(False))
    if filters.status is not None:
        query = query.where(Suggestion.status == filters.status)
    if filters.council is not None:
        query = query.where(Suggestion.council_id == council_called(filters.council))
    if filters.updated_since is not None:
        query = query.where(Suggestion.updated_at >= filters.updated_since)
    return query


def suggestions_waiting_for(reading: Reading) -> list[SuggestionLine]:
    """The suggestions that wait for the viewer as a lead of the documents they were made to, the soonest due first."""
    actor = reading.actor
    if actor.officer_id is None or actor.council_id is None:
        return []
    leads: ColumnElement[bool] = leads_project(reading, Artefact.project_id)
    if actor.has(Role.COUNCIL_ADMIN):
        leads = or_(leads, and_(Project.keeps_documents, Project.council_id == actor.council_id))
    query = _lines().where(
        Suggestion.status == SuggestionStatus.MADE.value, Suggestion.is_hidden.is_(False), leads,
        artefacts_visible_to(actor),
    )  # fmt: skip
    rows = reading.session.execute(query.order_by(AnswerClock.due_on, Suggestion.id).limit(MOST_LISTED))
    return [_line(row) for row in rows]


def _lines() -> Select[*tuple[Any, ...]]:
    against, taken = aliased(Version), aliased(Version)
    return (
        select(
            Suggestion.id, Suggestion.status, Suggestion.made_at, Council.short_name, Artefact.slug, Artefact.title,
            against.number, taken.number, AnswerClock.due_on, Suggestion.version, Suggestion.revision,
        )
        .join(Artefact, Artefact.id == Suggestion.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(against, against.id == Suggestion.against_id)
        .outerjoin(taken, taken.id == Suggestion.published_in_id)
        .join(Council, Council.id == Suggestion.council_id)
        .outerjoin(AnswerClock, AnswerClock.subject_id == Suggestion.id)
    )  # fmt: skip


def _line(row: Any) -> SuggestionLine:
    return SuggestionLine(row[0], SuggestionStatus(row[1]), *row[2:])


def number_waiting(reading: Reading, artefact_id: UUID) -> int:
    """How many suggestions to a document wait for an answer."""
    query = select(func.count()).select_from(Suggestion).where(
        Suggestion.artefact_id == artefact_id, Suggestion.status == SuggestionStatus.MADE.value,
        Suggestion.is_hidden.is_(False),
    )  # fmt: skip
    return reading.session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class CopyRead:
    """What a copy can suggest from: its original (its licence by name), the version it has as its base, and its own
    current one."""

    original_title: str
    original_licence: str
    original_council: str
    is_ended: bool
    base: Side
    own: Side


def copy_read(reading: Reading, artefact: Artefact) -> CopyRead | None:
    """The base and the current version of a copy, with their texts; None where the viewer may not know of the original,
    or nothing of the copy is published. Two queries."""
    if artefact.upstream_id is None or artefact.current_number is None:
        return None
    query = (
        select(Artefact.title, Licence.name, Council.short_name, Artefact.ended_at)
        .join(Licence, Licence.code == Artefact.licence)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(Artefact.id == artefact.upstream_id, artefacts_visible_to(reading.actor))
    )
    original: Any = reading.session.execute(query).first()
    sides = sides_of(
        reading, Version.id == artefact.base_id,
        and_(Version.artefact_id == artefact.id, Version.number == artefact.current_number),
    )  # fmt: skip
    base = next((side for side in sides if side.id == artefact.base_id), None)
    own = next((side for side in sides if side.artefact_id == artefact.id), None)
    if original is None or base is None or own is None:
        return None
    return CopyRead(original[0], original[1], original[2], original[3] is not None, base, own)
