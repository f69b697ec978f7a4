"""Events that only tests record, so that the log can be tried without any subject's actions."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingHappened(Event):
    """Something happened in a test, for everybody to read."""

    name: ClassVar[str] = "test.happened"
    subject_type: ClassVar[str] = "thing"
    subject_field: ClassVar[str] = "thing_id"

    thing_id: UUID
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingKeptQuiet(Event):
    """Something happened in a test that only operators may read, and that changes nothing the public sees."""

    name: ClassVar[str] = "test.kept_quiet"
    subject_type: ClassVar[str] = "thing"
    subject_field: ClassVar[str] = "thing_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    thing_id: UUID
    number: int = 0
