"""What there is around a theme or in a place, for its page: open projects, those that decide next, and where or about
what the others are. Bounded: beyond what is looked at the list of projects goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, exists, select

from pipeline.councils.models import Council
from pipeline.db.statements import Statement
from pipeline.db.work import Reading
from pipeline.projects import listing
from pipeline.projects.freshness import Freshness
from pipeline.projects.listing import ProjectRow
from pipeline.projects.models import Project, ProjectTheme
from pipeline.projects.rules import ProjectStatus
from pipeline.search.queries import PROJECTS

CLOSING, NEWEST = 3, 6
"""Projects on the page: those that decide next, and the newest of the others."""
LOOKED_AT = 500
"""Open projects, the last changed first, in which the other themes or places are looked for."""


@dataclass(frozen=True, slots=True)
class Around:
    """Projects for the page of a theme or place, and the needs of each by its id."""

    closing_soon: list[ProjectRow]
    newest: list[ProjectRow]
    needs: dict[Any, list[Any]]


def projects_around(reading: Reading, filters: Mapping[str, str], today: date) -> Around:
    """The open projects that a filter of the list of projects finds: those that decide next, then the newest, none
    twice."""
    session, asked = reading.session, {**filters, "status": ProjectStatus.OPEN.value}
    bound: dict[str, Any] = {"limit": 2 * CLOSING + NEWEST}
    deciding = PROJECTS.page(session, asked, order="decision_on", descending=False, **bound).rows
    closing = [row for row in map(ProjectRow._make, deciding) if _decides(row, today)][:CLOSING]
    shown = {row.id for row in closing}
    found = PROJECTS.page(session, asked, order="created_at", descending=True, **bound).rows
    newest = [row for row in map(ProjectRow._make, found) if row.id not in shown][:NEWEST]
    return Around(closing, newest, listing.needs_of(session, [row.id for row in (*closing, *newest)]))


def _decides(row: ProjectRow, today: date) -> bool:
    on = row.decision_on
    if on is None or row.freshness == Freshness.LOOKING_FOR_LEAD:
        return False
    return (on if isinstance(on, date) else date.fromisoformat(on)) >= today


_OPEN = (Project.is_public, Project.status == ProjectStatus.OPEN.value)
_MOST = bindparam("most", type_=Integer())


def _last_changed(narrowed: ColumnElement[bool], *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Project)
        .join(Council, Council.id == Project.council_id)
        .where(*_OPEN, narrowed)
        .order_by(Project.updated_at.desc(), Project.id.desc())
        .limit(_MOST)
        .subquery()
    )


def _regions_of_theme() -> Statement:
    about = exists().where(ProjectTheme.project_id == Project.id, ProjectTheme.theme == bindparam("value"))
    found = _last_changed(about, Council.region)
    return Statement(select(found.c.region).distinct())


def _themes_in_place(column: Any) -> Statement:
    found = _last_changed(column == bindparam("value"), Project.id)
    themes = select(ProjectTheme.theme).join(found, found.c.id == ProjectTheme.project_id)
    return Statement(themes.distinct())


_REGIONS = _regions_of_theme()
_THEMES = {"nation": _themes_in_place(Council.nation), "region": _themes_in_place(Council.region)}


def regions_with(reading: Reading, theme: str) -> set[str]:
    """The regions in which something about a theme is open."""
    return {row[0] for row in _REGIONS.rows(reading.session, value=theme, most=LOOKED_AT)}


def themes_in(reading: Reading, by: str, place: str) -> set[str]:
    """The themes about which something is open in a place. `by` is "nation" or "region"."""
    return {row[0] for row in _THEMES[by].rows(reading.session, value=place, most=LOOKED_AT)}
