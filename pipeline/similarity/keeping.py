"""Keeps what is alike: rows the worker writes a moment after something changed, so that no page works it out."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.search.index import is_being_renewed, is_empty
from pipeline.similarity.finding import Found, like
from pipeline.similarity.models import SimilarDue, SimilarRenewal, SimilarWork
from pipeline.similarity.rules import MOST_KEPT, Kind
from pipeline.similarity.scoring import LIKELY_DUPLICATE
from pipeline.similarity.texts import Comparable, comparables
from pipeline.similarity.visibility import TABLES

log = logging.getLogger(__name__)

ALL_KINDS = frozenset(Kind)
AT_ONCE = 20
"""So many things are compared in one round of the worker."""
REST = timedelta(minutes=10)
"""How long a thing rests that could not be compared."""
CHUNK = 500
"""So many things are noted in one transaction when all are to be compared."""


def compare_later(session: Session, kind: Kind, thing_id: UUID) -> None:
    """Note that something is to be compared with everything else again."""
    row = session.get(SimilarDue, thing_id, with_for_update=True)
    if row is None:
        session.add(SimilarDue(thing_id=thing_id, kind=kind.value, asked_at=clock.now()))
    else:
        row.asked_at = clock.now()


def compare_due() -> int:
    """Compare the next few of the things that are to be compared, each on its own; returns how many.

    While the search index is being written it holds too little to propose from: then they wait.
    """
    with Session(database.engine) as session:
        if is_empty(session) or is_being_renewed(session):
            return 0
        query = select(SimilarDue.kind, SimilarDue.thing_id, SimilarDue.asked_at)
        due = query.where(SimilarDue.asked_at <= clock.now()).order_by(SimilarDue.asked_at, SimilarDue.thing_id)
        rows = session.execute(due.limit(AT_ONCE)).all()
    for kind, thing_id, asked_at in rows:
        try:
            _compare(Kind(kind), thing_id, asked_at)
        except Exception:
            log.exception("%s %s could not be compared; it is tried again later", kind, thing_id)
            _let_rest(thing_id)
    return len(rows)


def are_waiting() -> bool:
    """Whether anything waits to be compared."""
    with Session(database.engine) as session:
        return session.scalar(select(SimilarDue.thing_id).limit(1)) is not None


def _compare(kind: Kind, thing_id: UUID, asked_at: datetime) -> None:
    """Find what is like something, outside any work, and keep it; what changed meanwhile leaves it due."""
    with Session(database.engine) as session:
        one = comparables(session, kind, [thing_id]).get(thing_id)
        found = like(session, one, ALL_KINDS, MOST_KEPT) if one is not None and one.is_public else []
    with housekeeping("similar work") as session:
        due = session.get(SimilarDue, thing_id, with_for_update=True)
        if due is None:
            return
        keep(session, thing_id, one, found)
        if due.asked_at == asked_at:
            session.delete(due)


def _let_rest(thing_id: UUID) -> None:
    with housekeeping("similar work") as session:
        due = session.get(SimilarDue, thing_id, with_for_update=True)
        if due is not None:
            due.asked_at = clock.now() + REST


def keep(session: Session, thing_id: UUID, one: Comparable | None, found: Sequence[Found]) -> None:
    """Keep what is like something, for both, in place of what was; nothing where there is nothing to show."""
    kept = _kept(session, thing_id)
    wanted: set[UUID] = set()
    changed = False
    for other in found if one is not None else ():
        assert one is not None  # noqa: S101 (nothing is found for nothing)
        wanted.add(other.other.id)
        changed |= _keep(session, kept, one, other)
    for row in kept.values():
        if wanted.isdisjoint((row.about_id, row.like_id)):
            session.delete(row)
            changed = True
    session.flush()
    if changed:
        _count_up(session)


def _kept(session: Session, thing_id: UUID) -> dict[tuple[UUID, UUID], SimilarWork]:
    rows = select(SimilarWork).where(or_(SimilarWork.about_id == thing_id, SimilarWork.like_id == thing_id))
    return {(row.about_id, row.like_id): row for row in session.scalars(rows)}


def _keep(session: Session, kept: dict[tuple[UUID, UUID], SimilarWork], one: Comparable, found: Found) -> bool:
    """Keep that two things are alike, from both sides; returns whether anything changed."""
    other, score = found.other, found.likeness.score
    is_likely = _is_likely(one, other, score)
    changed = False
    for about, of, words in (
        (one, other, found.likeness.words),
        (other, one, _own_words(one, found)),
    ):
        reasons = {
            "words": list(words), "themes": list(found.likeness.themes), "phase": found.likeness.phase,
            "professions": list(found.likeness.professions),
        }  # fmt: skip
        marked = is_likely and str(about.id) < str(of.id)
        row = kept.get((about.id, of.id))
        if row is None:
            row = SimilarWork(
                id=new_id(), about_type=about.kind.value, about_id=about.id, like_type=of.kind.value, like_id=of.id,
                found_at=clock.now(),
            )  # fmt: skip
            session.add(row)
        elif (row.score, row.reasons, row.is_likely_duplicate) == (score, reasons, marked):
            continue
        row.score, row.reasons, row.is_likely_duplicate = score, reasons, marked
        changed = True
    return changed


def _own_words(one: Comparable, found: Found) -> tuple[str, ...]:
    """The words that say why, as the thing itself has them: what the other's page shows of it."""
    by_word = {term.word: name for name, term in found.other.text.terms.items()}
    return tuple(one.text.terms[by_word[word]].word for word in found.likeness.words)


def _is_likely(one: Comparable, other: Comparable, score: float) -> bool:
    both = (one, other)
    return (
        score >= LIKELY_DUPLICATE
        and one.council_id != other.council_id
        and all(each.kind is Kind.PROJECT and each.is_live for each in both)
    )


def _count_up(session: Session) -> None:
    row = session.get(SimilarRenewal, 1, with_for_update=True)
    if row is None:
        session.add(SimilarRenewal(id=1, number=1))
    else:
        row.number += 1


def compare_all() -> int:
    """Have everything public compared anew, by whichever worker or command comes; returns how many things that is."""
    _remove_orphans()
    number = 0
    for kind, table in TABLES.items():
        last = UUID(int=0)
        while True:
            with housekeeping("similar work") as session:
                query = select(table.id).where(table.is_public, table.id > last).order_by(table.id).limit(CHUNK)
                ids = list(session.scalars(query))
                for thing_id in ids:
                    compare_later(session, kind, thing_id)
            if not ids:
                break
            number, last = number + len(ids), ids[-1]
    return number


def _remove_orphans() -> None:
    """Remove the rows of what the public does not see any more."""
    with housekeeping("similar work") as session:
        for kind, table in TABLES.items():
            public = select(table.id).where(table.is_public)
            for type_column, id_column in (
                (SimilarWork.about_type, SimilarWork.about_id),
                (SimilarWork.like_type, SimilarWork.like_id),
            ):
                session.execute(
                    delete(SimilarWork).where(type_column == kind.value, id_column.not_in(public)),
                    execution_options={"synchronize_session": False},
                )
        _count_up(session)
