"""What happens to imports, told to the council they were made for. Each draft they make has its own events."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEvent(Event):
    """The parent of what happens to an import."""

    subject_type: ClassVar[str] = "import"
    subject_field: ClassVar[str] = "import_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    import_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChecked(ImportEvent):
    """A member brought a portfolio: so many lines would be added, are here already, or were refused."""

    name: ClassVar[str] = "import.checked"

    ready: int
    matched: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportConfirmed(ImportEvent):
    """Whoever brought it asked for it to be brought in: the worker makes a draft of each line that is ready."""

    name: ClassVar[str] = "import.confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSetAside(ImportEvent):
    """Whoever brought it does not want it, or not the rest of it; what was made of it stays."""

    name: ClassVar[str] = "import.set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(ImportEvent):
    """Every line was seen to: so many became drafts, were here already, or were refused."""

    name: ClassVar[str] = "import.finished"

    added: int
    matched: int
    refused: int
