"""Keeps the search index: whatever changes what something says, its entry is written again a moment later.

What an event is about is written at once. What stands round it and may be much (all that is in a project, all that a
council leads) is left to the worker, which writes it a little at a time (`index.renew`).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Version
from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.search.index import comes_later, renew_later, write
from pipeline.search.models import EntryKind

WITHIN_PROJECT = (EntryKind.NEED, EntryKind.UPDATE, EntryKind.LESSON, EntryKind.DOCUMENT, EntryKind.VERSION)
"""What is in a project, and is public with it."""
OF_ITSELF = {"need": EntryKind.NEED, "update": EntryKind.UPDATE, "lesson": EntryKind.LESSON}
"""What an event is about, and what of the index is written for it besides the project."""
FOLDED_IN = frozenset({"project", "need", "update"})
"""What a change is to, for it to change what a project says. Pledges change sums, not words."""


def handle(session: Session, event: LoggedEvent) -> None:
    """Write what an event is about; for a council, leave the projects it leads, which are found by its name."""
    subject = event.subject_type
    if subject == "council" and event.subject_id is not None:
        _write(session, EntryKind.COUNCIL, [event.subject_id])
        renew_later(session, (EntryKind.PROJECT, *WITHIN_PROJECT), f"council:{event.subject_id}")
    if event.project_id is None:
        return
    if subject in OF_ITSELF and event.subject_id is not None:
        _write(session, OF_ITSELF[subject], [event.subject_id])
    elif subject in ("artefact", "version"):
        _write_document(session, event)
    if subject in FOLDED_IN:
        _write(session, EntryKind.PROJECT, [event.project_id])
    if subject == "project":
        renew_later(session, WITHIN_PROJECT, f"project:{event.project_id}")


def _write_document(session: Session, event: LoggedEvent) -> None:
    """Write a document and its versions: which of them is the current one may have changed."""
    artefact_id: UUID | None = event.subject_id
    if event.subject_type == "version":
        artefact_id = session.scalar(select(Version.artefact_id).where(Version.id == event.subject_id))
    if artefact_id is not None:
        _write(session, EntryKind.DOCUMENT, [artefact_id])
        versions = session.scalars(select(Version.id).where(Version.artefact_id == artefact_id)).all()
        _write(session, EntryKind.VERSION, versions)


def _write(session: Session, kind: EntryKind, ids: Sequence[UUID]) -> None:
    """Write some entries, but for those that are written anyway when a renewal comes to them."""
    if coming := [one for one in ids if not comes_later(session, kind, one)]:
        write(session, kind, coming)


LISTENER = Listener("search", handle, starts_at_the_beginning=True)
