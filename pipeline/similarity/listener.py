"""Notes what is to be compared again: whatever changes what a project, lesson or document says.

The comparing itself comes later in the worker's round (`keeping.compare_due`), when the search index holds what it is
to propose, and outside any transaction that writes.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.similarity.keeping import compare_later
from pipeline.similarity.rules import Kind

OF_PROJECTS = frozenset(
    f"project.{what}"
    for what in (
        "published", "updated", "phase_changed", "recorded", "deleted", "removed", "restored", "finished", "stopped",
        "lapsed", "going_ahead",
    )
)  # fmt: skip
OF_LESSONS = frozenset(f"lesson.{what}" for what in ("published", "edited", "withdrawn", "removed", "restored"))
OF_DOCUMENTS = frozenset(
    f"artefact.{what}" for what in ("published", "changed", "ended", "reopened", "removed", "restored")
)
OF_VERSIONS = frozenset({"version.published", "version.withdrawn", "version.removed"})


def handle(session: Session, event: LoggedEvent) -> None:
    """Note that what an event is about is to be compared again."""
    if event.name in OF_PROJECTS:
        compare_later(session, Kind.PROJECT, event.subject_id)
    elif event.name in OF_LESSONS:
        compare_later(session, Kind.LESSON, event.subject_id)
    elif event.name in OF_DOCUMENTS:
        compare_later(session, Kind.DOCUMENT, event.subject_id)
    elif event.name in OF_VERSIONS:
        compare_later(session, Kind.DOCUMENT, UUID(event.payload["artefact_id"]))


LISTENER = Listener(
    "similar work", handle, OF_PROJECTS | OF_LESSONS | OF_DOCUMENTS | OF_VERSIONS, starts_at_the_beginning=True
)
