"""What can be alike, found where the viewer may know of it: each kind by the filter of its own subject."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.lessons.policy import PlaceFacts
from pipeline.lessons.queries.seeing import lesson_seen_by, place_facts_of
from pipeline.projects.models import Project
from pipeline.projects.queries import project_seen_by
from pipeline.similarity.rules import Kind

FOLDERS = {Kind.PROJECT: "projects", Kind.LESSON: "lessons", Kind.DOCUMENT: "documents"}
"""Where the pages of each kind stand."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A project, lesson or document, the project it belongs to, and whether everybody reads it now."""

    kind: Kind
    id: UUID
    address: str
    title: str
    language: str
    status: str
    council: Council
    project: Project
    place: PlaceFacts
    is_public: bool
    is_hidden: bool

    @property
    def path(self) -> str:
        """Its page, without the prefix of a language."""
        return f"/{FOLDERS[self.kind]}/{self.address}"

    @property
    def may_be_compared(self) -> bool:
        """A trial project and the documents of a council are not work that somebody could join."""
        is_home = self.kind is Kind.PROJECT and self.project.keeps_documents
        return not (self.project.is_trial or is_home)


def thing_seen_by(reading: Reading, kind: Kind, slug: str) -> Thing:
    """Something by its slug or id. Raises NotFound for hidden and missing alike."""
    return _FOUND[kind](reading, slug)


def thing_by_id(reading: Reading, kind: Kind, thing_id: UUID) -> Thing:
    """As `thing_seen_by`, by id."""
    return thing_seen_by(reading, kind, str(thing_id))


def _project(reading: Reading, slug: str) -> Thing:
    project = project_seen_by(reading, slug)
    return Thing(
        Kind.PROJECT, project.id, project.slug or str(project.id), project.title, project.language, project.status,
        _council(reading, project.council_id), project, place_facts_of(reading, project), project.is_public,
        project.is_hidden,
    )  # fmt: skip


def _lesson(reading: Reading, slug: str) -> Thing:
    lesson, project = lesson_seen_by(reading, slug)
    return Thing(
        Kind.LESSON, lesson.id, lesson.address, lesson.title, lesson.language, lesson.status,
        _council(reading, lesson.council_id), project, place_facts_of(reading, project),
        lesson.is_public and project.is_public, lesson.is_hidden,
    )  # fmt: skip


def _document(reading: Reading, slug: str) -> Thing:
    artefact, project = artefact_seen_by(reading, slug)
    return Thing(
        Kind.DOCUMENT, artefact.id, artefact.address, artefact.title, artefact.language, artefact.status,
        _council(reading, artefact.council_id), project, place_facts_of(reading, project),
        artefact.is_public and project.is_public, artefact.is_hidden,
    )  # fmt: skip


def _council(reading: Reading, council_id: UUID) -> Council:
    return reading.session.get_one(Council, council_id)


_FOUND: dict[Kind, Callable[[Reading, str], Thing]] = {
    Kind.PROJECT: _project,
    Kind.LESSON: _lesson,
    Kind.DOCUMENT: _document,
}
