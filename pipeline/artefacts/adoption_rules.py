"""Rules of adopting: what a council records, how far behind it is, and which document a copy may come from. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.artefacts.rules import LONGEST_APPROVER, LONGEST_CHANGE_NOTE, YEARS_TO_REVIEW
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _, day_words

LONGEST_NOTE = LONGEST_CHANGE_NOTE
LONGEST_END_REASON = LONGEST_CHANGE_NOTE


@dataclass(frozen=True, slots=True)
class AdoptionDetails:
    """What a council records of its adoption: when it looks at it again, a note, and who approved it and when."""

    review_on: date | None = None
    note: str = ""
    approved_by: str = ""
    approved_on: date | None = None


def check_adoption(details: AdoptionDetails, today: date, *, before: AdoptionDetails | None = None) -> None:
    """The texts fit, a review date lies ahead, an approval behind, and names who gave it.

    A review date that was there `before` may have passed. Raises RuleBroken with every problem (adoption.*).
    """
    problems = [
        *length_problems("adoption", "note", details.note, LONGEST_NOTE),
        *length_problems("adoption", "approved_by", details.approved_by, LONGEST_APPROVER),
    ]
    last = date(today.year + YEARS_TO_REVIEW, 12, 31)
    is_new = before is None or details.review_on != before.review_on
    if details.review_on is not None and is_new and not today <= details.review_on <= last:
        words = Words(_("Give a review date from today to {last}"), last=day_words(last))
        problems.append(Problem("adoption.review_out_of_range", words, "review_on"))
    if details.approved_on is not None and details.approved_on > today:
        words = Words(_("Give the day it was approved: today or earlier"))
        problems.append(Problem("adoption.approved_later", words, "approved_on"))
    if details.approved_on is not None and not details.approved_by:
        words = Words(_("Say who approved it, for example the cabinet or a head of service"))
        problems.append(Problem("adoption.approver_missing", words, "approved_by"))
    refuse_if_any(problems)


def check_end_reason(reason: str) -> None:
    """Why a council uses a document no longer may be left out, and fits. Raises RuleBroken (adoption.*)."""
    refuse_if_any(length_problems("adoption", "reason", reason, LONGEST_END_REASON))


def behind(live_numbers: Sequence[int], number: int) -> int:
    """How many versions came after version `number`; `live_numbers` rise, without those withdrawn or removed."""
    return len(live_numbers) - bisect_right(live_numbers, number)


def licences_allowed(adapted_under: Iterable[Iterable[str]]) -> frozenset[str]:
    """The licences a copy may carry: those that every source allows. None where there is no source."""
    sets = [frozenset(one) for one in adapted_under]
    return frozenset.intersection(*sets) if sets else frozenset()


def comes_from(document_id: UUID, ancestor_id: UUID, upstream_of: Mapping[UUID, UUID | None]) -> bool:
    """Whether a document is another, or descends from it. `upstream_of` maps the documents of a lineage."""
    seen: set[UUID] = set()
    at: UUID | None = document_id
    while at is not None and at not in seen:
        if at == ancestor_id:
            return True
        seen.add(at)
        at = upstream_of.get(at)
    return False


def generations(upstream_of: Mapping[UUID, UUID | None]) -> dict[UUID, int]:
    """How many documents stand between each and the first of its line: 0 for one that comes from none that is known."""
    found: dict[UUID, int] = {}
    for start in upstream_of:
        line: list[UUID] = []
        at: UUID | None = start
        while at is not None and at in upstream_of and at not in found and at not in line:
            line.append(at)
            at = upstream_of[at]
        height = found[at] if at is not None and at in found else -1
        for place, one in enumerate(reversed(line), start=1):
            found[one] = height + place
    return found
