"""Past-tense facts. Each subject declares its own as frozen dataclasses; the event log keeps them for ever.

Payloads hold ids, amounts, dates and words of a vocabulary. Never free text, names or addresses: the log outlives
people.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar
from uuid import UUID


class Audience(StrEnum):
    """Who may read an event, fixed when it is written, from the widest to the narrowest."""

    PUBLIC = "public"
    PROJECT = "project"
    COUNCIL = "council"
    OFFICER = "officer"
    OPERATORS = "operators"


WIDTH = {audience: place for place, audience in enumerate(Audience)}


def narrower(one: Audience, other: Audience) -> Audience:
    """The narrower of two audiences."""
    return one if WIDTH[one] >= WIDTH[other] else other


CATALOGUE: dict[str, type["Event"]] = {}
"""Every event there is, by name. docs/events.md is generated from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The parent of every event.

    A subclass names itself (`name`), its `version`, the `subject_type` and the field that holds the subject's id.
    `audience` is the widest it is ever shown to; recording may narrow it. `changes_public` says whether something the
    public reads changes with it, even where the event itself is not public (an offer changes the room left).
    `takes_away` says whether something the public could read is gone with it: copies made before are given out no more.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    subject_type: ClassVar[str] = ""
    subject_field: ClassVar[str] = ""
    audience: ClassVar[Audience] = Audience.PUBLIC
    changes_public: ClassVar[bool] = True
    takes_away: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        # A dataclass with slots is created twice, the second time over the first: the later class is the one to keep.
        if cls.name:
            CATALOGUE[cls.name] = cls

    @property
    def subject_id(self) -> UUID:
        value: UUID = getattr(self, self.subject_field)
        return value

    def payload(self) -> dict[str, Any]:
        """The event's own fields as JSON values."""
        return {field.name: as_json(getattr(self, field.name)) for field in fields(self)}


def as_json(value: Any) -> Any:
    """Turn a value of an event into what JSON can hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | frozenset | set):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value
