"""The lineage of a document: the first one, its copies, copies of copies. Bounded, whatever grew from it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, and_, bindparam, func, literal, select, true, union_all
from sqlalchemy.orm import aliased

from pipeline.artefacts.adoption_rules import behind
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries.register import live_numbers_in
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.base import Id
from pipeline.db.statements import Statement, id_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.projects.models import Project
from pipeline.projects.visibility import KindOfViewer, ids_of

MOST_CHILDREN = 100
"""So many copies of one document are shown; of the rest it is said how many there are."""
MOST_SHOWN = 500
"""Documents shown of one lineage in all."""
MOST_GENERATIONS = 40
"""Deeper copies stand at the depth of their parents: nobody could read the tree otherwise."""
_LAST = UUID(int=2**128 - 1)
"""No id comes after it."""


@dataclass(slots=True)
class Relative:
    """A document of a lineage, where it stands in the tree, and how far it is behind the one it was made from.

    `base_number` and `behind` are those of a copy whose original the viewer may know of; else None and 0.
    `stands_alone` is a copy whose original is kept no longer, or is not public any more. `more_copies` counts copies
    that are not shown; `has_public_original` says whether everybody can see what it was made from.
    """

    id: UUID
    slug: str | None
    title: str
    language: str
    council: str
    council_slug: str
    current_number: int | None
    status: ArtefactStatus
    upstream_id: UUID | None
    base_number: int | None
    depth: int = 0
    behind: int = 0
    is_copy: bool = False
    has_public_original: bool = False
    stands_alone: bool = False
    more_copies: int = 0
    copies: list["Relative"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A lineage as a tree laid out in lines: each copy below the document it was made from, in the order they began.

    `known` is how many documents of it the viewer may know of; `number_of_copies` those made from others.
    """

    lines: tuple[Relative, ...]
    known: int
    number_of_copies: int
    generations: int
    not_shown: int


def lineage_of(reading: Reading, artefact: Artefact, viewer: Actor | None = None) -> Lineage:
    """The lineage of a document the viewer has been found to see, as far as they may know of it: four statements.

    With `viewer` for somebody else: the API shows everybody what the public sees.
    """
    found, known, copies = _relatives(reading, artefact, viewer or reading.actor)
    by_id = {one.id: one for one in found}
    live = live_numbers_in(reading, filter(None, (one.upstream_id for one in found)))
    tops: list[Relative] = []
    for one in found:
        upstream = by_id.get(one.upstream_id) if one.upstream_id else None
        if upstream is not None:
            upstream.copies.append(one)
            one.stands_alone = upstream.status is ArtefactStatus.ENDED
            one.behind = behind(live[upstream.id], one.base_number or 0)
        elif not one.has_public_original:
            tops.append(one)
            one.stands_alone = one.is_copy
            one.base_number = None
        elif one.id == artefact.id:
            # Its original is among those of which only the number is told.
            tops.append(one)
            one.behind = behind(live.get(one.upstream_id, []), one.base_number or 0) if one.upstream_id else 0
    lines = tuple(_in_lines(tops))
    return Lineage(lines, known, copies, max((one.depth for one in lines), default=0), known - len(lines))


def _relatives(reading: Reading, artefact: Artefact, viewer: Actor) -> tuple[list[Relative], int, int]:
    """The documents of a lineage, the first of each original's copies; how many there are in all, how many copies."""
    statements = _made_for(KindOfViewer.of(viewer))
    asked = {"root_id": artefact.root_id, **ids_of(viewer)}
    siblings = {id_of(row[0]): row[1] for row in statements.numbers.rows(reading.session, **asked)}
    rows = statements.documents.rows(reading.session, here_id=artefact.id, **asked)
    shown = Counter(row[_UPSTREAM] for row in rows)
    found: list[Relative] = []
    for row_id, slug, title, language, number, status, upstream, council, council_slug, base, is_public in rows:
        one = UUID(str(row_id))
        found.append(Relative(
            one, slug, title, language, council, council_slug, number, ArtefactStatus(status), id_of(upstream), base,
            is_copy=upstream is not None, more_copies=siblings.get(one, 0) - shown[row_id],
            has_public_original=bool(is_public),
        ))  # fmt: skip
    known = sum(siblings.values())
    return found, known, known - siblings.get(None, 0)


