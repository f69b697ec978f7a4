"""The clock of an answer that a project's leads owe: when it starts, when it is due, who is told when it is late.

Pure: moments are given, working days are those of the lead council's nation (rules.md 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil
from statistics import median

from pipeline.kernel.clock import UK, uk_date
from pipeline.kernel.working_days import after_working_days, first_working_day, working_days_after
from pipeline.projects.taking_part import Answerable

CLOSES_AT = time(17)
"""What arrives later than this, UK time, counts as having arrived on the next working day."""

DAYS_TO_ANSWER = 3
DAY_OF_NUDGE = 4
DAY_ON_THE_DESK = 5
"""Working days after the one the clock counts from: the answer is due, the leads are nudged, a coordinator sees it."""

DAYS_TO_ANSWER_OTHERS = {Answerable.SUGGESTION: 10}
"""What takes longer to think about; nudge and desk follow a day after each other, as above."""

MOST_ANSWERS = 20
FEWEST_ANSWERS = 3
MONTHS_LOOKED_BACK = 12
"""*Usually answers in N working days* looks at so many first answers, within so many months; of fewer it is silent."""


@dataclass(frozen=True, slots=True)
class AnswerDates:
    """The dates of one answer that is owed. It is due at the end of `due_on`."""

    counts_from_on: date
    due_on: date
    nudge_on: date
    desk_on: date


def counts_from(arrived_at: datetime, nation: str) -> date:
    """The working day something counts as having arrived on: the same day until 17:00 UK time, otherwise the next."""
    local = arrived_at.astimezone(UK)
    is_too_late = local.time() > CLOSES_AT
    return after_working_days(local.date(), 1, nation) if is_too_late else first_working_day(local.date(), nation)


def answer_dates(arrived_at: datetime, nation: str, about: Answerable = Answerable.PLEDGE) -> AnswerDates:
    """When an answer is due: at the end of the third working day after the one it counts from, or of the tenth for what
    takes longer to think about."""
    start = counts_from(arrived_at, nation)
    longer = DAYS_TO_ANSWER_OTHERS.get(about, DAYS_TO_ANSWER) - DAYS_TO_ANSWER
    days = (DAYS_TO_ANSWER + longer, DAY_OF_NUDGE + longer, DAY_ON_THE_DESK + longer)
    due, nudge, desk = (after_working_days(start, n, nation) for n in days)
    return AnswerDates(start, due, nudge, desk)


def days_taken(counts_from_on: date, answered_at: datetime, nation: str) -> int:
    """How many working days an answer took, or has been owed for; 0 on the day itself."""
    return working_days_after(counts_from_on, uk_date(answered_at), nation)


def usual_days(answered: Sequence[int], late: Sequence[int]) -> int | None:
    """In how many working days leads usually answer: the median, rounded up, or None where there is too little to say.

    `answered` are the days the first answers of the last twelve months took, the latest first; `late` the present ages,
    in working days, of what should have been answered by now and is not. The latest twenty of both count, and what is
    owed still is the latest of all.
    """
    looked_at = [*late, *answered][:MOST_ANSWERS]
    return ceil(median(looked_at)) if len(looked_at) >= FEWEST_ANSWERS else None
