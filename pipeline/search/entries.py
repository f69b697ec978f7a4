"""What is written into the index for each thing that is public, read from the thing itself, many at a time."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.councils.models import Council
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.hot_lists import unindexed
from pipeline.kernel.label import Label
from pipeline.lessons.models import Lesson, LessonTheme
from pipeline.projects.models import Need, Project, ProjectTheme, Update
from pipeline.projects.rules import NeedStatus, ProjectStatus, UpdateStatus
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.search.facets import facet_words, month_word
from pipeline.search.models import EntryKind
from pipeline.search.words import plain

MOST_UPDATES = 20
"""Updates of a project that are searched with it: the latest."""
LONGEST_BODY = 20_000
"""Characters of a thing that are searched, besides its title and summary. The index stays quick and small."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of one thing, in plain words."""

    subject_id: UUID
    project_id: UUID | None
    published_at: datetime | None
    closes_on: date | None
    facets: str
    title: str
    summary: str
    body: str


Within = tuple[type[Project] | type[Council], UUID] | None
"""Of which project, or which council's projects, things are wanted; None for all."""


def next_ids(session: Session, kind: EntryKind, after: UUID | None, within: Within, most: int) -> Sequence[UUID]:
    """The ids of the next things of a kind, public or not, in their order."""
    column, query = _IDS[kind]
    if after is not None:
        query = query.where(column > after)
    if within is not None:
        table, thing_id = within
        of_council = Council.id if kind is EntryKind.COUNCIL else Project.council_id
        query = query.where((Project.id if table is Project else of_council) == thing_id)
    return session.scalars(query.order_by(column).limit(most)).all()


_IDS: dict[EntryKind, tuple[Any, Select[Any]]] = {
    EntryKind.PROJECT: (Project.id, select(Project.id)),
    EntryKind.NEED: (Need.id, select(Need.id).join(Project, Project.id == Need.project_id)),
    EntryKind.UPDATE: (Update.id, select(Update.id).join(Project, Project.id == Update.project_id)),
    EntryKind.LESSON: (Lesson.id, select(Lesson.id).join(Project, Project.id == Lesson.project_id)),
    EntryKind.DOCUMENT: (Artefact.id, select(Artefact.id).join(Project, Project.id == Artefact.project_id)),
    EntryKind.VERSION: (
        Version.id,
        select(Version.id)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id),
    ),
    EntryKind.COUNCIL: (Council.id, select(Council.id)),
}


def public_ids(kind: EntryKind) -> Select[Any]:
    """The ids of all things of a kind that the index is to hold."""
    return _IDS[kind][1].where(_SHOWN[kind])


def entries_of(session: Session, kind: EntryKind, ids: Sequence[UUID]) -> list[Entry]:
    """What the index is to hold of some things of a kind; those the public may not see are left out."""
    return [_in_month(entry) for entry in _READERS[kind](session, ids)] if ids else []


def _in_month(entry: Entry) -> Entry:
    if entry.published_at is None:
        return entry
    return replace(entry, facets=f"{entry.facets} {month_word(entry.published_at)}")


@dataclass(frozen=True, slots=True)
class _Round:
    """What all that belongs to a project shares: its themes and its facets, by project."""

    themes: Mapping[UUID, list[str]]

    @classmethod
    def of(cls, session: Session, project_ids: Sequence[UUID]) -> "_Round":
        themes: dict[UUID, list[str]] = defaultdict(list)
        rows = select(ProjectTheme.project_id, ProjectTheme.theme).where(ProjectTheme.project_id.in_(project_ids))
        for project_id, theme in session.execute(rows.order_by(ProjectTheme.position)):
            themes[project_id].append(theme)
        return cls(themes)

    def facets(self, kind: EntryKind, project: Project, council: Council, **more: Sequence[str | None]) -> str:
        """The facets of something in a project; what is given takes the place of the project's own."""
        values: dict[str, Sequence[str | None]] = {
            "kind": (kind,), "theme": self.themes.get(project.id, ()), "phase": (project.phase,),
            **_council_facets(council), **more,
        }  # fmt: skip
        return facet_words(values)


def _council_facets(council: Council) -> dict[str, Sequence[str | None]]:
    return {"council_kind": (council.kind,), "nation": (council.nation,), "region": (council.region,)}


def _year(moment: datetime | None) -> tuple[str, ...]:
    return (str(moment.year),) if moment else ()


def _year_of(project: Project) -> tuple[str, ...]:
    """When it ended or was published. What was recorded from public sources was published when nobody noted it."""
    if project.year_ended:
        return (str(project.year_ended),)
    return () if project.is_recorded else _year(project.published_at)


def _closes_on(project: Project) -> date | None:
    """When it is decided, while that is still to come: what goes ahead or has ended closes no more."""
    return project.decision_on if project.status == ProjectStatus.OPEN else None


