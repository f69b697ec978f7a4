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
