"""What a portfolio can be narrowed to, and what its projects come to: pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

UNKNOWN = "unknown"
"""The phase of projects of which none is known, in an address."""
NO_THEME = ""
"""What entries and counts of projects whatever their themes are kept under."""
DAYS_AHEAD = 30
"""What is decided or reviewed within so many days is due."""


class Measured(StrEnum):
    """What a portfolio can be narrowed to by what its projects measure."""

    YES = "yes"
    """Something is measured."""
    LATE = "late"
    """The day of a target has passed, and it is not met."""


class PortfolioRole(StrEnum):
    """Whether a council leads a project or takes part in it."""

    LEADS = "leads"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFilters:
    """What a portfolio is narrowed to; None means any. `is_due` asks for what is decided soon."""

    role: str | None = None
    phase: str | None = None
    status: str | None = None
    theme: str | None = None
    measures: str | None = None
    is_due: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether the kept counts answer it."""
        return self.measures is None and not self.is_due


@dataclass(frozen=True, slots=True)
class Sums:
    """How many projects, and what they were pledged, committed and delivered. Days and pounds are never summed."""

    projects: int = 0
    pledged_half_days: int = 0
    pledged_pence: int = 0
    committed_half_days: int = 0
    committed_pence: int = 0
    delivered_half_days: int = 0
    delivered_pence: int = 0

    def plus(self, other: "Sums", sign: int = 1) -> "Sums":
        """Both together; with a `sign` of -1 without the other."""
        return Sums(*(getattr(self, one.name) + sign * getattr(other, one.name) for one in fields(self)))


SUMS = tuple(one.name for one in fields(Sums))
AMOUNTS = SUMS[1:]


@dataclass(frozen=True, slots=True)
class Cell:
    """A council's projects in a role, phase and status. `phase` is empty where it is not known."""

    role: str
    phase: str
    status: str
    sums: Sums

    def matches(self, filters: PortfolioFilters) -> bool:
        """Whether the filters the counts know of let it through."""
        phase = "" if filters.phase == UNKNOWN else filters.phase
        wanted = ((filters.role, self.role), (phase, self.phase), (filters.status, self.status))
        return all(asked is None or asked == here for asked, here in wanted)


def is_late(target_due_on: date | None, today: date) -> bool:
    """Whether the day of a target has passed that is not met."""
    return target_due_on is not None and target_due_on < today


def together(cells: Iterable[Cell]) -> Sums:
    """What some cells come to."""
    total = Sums()
    for cell in cells:
        total = total.plus(cell.sums)
    return total
