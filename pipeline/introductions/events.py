"""What happens to introductions: for those who run Pipeline; the two councils are written to."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionMade(Event):
    """A coordinator wrote to two councils about each other, about a need where there is one."""

    name: ClassVar[str] = "introduction.made"
    subject_type: ClassVar[str] = "introduction"
    subject_field: ClassVar[str] = "introduction_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    introduction_id: UUID
    of_council_id: UUID
    other_council_id: UUID
    need_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionFollowedUp(Event):
    """A coordinator said what came of an introduction."""

    name: ClassVar[str] = "introduction.followed_up"
    subject_type: ClassVar[str] = "introduction"
    subject_field: ClassVar[str] = "introduction_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    introduction_id: UUID
    outcome: str
