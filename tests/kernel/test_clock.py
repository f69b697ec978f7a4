"""Time: aware UTC within, UK time on screen, and a date that ends at midnight UK time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.kernel import clock

pytestmark = pytest.mark.pure


def test_now_is_aware_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_winter_day_ends_at_midnight_utc() -> None:
    assert clock.end_of(date(2027, 1, 29)) == datetime(2027, 1, 30, tzinfo=UTC)


def test_a_summer_day_ends_an_hour_before_midnight_utc() -> None:
    assert clock.end_of(date(2027, 6, 30)) == datetime(2027, 6, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize("day, hours", [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 10, 30), 24)])
def test_the_days_on_which_clocks_change_have_23_and_25_hours(day: date, hours: int) -> None:
    assert clock.end_of(day) - clock.end_of(day - timedelta(days=1)) == timedelta(hours=hours)


def test_the_uk_date_of_a_summer_evening_is_already_the_next_day() -> None:
    assert clock.uk_date(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)


def test_a_moved_clock_runs_on_and_comes_back() -> None:
    then = datetime(2020, 2, 29, 12, tzinfo=UTC)
    with clock.at(then):
        assert timedelta() <= clock.now() - then < timedelta(seconds=5)
        with clock.moved(timedelta(days=-1)):
            assert clock.now() < then + timedelta(days=4000)
    assert clock.now().year >= 2026
