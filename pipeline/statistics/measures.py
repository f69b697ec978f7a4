"""What is counted, and when: the measures, and the months and financial years they are counted in. Pure.

A month is `2026-11`; a financial year, which begins on 1 April, is `2026`; all time is the empty word. Days are those
of the United Kingdom.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import product

ALL = ""
"""All time, all themes, all regions, all kinds of council."""


class Measure(StrEnum):
    """One figure. Days are half-days, money is pence; neither is added to the other, nor to what is given in kind."""

    PROJECTS = "projects"
    PLEDGES = "pledges"
    PLEDGED_HALF_DAYS = "pledged_half_days"
    PLEDGED_PENCE = "pledged_pence"
    COMMITTED_HALF_DAYS = "committed_half_days"
    COMMITTED_PENCE = "committed_pence"
    DELIVERED_HALF_DAYS = "delivered_half_days"
    DELIVERED_PENCE = "delivered_pence"
    ANSWERED_ON_TIME = "answered_on_time"
    ANSWERED_LATE = "answered_late"
    NOT_ANSWERED = "not_answered"
    ADOPTIONS = "adoptions"
    ADAPTED = "adapted"
    CURRENT = "current"
    BEHIND_ONE = "behind_one"
    BEHIND_MORE = "behind_more"
    COUNCILS = "councils"


SUMMED: tuple[Measure, ...] = tuple(one for one in Measure if one is not Measure.COUNCILS)
"""What adds up from project to project. A council counts once, however many projects it takes part in."""

PLACE = {measure: place for place, measure in enumerate(SUMMED)}


def month_of(day: date) -> str:
    """The month a day is counted in."""
    return f"{day:%Y-%m}"


def year_of(month: str) -> str:
    """The financial year a month lies in."""
    year, number = int(month[:4]), int(month[5:])
    return str(year if number >= 4 else year - 1)


def months_of(year: str) -> tuple[str, str]:
    """The first and the last month of a financial year."""
    return f"{year}-04", f"{int(year) + 1}-03"


def months_between(first: str, last: str) -> Iterator[str]:
    """Every month from the first to the last."""
    year, number = int(first[:4]), int(first[5:])
    while (month := f"{year:04d}-{number:02d}") <= last:
        yield month
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)


def periods_of(month: str) -> tuple[str, str, str]:
    """Where a figure of a month is counted: all time, its financial year, the month itself."""
    return ALL, year_of(month), month


def themes_of(themes: Iterable[str]) -> tuple[str, ...]:
    """Where a figure of a project is counted: all themes once, and each of its own."""
    return ALL, *themes


def places_of(region: str, kind: str) -> Iterator[tuple[str, str]]:
    """Where a figure of a council is counted: by region, by kind, by both and by neither."""
    return product((ALL, region), (ALL, kind))
