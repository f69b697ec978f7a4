"""The worker's look for changes that recur across the copies of a document, kept for those who keep the original."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pipeline.artefacts.models import Artefact, KeptRecurrence, Version
from pipeline.artefacts.recurring import CopyTexts, Recurring, recurring
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.engine import database
from pipeline.db.jobs import Duty
from pipeline.db.work import housekeeping
from pipeline.kernel import clock

log = logging.getLogger(__name__)

MOST_COPIES = 2_000
MOST_KEPT = 20
MOST_VARIANTS = 10
"""Variants kept of one change; of the rest it is said how many there are."""
AT_ONCE = 20
"""Documents looked at in one go."""


def look_for_recurrences() -> None:
    """Look again at every document whose copies changed since the last look, each on its own."""
    with Session(database.engine) as session:
        due = select(KeptRecurrence.artefact_id, KeptRecurrence.due_at).where(KeptRecurrence.due_at <= clock.now())
        rows = session.execute(due.order_by(KeptRecurrence.due_at).limit(AT_ONCE)).all()
    for artefact_id, due_at in rows:
        try:
            _look(artefact_id, due_at)
        except Exception:
            log.exception("copies of document %s could not be compared; they are tried again next time", artefact_id)


def _look(artefact_id: UUID, due_at: Any) -> None:
    """Work out what recurs, outside any work, and keep it; a copy that changed meanwhile leaves it due."""
    with Session(database.engine) as session:
        found = recurring(_copies(session, artefact_id))[:MOST_KEPT]
    with housekeeping("recurrences") as session:
        kept = session.get(KeptRecurrence, artefact_id)
        if kept is None:
            return
        kept.content = {"changes": [_as_json(one) for one in found]}
        kept.made_at = clock.now()
        if kept.due_at == due_at:
            kept.due_at = None


def _copies(session: Session, artefact_id: UUID) -> Iterator[CopyTexts]:
    base, current = aliased(Version), aliased(Version)
    query = (
        select(Artefact.council_id, base.text, current.text)
        .join(base, base.id == Artefact.base_id)
        .join(current, (current.artefact_id == Artefact.id) & (current.number == Artefact.current_number))
        .where(
            Artefact.upstream_id == artefact_id, Artefact.status == ArtefactStatus.PUBLISHED.value, Artefact.is_public
        )
        .order_by(Artefact.id)
        .limit(MOST_COPIES)
    )
    rows = session.execute(query.execution_options(yield_per=50))
    return (CopyTexts(council_id, base_text, text) for council_id, base_text, text in rows)


def _as_json(one: Recurring) -> dict[str, Any]:
    variants = [{"after": other.after, "council_ids": _texts(other.council_ids)} for other in one.variants]
    return {
        "key": one.key, "before": one.before, "after": one.after, "follows": one.follows,
        "council_ids": _texts(one.council_ids), "number": len(one.council_ids), "exactly": one.exactly,
        "variants": variants[:MOST_VARIANTS], "more_variants": max(len(variants) - MOST_VARIANTS, 0),
    }  # fmt: skip


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]


DUTIES = (Duty("documents.recurrences", timedelta(minutes=5), look_for_recurrences),)
