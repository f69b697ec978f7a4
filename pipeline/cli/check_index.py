"""What must always hold of the search index and of similar work, once the worker has heard of everything."""

from collections.abc import Callable

from sqlalchemy import func, select

from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import EventCounter
from pipeline.db.work import Reading
from pipeline.search.entries import public_ids
from pipeline.search.index import is_being_renewed
from pipeline.search.models import EntryKind, SearchEntry
from pipeline.similarity.finding import like
from pipeline.similarity.keeping import ALL_KINDS
from pipeline.similarity.models import SimilarDue, SimilarWork
from pipeline.similarity.rules import Kind
from pipeline.similarity.scoring import LIKELY_DUPLICATE
from pipeline.similarity.texts import comparables
from pipeline.similarity.visibility import TABLES

MOST_NAMED = 100
"""Of each kind no more things are looked for that are missing, or too many."""
LOOKED_AT = 20
"""So many things of each kind, the newest, are compared again."""


def index_holds_what_is_public(reading: Reading) -> list[str]:
    """The index holds of each kind what the public may read, and nothing else."""
    if not _is_caught_up(reading):
        return []
    found = []
    for kind in EntryKind:
        held, public = select(SearchEntry.subject_id).where(SearchEntry.kind == kind), public_ids(kind)
        for words, one, other in (
            ("in the index and not public", held, public), ("not in the index", public, held),
        ):  # fmt: skip
            ids = reading.session.scalars(one.except_(other).limit(MOST_NAMED))
            found += [f"{words}, {kind} {thing_id}" for thing_id in ids]
    return found


def what_is_alike_is_kept(reading: Reading) -> list[str]:
    """Of the newest public things none is without the work that is most like it. (Scores drift with what else is in the
    index: only what is very much alike is asked for.)"""
    if not _is_caught_up(reading) or reading.session.scalar(select(SimilarDue.thing_id).limit(1)):
        return []
    return [f"without similar work, {kind} {thing_id}" for kind in Kind for thing_id in _without_alike(reading, kind)]


def _without_alike(reading: Reading, kind: Kind) -> list[str]:
    session, table = reading.session, TABLES[kind]
    ids = session.scalars(select(table.id).where(table.is_public).order_by(table.id.desc()).limit(LOOKED_AT)).all()
    kept = set(session.scalars(select(SimilarWork.about_id).where(SimilarWork.about_id.in_(ids))))
    return [
        str(thing_id)
        for thing_id, one in comparables(session, kind, [one for one in ids if one not in kept]).items()
        if one.is_public and any(found.likeness.score >= LIKELY_DUPLICATE for found in like(session, one, ALL_KINDS, 1))
    ]


def _is_caught_up(reading: Reading) -> bool:
    """Whether the index has heard everything and is not being renewed."""
    place = reading.session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == "search"))
    last = reading.session.scalar(select(func.coalesce(func.max(EventCounter.last), 0))) or 0
    return place is not None and place >= last and not is_being_renewed(reading.session)


INVARIANTS: tuple[tuple[str, Callable[[Reading], list[str]]], ...] = (
    ("The search index holds what is public and nothing else.", index_holds_what_is_public),
    ("Work that is much alike is kept as similar work.", what_is_alike_is_kept),
)
