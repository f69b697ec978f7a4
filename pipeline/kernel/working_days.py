"""Working days of each nation: not weekends, not its bank holidays (from the library `holidays`)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

SUBDIVISIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}


@lru_cache(maxsize=8)
def bank_holidays(nation: str) -> holidays.HolidayBase:
    """The bank holidays of a nation; England's where the nation is not known."""
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS.get(nation, "ENG"))


def is_working_day(day: date, nation: str) -> bool:
    """Whether people of a council in that nation can be expected at work."""
    return day.weekday() < 5 and day not in bank_holidays(nation)


def after_working_days(start: date, number: int, nation: str) -> date:
    """The date `number` working days after `start`, which itself does not count."""
    day, left = start, number
    while left > 0:
        day += timedelta(days=1)
        if is_working_day(day, nation):
            left -= 1
    return day


def before_working_days(end: date, number: int, nation: str) -> date:
    """The date `number` working days before `end`, which itself does not count."""
    day, left = end, number
    while left > 0:
        day -= timedelta(days=1)
        if is_working_day(day, nation):
            left -= 1
    return day


def first_working_day(day: date, nation: str) -> date:
    """The day itself where it is a working day, otherwise the next that is."""
    return day if is_working_day(day, nation) else after_working_days(day, 1, nation)


def working_days_after(start: date, end: date, nation: str) -> int:
    """How many working days come after `start`, up to and including `end`; 0 where `end` is not after it."""
    return sum(is_working_day(start + timedelta(days=n), nation) for n in range(1, (end - start).days + 1))