_UPSTREAM = 6
"""The place of a row's original in it."""


@dataclass(frozen=True, slots=True)
class _Statements:
    """How many copies of each document of a lineage somebody may know of (under none, how many are nobody's copy),
    which an index alone answers for the public; and the documents that are shown."""

    numbers: Statement
    documents: Statement


@cache
def _made_for(kind: KindOfViewer) -> _Statements:
    """The statements for a kind of viewer: they are long, and building them takes longer than they do."""
    viewer, root_id = kind.anyone, bindparam("root_id", type_=Id)
    numbers = (
        select(Artefact.upstream_id, func.count())
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.root_id == root_id, artefacts_visible_to(viewer))
        .group_by(Artefact.upstream_id)
    )
    base, original, here_id = aliased(Version), aliased(Artefact), bindparam("here_id", type_=Id)
    documents = (
        select(
            Artefact.id, Artefact.slug, Artefact.title, Artefact.language, Artefact.current_number, Artefact.status,
            Artefact.upstream_id, Council.short_name, Council.slug, base.number, original.is_public,
        )
        .join(Council, Council.id == Artefact.council_id)
        .outerjoin(base, base.id == Artefact.base_id)
        .outerjoin(original, original.id == Artefact.upstream_id)
        .where(Artefact.id.in_(_shown_of(root_id, here_id, viewer)))
        .order_by((Artefact.id != here_id), Artefact.generation, Artefact.id)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return _Statements(Statement(numbers), Statement(documents))


def _shown_of(root_id: Any, here_id: Any, viewer: Actor) -> CompoundSelect[Any]:
    """The documents of a lineage that are shown: those that are nobody's copy, the first copies of each, and the one
    that is looked at. Of each original the copies are read from their index, and no further than they are shown."""
    parent = aliased(Artefact)
    seen = select(Artefact.id).join(Project, Project.id == Artefact.project_id).where(artefacts_visible_to(viewer))
    last = (
        seen.where(Artefact.upstream_id == parent.id)
        .order_by(Artefact.id)
        .offset(MOST_CHILDREN - 1)
        .limit(1)
        .correlate(parent)
        .scalar_subquery()
    )
    # What the public sees of copies is counted; a team's copies that are not published are not.
    with_copies = parent.copies > 0 if viewer.is_anonymous else true()
    # How far is worked out once for each original: joined as they stand, PostgreSQL would do it for each copy.
    parents = (
        select(parent.id, func.coalesce(last, literal(_LAST, Id)).label("last"))
        .where(parent.root_id == root_id, with_copies)
        .cte("parents")
        .prefix_with("MATERIALIZED")
    )
    first = seen.join(parents, and_(Artefact.upstream_id == parents.c.id, Artefact.id <= parents.c.last))
    tops = seen.where(Artefact.root_id == root_id, Artefact.upstream_id.is_(None))
    return union_all(first, tops, seen.where(Artefact.id == here_id))


def _in_lines(tops: list[Relative]) -> list[Relative]:
    """The tree from the top, each copy below its original. Without recursion: a line of copies may be long."""
    lines: list[Relative] = []
    waiting = [(one, 0) for one in reversed(tops)]
    while waiting:
        one, depth = waiting.pop()
        one.depth = min(depth, MOST_GENERATIONS)
        lines.append(one)
        waiting.extend((copy, depth + 1) for copy in reversed(one.copies))
    return lines


__all__ = ["ANONYMOUS", "MOST_CHILDREN", "MOST_SHOWN", "Lineage", "Relative", "lineage_of"]
