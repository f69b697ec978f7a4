"""What comments are about, found where the viewer may know of it: each kind by the filter of its own subject."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.queries.suggestions import suggestion_seen_by
from pipeline.comments.rules import CommentedOn
from pipeline.db.work import Reading
from pipeline.kernel.event import Audience
from pipeline.projects import interested, queries
from pipeline.projects.models import Project
from pipeline.projects.rules import UpdateStatus
from pipeline.projects.taking_part import InterestStatus, JoinStatus


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be commented on: its page, what it is called (empty where it has no title), whose it is, and
    who may read what is said of it. `is_open` says whether anything can be said still."""

    kind: CommentedOn
    id: UUID
    project: Project
    path: str
    title: str
    officer_id: UUID
    council_id: UUID
    audience: Audience
    is_open: bool

    @property
    def is_public(self) -> bool:
        return self.audience is Audience.PUBLIC


def thing_seen_by(reading: Reading, kind: CommentedOn, thing_id: UUID) -> Thing:
    """Something that can be commented on. Raises NotFound for hidden and missing alike."""
    return _FOUND[kind](reading, thing_id)


def _update(reading: Reading, update_id: UUID) -> Thing:
    update, project = queries.update_seen_by(reading, update_id)
    is_open = update.status == UpdateStatus.PUBLISHED
    is_public = is_open and project.is_public
    return Thing(
        CommentedOn.UPDATE, update.id, project, f"/updates/{update.id}", update.title, update.officer_id,
        update.council_id, Audience.PUBLIC if is_public else Audience.PROJECT, is_open and not project.is_hidden,
    )  # fmt: skip


def _suggestion(reading: Reading, suggestion_id: UUID) -> Thing:
    suggestion, artefact, project = suggestion_seen_by(reading, suggestion_id)
    is_public = artefact.is_public and not suggestion.is_hidden
    path = f"/documents/{artefact.slug or artefact.id}/suggestions/{suggestion.id}"
    return Thing(
        CommentedOn.SUGGESTION, suggestion.id, project, path, artefact.title, suggestion.officer_id,
        suggestion.council_id, Audience.PUBLIC if is_public else Audience.PROJECT,
        not (suggestion.is_hidden or artefact.is_hidden or project.is_hidden),
    )  # fmt: skip


def _interest(reading: Reading, interest_id: UUID) -> Thing:
    interest, project = interested.interest_seen_by(reading, interest_id)
    is_open = interest.status == InterestStatus.STANDING and not project.is_hidden
    return Thing(
        CommentedOn.INTEREST, interest.id, project, f"/interests/{interest.id}", "", interest.officer_id,
        interest.council_id, Audience.OFFICER, is_open,
    )  # fmt: skip


def _join_request(reading: Reading, request_id: UUID) -> Thing:
    request, project = interested.join_request_seen_by(reading, request_id)
    is_open = request.status == JoinStatus.ASKED and not request.is_invitation and not project.is_hidden
    return Thing(
        CommentedOn.JOIN_REQUEST, request.id, project, f"/join-requests/{request.id}", "", request.officer_id,
        request.council_id, Audience.OFFICER, is_open,
    )  # fmt: skip


_FOUND: dict[CommentedOn, Callable[[Reading, UUID], Thing]] = {
    CommentedOn.UPDATE: _update,
    CommentedOn.SUGGESTION: _suggestion,
    CommentedOn.INTEREST: _interest,
    CommentedOn.JOIN_REQUEST: _join_request,
}
