"""What reports and hidings are about, in a line each, for coordinators: one query a kind, however many there are.

Coordinators may know of all that is public or hidden, so titles are read from the rows themselves.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import Artefact, Suggestion, Version
from pipeline.comments.models import Comment
from pipeline.comments.rules import EVERYBODY_READS, CommentedOn
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.lessons.models import Lesson
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.rules import Reported
from pipeline.projects.models import Project, Update
from pipeline.similarity.models import Difference


@dataclass(frozen=True, slots=True)
class Line:
    """A thing by its title (that of what it is about, where it has none) and the path of its page. What has no page
    that coordinators could read (said of an interest or a request, to those whom it concerns) has its `text` instead.
    """

    title: str
    path: str
    text: str | None = None


def _slugged(table: Any, folder: str, title: Any = None) -> tuple[Any, Callable[[Any], Line]]:
    query = select(table.id, table.title if title is None else title, table.slug)
    return query, lambda row: Line(row[1], f"/{folder}/{row[2] or row[0]}")


def _comment(row: Any) -> Line:
    is_public = CommentedOn(row.about_type) in EVERYBODY_READS
    return Line(row.title, f"/comments/{row.id}") if is_public else Line(row.title, "", row.text)


_OF_KIND: dict[Reported, tuple[Any, Any, Callable[[Any], Line]]] = {
    Reported.PROJECT: (Project.id, *_slugged(Project, "projects")),
    Reported.LESSON: (Lesson.id, *_slugged(Lesson, "lessons")),
    Reported.ARTEFACT: (Artefact.id, *_slugged(Artefact, "documents")),
    Reported.COUNCIL: (Council.id, *_slugged(Council, "councils", Council.name)),
    Reported.UPDATE: (
        Update.id, select(Update.id, Update.title), lambda row: Line(row[1], f"/updates/{row[0]}"),
    ),
    Reported.VERSION: (
        Version.id,
        select(Version.id, Artefact.title, Artefact.slug, Version.number).join(
            Artefact, Artefact.id == Version.artefact_id
        ),
        lambda row: Line(f"{row[1]} ({row[3]})", f"/documents/{row[2]}/versions/{row[3]}"),
    ),
    Reported.SUGGESTION: (
        Suggestion.id,
        select(Suggestion.id, Artefact.title, Artefact.slug).join(Artefact, Artefact.id == Suggestion.artefact_id),
        lambda row: Line(row[1], f"/documents/{row[2]}/suggestions/{row[0]}"),
    ),
    Reported.COMMENT: (
        Comment.id,
        select(Comment.id, Project.title, Comment.about_type, Comment.text).join(
            Project, Project.id == Comment.project_id
        ),
        _comment,
    ),
    Reported.DIFFERENCE: (
        Difference.id,
        select(Difference.id, Project.title).join(Project, Project.id == Difference.project_id),
        lambda row: Line(row[1], f"/differences/{row[0]}"),
    ),
}  # fmt: skip

Lines = dict[tuple[str, UUID], Line]


def lines_of(reading: Reading, rows: Iterable[Report | Hiding]) -> Lines:
    """What some reports or hidings are about, by kind and id, as far as it is still there. Raises NotFound for anybody
    but coordinators."""
    if not reading.actor.has(Role.COORDINATOR):
        raise NotFound("report")
    wanted: dict[Reported, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(Reported(row.about_type), set()).add(row.about_id)
    return {key: line for kind, ids in wanted.items() for key, line in _lines(reading, kind, ids)}


def _lines(reading: Reading, kind: Reported, ids: Collection[UUID]) -> list[tuple[tuple[str, UUID], Line]]:
    id_column, query, line = _OF_KIND[kind]
    found = reading.session.execute(query.where(id_column.in_(ids)))
    return [((kind.value, row[0]), line(row)) for row in found]
