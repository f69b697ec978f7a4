"""What happens to a committed pledge when another council leads its project."""

from dataclasses import dataclass
from typing import ClassVar

from pipeline.pledges.events import PledgeEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeCarriedOver(PledgeEvent):
    """A council said that its committed pledge holds under the council that leads the project now."""

    name: ClassVar[str] = "pledge.carried_over"
