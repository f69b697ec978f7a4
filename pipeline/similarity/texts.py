"""What is compared of projects, lessons and documents, read from their own rows."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.artefacts.rules import DraftStatus
from pipeline.councils.models import Council
from pipeline.lessons.models import Lesson, LessonTheme
from pipeline.projects.models import Need, Project, ProjectTheme
from pipeline.projects.rules import NeedStatus, ProjectStatus
from pipeline.search.words import plain
from pipeline.similarity.rules import Kind
from pipeline.similarity.terms import LONGEST_BODY, Text


@dataclass(frozen=True, slots=True)
class Comparable:
    """Something that is compared: its text, and what it belongs to. Things of one `family` are one work already: a
    project and what is in it, a document and its copies."""

    kind: Kind
    id: UUID
    text: Text
    council_id: UUID
    family: frozenset[UUID]
    is_live: bool
    is_public: bool


def comparables(session: Session, kind: Kind, ids: Collection[UUID]) -> dict[UUID, Comparable]:
    """What is compared of some things of a kind, public or not; never a trial project, nor what is in one."""
    return {one.id: one for one in _READERS[kind](session, ids)} if ids else {}


def _projects(session: Session, ids: Collection[UUID]) -> Iterable[Comparable]:
    rows = session.execute(
        select(Project, Council.short_name)
        .join(Council, Council.id == Project.council_id)
        .where(Project.id.in_(ids), Project.is_trial.is_(False), Project.keeps_documents.is_(False))
    ).all()
    themes = _grouped(session, select(ProjectTheme.project_id, ProjectTheme.theme).where(
        ProjectTheme.project_id.in_(ids)))  # fmt: skip
    needed = _grouped(session, select(Need.project_id, Need.profession).where(
        Need.project_id.in_(ids), Need.profession.is_not(None), Need.status == NeedStatus.OPEN))  # fmt: skip
    for project, council in rows:
        # Of past work recorded from public sources the body says who paid and who was there, not what it is about.
        body = "" if project.is_recorded else _body(project.problem, project.outcome)
        text = Text.of(
            project.title, project.summary, body,
            themes=themes.get(project.id, ()), phase=project.phase, professions=needed.get(project.id, ()),
            but_not=_names(council),
        )  # fmt: skip
        family = {project.id, *([project.continues_id] if project.continues_id else [])}
        is_live = project.status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
        yield Comparable(
            Kind.PROJECT, project.id, text, project.council_id, frozenset(family), is_live, project.is_public
        )


def _lessons(session: Session, ids: Collection[UUID]) -> Iterable[Comparable]:
    rows = session.execute(
        select(Lesson, Council.short_name, Project.is_public)
        .join(Project, Project.id == Lesson.project_id)
        .join(Council, Council.id == Lesson.council_id)
        .where(Lesson.id.in_(ids), Project.is_trial.is_(False))
    ).all()
    themes = _grouped(session, select(LessonTheme.lesson_id, LessonTheme.theme).where(LessonTheme.lesson_id.in_(ids)))
    for lesson, council, is_public in rows:
        text = Text.of(
            lesson.title, lesson.did[:LONGEST_BODY], _body(lesson.happened, lesson.differently),
            themes=themes.get(lesson.id, ()), but_not=_names(council),
        )  # fmt: skip
        family = frozenset({lesson.id, lesson.project_id})
        yield Comparable(Kind.LESSON, lesson.id, text, lesson.council_id, family, False, lesson.is_public and is_public)


def _documents(session: Session, ids: Collection[UUID]) -> Iterable[Comparable]:
    rows = session.execute(
        select(Artefact, Council.short_name, Project.is_public, Project.keeps_documents, Version.text)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .outerjoin(Version, (Version.artefact_id == Artefact.id) & (Version.number == Artefact.current_number))
        .where(Artefact.id.in_(ids), Project.is_trial.is_(False))
    ).all()
    homes = {row[0].project_id for row in rows if not row[3]}
    themes = _grouped(
        session, select(ProjectTheme.project_id, ProjectTheme.theme).where(ProjectTheme.project_id.in_(homes))
    )
    drafts = _drafts(session, [row[0].id for row in rows if row[0].current_number is None])
    for artefact, council, is_public, _keeps, body in rows:
        text = Text.of(
            artefact.title, artefact.summary, _body(body or drafts.get(artefact.id, "")),
            themes=themes.get(artefact.project_id, ()), but_not=_names(council),
        )  # fmt: skip
        family = {artefact.id, artefact.project_id, artefact.root_id, *([artefact.pair_id] if artefact.pair_id else [])}
        yield Comparable(
            Kind.DOCUMENT, artefact.id, text, artefact.council_id, frozenset(family), False,
            artefact.is_public and is_public,
        )  # fmt: skip


def _drafts(session: Session, artefact_ids: Collection[UUID]) -> dict[UUID, str]:
    """The texts of open drafts of documents that have no version yet, by the document; the latest of each."""
    if not artefact_ids:
        return {}
    query = select(Draft.artefact_id, Draft.text).where(
        Draft.artefact_id.in_(artefact_ids), Draft.status == DraftStatus.OPEN.value
    )
    rows = session.execute(query.order_by(Draft.updated_at, Draft.id))
    return {row.artefact_id: row.text for row in rows}


_READERS: dict[Kind, Callable[[Session, Collection[UUID]], Iterable[Comparable]]] = {
    Kind.PROJECT: _projects,
    Kind.LESSON: _lessons,
    Kind.DOCUMENT: _documents,
}


def _body(*texts: str) -> str:
    return " ".join(text[:LONGEST_BODY] for text in texts if text)


def _names(council: str) -> frozenset[str]:
    """The words of a council's own name: where work is done does not make it alike."""
    return frozenset(plain(council).split())


def _grouped(session: Session, query: Any) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for thing_id, value in session.execute(query):
        found.setdefault(thing_id, []).append(value)
    return found
