"""What happens to reports. Only those who run the platform read these: nobody is told who reported what.

That something was hidden or brought back is an event of its own subject (`….removed`, `….restored`).
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEvent(Event):
    """The parent of what happens to a report. `about_type` and `about_id` say of what."""

    subject_type: ClassVar[str] = "report"
    subject_field: ClassVar[str] = "report_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False

    report_id: UUID
    about_type: str
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(ReportEvent):
    """Somebody reported something public; `ground` is what they chose from the list. Coordinators look at it."""

    name: ClassVar[str] = "report.made"

    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettled(ReportEvent):
    """A coordinator looked at a report: what it was about is hidden, or left as it is. `for_officer_id` is the officer
    who reported it and wants to know."""

    name: ClassVar[str] = "report.settled"

    outcome: str
    for_officer_id: UUID | None
