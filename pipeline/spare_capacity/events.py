"""What happens to spare capacity: told to the council that listed it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareCapacityListed(Event):
    """A council listed what it could give in a period: half-days of a profession, or a number of a thing."""

    name: ClassVar[str] = "spare_capacity.listed"
    subject_type: ClassVar[str] = "spare_capacity"
    subject_field: ClassVar[str] = "spare_capacity_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    spare_capacity_id: UUID
    kind: str
    profession: str | None
    amount: int
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareCapacityChanged(Event):
    """What a council could give was put right. `changes` gives old and new values; of its texts only that they
    changed."""

    name: ClassVar[str] = "spare_capacity.changed"
    subject_type: ClassVar[str] = "spare_capacity"
    subject_field: ClassVar[str] = "spare_capacity_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    spare_capacity_id: UUID
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareCapacityEnded(Event):
    """A council can no longer give what it listed, or has given it."""

    name: ClassVar[str] = "spare_capacity.ended"
    subject_type: ClassVar[str] = "spare_capacity"
    subject_field: ClassVar[str] = "spare_capacity_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    spare_capacity_id: UUID
