"""What happens to signposts. A council's own are told to the council, those of a nation to those who run Pipeline."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignpostAdded(Event):
    """A signpost was put up: for a nation, or for one council, with a sum in pence or half-days or none."""

    name: ClassVar[str] = "signpost.added"
    subject_type: ClassVar[str] = "signpost"
    subject_field: ClassVar[str] = "signpost_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    signpost_id: UUID
    nation: str | None
    about: str
    pence: int | None
    half_days: int | None
    first_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignpostChanged(Event):
    """A signpost was put right. `changes` gives old and new values; of its texts only that they changed."""

    name: ClassVar[str] = "signpost.changed"
    subject_type: ClassVar[str] = "signpost"
    subject_field: ClassVar[str] = "signpost_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    signpost_id: UUID
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignpostEnded(Event):
    """A signpost is no longer shown. It is kept, with its dates."""

    name: ClassVar[str] = "signpost.ended"
    subject_type: ClassVar[str] = "signpost"
    subject_field: ClassVar[str] = "signpost_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    signpost_id: UUID
