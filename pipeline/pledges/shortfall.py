"""The go-ahead test: what an all-or-nothing project still lacks before it may go ahead. Pure.

The test looks at agreed pledges only: accepted ones whose conditions hold among the accepted. It passes when every
essential need is met by them and at least so many councils besides the lead council are among them. What the lead
council itself pledges fills needs and is never one of those councils.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TestedNeed:
    """A need as the test sees it: `target` and `agreed` in the unit of its kind."""

    id: UUID
    target: int
    agreed: int
    is_essential: bool
    is_dropped: bool = False

    @property
    def missing(self) -> int:
        """What an essential need still lacks; 0 for one the test does not look at."""
        return max(self.target - self.agreed, 0) if self.is_essential and not self.is_dropped else 0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is missing: of each essential need, and how many councils."""

    needs: tuple[TestedNeed, ...]
    councils: int
    has_test: bool = True
    """Whether there is anything to test: an essential need, or a number of councils. Without it nothing passes."""

    @property
    def is_none(self) -> bool:
        """Whether the test passes."""
        return self.has_test and not self.needs and self.councils <= 0


def shortfall(needs: Iterable[TestedNeed], *, least_councils: int, agreed_councils: int) -> Shortfall:
    """What the test lacks. `agreed_councils` are those besides the lead council with an agreed pledge, other bodies
    left out."""
    looked_at = tuple(need for need in needs if need.is_essential and not need.is_dropped)
    missing = tuple(need for need in looked_at if need.missing)
    return Shortfall(missing, max(least_councils - agreed_councils, 0), bool(looked_at) or least_councils > 0)