def _said(label: Label | None) -> str:
    return f"{label.en} {label.cy}" if label else ""


def _body(*texts: str | None) -> str:
    return plain(" ".join(text for text in texts if text)[: 2 * LONGEST_BODY])[:LONGEST_BODY]


def _called(council: Council) -> str:
    return f"{council.name} {council.name_cy or ''}"


_ANEW = {"populate_existing": True}
# Things are read by their ids: SQLite must not begin with all projects that are public.
_PUBLIC = unindexed(Project.is_public)
_LISTED = and_(_PUBLIC, Project.keeps_documents.is_(False))
_KEPT = Version.status != VersionStatus.REMOVED.value
_IS_OLD = or_(Artefact.current_number.is_(None), Version.number != Artefact.current_number)
_SHOWN: dict[EntryKind, ColumnElement[bool]] = {
    EntryKind.PROJECT: _LISTED,
    EntryKind.NEED: and_(Need.status != NeedStatus.DROPPED, _LISTED),
    EntryKind.UPDATE: and_(Update.status == UpdateStatus.PUBLISHED, _LISTED),
    EntryKind.LESSON: and_(unindexed(Lesson.is_public), _PUBLIC),
    EntryKind.DOCUMENT: and_(unindexed(Artefact.is_public), _PUBLIC),
    EntryKind.VERSION: and_(unindexed(Artefact.is_public), _PUBLIC, _KEPT, _IS_OLD),
    EntryKind.COUNCIL: true(),
}
"""Of which things of a kind the public may read: those are in the index."""


def _rows(session: Session, query: Any) -> Sequence[Any]:
    return session.execute(query, execution_options=_ANEW).all()


