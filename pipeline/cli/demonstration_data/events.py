"""What is recorded of the demonstration itself."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationLoaded(Event):
    """The operator filled a demonstration with made-up people and work, to the end. It is not filled again."""

    name: ClassVar[str] = "demonstration.loaded"
    subject_type: ClassVar[str] = "demonstration"
    subject_field: ClassVar[str] = "run_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    run_id: UUID
