"""Reading imports, on behalf of whoever brought them; and a council's projects, for lines to be known again by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from pipeline.db.work import Reading
from pipeline.imports.checking import Known
from pipeline.imports.lines import reference_key, title_key
from pipeline.imports.models import ImportLine, PortfolioImport, ProjectReference
from pipeline.imports.rules import LineState
from pipeline.kernel.errors import NotFound
from pipeline.projects.models import Project
from pipeline.projects.visibility import visible_to

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines of an import stand how."""

    ready: int = 0
    matched: int = 0
    refused: int = 0
    added: int = 0

    @property
    def lines(self) -> int:
        return self.ready + self.matched + self.refused + self.added


@dataclass(frozen=True, slots=True)
class ImportInShort:
    """An import in one line of a list."""

    id: UUID
    file_name: str
    state: str
    created_at: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class LineProject:
    """The project a line became or is, in a few words: for links."""

    id: UUID
    slug: str | None
    title: str
    status: str


def import_seen_by(reading: Reading, import_id: UUID, *, lock: bool = False) -> PortfolioImport:
    """An import, for the officer who brought it, while they act for the council it is for. Raises NotFound for
    everybody else. `lock` keeps others from changing it until the work ends."""
    query = select(PortfolioImport).where(
        PortfolioImport.id == import_id,
        PortfolioImport.officer_id == reading.actor.officer_id,
        PortfolioImport.council_id == reading.actor.council_id,
    )
    if lock:
        query = query.with_for_update()
    found = reading.session.scalars(query.execution_options(populate_existing=lock)).first()
    if found is None:
        raise NotFound("import")
    return found


def lines_of(reading: Reading, import_id: UUID) -> list[ImportLine]:
    """The lines of an import, in their order."""
    query = select(ImportLine).where(ImportLine.import_id == import_id).order_by(ImportLine.number)
    return list(reading.session.scalars(query))


def tallies_of(session: Session, import_ids: Collection[UUID]) -> dict[UUID, Tally]:
    """How the lines of some imports stand. An import has five hundred at most."""
    query = (
        select(ImportLine.import_id, ImportLine.state, func.count())
        .where(ImportLine.import_id.in_(import_ids))
        .group_by(ImportLine.import_id, ImportLine.state)
    )
    counts: dict[UUID, dict[str, int]] = {import_id: {} for import_id in import_ids}
    for import_id, state, number in session.execute(query):
        counts[import_id][state] = number
    return {import_id: Tally(**found) for import_id, found in counts.items()}


def own_imports(reading: Reading, council_id: UUID) -> list[ImportInShort]:
    """The imports the officer brought for a council lately, the newest first."""
    query = (
        select(PortfolioImport)
        .where(PortfolioImport.officer_id == reading.actor.officer_id, PortfolioImport.council_id == council_id)
        .order_by(PortfolioImport.created_at.desc(), PortfolioImport.id.desc())
        .limit(MOST_LISTED)
    )
    found = list(reading.session.scalars(query))
    tallies = tallies_of(reading.session, [one.id for one in found])
    return [ImportInShort(one.id, one.file_name, one.state, one.created_at, tallies[one.id]) for one in found]


def number_since(reading: Reading, since: datetime) -> int:
    """How many imports the officer brought since a moment."""
    own = PortfolioImport.officer_id == reading.actor.officer_id
    query = select(func.count()).select_from(PortfolioImport).where(own, PortfolioImport.created_at > since)
    return reading.session.scalars(query).one()


def projects_of_lines(reading: Reading, lines: Collection[ImportLine]) -> dict[UUID, LineProject]:
    """The projects that lines became or are, as far as the viewer may know of them."""
    ids = {line.project_id for line in lines if line.project_id is not None}
    query = select(Project.id, Project.slug, Project.title, Project.status)
    rows = reading.session.execute(query.where(Project.id.in_(ids), visible_to(reading.actor)))
    return {row.id: LineProject(*row) for row in rows}


def known_projects(reading: Reading, council_id: UUID, references: Collection[str]) -> Known:
    """What lines of a council's portfolio are known again by.

    A reference is the council's: one that a colleague gave is known, though the draft it leads to may not be seen. By
    its title only a project is known that the viewer may know of.
    """
    keys = {reference_key(one) for one in references} - {""}
    referred = select(ProjectReference.reference, ProjectReference.project_id).where(
        ProjectReference.council_id == council_id, ProjectReference.reference.in_(keys)
    )
    has_reference = exists().where(ProjectReference.project_id == Project.id)
    titled = select(Project.id, Project.title, has_reference).where(
        Project.council_id == council_id, Project.is_trial.is_(False), Project.keeps_documents.is_(False),
        visible_to(reading.actor),
    )  # fmt: skip
    by_title: dict[str, list[UUID]] = {}
    with_reference: set[UUID] = set()
    for project_id, title, is_referred in reading.session.execute(titled.order_by(Project.id)):
        by_title.setdefault(title_key(title), []).append(project_id)
        if is_referred:
            with_reference.add(project_id)
    by_reference = {row.reference: row.project_id for row in reading.session.execute(referred)} if keys else {}
    return Known(by_reference, by_title, with_reference)


def next_lines(session: Session, import_id: UUID, most: int) -> list[ImportLine]:
    """The first lines of an import that wait to be brought in. For the worker."""
    query = select(ImportLine).where(ImportLine.import_id == import_id, ImportLine.state == LineState.READY.value)
    return list(session.scalars(query.order_by(ImportLine.number).limit(most)))
