"""What was given of a pledge, what of it counts, and what is still to come. Pure arithmetic.

Of what a committed pledge promised, always: promised = delivered + broken + released + still to come. What is delivered
beyond the promise is *more*: it counts as delivered and takes no room. Amounts are in the unit of the pledge's kind.

An entry counts once the other side agreed, at the lower figure once the other side disputed it, and, marked *not yet
agreed*, once nobody answered it in time; before that it waits. A wrong entry is corrected by another, which takes its
place when it counts itself. (Until then a council that has agreed to a figure cannot lose it to one nobody has seen.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from pipeline.kernel.errors import Conflict, Problem, RuleBroken, refuse_if_any
from pipeline.kernel.words import Words, _
from pipeline.pledges.rules import MOST_AMOUNT, PledgeStatus
from pipeline.projects.rules import UNITS, NeedKind


class Side(StrEnum):
    """Who recorded a delivery: the pledging council, or a lead of the project. The other side answers."""

    COUNCIL = "council"
    LEAD = "lead"


class Answer(StrEnum):
    """What the other side said of a delivery."""

    AGREED = "agreed"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recorded delivery. `disputed_amount` is the other side's lower figure; `is_overdue` says that nobody answered
    in time; `corrects_id` names the entry this one corrects: each is corrected once at most."""

    id: UUID
    amount: int
    answer: Answer | None = None
    disputed_amount: int | None = None
    is_overdue: bool = False
    corrects_id: UUID | None = None

    @property
    def worth(self) -> int | None:
        """What it counts for by itself; None while it waits for an answer."""
        if self.answer is Answer.DISPUTED and self.disputed_amount is not None:
            return min(self.amount, self.disputed_amount)
        return self.amount if self.answer is Answer.AGREED or self.is_overdue else None


def counted(entries: Iterable[Entry]) -> dict[UUID, int]:
    """What each entry adds to what is delivered: of an entry and its corrections, the last that counts does."""
    found: dict[UUID, int] = {}
    for chain in _chains(entries):
        last = next((one for one in reversed(chain) if one.worth is not None), None)
        found |= {one.id: one.worth or 0 if one is last else 0 for one in chain}
    return found


def waiting(entries: Iterable[Entry]) -> int:
    """What may still be added to what is delivered, if every entry that waits for an answer is agreed."""
    entries = tuple(entries)
    counts = counted(entries)
    return sum(
        max(chain[-1].amount - sum(counts[one.id] for one in chain), 0)
        for chain in _chains(entries)
        if chain[-1].worth is None
    )


