"""What there is around a theme or in a place, for its page: the open projects that decide next, and the newest.
Bounded: the list of projects goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.db.work import Reading
from pipeline.projects import listing
from pipeline.projects.freshness import Freshness
from pipeline.projects.listing import ProjectRow
from pipeline.projects.rules import ProjectStatus
from pipeline.search.queries import PROJECTS

CLOSING, NEWEST = 3, 6
"""Projects on the page: those that decide next, and the newest of the others."""


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
