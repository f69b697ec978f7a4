"""Rules of spare capacity: what can be listed. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pipeline.kernel.errors import Problem, refuse_if_any, shorter
from pipeline.kernel.words import Words, _
from pipeline.projects.rules import LONGEST_THING, MOST_OF, NeedKind
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE

MOST_NOTE = 500
MOST_LISTED = 20
"""How much of it one council lists at a time."""
LATEST_END = timedelta(days=2 * 366)
"""Nobody knows what is spare later than this."""


class SpareKind(StrEnum):
    """What can be spare. Money is not: a council that has some offers it."""

    TIME = "time"
    IN_KIND = "in_kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """What a council could give from one day to another: `amount` half-days of a profession, or so many of a thing."""

    kind: SpareKind
    amount: int
    from_on: date
    to_on: date
    profession: str | None = None
    thing: str | None = None
    note: str = ""


def check_spare(spare: Spare, today: date) -> None:
    """What is listed is of a known profession or a named thing, of at least one, and not past. Raises RuleBroken."""
    found = [*_what_problems(spare), *_when_problems(spare, today)]
    if len(spare.note) > MOST_NOTE:
        found.append(Problem("spare_capacity.note_too_long", shorter(len(spare.note) - MOST_NOTE), "note"))
    refuse_if_any(found)


def _what_problems(spare: Spare) -> list[Problem]:
    found = []
    if spare.kind is SpareKind.TIME and spare.profession not in PROFESSION_BY_VALUE:
        words = Words(_("Choose a profession from the list"))
        found.append(Problem("spare_capacity.profession_missing", words, "profession"))
    if spare.kind is SpareKind.IN_KIND and not spare.thing:
        found.append(Problem("spare_capacity.thing_missing", Words(_("Say what you could give")), "thing"))
    if spare.thing and len(spare.thing) > LONGEST_THING:
        found.append(Problem("spare_capacity.thing_too_long", shorter(len(spare.thing) - LONGEST_THING), "thing"))
    if not 1 <= spare.amount <= MOST_OF[NeedKind(spare.kind.value)]:
        words = Words(_("Say how much you could give: at least half a day, or one"))
        found.append(Problem("spare_capacity.out_of_range", words, "amount"))
    return found


def _when_problems(spare: Spare, today: date) -> list[Problem]:
    if spare.to_on < spare.from_on:
        words = Words(_("The last day must not be before the first"))
        return [Problem("spare_capacity.out_of_range", words, "to_on")]
    if spare.to_on < today:
        return [Problem("spare_capacity.out_of_range", Words(_("The last day must not be past")), "to_on")]
    if spare.to_on > today + LATEST_END:
        words = Words(_("List what is spare within the next two years"))
        return [Problem("spare_capacity.out_of_range", words, "to_on")]
    return []
