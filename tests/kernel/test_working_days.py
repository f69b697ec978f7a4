"""Working days leave out weekends and the bank holidays of the nation concerned."""

from datetime import date

import pytest

from pipeline.kernel.working_days import after_working_days, is_working_day

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "day, nation, works",
    [
        (date(2027, 1, 4), "England", True),
        (date(2027, 1, 4), "Scotland", False),  # the second of January fell on a Saturday
        (date(2027, 3, 17), "Northern Ireland", False),
        (date(2027, 3, 17), "Wales", True),
        (date(2027, 3, 29), "England", False),
        (date(2027, 3, 29), "Scotland", True),
        (date(2027, 5, 1), "England", False),
    ],
)
def test_each_nation_keeps_its_own_holidays(day: date, nation: str, works: bool) -> None:
    assert is_working_day(day, nation) is works


def test_the_day_one_counts_from_does_not_count() -> None:
    assert after_working_days(date(2027, 2, 1), 1, "England") == date(2027, 2, 2)


def test_counting_skips_weekends_and_easter() -> None:
    assert after_working_days(date(2027, 3, 25), 1, "England") == date(2027, 3, 30)


def test_no_working_days_is_the_same_day() -> None:
    assert after_working_days(date(2027, 2, 6), 0, "England") == date(2027, 2, 6)


def test_a_nation_nobody_knows_keeps_englands() -> None:
    assert is_working_day(date(2027, 3, 29), "Elsewhere") is False
