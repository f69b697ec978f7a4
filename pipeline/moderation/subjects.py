"""What can be reported or hidden, found where the viewer may know of it: each kind by the filter of its own subject."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.queries.seeing import artefact_by_id, version_seen_by
from pipeline.artefacts.queries.suggestions import suggestion_seen_by
from pipeline.comments.queries import comment_seen_by, comment_to_moderate
from pipeline.comments.rules import EVERYBODY_READS, CommentStatus
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.lessons.queries.seeing import lesson_seen_by
from pipeline.moderation.queries import was_reported
from pipeline.moderation.rules import Reported
from pipeline.projects import queries
from pipeline.projects.rules import UpdateStatus
from pipeline.similarity.queries import difference_seen_by, other_of
from pipeline.similarity.rules import DifferenceStatus


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be reported: its page, without the prefix of a language, and its title (that of what it is
    about, where it has none of its own). `is_open` says whether everybody reads it now, or of what was never for
    everybody those whom it is for."""

    kind: Reported
    id: UUID
    path: str
    title: str
    is_open: bool
    is_hidden: bool = False
    project_id: UUID | None = None


def thing_seen_by(reading: Reading, kind: Reported, thing_id: UUID) -> Thing:
    """Something that can be reported. Raises NotFound for hidden and missing alike."""
    return _FOUND[kind](reading, thing_id)


def public_thing(reading: Reading, kind: Reported, thing_id: UUID) -> Thing:
    """As `thing_seen_by`, of what stands: nothing else is reported. Raises NotFound."""
    thing = thing_seen_by(reading, kind, thing_id)
    if not thing.is_open:
        raise NotFound(kind.value)
    return thing


def _project(reading: Reading, project_id: UUID) -> Thing:
    project = queries.project_seen_by(reading, str(project_id))
    path = f"/projects/{project.slug or project.id}"
    return Thing(
        Reported.PROJECT, project.id, path, project.title, project.is_public, project.is_hidden, project.id
    )  # fmt: skip


def _update(reading: Reading, update_id: UUID) -> Thing:
    update, project = queries.update_seen_by(reading, update_id)
    is_open = project.is_public and update.status == UpdateStatus.PUBLISHED
    is_hidden = update.status == UpdateStatus.HIDDEN
    return Thing(Reported.UPDATE, update.id, f"/updates/{update.id}", update.title, is_open, is_hidden, project.id)


def _lesson(reading: Reading, lesson_id: UUID) -> Thing:
    lesson, project = lesson_seen_by(reading, str(lesson_id))
    path = f"/lessons/{lesson.slug or lesson.id}"
    return Thing(Reported.LESSON, lesson.id, path, lesson.title, lesson.is_public, lesson.is_hidden, project.id)


def _artefact(reading: Reading, artefact_id: UUID) -> Thing:
    artefact, project = artefact_by_id(reading, artefact_id)
    path = f"/documents/{artefact.slug or artefact.id}"
    return Thing(
        Reported.ARTEFACT, artefact.id, path, artefact.title, artefact.is_public, artefact.is_hidden, project.id
    )  # fmt: skip


def _version(reading: Reading, version_id: UUID) -> Thing:
    version, artefact, project = version_seen_by(reading, version_id)
    path = f"/documents/{artefact.slug or artefact.id}/versions/{version.number}"
    return Thing(
        Reported.VERSION, version.id, path, f"{artefact.title} ({version.number})",
        artefact.is_public and not version.is_hidden, version.is_hidden, project.id,
    )  # fmt: skip


def _suggestion(reading: Reading, suggestion_id: UUID) -> Thing:
    suggestion, artefact, project = suggestion_seen_by(reading, suggestion_id)
    path = f"/documents/{artefact.slug or artefact.id}/suggestions/{suggestion.id}"
    return Thing(
        Reported.SUGGESTION, suggestion.id, path, artefact.title, artefact.is_public and not suggestion.is_hidden,
        suggestion.is_hidden, project.id,
    )  # fmt: skip


def _comment(reading: Reading, comment_id: UUID) -> Thing:
    """What is said of an interest or a request is for those whom it concerns, until one of them reports it."""
    is_for_moderation = reading.actor.has(Role.COORDINATOR) and was_reported(reading, Reported.COMMENT, comment_id)
    comment, thing = (comment_to_moderate if is_for_moderation else comment_seen_by)(reading, comment_id)
    is_read = thing.is_public or thing.kind not in EVERYBODY_READS
    return Thing(
        Reported.COMMENT, comment.id, f"/comments/{comment.id}", thing.title or thing.project.title,
        is_read and comment.status == CommentStatus.PUBLISHED, comment.status == CommentStatus.HIDDEN,
        comment.project_id,
    )  # fmt: skip


def _difference(reading: Reading, difference_id: UUID) -> Thing:
    difference, ours = difference_seen_by(reading, difference_id)
    is_open = ours.is_public and other_of(reading, difference).is_public
    return Thing(
        Reported.DIFFERENCE, difference.id, f"/differences/{difference.id}", ours.title,
        is_open and difference.status == DifferenceStatus.STANDING, difference.status == DifferenceStatus.HIDDEN,
        difference.project_id,
    )  # fmt: skip


def _council(reading: Reading, council_id: UUID) -> Thing:
    council = council_seen_by(reading, str(council_id))
    return Thing(Reported.COUNCIL, council.id, f"/councils/{council.slug}", council.name, is_open=True)


_FOUND: dict[Reported, Callable[[Reading, UUID], Thing]] = {
    Reported.PROJECT: _project,
    Reported.UPDATE: _update,
    Reported.LESSON: _lesson,
    Reported.ARTEFACT: _artefact,
    Reported.VERSION: _version,
    Reported.SUGGESTION: _suggestion,
    Reported.COMMENT: _comment,
    Reported.DIFFERENCE: _difference,
    Reported.COUNCIL: _council,
}
