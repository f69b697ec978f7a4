"""Dates to come that everybody may know of, for calendars: when projects are decided, when documents are reviewed, when
councils look again at what they adopted.

Each kind is one statement, from the index of its date, and bounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.clock import uk_date
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PARTNERING
from pipeline.projects.models import Project, ProjectTheme
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.visibility import visible_to

BEFORE = timedelta(days=92)
"""How long a date that is past stays in a calendar."""
MOST = 500
"""Dates of one kind in a calendar: the soonest."""

OVER = (ProjectStatus.STOPPED, ProjectStatus.FINISHED, ProjectStatus.LAPSED)
USED = (AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value)


class DateKind(StrEnum):
    """What happens on a date."""

    DECISION = "decision"
    REVIEW = "review"
    ADOPTION_REVIEW = "adoption-review"


@dataclass(frozen=True, slots=True)
class DateToCome:
    """A date, of which row, and what it is about: a title and a path. `council` is whose date it is."""

    kind: DateKind
    row_id: UUID
    on: date
    title: str
    path: str
    council: str
    version: int
    updated_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a calendar is narrowed to; nothing for everything."""

    council_id: UUID | None = None
    theme: str | None = None
    project_id: UUID | None = None
    artefact_id: UUID | None = None


def dates_to_come(reading: Reading, narrowed: Narrowed, today: date) -> list[DateToCome]:
    """The dates of a calendar in their order, from a quarter ago on."""
    since = today - BEFORE
    found = [*_reviews(reading, narrowed, since)]
    if narrowed.artefact_id is None:
        found += _decisions(reading, narrowed, since)
    if narrowed.theme is None and narrowed.project_id is None:
        found += _adoption_reviews(reading, narrowed, since)
    return sorted(found, key=lambda one: (one.on, one.row_id))


def _decisions(reading: Reading, narrowed: Narrowed, since: date) -> Iterable[DateToCome]:
    query = (
        select(
            Project.id, Project.decision_on, Project.title, Project.slug, Council.short_name, Project.version,
            Project.updated_at, Project.status, Project.ended_at, Project.waits_from_on,
        )
        .join(Council, Council.id == Project.council_id)
        .where(Project.is_public, visible_to(ANONYMOUS), Project.decision_on >= since, *_of_projects(narrowed))
        .order_by(Project.decision_on, Project.id)
        .limit(MOST)
    )  # fmt: skip
    for row_id, on, title, slug, council, version, updated_at, status, ended_at, waits_from_on in _rows(reading, query):
        ended_early = status in OVER and ended_at is not None and uk_date(ended_at) < on
        waits = waits_from_on is not None and status not in OVER
        yield DateToCome(
            DateKind.DECISION,
            row_id,
            on,
            title,
            f"/projects/{slug}",
            council,
            version,
            updated_at,
            ended_early or waits,
        )


def _of_projects(narrowed: Narrowed) -> Iterable[ColumnElement[bool]]:
    """A council's are those it leads, and those it is a partner in by a pledge."""
    if narrowed.project_id is not None:
        yield Project.id == narrowed.project_id
    if narrowed.theme is not None:
        yield _is_about(narrowed.theme)
    if narrowed.council_id is not None:
        given = select(Pledge.project_id).where(
            Pledge.council_id == narrowed.council_id, Pledge.status.in_(sorted(PARTNERING))
        )
        yield or_(Project.council_id == narrowed.council_id, Project.id.in_(given))


def _is_about(theme: str) -> ColumnElement[bool]:
    return exists().where(ProjectTheme.project_id == Project.id, ProjectTheme.theme == theme)


def _reviews(reading: Reading, narrowed: Narrowed, since: date) -> Iterable[DateToCome]:
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (Artefact.council_id, narrowed.council_id), (Artefact.project_id, narrowed.project_id),
        (Artefact.id, narrowed.artefact_id),
    ):  # fmt: skip
        if value is not None:
            wanted.append(column == value)
    if narrowed.theme is not None:
        wanted.append(_is_about(narrowed.theme))
    query = (
        select(
            Artefact.id, Artefact.review_on, Artefact.title, Artefact.slug, Council.short_name, Artefact.version,
            Artefact.updated_at, Artefact.status,
        )
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(Artefact.review_on >= since, artefacts_visible_to(ANONYMOUS), *wanted)
        .order_by(Artefact.review_on, Artefact.id)
        .limit(MOST)
    )  # fmt: skip
    for *values, slug, council, version, updated_at, status in _rows(reading, query):
        row_id, on, title = values
        ended = status == ArtefactStatus.ENDED
        yield DateToCome(DateKind.REVIEW, row_id, on, title, f"/documents/{slug}", council, version, updated_at, ended)


def _adoption_reviews(reading: Reading, narrowed: Narrowed, since: date) -> Iterable[DateToCome]:
    """Of adoptions that stand: one that has ended is shown without its date."""
    wanted: list[ColumnElement[bool]] = []
    for column, value in ((Adoption.council_id, narrowed.council_id), (Adoption.artefact_id, narrowed.artefact_id)):
        if value is not None:
            wanted.append(column == value)
    query = (
        select(
            Adoption.id, Adoption.review_on, Artefact.title, Council.short_name, Adoption.version, Adoption.updated_at
        )
        .join(Artefact, Artefact.id == Adoption.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Adoption.council_id)
        .where(and_(Adoption.review_on >= since, Adoption.standing.in_(USED)), artefacts_visible_to(ANONYMOUS), *wanted)
        .order_by(Adoption.review_on, Adoption.id)
        .limit(MOST)
    )
    for row_id, on, title, council, version, updated_at in _rows(reading, query):
        yield DateToCome(
            DateKind.ADOPTION_REVIEW, row_id, on, title, f"/adoptions/{row_id}", council, version, updated_at
        )


def _rows(reading: Reading, query: Any) -> Iterable[Any]:
    rows: Iterable[Any] = reading.session.execute(query)
    return rows
