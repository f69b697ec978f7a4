"""When whoever is to authorise an offer is reminded: pure."""

from datetime import date

import pytest

from pipeline.pledges.nudging import next_nudge, nudges

pytestmark = pytest.mark.pure
MONDAY = date(2026, 11, 2)


def test_reminders_come_after_three_and_eight_working_days_and_two_before_the_date() -> None:
    assert nudges(MONDAY, date(2026, 11, 30), "England") == (date(2026, 11, 5), date(2026, 11, 12), date(2026, 11, 26))


def test_a_reminder_never_comes_after_the_date_nor_twice_on_a_day() -> None:
    assert nudges(MONDAY, date(2026, 11, 9), "England") == (date(2026, 11, 5),)
    assert nudges(MONDAY, date(2026, 11, 3), "England") == ()


def test_bank_holidays_are_those_of_the_pledging_councils_nation() -> None:
    asked, date_of_sign_off = date(2026, 11, 26), date(2026, 12, 20)
    assert nudges(asked, date_of_sign_off, "England")[0] == date(2026, 12, 1)
    assert nudges(asked, date_of_sign_off, "Scotland")[0] == date(2026, 12, 2)


def test_reminders_that_were_missed_are_not_made_up_for() -> None:
    by = date(2026, 11, 30)
    assert next_nudge(MONDAY, MONDAY, by, "England") == date(2026, 11, 5)
    assert next_nudge(date(2026, 11, 20), MONDAY, by, "England") == date(2026, 11, 26)
    assert next_nudge(by, MONDAY, by, "England") is None
