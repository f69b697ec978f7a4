"""What there is around a theme or in a place, for its page: the open projects that close soon, the newest, and what
goes ahead or was done lately. Bounded: the list of projects goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.db.work import Reading
from pipeline.projects import listing
from pipeline.projects.freshness import Freshness
from pipeline.projects.listing import ProjectRow
from pipeline.projects.rules import CLOSES_SOON, ProjectStatus
from pipeline.search.queries import PROJECTS

CLOSING, NEWEST, DONE = 3, 6, 3
"""Projects on the page: those that decide next, the newest of the others, and of each kind that is not open."""


@dataclass(frozen=True, slots=True)
class Around:
    """Projects for the page of a theme or place, and the needs of each by its id."""

    closing_soon: list[ProjectRow]
    newest: list[ProjectRow]
    done: list[ProjectRow]
    needs: dict[Any, list[Any]]


def projects_around(reading: Reading, filters: Mapping[str, str], today: date) -> Around:
    """The projects that a filter of the list of projects finds: those that decide next, then the newest that are open,
    none twice; then those that go ahead and those that finished, the latest first."""
    session, asked = reading.session, {**filters, "status": ProjectStatus.OPEN.value}
    bound: dict[str, Any] = {"limit": 2 * CLOSING + NEWEST}
    deciding = PROJECTS.page(session, asked, order="decision_on", descending=False, **bound).rows
    closing = [row for row in map(ProjectRow._make, deciding) if _closes_soon(row, today)][:CLOSING]
    shown = {row.id for row in closing}
    found = PROJECTS.page(session, asked, order="created_at", descending=True, **bound).rows
    newest = [row for row in map(ProjectRow._make, found) if row.id not in shown][:NEWEST]
    done = []
    for status in (ProjectStatus.GOING_AHEAD, ProjectStatus.FINISHED):
        of_status = {**filters, "status": status.value}
        ended = PROJECTS.page(session, of_status, order="updated_at", descending=True, limit=DONE).rows
        done += [ProjectRow._make(row) for row in ended]
    needs = listing.needs_of(session, [row.id for row in (*closing, *newest, *done)])
    return Around(closing, newest, done, needs)


def _closes_soon(row: ProjectRow, today: date) -> bool:
    on = row.decision_on
    if on is None or row.freshness == Freshness.LOOKING_FOR_LEAD:
        return False
    return today <= (on if isinstance(on, date) else date.fromisoformat(on)) <= today + CLOSES_SOON
