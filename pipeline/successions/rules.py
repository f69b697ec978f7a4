"""What becomes of what a council had when others follow it (rules.md 9). Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _

DAYS_TO_ASSIGN = 60
"""After the first day of several successors: pledges that are not committed and nobody assigned lapse then."""


class Thing(StrEnum):
    """What passes to a successor."""

    MEMBERSHIP = "membership"
    PROJECT = "project"
    PLEDGE = "pledge"
    ADOPTION = "adoption"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One thing, and the successor it is to belong to."""

    thing: Thing
    id: UUID
    council_id: UUID


def check_successor(council_id: UUID, successor_ids: frozenset[UUID]) -> None:
    """A thing passes to one of the councils that follow. Raises Conflict (succession.not_ended,
    succession.not_a_successor)."""
    if not successor_ids:
        raise Conflict("succession.not_ended", Words(_("No council has followed this one.")))
    if council_id not in successor_ids:
        words = Words(_("Choose one of the councils that follow this one."))
        raise Conflict("succession.not_a_successor", words, field="council")
