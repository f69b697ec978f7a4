"""How the mails about reports and hiding are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import Artefact, Suggestion, Version
from pipeline.comments.models import Comment
from pipeline.comments.rules import CommentStatus
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.lessons.models import Lesson
from pipeline.notifications import interest_queries, moderation_messages
from pipeline.notifications.messages import Letter
from pipeline.projects.models import Project, Update
from pipeline.projects.rules import UpdateStatus
from pipeline.similarity.models import Difference
from pipeline.similarity.rules import DifferenceStatus

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]

IS_HIDDEN: dict[str, tuple[Any, Any]] = {
    "project": (Project.id, Project.is_hidden),
    "update": (Update.id, Update.status == UpdateStatus.HIDDEN.value),
    "lesson": (Lesson.id, Lesson.is_hidden),
    "artefact": (Artefact.id, Artefact.is_hidden),
    "version": (Version.id, Version.is_hidden),
    "suggestion": (Suggestion.id, Suggestion.is_hidden),
    "comment": (Comment.id, Comment.status == CommentStatus.HIDDEN.value),
    "difference": (Difference.id, Difference.status == DifferenceStatus.HIDDEN.value),
}
"""The id of each kind, and whether one is hidden."""

FOLDERS = {
    "project": "projects", "update": "updates", "lesson": "lessons", "artefact": "documents", "comment": "comments",
    "difference": "differences",
}  # fmt: skip


def _is_hidden(reading: Reading, about_type: str, about_id: str) -> bool | None:
    """Whether something is hidden now; None where it is gone."""
    id_column, hidden = IS_HIDDEN[about_type]
    return reading.session.scalar(select(hidden).where(id_column == UUID(about_id)))


def _path(payload: Payload) -> str:
    if payload["about_type"] == "suggestion":
        return f"/documents/{payload['artefact_id']}/suggestions/{payload['about_id']}"
    if payload["about_type"] == "version":
        return f"/documents/{payload['artefact_id']}/versions/{payload['number']}"
    return f"/{FOLDERS[payload['about_type']]}/{payload['about_id']}"


def _removed(reading: Reading, payload: Payload) -> Letter | None:
    if not _is_hidden(reading, payload["about_type"], payload["about_id"]):
        return None
    return moderation_messages.hidden(payload["about_type"], _path(payload))


def _restored(reading: Reading, payload: Payload) -> Letter | None:
    if _is_hidden(reading, payload["about_type"], payload["about_id"]) is not False:
        return None
    return moderation_messages.brought_back(payload["about_type"], _path(payload))


def _project_removed(reading: Reading, payload: Payload) -> Letter | None:
    if not _is_hidden(reading, "project", payload["project_id"]):
        return None
    lead_council = interest_queries.lead_council_of(reading.session, UUID(payload["project_id"]))
    return moderation_messages.project_hidden(lead_council)


def _project_restored(reading: Reading, payload: Payload) -> Letter | None:
    told = interest_queries.project_told(reading, UUID(payload["project_id"]))
    return moderation_messages.project_back(told.project, told.path)


def _reported(reading: Reading, payload: Payload) -> Letter | None:
    if not reading.actor.has(Role.COORDINATOR):
        raise NotFound("report")
    return moderation_messages.reported(f"/coordination/reports/{payload['report_id']}")


def _settled(_reading: Reading, payload: Payload) -> Letter | None:
    return moderation_messages.settled(is_hidden=payload["outcome"] == "hidden")


WRITERS: dict[str, Writer] = {
    "moderation.removed": _removed,
    "moderation.restored": _restored,
    "project.removed": _project_removed,
    "project.restored": _project_restored,
    "report.made": _reported,
    "report.settled": _settled,
}
"""How each of these kinds of message is written."""
