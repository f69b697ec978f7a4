"""Finding projects: by words, and narrowed by everything a list can be narrowed by.

The index proposes about the newest MOST_FOUND projects that hold all the words (MOST_NARROWED where filters are put to
them as well); the live rows decide which of them are shown. A project whose title holds all the words comes first,
then one whose title and summary together do, then the rest; newer ones come first among equals. Ranking a bounded set
costs the same however many projects there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select, text, union
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.hot_lists import Filter, ids_for, listed, unindexed
from pipeline.db.statements import Statement
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PARTNERING
from pipeline.projects.listing import council_called, project_list
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson
from pipeline.search.asking import Term
from pipeline.search.facets import facet_word
from pipeline.search.models import EntryKind, SearchEntry
from pipeline.search.ranking import in_tiers, proposed
from pipeline.search.words import SHORTEST_BEGINNING, words_of

MOST_FOUND = 300
"""The most projects a search by words alone looks at: beyond, people read "more than 300", and filters help."""
MOST_NARROWED = 1_000
"""The same where filters narrow it: they leave a part of what the words found."""
TOO_FEW = 20
"""Where whole words find fewer than this, the last word may also be the beginning of one."""


_WAYS = (
    (Pledge, Pledge.status.in_(sorted(PARTNERING))),
    (ProjectPerson, ProjectPerson.ended_at.is_(None)),
    (ProjectPartner, ProjectPartner.council_id.is_not(None)),
)
"""The ways to be a partner in a project: a pledge, an officer in its team, or what public sources say."""


def _partnered(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Projects in which a council is a partner: by a pledge, by an officer in the team, or by what sources say."""
    councils = select(Council.id).where(*conditions)
    return select(
        union(
            *(
                select(way.project_id)
                .join(Project, Project.id == way.project_id)
                .where(way.council_id.in_(councils), Project.council_id != way.council_id, holds)
                for way, holds in _WAYS
            )
        ).subquery()
    )


def _is_partner(council: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, asked of one project at a time."""
    of_project = _partnered([council]).subquery()
    return exists().where(of_project.c[0] == Project.id)


_PARTNER = Council.id.in_(council_called("partner"))
PROJECTS = project_list(partner=Filter(_is_partner(_PARTNER), _partnered, _PARTNER))
"""The list of projects with every filter there is."""


def partners_of(session: Session, project_id: UUID) -> list[tuple[str, str, str | None]]:
    """Slug, name and GSS code of each council that is a partner in a project, by name."""
    ways = union(
        *(select(way.council_id).where(way.project_id == project_id, holds) for way, holds in _WAYS)
    ).subquery()
    lead = select(Project.council_id).where(Project.id == project_id).scalar_subquery()
    query = select(Council.slug, Council.name, Council.gss_code).where(Council.id.in_(select(ways)), Council.id != lead)
    rows = session.execute(query.order_by(Council.short_name, Council.id))
    return [(row.slug, row.name, row.gss_code) for row in rows]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: ids of live public projects, the best first. `has_more` when it looked no further."""

    ids: tuple[Any, ...]
    has_more: bool


def projects_found(session: Session, typed: str, asked: Mapping[str, Any]) -> Found:
    """The public projects that hold the words somebody typed and pass the filters in `asked`."""
    most = MOST_NARROWED if asked else MOST_FOUND
    places, has_more = matches(session, typed, most)
    if not places:
        return Found((), False)
    ids = passing(session, places, asked)
    found = tuple(ids[place] for place in places if place in ids)
    return Found(found[:most], has_more or len(found) > most)


def passing(session: Session, places: Sequence[int], asked: Mapping[str, Any]) -> dict[int, Any]:
    """Those of some places in the index whose projects are public now and pass the filters in `asked`, with their
    ids."""
    names = tuple(sorted(asked))
    if not names and session.get_bind().dialect.name == "sqlite":
        statement = _LIVE_ON_SQLITE
    else:
        statement = _live.get(names) or _live.setdefault(names, _live_statement(names))
    return dict(statement.rows(session, places=ids_for(session, places), **asked))


_live: dict[tuple[str, ...], Statement] = {}


def _live_statement(names: tuple[str, ...]) -> Statement:
    """Those of the proposed projects that are public now and pass the filters."""
    holds = and_(unindexed(Project.is_public), *(PROJECTS.filters[name].holds for name in names))
    query = select(SearchEntry.place, Project.id).join(Project, Project.id == SearchEntry.subject_id)
    return Statement(query.where(listed(SearchEntry.place, "places"), holds))


_LIVE_ON_SQLITE = Statement(
    text(
        """
        SELECT search_entry.place, project.id
        FROM search_entry INDEXED BY ix_search_entry_place_subject_id
        JOIN project INDEXED BY ix_project_id_is_public ON project.id = search_entry.subject_id
        WHERE search_entry.place IN (SELECT value FROM json_each(:places)) AND project.is_public
        """
    ).bindparams(bindparam("places"))
)
"""The same without filters. SQLite would go through each row, long texts and all, where two small indexes tell."""


def matches(session: Session, typed: str, most: int = MOST_FOUND) -> tuple[list[int], bool]:
    """The places in the index of the newest things that hold all the words typed, the best first, among them most of
    the newest `most` projects; and whether there may be more.

    Any text is safe to ask for: what reaches the database are words of letters and digits, at most twelve.
    """
    terms = [Term((word,)) for word in words_of(typed)]
    if not terms:
        return [], False
    places, has_more, _ = proposed(session, terms, _PROJECTS, most)
    found = [place for place, _tier in in_tiers(session, terms, places)]
    if len(found) < TOO_FEW and len(terms[-1].name[0]) >= SHORTEST_BEGINNING:
        begun, has_more, _ = proposed(session, terms, _PROJECTS, most, is_beginning=True)
        ranked = in_tiers(session, terms, begun, is_beginning=True)
        found = list(dict.fromkeys([*found, *(place for place, _tier in ranked)]))
    return found, has_more


_PROJECTS = ((facet_word("kind", EntryKind.PROJECT),),)
