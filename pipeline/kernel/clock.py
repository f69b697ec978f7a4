"""Time: aware UTC within, UK time on screen. A date ends at midnight UK time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")

_moved: list[timedelta] = []


def now() -> datetime:
    """The present moment, aware UTC."""
    moment = datetime.now(UTC)
    return moment + _moved[-1] if _moved else moment


def today() -> date:
    """The date in the United Kingdom now."""
    return uk_date(now())


def uk_date(moment: datetime) -> date:
    """The date in the United Kingdom at a moment."""
    return moment.astimezone(UK).date()


def end_of(day: date) -> datetime:
    """The first moment after a date, in UTC: midnight UK time."""
    return datetime.combine(day + timedelta(days=1), time(), UK).astimezone(UTC)


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Move the clock for as long as the block lasts: for tests and the loading of a demonstration."""
    _moved.append(by)
    try:
        yield
    finally:
        _moved.pop()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the clock to a moment, from which it runs on."""
    with moved(moment - datetime.now(UTC)):
        yield
