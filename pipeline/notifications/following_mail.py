"""How the mails about what is new in what somebody follows are written when they leave.

Each writer returns None where what it tells is gone by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.artefacts.models import Version
from pipeline.artefacts.queries.seeing import artefact_by_id
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import Reading
from pipeline.lessons.queries.seeing import lesson_seen_by
from pipeline.lessons.rules import LessonStatus
from pipeline.notifications import following_messages, queries
from pipeline.notifications.following_messages import NewsTold
from pipeline.notifications.interest_queries import project_told
from pipeline.notifications.messages import Letter

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _project_new(reading: Reading, payload: Payload) -> Letter | None:
    told = project_told(reading, UUID(payload["project_id"]))
    return following_messages.project_new(NewsTold(title=told.project, council=told.lead_council, path=told.path))


def _document_new(reading: Reading, payload: Payload) -> Letter | None:
    return following_messages.document_new(_document(reading, payload))


def _document_version(reading: Reading, payload: Payload) -> Letter | None:
    told = _document(reading, payload)
    version = reading.session.get(Version, UUID(payload["version_id"]))
    if version is None or version.status != VersionStatus.PUBLISHED.value:
        return None
    return following_messages.document_version(told, version.number)


def _document(reading: Reading, payload: Payload) -> NewsTold:
    artefact, _project = artefact_by_id(reading, UUID(payload["artefact_id"]))
    council = queries.council_named(reading.session, artefact.council_id)
    return NewsTold(title=artefact.title, council=council, path=f"/documents/{artefact.slug}")


def _lesson_new(reading: Reading, payload: Payload) -> Letter | None:
    lesson, _project = lesson_seen_by(reading, payload["lesson_id"])
    if lesson.status != LessonStatus.PUBLISHED:
        return None
    council = queries.council_named(reading.session, lesson.council_id)
    return following_messages.lesson_new(NewsTold(title=lesson.title, council=council, path=f"/lessons/{lesson.slug}"))


WRITERS: dict[str, Writer] = {
    "project.new": _project_new,
    "document.new": _document_new,
    "document.version": _document_version,
    "lesson.new": _lesson_new,
}
"""How each of these kinds of message is written."""
