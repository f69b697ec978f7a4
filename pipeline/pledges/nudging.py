"""When whoever was asked to authorise an offer is reminded. Pure (rules.md 7)."""

from datetime import date

from pipeline.kernel.working_days import after_working_days, before_working_days

DAYS_AFTER_ASKING = (3, 8)
DAYS_BEFORE_THE_DATE = 2
"""Working days: so many after the asking, and so many before the sign-off date."""


def nudges(asked_on: date, sign_off_by: date, nation: str) -> tuple[date, ...]:
    """The days of all reminders of an offer, in order: those that come after the asking and not after its date."""
    days = {after_working_days(asked_on, number, nation) for number in DAYS_AFTER_ASKING}
    days.add(before_working_days(sign_off_by, DAYS_BEFORE_THE_DATE, nation))
    return tuple(sorted(day for day in days if asked_on < day <= sign_off_by))


def next_nudge(after: date, asked_on: date, sign_off_by: date, nation: str) -> date | None:
    """The first reminder that comes after a day, or None. Those that were missed meanwhile are not made up for."""
    return next((day for day in nudges(asked_on, sign_off_by, nation) if day > after), None)
