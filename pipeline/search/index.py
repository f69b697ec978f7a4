"""The search index: one row of plain words for each public project, rewritten from the project itself.

Writers of the index take turns, so that whoever writes last has read last. What the index proposes is always read again
from the live rows before it is shown.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.work import housekeeping
from pipeline.projects.models import Need, Project, ProjectTheme, Update
from pipeline.projects.rules import NeedStatus, UpdateStatus
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.search.models import ProjectSearch
from pipeline.search.words import plain

MOST_UPDATES = 20
"""Updates of a project that are searched: the latest."""
LONGEST_BODY = 20_000
"""Characters of a project that are searched, besides its title and summary. The index stays quick and small."""
CHUNK = 200
TURN = 7_015_023
"""The number of the lock that writers of the index hold, on PostgreSQL. (SQLite has one writer at a time anyway.)"""


def index_project(session: Session, project_id: UUID) -> None:
    """Write the index row of one project anew; remove it when the public may not see the project."""
    _take_turn(session)
    _write(session, [project_id])


def rebuild_index() -> int:
    """Write every row anew, a few at a time so that nobody waits long; returns how many projects are in the index."""
    last, number = UUID(int=0), 0
    while True:
        with housekeeping("search") as session:
            _take_turn(session)
            ids = session.scalars(select(Project.id).where(Project.id > last).order_by(Project.id).limit(CHUNK)).all()
            number += _write(session, ids)
        if not ids:
            break
        last = ids[-1]
    _remove_orphans()
    return number


def _remove_orphans() -> None:
    """Remove the rows of projects that are gone."""
    with housekeeping("search") as session:
        _take_turn(session)
        known = select(Project.id)
        for row in session.scalars(select(ProjectSearch).where(ProjectSearch.project_id.not_in(known))):
            session.delete(row)


def _take_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _write(session: Session, project_ids: Sequence[UUID]) -> int:
    """Write the rows of some projects, touching only those whose words changed; returns how many are public."""
    kept = {
        row.project_id: row
        for row in session.scalars(select(ProjectSearch).where(ProjectSearch.project_id.in_(project_ids)))
    }
    public = session.execute(
        select(Project, Council.name, Council.name_cy)
        .join(Council, Council.id == Project.council_id)
        .where(Project.id.in_(project_ids), Project.is_public, Project.keeps_documents.is_(False))
        .order_by(Project.id),
        execution_options={"populate_existing": True},
    ).all()
    more = _words_round(session, [project.id for project, *_ in public])
    for project, *council_names in public:
        said = [project.problem, project.outcome, *filter(None, council_names), *more[project.id], _phase(project)]
        body = plain(" ".join(said))[:LONGEST_BODY]
        title, summary = plain(project.title), plain(project.summary)
        row = kept.pop(project.id, None)
        if row is None:
            session.add(ProjectSearch(project_id=project.id, title=title, summary=summary, body=body))
        elif (row.title, row.summary, row.body) != (title, summary, body):
            row.title, row.summary, row.body = title, summary, body
    for row in kept.values():
        session.delete(row)
    session.flush()
    return len(public)


def _phase(project: Project) -> str:
    known = PHASE_BY_VALUE.get(project.phase or "")
    return f"{known.en} {known.cy}" if known else ""


def _words_round(session: Session, project_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What else says what projects are about: their themes, what they need, and their latest updates."""
    words: dict[UUID, list[str]] = {project_id: [] for project_id in project_ids}
    for project_id, theme in session.execute(
        select(ProjectTheme.project_id, ProjectTheme.theme).where(ProjectTheme.project_id.in_(project_ids))
    ):
        known = THEME_BY_VALUE.get(theme)
        words[project_id] += [known.en, known.cy] if known else []
    needs = select(Need).where(Need.project_id.in_(project_ids), Need.status != NeedStatus.DROPPED)
    for need in session.scalars(needs.order_by(Need.position, Need.id)):
        profession = PROFESSION_BY_VALUE.get(need.profession or "")
        words[need.project_id] += [need.title, need.description, need.thing or ""]
        words[need.project_id] += [profession.en, profession.cy] if profession else []
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