def _chains(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Each entry with those that correct it, one after the other."""
    entries = tuple(entries)
    corrections: Mapping[UUID, Entry] = {one.corrects_id: one for one in entries if one.corrects_id is not None}
    chains = []
    for first in entries:
        if first.corrects_id is None:
            chain = [first]
            while (following := corrections.get(chain[-1].id)) is not None:
                chain.append(following)
            chains.append(chain)
    return chains


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where a committed pledge stands. `waiting` is recorded and not yet answered: part of what is still to come."""

    promised: int
    delivered: int = 0
    broken: int = 0
    released: int = 0
    waiting: int = 0

    @property
    def bound(self) -> int:
        """What of the promise still binds: less what was broken or released."""
        return self.promised - self.broken - self.released

    @property
    def delivered_of_promise(self) -> int:
        """What was delivered, as far as it was promised."""
        return min(self.delivered, self.bound)

    @property
    def more(self) -> int:
        """What was delivered beyond the promise."""
        return self.delivered - self.delivered_of_promise

    @property
    def to_come(self) -> int:
        """What is promised and not delivered, nor broken or released."""
        return self.bound - self.delivered_of_promise

    @property
    def left(self) -> int:
        """What can be broken or released: still to come, and not recorded either."""
        return max(self.to_come - self.waiting, 0)


ENDS = frozenset({PledgeStatus.BROKEN, PledgeStatus.RELEASED})


def settled(status: PledgeStatus, ledger: Ledger) -> tuple[PledgeStatus, Ledger]:
    """Where a pledge stands once what was delivered has changed, and what of it is broken or released.

    It is delivered when nothing is still to come. Of one that was broken or released whatever is left is so too; one of
    which everything turned out to be delivered is neither. What was broken or released never becomes less: others may
    have taken its room.
    """
    if status is PledgeStatus.BROKEN:
        ledger = replace(ledger, broken=ledger.broken + ledger.left)
    if status is PledgeStatus.RELEASED:
        ledger = replace(ledger, released=ledger.released + ledger.left)
    if ledger.to_come == 0 and (status not in ENDS or ledger.bound == ledger.promised):
        return PledgeStatus.DELIVERED, ledger
    return (status if status in ENDS else PledgeStatus.COMMITTED), ledger


ANSWER_WITHIN = 20
"""Working days, of the nation of whoever is to answer, after which a delivery nobody answered counts, and what is left
of a pledge that a lead said has not come is broken."""
MOST_NOTE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody records: how much, in the unit of the pledge's kind, on which day, and a note for the two sides."""

    amount: int
    delivered_on: date
    note: str = ""


def check_delivery(given: Given, kind: NeedKind, *, offered_on: date, today: date, is_correction: bool = False) -> None:
    """A delivery is of something, on a day between the offer and today; a correction may say that it was nothing.

    Raises RuleBroken with every problem (delivery.amount, delivery.day_in_future, delivery.day_too_early,
    delivery.note_too_long).
    """
    problems = []
    if not (0 if is_correction else 1) <= given.amount <= MOST_AMOUNT[kind]:
        words = Words(_("Say how much was delivered: it must be more than nothing."))
        problems.append(Problem("delivery.amount", words, UNITS[kind]))
    if given.delivered_on > today:
        words = Words(_("The day must be today or earlier: only what was given is recorded."))
        problems.append(Problem("delivery.day_in_future", words, "delivered_on"))
    elif given.delivered_on < offered_on:
        words = Words(_("The day must not be before the pledge was offered."))
        problems.append(Problem("delivery.day_too_early", words, "delivered_on"))
    refuse_if_any([*problems, *_note_problems(given.note)])


def check_dispute(amount: int, note: str, entry: Entry, kind: NeedKind) -> None:
    """Whoever disputes a delivery gives the lower figure. Raises RuleBroken (delivery.not_lower,
    delivery.note_too_long)."""
    problems = []
    if not 0 <= amount < entry.amount:
        words = Words(_("Say how much you think was delivered: it must be less than what was recorded."))
        problems.append(Problem("delivery.not_lower", words, UNITS[kind]))
    refuse_if_any([*problems, *_note_problems(note)])


def check_note(note: str) -> None:
    """A note is short. Raises RuleBroken (delivery.note_too_long)."""
    refuse_if_any(_note_problems(note))


def check_answer(answer: str) -> None:
    """Who answers that a pledge has not come says what became of it. Raises RuleBroken (delivery.answer_missing,
    delivery.note_too_long)."""
    if not answer:
        words = Words(_("Say what became of the pledge, and when it will come."))
        raise RuleBroken(Problem("delivery.answer_missing", words, "answer"))
    check_note(answer)


def _note_problems(note: str) -> list[Problem]:
    if len(note) <= MOST_NOTE:
        return []
    words = Words(_("The note must be {most} characters or fewer."), most=MOST_NOTE)
    return [Problem("delivery.note_too_long", words, "note")]


def check_can_answer(entry: Entry, answer: Answer, *, is_corrected: bool) -> None:
    """An entry is answered once; one that was disputed may still be agreed. A corrected one is answered no more: its
    correction is. Raises Conflict (delivery.corrected, delivery.answered)."""
    if is_corrected:
        words = Words(_("This delivery was corrected by a later entry. Answer that one."))
        raise Conflict("delivery.corrected", words)
    if entry.answer is Answer.AGREED or entry.answer is answer:
        words = Words(_("This delivery was answered already. A wrong one is corrected by whoever recorded it."))
        raise Conflict("delivery.answered", words, ("agree",) if entry.answer is Answer.DISPUTED else ())


def check_can_correct(*, is_corrected: bool) -> None:
    """An entry is corrected once; then its correction may be. Raises Conflict (delivery.corrected)."""
    if is_corrected:
        raise Conflict("delivery.corrected", Words(_("This delivery was corrected already. Correct the later entry.")))


def check_something_left(ledger: Ledger) -> None:
    """What is recorded and not yet answered is neither broken nor released. Raises Conflict (delivery.waits)."""
    if ledger.left == 0:
        words = Words(_("All that is left was recorded as delivered and waits for an answer. Answer it first."))
        raise Conflict("delivery.waits", words)
