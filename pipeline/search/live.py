"""Which of the things the index proposes everybody may see now, each by the visibility of its own subject.

Read for all candidates of a search in one statement, from indexes where rows are wide: what is hidden is neither shown
nor counted, however old the index is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.hot_lists import ids_for, listed, unindexed
from pipeline.db.statements import Statement, date_of, utc_text
from pipeline.kernel.actor import ANONYMOUS
from pipeline.lessons.models import Lesson
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.projects.models import Need, Project, Update
from pipeline.projects.rules import NeedStatus
from pipeline.projects.visibility import updates_visible_to, visible_to
from pipeline.search.models import EntryKind, SearchEntry


def _proposed(kind: EntryKind) -> Any:
    columns = (
        SearchEntry.place, SearchEntry.kind, SearchEntry.subject_id, SearchEntry.facets, SearchEntry.published_at,
        SearchEntry.closes_on,
    )  # fmt: skip
    return select(*columns).where(listed(SearchEntry.place, "places"), unindexed(SearchEntry.kind) == kind.value)


def _by_id(shown: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that is put to rows found by their ids: SQLite must not begin with all that fulfil it."""
    return unindexed(shown.self_group())


def _in_project(kind: EntryKind, thing: Any, *shown: ColumnElement[bool]) -> Any:
    """Things of a kind that are in a project, as everybody sees them."""
    query = _proposed(kind).join(thing, thing.id == SearchEntry.subject_id)
    return query.join(Project, Project.id == thing.project_id).where(*shown)


_SEEN = _by_id(visible_to(ANONYMOUS))
_LIVE = Statement(
    union_all(
        _proposed(EntryKind.PROJECT).join(Project, Project.id == SearchEntry.subject_id).where(_SEEN),
        _in_project(EntryKind.NEED, Need, _SEEN, Need.status != NeedStatus.DROPPED.value),
        _in_project(EntryKind.UPDATE, Update, _SEEN, _by_id(updates_visible_to(ANONYMOUS))),
        _in_project(EntryKind.LESSON, Lesson, _by_id(lessons_visible_to(ANONYMOUS))),
        _in_project(EntryKind.DOCUMENT, Artefact, _by_id(artefacts_visible_to(ANONYMOUS))),
        _proposed(EntryKind.VERSION)
        .join(Version, Version.id == SearchEntry.subject_id)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(_by_id(artefacts_visible_to(ANONYMOUS)), Version.status != VersionStatus.REMOVED.value),
        _proposed(EntryKind.COUNCIL).join(Council, Council.id == SearchEntry.subject_id),
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something the index proposed and everybody may see."""

    place: int
    kind: str
    subject_id: UUID
    facets: str
    published_at: str
    closes_on: date | None


def live(session: Session, places: Sequence[int]) -> list[Candidate]:
    """Those of some proposed things that everybody may see now, in no order. One statement."""
    if not places:
        return []
    rows = _LIVE.rows(session, places=ids_for(session, places))
    return [
        Candidate(place, kind, subject_id, facets, utc_text(published_at) or "", date_of(closes_on))
        for place, kind, subject_id, facets, published_at, closes_on in rows
    ]
