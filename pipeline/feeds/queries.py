"""Reading the public part of the event log, in commit order.

An event was public when it was written, and is shown while its subject is: that is read from the live rows in the same
query. Removals stay readable, so that whoever keeps a copy learns what to take out of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Adoption, Artefact, Suggestion, Version
from pipeline.artefacts.visibility import adoptions_visible_to, suggestions_visible_to
from pipeline.comments.models import Comment
from pipeline.comments.visibility import public_comments
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import Gone, NotFound
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.lessons.models import Lesson
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.pledges.models import Pledge
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.interested import interests_visible_to_all
from pipeline.projects.models import Interest, Need, Project, Update
from pipeline.projects.queries import project_called
from pipeline.projects.visibility import updates_visible_to, visible_to
from pipeline.similarity.models import Difference
from pipeline.similarity.visibility import differences_visible_to_all

WIDEST_LOOK = 1_000
"""How many events one page looks at: past those that are not to be seen, the reader goes on with the next page."""

SUBJECTS = (
    "council", "project", "need", "pledge", "update", "interest", "lesson", "adoption", "artefact", "version",
    "suggestion", "comment", "measure", "difference",
)  # fmt: skip
"""What public events are about. Others are not shown until this file knows when they may be seen."""

OF_DOCUMENTS = ("artefact", "version", "suggestion")

REMOVALS_OF_PROJECTS = ("project.removed", "project.deleted")
REMOVALS_WITHIN = (
    "update.removed", "update.deleted", "update.withdrawn", "pledge.removed", "interest.withdrawn", "lesson.withdrawn",
    "lesson.removed", "artefact.removed", "suggestion.removed", "comment.removed", "comment.withdrawn",
    "difference.removed", "difference.withdrawn",
)  # fmt: skip

_Subject, _Document = aliased(Council), aliased(Artefact)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """One event as the public reads it."""

    id: UUID
    name: str
    occurred_at: datetime
    council_slug: str | None
    council_gss_code: str | None
    subject_type: str
    subject_id: UUID
    subject_slug: str | None
    subject_title: str | None
    project_slug: str | None
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PublicEvents:
    """A page of the log. `last_id` is where the reader goes on; None while nothing has ever happened."""

    events: list[PublicEvent]
    last_id: UUID | None
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilters:
    """What the log is narrowed to. None means any."""

    type: str | None = None
    council: str | None = None
    project: str | None = None


EVERYTHING = EventFilters()


def events_after(
    reading: Reading, last_id: UUID | None, limit: int, filters: EventFilters = EVERYTHING
) -> PublicEvents:
    """The public events that were committed after one, oldest first. Raises Gone for an event the log does not hold.

    A place in the log is the same whatever is asked for, so a reader may go on with other filters.
    """
    start = sequence_of(reading, last_id)
    end, number = _look_ahead(reading, start, filters)
    if end is None:
        return PublicEvents([], last_id, has_more=False)
    query = visible_events().where(LoggedEvent.sequence > start, LoggedEvent.sequence <= end, *_narrowing(filters))
    rows = reading.session.execute(query.order_by(LoggedEvent.sequence).limit(limit + 1)).all()
    events = [_public(row) for row in rows[:limit]]
    if len(rows) > limit:
        return PublicEvents(events, events[-1].id, has_more=True)
    seen_last = reading.session.scalar(select(LoggedEvent.id).where(LoggedEvent.sequence == end))
    return PublicEvents(events, seen_last, has_more=number == WIDEST_LOOK)


def event_seen_by(reading: Reading, event_id: UUID) -> PublicEvent:
    """One public event. Raises NotFound, also for one whose subject cannot be seen now."""
    row = reading.session.execute(visible_events().where(LoggedEvent.id == event_id)).first()
    if row is None:
        raise NotFound("event")
    return _public(row)


def newest_of_each(reading: Reading) -> dict[str, PublicEvent]:
    """The newest event of each name that is public now, of the last ones that were committed: examples that exist."""
    last = select(func.max(LoggedEvent.sequence)).scalar_subquery()
    newest = (
        select(func.max(LoggedEvent.sequence))
        .where(LoggedEvent.audience == Audience.PUBLIC.value, LoggedEvent.sequence > last - WIDEST_LOOK)
        .group_by(LoggedEvent.name)
    )
    rows = reading.session.execute(visible_events().where(LoggedEvent.sequence.in_(newest)))
    return {event.name: event for event in map(_public, rows)}


def sequence_of(reading: Reading, event_id: UUID | None) -> int:
    """The place of an event in the log; 0 for none. Raises Gone for an event the log does not hold."""
    if event_id is None:
        return 0
    sequence = reading.session.scalar(select(LoggedEvent.sequence).where(LoggedEvent.id == event_id))
    if sequence is None:
        words = Words(_("The log no longer holds the event you read last. Read everything again from the beginning."))
        raise Gone("event.cursor_gone", words)
    return sequence


def _look_ahead(reading: Reading, start: int, filters: EventFilters) -> tuple[int | None, int]:
    """The sequence of the last event this page looks at, and how many it looks at. The events of one project have an
    index of their own; by type or council those that come next are looked through."""
    of_project = () if filters.project is None else (LoggedEvent.project_id == project_called(filters.project),)
    ahead = (
        select(LoggedEvent.sequence)
        .where(LoggedEvent.audience == Audience.PUBLIC.value, LoggedEvent.sequence > start, *of_project)
        .order_by(LoggedEvent.sequence)
        .limit(WIDEST_LOOK)
        .subquery()
    )
    end, number = reading.session.execute(select(func.max(ahead.c.sequence), func.count())).one()
    return end, number


def _narrowing(filters: EventFilters) -> list[ColumnElement[bool]]:
    conditions = []
    if filters.type is not None:
        conditions.append(LoggedEvent.name == filters.type)
    if filters.council is not None:
        conditions.append(LoggedEvent.council_id == council_called(filters.council))
    if filters.project is not None:
        conditions.append(LoggedEvent.project_id == project_called(filters.project))
    return conditions


def visible_events() -> Select[Any]:
    """Public events whose subject anybody may see now, with what is shown of it.

    Nobody sees more here than the public does, so the answer is the same for everybody.
    """
    title = case(
        (LoggedEvent.subject_type == "project", Project.title),
        (LoggedEvent.subject_type == "need", Need.title),
        (LoggedEvent.subject_type == "update", Update.title),
        (LoggedEvent.subject_type == "lesson", Lesson.title),
        (LoggedEvent.subject_type == "council", _Subject.name),
        (LoggedEvent.subject_type.in_(OF_DOCUMENTS), _Document.title),
    )
    return (
        select(
            LoggedEvent.id, LoggedEvent.name, LoggedEvent.occurred_at, LoggedEvent.subject_type, LoggedEvent.subject_id,
            LoggedEvent.payload, Council.slug.label("council_slug"), Council.gss_code,
            Project.slug.label("project_slug"), _Subject.slug.label("subject_council_slug"),
            func.coalesce(Lesson.slug, _Document.slug).label("own_slug"), title.label("title"),
        )
        .outerjoin(Council, Council.id == LoggedEvent.council_id)
        .outerjoin(Project, and_(Project.id == LoggedEvent.project_id, visible_to(ANONYMOUS)))
        .outerjoin(Need, _is_subject("need", Need.id))
        .outerjoin(Update, and_(_is_subject("update", Update.id), updates_visible_to(ANONYMOUS)))
        .outerjoin(Pledge, and_(_is_subject("pledge", Pledge.id), pledges_visible_to(ANONYMOUS)))
        .outerjoin(Interest, and_(_is_subject("interest", Interest.id), interests_visible_to_all()))
        .outerjoin(Lesson, and_(_is_subject("lesson", Lesson.id), lessons_visible_to(ANONYMOUS)))
        .outerjoin(Adoption, and_(_is_subject("adoption", Adoption.id), _adoption_is_seen()))
        .outerjoin(Version, _is_subject("version", Version.id))
        .outerjoin(Suggestion, and_(_is_subject("suggestion", Suggestion.id), suggestions_visible_to(ANONYMOUS)))
        .outerjoin(Comment, and_(_is_subject("comment", Comment.id), public_comments()))
        .outerjoin(Difference, and_(_is_subject("difference", Difference.id), differences_visible_to_all()))
        .outerjoin(_Document, _is_document_of_event())
        .outerjoin(_Subject, _is_subject("council", _Subject.id))
        .where(LoggedEvent.audience == Audience.PUBLIC.value, _subject_is_visible())
    )  # fmt: skip


def _is_subject(subject_type: str, id_column: Any) -> ColumnElement[bool]:
    return and_(LoggedEvent.subject_type == subject_type, id_column == LoggedEvent.subject_id)


def _is_document_of_event() -> ColumnElement[bool]:
    """The document an event is about: itself, one of its versions, or a suggestion to it."""
    of_event = func.coalesce(Version.artefact_id, Suggestion.artefact_id, LoggedEvent.subject_id)
    return and_(LoggedEvent.subject_type.in_(OF_DOCUMENTS), _Document.id == of_event, _Document.is_public)


def _adoption_is_seen() -> ColumnElement[bool]:
    """An adoption is shown while its document is, whose project is the event's own."""
    of_public = exists().where(Artefact.id == Adoption.artefact_id, Artefact.is_public)
    return and_(adoptions_visible_to(ANONYMOUS), of_public)


