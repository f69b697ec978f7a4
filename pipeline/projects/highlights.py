"""What is worth a look today: a few projects and updates, each found from the front of an index."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, bindparam, select

from pipeline.councils.models import Council
from pipeline.db.statements import Statement, date_of
from pipeline.db.work import Reading
from pipeline.projects import listing
from pipeline.projects.listing import ProjectRow
from pipeline.projects.models import Project, Update
from pipeline.projects.nearly import NeedProgress, is_nearly_there
from pipeline.projects.rules import CLOSES_SOON, NeedStatus, ProjectStatus, UpdateStatus

SHOWN = 3
LOOKED_AT = 60
"""How many of the projects that decide next are looked at for those that are nearly there."""


class UpdateLine(NamedTuple):
    """A published update in one line."""

    id: Any
    title: str
    published_at: str
    council: str
    project_title: str


@dataclass(frozen=True, slots=True)
class Highlights:
    """Projects and updates for the home page, and the needs of those projects by id."""

    closing_soon: list[ProjectRow]
    nearly_there: list[ProjectRow]
    new_projects: list[ProjectRow]
    recent_updates: list[UpdateLine]
    needs: dict[Any, list[Any]]


_OPEN = (Project.is_public, Project.status == ProjectStatus.OPEN)
_CLOSING = Statement(
    select(Project.id, Project.decision_on)
    .where(*_OPEN, Project.decision_on >= bindparam("today", type_=Date()), Project.waits_from_on.is_(None))
    .order_by(Project.decision_on, Project.id)
    .limit(bindparam("most", type_=Integer()))
)
_NEW = Statement(
    select(Project.id)
    .where(*_OPEN)
    .order_by(Project.created_at.desc(), Project.id.desc())
    .limit(bindparam("most", type_=Integer()))
)
_UPDATES = Statement(
    select(Update.id, Update.title, Update.published_at, Council.short_name, Project.title)
    .join(Project, Project.id == Update.project_id)
    .join(Council, Council.id == Project.council_id)
    .where(Update.status == UpdateStatus.PUBLISHED, Project.is_public)
    .order_by(Update.published_at.desc(), Update.id.desc())
    .limit(bindparam("most", type_=Integer()))
)


def highlights(reading: Reading, today: date) -> Highlights:
    """What is worth a look, without a project twice."""
    session = reading.session
    deciding = _CLOSING.rows(session, today=today, most=LOOKED_AT)
    closing = [row[0] for row in deciding]
    new = [row[0] for row in _NEW.rows(session, most=2 * SHOWN)]
    needs = listing.needs_of(session, [*closing, *(one for one in new if one not in closing)])
    nearly = [one for one in closing if is_nearly_there(_progress(needs[one]))][:SHOWN]
    soon = [row[0] for row in deciding if (on := date_of(row[1])) and on <= today + CLOSES_SOON]
    first = [one for one in soon if one not in nearly][:SHOWN]
    newest = [one for one in new if one not in first and one not in nearly][:SHOWN]
    rows = {row.id: row for row in listing.rows_of(session, [*first, *nearly, *newest])}
    updates = [UpdateLine(*row) for row in _UPDATES.rows(session, most=SHOWN)]

    def found(ids: list[Any]) -> list[ProjectRow]:
        return [rows[one] for one in ids if one in rows]

    return Highlights(found(first), found(nearly), found(newest), updates, needs)


def _progress(needs: list[Any]) -> list[NeedProgress]:
    """How far the needs of a project have come, from the rows of `needs_of`."""
    return [NeedProgress(need[8] == NeedStatus.OPEN, bool(need[6]), need[11], need[9]) for need in needs]
