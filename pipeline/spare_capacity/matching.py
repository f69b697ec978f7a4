"""Which needs spare capacity fits. Pure; `queries.py` asks the database the same, and a test compares the two."""

from dataclasses import dataclass
from datetime import date

from pipeline.spare_capacity.rules import Spare, SpareKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A need as matching sees it: what it asks for, of whom, and since when help could begin.

    `room` is None where it takes any amount. `decides_on` is set while its project waits for a decision: help begins
    after it. `is_taking` says that the need and its project take pledges.
    """

    council: str
    kind: str
    is_taking: bool
    profession: str | None = None
    thing: str | None = None
    room: int | None = None
    decides_on: date | None = None


def fits(spare: Spare, council: str, need: Wanted, today: date) -> bool:
    """Whether a council's spare capacity could go to a need: another council's, which takes pledges and has room, for
    the same profession or thing, and the capacity is there when help could begin."""
    if need.council == council or not need.is_taking or need.kind != spare.kind.value:
        return False
    if need.room is not None and need.room < 1:
        return False
    is_same = need.profession == spare.profession if spare.kind is SpareKind.TIME else need.thing in spellings(spare)
    return is_same and spare.to_on >= max(today, need.decides_on or today)


def spellings(spare: Spare) -> tuple[str, ...]:
    """How a thing may be written where a need asks for it: as it is, in small letters, or with a capital first."""
    thing = spare.thing or ""
    return tuple(sorted({thing, thing.lower(), thing[:1].upper() + thing[1:].lower()}))