def _subject_is_visible() -> ColumnElement[bool]:
    within = or_(
        LoggedEvent.subject_type.in_(("project", "measure")),
        Need.id.is_not(None),
        Update.id.is_not(None),
        Pledge.id.is_not(None),
        Interest.id.is_not(None),
        Lesson.id.is_not(None),
        Adoption.id.is_not(None),
        _Document.id.is_not(None),
        Comment.id.is_not(None),
        Difference.id.is_not(None),
        LoggedEvent.name.in_(REMOVALS_WITHIN),
    )
    return or_(
        and_(Project.id.is_not(None), within),
        and_(LoggedEvent.project_id.is_(None), _Subject.id.is_not(None)),
        LoggedEvent.name.in_(REMOVALS_OF_PROJECTS),
    )


def _public(row: Any) -> PublicEvent:
    """An event without anything its payload holds besides what changed: ids of officers stay inside."""
    last_slug = row.payload.get("slug") if row.name in REMOVALS_OF_PROJECTS else None
    project_slug = row.project_slug or last_slug
    return PublicEvent(
        id=row.id, name=row.name, occurred_at=row.occurred_at,
        council_slug=row.council_slug, council_gss_code=row.gss_code,
        subject_type=row.subject_type, subject_id=row.subject_id,
        subject_slug=project_slug if row.subject_type == "project" else row.subject_council_slug or row.own_slug,
        subject_title=row.title, project_slug=project_slug, changes=row.payload.get("changes") or {},
    )  # fmt: skip
