"""The newest of what happened, for whoever follows: everything, or what belongs to one council, theme, project or
document.

First the log says which events come into question, from the front of one of its indexes and no more than
`MOST_LOOKED_AT`; then the one filter of visibility (`queries.visible_events`) decides which of them are shown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Adoption, Suggestion, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.councils.models import Council
from pipeline.db.hot_lists import computed, unindexed
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import Reading
from pipeline.feeds.queries import visible_events
from pipeline.kernel.event import Audience
from pipeline.lessons.models import Lesson
from pipeline.pledges.history import Happened
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project, Update
from pipeline.projects.rules import UpdateStatus
from pipeline.search.queries import PROJECTS

MOST_SHOWN = 50
MOST_LOOKED_AT = 500
MOST_PROJECTS = MOST_SHOWN
"""How many projects of a council or theme are looked at for news: those that changed last. What happens in a project
changes its row, so no more of them can have a part in what is shown."""
RECENT = 20_000
"""How far back in the log projects that were drafts for long are looked for among the new ones."""
MOST_SUBJECTS = 300
"""The same for the pledges and adoptions of a council."""

PUBLISHED = "project.published"

_Lead = aliased(Council, name="lead_council")


@dataclass(frozen=True, slots=True)
class News:
    """One public event, with the project it happened in and the council it is said to be by: the one for which it was
    done, or the lead council where nobody did it."""

    id: UUID
    happened: Happened
    project_id: UUID
    project_slug: str
    project_title: str
    council_slug: str
    council_name: str
    council_name_cy: str | None


def news_of_all(reading: Reading, names: Iterable[str]) -> list[News]:
    """The newest events of some names, whatever they are about."""
    public = LoggedEvent.audience == Audience.PUBLIC.value
    query = _candidates(names).where(public).order_by(LoggedEvent.sequence.desc())
    return _visible(reading, list(reading.session.scalars(query)))


def new_projects(reading: Reading) -> list[News]:
    """The publishing of the newest projects: those that were begun last, and those published lately."""
    published = _candidates({PUBLISHED})
    last = select(EventCounter.last_public).scalar_subquery()
    recent = published.where(LoggedEvent.sequence > last - RECENT).order_by(LoggedEvent.sequence.desc())
    newest = (
        select(Project.id)
        .where(Project.is_public)
        .order_by(Project.created_at.desc(), Project.id.desc())
        .limit(2 * MOST_SHOWN)
    )
    ids = list(reading.session.scalars(newest))
    return _visible(reading, [*reading.session.scalars(recent), *_about(reading, ids, {PUBLISHED})])


def news_of_project(reading: Reading, project_id: UUID, names: Iterable[str]) -> list[News]:
    """The newest events in one project."""
    query = _public(names).where(LoggedEvent.project_id == project_id).order_by(LoggedEvent.sequence.desc())
    return _visible(reading, list(reading.session.scalars(query)))


def news_of_theme(reading: Reading, theme: str, names: Iterable[str]) -> list[News]:
    """The newest events in the projects of a theme that changed last."""
    page = PROJECTS.page(
        reading.session, {"theme": theme}, order="updated_at", descending=True, limit=MOST_PROJECTS
    )  # fmt: skip
    ids = [one if isinstance(one, UUID) else UUID(one) for one in (row[0] for row in page.rows)]
    return _visible(reading, _in_projects(reading, ids, names))


def news_of_council(reading: Reading, council_id: UUID, names: Iterable[str]) -> list[News]:
    """The newest events in the projects a council leads, and of its pledges and adoptions elsewhere."""
    led = (
        select(Project.id)
        .where(Project.council_id == council_id, Project.is_public)
        .order_by(Project.updated_at.desc(), Project.id.desc())
        .limit(MOST_PROJECTS)
    )
    ids = list(reading.session.scalars(led))
    given = [
        *_newest_of(reading, Pledge, council_id, Pledge.authorised_at.is_not(None)),
        *_newest_of(reading, Adoption, council_id),
    ]
    return _visible(reading, [*_in_projects(reading, ids, names), *_about(reading, given, names)])


def news_of_document(reading: Reading, artefact_id: UUID, names: Iterable[str]) -> list[News]:
    """The newest events of one document: its versions, who uses it, suggestions to it and lessons about it."""
    within = or_(
        LoggedEvent.subject_id == artefact_id,
        *(
            LoggedEvent.subject_id.in_(select(table.id).where(table.artefact_id == artefact_id))
            for table in (Version, Adoption, Suggestion, Lesson)
        ),
    )
    query = _public(names).where(within).order_by(computed(LoggedEvent.sequence).desc())
    return _visible(reading, list(reading.session.scalars(query)))


def _newest_of(reading: Reading, table: Any, council_id: UUID, *conditions: ColumnElement[bool]) -> list[UUID]:
    query = select(table.id).where(table.council_id == council_id, *conditions)
    return list(reading.session.scalars(query.order_by(table.updated_at.desc(), table.id.desc()).limit(MOST_SUBJECTS)))


def _in_projects(reading: Reading, ids: Collection[UUID], names: Iterable[str]) -> list[int]:
    query = _public(names).where(LoggedEvent.project_id.in_(ids)).order_by(computed(LoggedEvent.sequence).desc())
    return list(reading.session.scalars(query)) if ids else []


def _about(reading: Reading, ids: Collection[UUID], names: Iterable[str]) -> list[int]:
    query = _public(names).where(LoggedEvent.subject_id.in_(ids)).order_by(computed(LoggedEvent.sequence).desc())
    return list(reading.session.scalars(query)) if ids else []


def _candidates(names: Iterable[str]) -> Any:
    return select(LoggedEvent.sequence).where(LoggedEvent.name.in_(sorted(names))).limit(MOST_LOOKED_AT)


def _public(names: Iterable[str]) -> Any:
    """Candidates found by another index than that of the audience."""
    return _candidates(names).where(unindexed(LoggedEvent.audience) == Audience.PUBLIC.value)


def _visible(reading: Reading, sequences: Collection[int]) -> list[News]:
    """Those of some events that everybody may see now, the newest first."""
    newest = sorted(set(sequences), reverse=True)[:MOST_LOOKED_AT]
    if not newest:
        return []
    query = (
        visible_events()
        .add_columns(
            LoggedEvent.council_id, Project.id.label("project_id"), Project.title.label("project_title"),
            Council.name.label("council_name"), Council.name_cy, _Lead.slug.label("lead_slug"),
            _Lead.name.label("lead_name"), _Lead.name_cy.label("lead_name_cy"),
        )
        .outerjoin(_Lead, _Lead.id == Project.council_id)
        .where(LoggedEvent.sequence.in_(newest), Project.id.is_not(None))
        .order_by(LoggedEvent.sequence.desc())
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [_news(row) for row in reading.session.execute(query)]


def _news(row: Any) -> News:
    by = (row.council_slug, row.council_name, row.name_cy) if row.council_slug else ()
    happened = Happened(row.name, row.occurred_at, row.council_id, row.subject_type, row.subject_id, row.payload)
    return News(
        row.id, happened, row.project_id, row.project_slug, row.project_title,
        *(by or (row.lead_slug, row.lead_name, row.lead_name_cy)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectText:
    """What a project says of itself, and when the leads last changed that."""

    title: str
    slug: str
    summary: str
    html: str
    language: str
    published_at: datetime
    edited_at: datetime


TOLD_OF_ITSELF = (PUBLISHED, "project.updated")
"""The events with which what a project says of itself changes."""


def projects_in(reading: Reading, news: Collection[News]) -> dict[UUID, ProjectText]:
    """The projects whose publishing is among some events, by their ids."""
    ids = {one.project_id for one in news if one.happened.name == PUBLISHED}
    if not ids:
        return {}
    edited = (
        select(LoggedEvent.subject_id, func.max(LoggedEvent.occurred_at))
        .where(LoggedEvent.subject_id.in_(ids), LoggedEvent.name.in_(TOLD_OF_ITSELF))
        .group_by(LoggedEvent.subject_id)
    )
    moments: dict[Any, datetime] = {row[0]: row[1] for row in reading.session.execute(edited)}
    query = select(
        Project.id, Project.title, Project.slug, Project.summary, Project.problem_html, Project.language,
        Project.published_at,
    ).where(Project.id.in_(ids), Project.keeps_documents.is_(False))  # fmt: skip
    rows: Iterable[Any] = reading.session.execute(query)
    return {row.id: _text_of(row, moments.get(row.id, row.published_at)) for row in rows}


def _text_of(row: Any, edited_at: datetime) -> ProjectText:
    return ProjectText(
        row.title, row.slug, row.summary, row.problem_html, row.language, row.published_at,
        max(edited_at, row.published_at),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class UpdateText:
    """What a published update says now."""

    title: str
    html: str
    language: str
    edited_at: datetime | None


def updates_in(reading: Reading, news: Collection[News]) -> dict[UUID, UpdateText]:
    """The published updates that some events are about, by their ids."""
    ids = _subjects(news, "update")
    query = select(Update.id, Update.title, Update.body_html, Update.language, Update.edited_at).where(
        Update.id.in_(ids), Update.status == UpdateStatus.PUBLISHED.value
    )
    return {row.id: UpdateText(*row[1:]) for row in reading.session.execute(query)} if ids else {}


def lessons_in(reading: Reading, news: Collection[News]) -> dict[UUID, Lesson]:
    """The public lessons that some events are about, by their ids."""
    ids = _subjects(news, "lesson")
    query = select(Lesson).where(Lesson.id.in_(ids), Lesson.is_public)
    return {lesson.id: lesson for lesson in reading.session.scalars(query)} if ids else {}


def notes_in(reading: Reading, news: Collection[News]) -> dict[UUID, str]:
    """What the versions that some events are about say of what changed in them, by their ids; not of removed ones."""
    ids = _subjects(news, "version")
    query = select(Version.id, Version.change_note).where(
        Version.id.in_(ids), Version.status != VersionStatus.REMOVED.value
    )
    return {row.id: row.change_note for row in reading.session.execute(query)} if ids else {}


def _subjects(news: Collection[News], subject_type: str) -> set[UUID]:
    return {one.happened.subject_id for one in news if one.happened.subject_type == subject_type}


def last_public_at(reading: Reading) -> datetime | None:
    """When something that the public reads changed last, hiding included. None while nothing ever did."""
    last = select(EventCounter.last_public).scalar_subquery()
    return reading.session.scalar(select(LoggedEvent.occurred_at).where(LoggedEvent.sequence == last))
