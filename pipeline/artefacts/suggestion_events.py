"""What happens to suggestions: made, accepted, published, declined, withdrawn or overtaken, without their texts."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionEvent(Event):
    """The parent of what happens to a suggestion. `artefact_id` and `project_id` are the original's, `copy_id` the
    copy's whose changes are offered, by the council `for_council_id`."""

    subject_type: ClassVar[str] = "suggestion"
    subject_field: ClassVar[str] = "suggestion_id"

    suggestion_id: UUID
    artefact_id: UUID
    project_id: UUID
    copy_id: UUID
    for_council_id: UUID
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionMade(SuggestionEvent):
    """A council with an adapted copy offered changes to the original. The leads owe an answer."""

    name: ClassVar[str] = "suggestion.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionAccepted(SuggestionEvent):
    """The leads took a suggestion into a draft, as it was or edited."""

    name: ClassVar[str] = "suggestion.accepted"

    was_edited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReopened(SuggestionEvent):
    """The draft that had taken a suggestion was thrown away: it waits for an answer again."""

    name: ClassVar[str] = "suggestion.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionPublished(SuggestionEvent):
    """A version with the suggestion in it was published, and names the council."""

    name: ClassVar[str] = "suggestion.published"

    version_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDeclined(SuggestionEvent):
    """The leads declined a suggestion; the reason is read on its page."""

    name: ClassVar[str] = "suggestion.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionWithdrawn(SuggestionEvent):
    """The council that made a suggestion took it back."""

    name: ClassVar[str] = "suggestion.withdrawn"
    takes_away: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionOvertaken(SuggestionEvent):
    """A suggestion has nothing left to add: the change came another way, the version it was made against was removed,
    or the document is kept no longer."""

    name: ClassVar[str] = "suggestion.overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRemoved(SuggestionEvent):
    """A coordinator hid a suggestion. Those who made it, and those it was made to, read why."""

    name: ClassVar[str] = "suggestion.removed"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRestored(SuggestionEvent):
    """A coordinator brought a hidden suggestion back."""

    name: ClassVar[str] = "suggestion.restored"
