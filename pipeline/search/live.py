"""Which of the things the index proposes everybody may see now, each by the visibility of its own subject.

Read for all candidates of a search, a statement for each kind, from indexes where rows are wide: what is hidden is
neither shown nor counted, however old the index is.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, text
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.hot_lists import ids_for, listed, unindexed
from pipeline.db.statements import Statement
from pipeline.kernel.actor import ANONYMOUS
from pipeline.lessons.models import Lesson
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.projects.models import Need, Project, Update
from pipeline.projects.rules import NeedStatus
from pipeline.projects.visibility import updates_visible_to, visible_to
from pipeline.search.models import EntryKind, SearchEntry


def _by_id(thing: Any, *shown: ColumnElement[bool]) -> Any:
    """The ids of some things that everybody may see: SQLite must not begin with all that fulfil the condition."""
    return select(thing.id).where(listed(thing.id, "ids"), *(unindexed(one.self_group()) for one in shown))


def _in_project(thing: Any, *shown: ColumnElement[bool]) -> Statement:
    return Statement(_by_id(thing, *shown).join(Project, Project.id == thing.project_id))


_SEEN = visible_to(ANONYMOUS)
_SEEN_OF_KIND: dict[str, Statement] = {
    EntryKind.PROJECT: Statement(_by_id(Project, _SEEN)),
    EntryKind.NEED: _in_project(Need, _SEEN, Need.status != NeedStatus.DROPPED.value),
    EntryKind.UPDATE: _in_project(Update, _SEEN, updates_visible_to(ANONYMOUS)),
    EntryKind.LESSON: _in_project(Lesson, lessons_visible_to(ANONYMOUS)),
    EntryKind.DOCUMENT: _in_project(Artefact, artefacts_visible_to(ANONYMOUS)),
    EntryKind.VERSION: Statement(
        _by_id(Version, artefacts_visible_to(ANONYMOUS), Version.status != VersionStatus.REMOVED.value)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
    ),
    EntryKind.COUNCIL: Statement(_by_id(Council)),
}
_PROPOSED = Statement(
    select(
        SearchEntry.place, SearchEntry.kind, SearchEntry.subject_id, SearchEntry.facets, SearchEntry.published_at,
        SearchEntry.closes_on,
    ).where(listed(SearchEntry.place, "places"))
)  # fmt: skip
# SQLite would read each row, long texts and all, where one index tells.
_PROPOSED_ON_SQLITE = Statement(
    text(
        "SELECT place, kind, subject_id, facets, published_at, closes_on"
        " FROM search_entry INDEXED BY ix_search_entry_place_subject_id"
        " WHERE place IN (SELECT value FROM json_each(:places))"
    ).bindparams(bindparam("places"))
)


class Candidate(NamedTuple):
    """Something the index proposed and everybody may see, as the driver's row has it."""

    place: int
    kind: str
    subject_id: UUID | str
    facets: str
    published_at: Any
    closes_on: Any


def live(session: Session, places: Sequence[int], facets: Sequence[Sequence[str]] = ()) -> list[Candidate]:
    """Those of some proposed things that have a word of each group of facets and that everybody may see now, in no
    order. One statement, and one more for each kind among them."""
    if not places:
        return []
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in _proposed(session, places):
        if not facets or passes(row[3], facets):
            by_kind[row[1]].append(row)
    found = []
    for kind, rows in by_kind.items():
        ids = ids_for(session, [row[2] for row in rows])
        seen = {row[0] for row in _SEEN_OF_KIND[kind].rows(session, ids=ids)}
        found += [Candidate._make(row) for row in rows if row[2] in seen]
    return found


def facets_at(session: Session, places: Sequence[int]) -> list[str]:
    """The facets of some entries, in no order."""
    return [row[3] for row in _proposed(session, places)]


def passing(session: Session, places: Sequence[int], facets: Sequence[Sequence[str]]) -> list[int]:
    """Those of some entries that have a word of each group of facets, in the order they were given."""
    passed = {row[0] for row in _proposed(session, places) if passes(row[3], facets)}
    return [place for place in places if place in passed]


def _proposed(session: Session, places: Sequence[int]) -> Sequence[Any]:
    statement = _PROPOSED_ON_SQLITE if session.get_bind().dialect.name == "sqlite" else _PROPOSED
    return statement.rows(session, places=ids_for(session, places))


def passes(kept: str, facets: Sequence[Sequence[str]]) -> bool:
    """Whether the facets kept of an entry hold a word of each of some groups."""
    words = kept.split(" ")
    for group in facets:
        for one in group:
            if one in words:
                break
        else:
            return False
    return True
