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
    """How a thing may be written where a need asks for it: one or several of it, each as it is, in small letters, or
    with a capital first."""
    things = numbers(spare.thing or "")
    return tuple(
        sorted({way for thing in things for way in (thing, thing.lower(), thing[:1].upper() + thing[1:].lower())})
    )


HISSING = ("s", "x", "z", "ch", "sh")
VOWELS = "aeiou"


def numbers(thing: str) -> set[str]:
    """A thing as one would write one of it, and several: "meeting room" and "meeting rooms", "laundry" and "laundries".
    Whichever of them is given, the others are among what comes of it."""
    found = {thing}
    if thing.endswith(HISSING):
        found.add(f"{thing}es")
    if thing and not thing.endswith("s"):
        found.add(f"{thing}s")
    if _ends_in_consonant(thing[:-1]) and thing.endswith("y"):
        found.add(f"{thing[:-1]}ies")
    if thing.endswith("s") and len(thing) > 1 and not thing.endswith("ss"):
        found.add(thing[:-1])
    if thing.endswith("es") and thing[:-2].endswith(HISSING):
        found.add(thing[:-2])
    if thing.endswith("ies") and _ends_in_consonant(thing[:-3]):
        found.add(f"{thing[:-3]}y")
    return found


def _ends_in_consonant(stem: str) -> bool:
    return stem[-1:].isalpha() and stem[-1].lower() not in VOWELS