def _projects(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    """Projects, with what they need and their latest updates."""
    query = select(Project, Council).join(Council, Council.id == Project.council_id)
    rows = _rows(session, query.where(Project.id.in_(ids), _SHOWN[EntryKind.PROJECT]))
    public = [project.id for project, _ in rows]
    shared, words, needs = _Round.of(session, public), _words_round(session, public), _open_needs(session, public)
    return [
        Entry(
            project.id, project.id, project.published_at, _closes_on(project),
            shared.facets(
                EntryKind.PROJECT, project, council, need=sorted(needs[project.id]),
                year=_year_of(project),
            ),
            plain(project.title), plain(project.summary),
            _body(
                project.problem, project.outcome, _called(council),
                *(_said(THEME_BY_VALUE.get(theme)) for theme in shared.themes.get(project.id, ())),
                *words[project.id], _said(PHASE_BY_VALUE.get(project.phase or "")),
            ),
        )
        for project, council in rows
    ]  # fmt: skip


def _open_needs(session: Session, project_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    kinds: dict[UUID, set[str]] = defaultdict(set)
    query = select(Need.project_id, Need.kind).where(Need.project_id.in_(project_ids), Need.status == NeedStatus.OPEN)
    for project_id, kind in session.execute(query):
        kinds[project_id].add(kind)
    return kinds


def _words_round(session: Session, project_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What else says what projects are about: what they need, and their latest updates."""
    words: dict[UUID, list[str]] = defaultdict(list)
    needs = select(Need).where(Need.project_id.in_(project_ids), Need.status != NeedStatus.DROPPED)
    for need in session.scalars(needs.order_by(Need.position, Need.id)):
        profession = PROFESSION_BY_VALUE.get(need.profession or "")
        words[need.project_id] += [need.title, need.description, need.thing or "", _said(profession)]
    for update in session.scalars(_latest_updates(project_ids)):
        words[update.project_id] += [update.title, update.body]
    return words


def _latest_updates(project_ids: Sequence[UUID]) -> Select[Update]:
    """The latest published updates of each project, the newest first."""
    newest_first = (Update.published_at.desc(), Update.id.desc())
    number = func.row_number().over(partition_by=Update.project_id, order_by=newest_first)
    ranked = (
        select(Update.id, number.label("number"))
        .where(Update.project_id.in_(project_ids), Update.status == UpdateStatus.PUBLISHED)
        .subquery()
    )
    return (
        select(Update)
        .join(ranked, ranked.c.id == Update.id)
        .where(ranked.c.number <= MOST_UPDATES)
        .order_by(Update.project_id, ranked.c.number)
    )


def _needs(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    """What projects ask for."""
    query = select(Need, Project, Council).join(Project, Project.id == Need.project_id)
    query = query.join(Council, Council.id == Project.council_id)
    rows = _rows(session, query.where(Need.id.in_(ids), _SHOWN[EntryKind.NEED]))
    shared = _Round.of(session, [project.id for _, project, _ in rows])
    return [
        Entry(
            need.id, project.id, project.published_at, _closes_on(project),
            shared.facets(EntryKind.NEED, project, council, need=(need.kind,), year=_year(need.created_at)),
            plain(need.title), plain(f"{need.thing or ''} {_said(PROFESSION_BY_VALUE.get(need.profession or ''))}"),
            _body(need.description, project.title),
        )
        for need, project, council in rows
    ]  # fmt: skip


def _updates(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    query = select(Update, Project, Council).join(Project, Project.id == Update.project_id)
    query = query.join(Council, Council.id == Project.council_id)
    rows = _rows(session, query.where(Update.id.in_(ids), _SHOWN[EntryKind.UPDATE]))
    shared = _Round.of(session, [project.id for _, project, _ in rows])
    return [
        Entry(
            update.id, project.id, update.published_at, None,
            shared.facets(EntryKind.UPDATE, project, council, year=_year(update.published_at)),
            plain(update.title), "", _body(update.body, project.title),
        )
        for update, project, council in rows
    ]  # fmt: skip


def _lessons(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    query = select(Lesson, Project, Council).join(Project, Project.id == Lesson.project_id)
    query = query.join(Council, Council.id == Lesson.council_id)
    rows = _rows(session, query.where(Lesson.id.in_(ids), _SHOWN[EntryKind.LESSON]))
    shared = _Round.of(session, [project.id for _, project, _ in rows])
    themes: dict[UUID, list[str]] = defaultdict(list)
    own = select(LessonTheme.lesson_id, LessonTheme.theme).where(LessonTheme.lesson_id.in_(ids))
    for lesson_id, theme in session.execute(own.order_by(LessonTheme.position)):
        themes[lesson_id].append(theme)
    return [
        Entry(
            lesson.id, project.id, lesson.published_at, None,
            shared.facets(
                EntryKind.LESSON, project, council, theme=themes[lesson.id], year=_year(lesson.published_at)
            ),
            plain(lesson.title), "",
            _body(
                lesson.did, lesson.happened, lesson.differently, lesson.evidence, lesson.reply, project.title,
                _called(council), *(_said(THEME_BY_VALUE.get(theme)) for theme in themes[lesson.id]),
            ),
        )
        for lesson, project, council in rows
    ]  # fmt: skip


def _documents(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    """Shared documents, with the text of their current version."""
    query = (
        select(Artefact, Project, Council, Version.text)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .outerjoin(Version, and_(Version.artefact_id == Artefact.id, Version.number == Artefact.current_number, _KEPT))
    )
    rows = _rows(session, query.where(Artefact.id.in_(ids), _SHOWN[EntryKind.DOCUMENT]))
    shared = _Round.of(session, [project.id for _, project, *_ in rows])
    return [
        Entry(
            artefact.id, project.id, artefact.published_at, None,
            shared.facets(
                EntryKind.DOCUMENT, project, council, licence=(artefact.licence,), year=_year(artefact.published_at)
            ),
            plain(artefact.title), plain(artefact.summary), _body(text, _called(council), project.title),
        )
        for artefact, project, council, text in rows
    ]  # fmt: skip


def _versions(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    """Versions of documents that are no longer current, as long as their text is there to be read."""
    query = (
        select(Version, Artefact, Project, Council)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
    )
    rows = _rows(session, query.where(Version.id.in_(ids), _SHOWN[EntryKind.VERSION]))
    shared = _Round.of(session, [project.id for _, _, project, _ in rows])
    return [
        Entry(
            version.id, project.id, version.published_at, None,
            shared.facets(
                EntryKind.VERSION, project, council, licence=(version.licence,), year=_year(version.published_at)
            ),
            plain(version.title), plain(version.change_note), _body(version.text),
        )
        for version, _, project, council in rows
    ]  # fmt: skip


def _councils(session: Session, ids: Sequence[UUID]) -> list[Entry]:
    rows = session.scalars(select(Council).where(Council.id.in_(ids)), execution_options=_ANEW)
    return [
        Entry(
            council.id, None, None, None,
            facet_words({"kind": (EntryKind.COUNCIL,), **_council_facets(council)}),
            plain(_called(council)), plain(f"{council.short_name} {council.gss_code or ''}"),
            _body(
                *(_said(label) for label in (
                    KIND_BY_VALUE.get(council.kind), REGION_BY_VALUE.get(council.region),
                    NATION_BY_VALUE.get(council.nation),
                )),
            ),
        )
        for council in rows
    ]  # fmt: skip


_READERS: dict[EntryKind, Callable[[Session, Sequence[UUID]], list[Entry]]] = {
    EntryKind.PROJECT: _projects,
    EntryKind.NEED: _needs,
    EntryKind.UPDATE: _updates,
    EntryKind.LESSON: _lessons,
    EntryKind.DOCUMENT: _documents,
    EntryKind.VERSION: _versions,
    EntryKind.COUNCIL: _councils,
}
