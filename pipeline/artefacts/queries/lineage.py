"""The lineage of a document: the first one, its copies, copies of copies. Bounded, whatever grew from it."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.adoption_rules import behind
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries.register import live_numbers_in
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.projects.models import Project

MOST_CHILDREN = 100
"""So many copies of one document are shown; of the rest it is said how many there are."""
MOST_SHOWN = 500
"""Documents shown of one lineage in all."""
MOST_GENERATIONS = 40
"""Deeper copies stand at the depth of their parents: nobody could read the tree otherwise."""


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
    """The lineage of a document the viewer has been found to see, as far as they may know of it: three statements.

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
    base, original = aliased(Version), aliased(Artefact)
    place = func.row_number().over(partition_by=Artefact.upstream_id, order_by=Artefact.id).label("place")
    siblings = func.count().over(partition_by=Artefact.upstream_id).label("siblings")
    known, copies = func.count().over().label("known"), func.count(Artefact.upstream_id).over().label("copies")
    ranked = (
        select(Artefact.id, place, siblings, known, copies)
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.root_id == artefact.root_id, artefacts_visible_to(viewer))
        .subquery()
    )
    rows = reading.session.execute(
        select(
            Artefact.id, Artefact.slug, Artefact.title, Artefact.language, Artefact.current_number, Artefact.status,
            Artefact.upstream_id, Council.short_name, Council.slug.label("council_slug"), base.number.label("base"),
            ranked.c.siblings, ranked.c.known, ranked.c.copies, original.is_public,
        )
        .join(ranked, ranked.c.id == Artefact.id)
        .join(Council, Council.id == Artefact.council_id)
        .outerjoin(base, base.id == Artefact.base_id)
        .outerjoin(original, original.id == Artefact.upstream_id)
        .where(or_(ranked.c.place <= MOST_CHILDREN, Artefact.id == artefact.id))
        .order_by((Artefact.id != artefact.id), Artefact.generation, Artefact.id)
        .limit(MOST_SHOWN)
    ).all()  # fmt: skip
    siblings_of: dict[UUID | None, int] = {row.upstream_id: row.siblings for row in rows}
    shown: dict[UUID | None, int] = defaultdict(int)
    for row in rows:
        shown[row.upstream_id] += 1
    found = [
        Relative(
            row.id, row.slug, row.title, row.language, row.short_name, row.council_slug, row.current_number,
            ArtefactStatus(row.status), row.upstream_id, row.base, is_copy=row.upstream_id is not None,
            more_copies=siblings_of.get(row.id, 0) - shown[row.id], has_public_original=bool(row.is_public),
        )
        for row in rows
    ]  # fmt: skip
    return (found, rows[0].known, rows[0].copies) if rows else ([], 0, 0)


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
