"""How an officer wants to be told: for each kind of news at once, once a day, once a week or not at all, and at which
hours not. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pipeline.kernel.clock import UK, uk_date
from pipeline.kernel.working_days import first_working_day, is_working_day


class Sort(StrEnum):
    """The kinds of news an officer chooses for."""

    WAITING = "waiting"
    PART = "part"
    DOCUMENTS = "documents"
    COUNCIL = "council"
    FOLLOWING = "following"


class How(StrEnum):
    """How soon an e-mail tells of something. On the page of notices all of it stands at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


USUAL: dict[Sort, How] = {
    Sort.WAITING: How.AT_ONCE,
    Sort.PART: How.AT_ONCE,
    Sort.DOCUMENTS: How.AT_ONCE,
    Sort.COUNCIL: How.AT_ONCE,
    Sort.FOLLOWING: How.WEEKLY,
}
"""What holds for an officer who has chosen nothing."""

DIGEST_AT = time(8)
"""When digests are made, UK time."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of the day, UK time, in which no e-mail of news is sent. The same hour twice is no hours at all."""

    first: int
    last: int

    def ends_after(self, moment: datetime) -> datetime | None:
        """When the quiet hours that hold at a moment end; None where none hold."""
        local = moment.astimezone(UK)
        if not self._holds_at(local.hour):
            return None
        day = local.date() if local.hour < self.last else local.date() + timedelta(days=1)
        return datetime.combine(day, time(self.last), UK).astimezone(moment.tzinfo)

    def _holds_at(self, hour: int) -> bool:
        if self.first <= self.last:
            return self.first <= hour < self.last
        return hour >= self.first or hour < self.last


NO_QUIET_HOURS = QuietHours(0, 0)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one officer chose. `quiet` is None where they keep to the platform's hours."""

    how: dict[Sort, How] = field(default_factory=lambda: dict(USUAL))
    quiet: QuietHours | None = None


def digest_due_at(day: date) -> datetime:
    """The moment of a day at which its digests are made."""
    return datetime.combine(day, DIGEST_AT, UK)


def is_digest_day(day: date, nation: str) -> bool:
    """Whether digests are made on a day for officers of councils in a nation: on its working days."""
    return is_working_day(day, nation)


def news_until(now: datetime, nation: str) -> dict[How, datetime] | None:
    """Up to which moment the digest that is due now tells of news of each kind; None where none is due.

    What is told daily comes up to this morning; what is told weekly up to the morning of the first working day of this
    week, so that it comes on that day, or on the next on which the platform runs.
    """
    today = uk_date(now)
    if not is_digest_day(today, nation) or now < digest_due_at(today):
        return None
    first = first_working_day(today - timedelta(days=today.weekday()), nation)
    return {How.DAILY: digest_due_at(today), How.WEEKLY: digest_due_at(min(first, today))}
