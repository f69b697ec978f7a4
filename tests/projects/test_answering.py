"""The clock of an answer: pure, for each nation, over bank holidays and the changing of the clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.kernel.working_days import before_working_days, first_working_day, working_days_after
from pipeline.projects.answering import answer_dates, counts_from, days_taken, usual_days

pytestmark = pytest.mark.pure
UK = ZoneInfo("Europe/London")


def uk(year: int, month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    """A moment by the clock on the wall, as it is kept."""
    return datetime(year, month, day, hour, minute, second, tzinfo=UK).astimezone(UTC)


@pytest.mark.parametrize(
    "arrived, counts, due",
    [
        (uk(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 19)),  # a Monday
        (uk(2026, 11, 16, 17), date(2026, 11, 16), date(2026, 11, 19)),
        (uk(2026, 11, 16, 17, 0, 1), date(2026, 11, 17), date(2026, 11, 20)),
        (uk(2026, 11, 18), date(2026, 11, 18), date(2026, 11, 23)),  # over a weekend
        (uk(2026, 11, 20, 17, 30), date(2026, 11, 23), date(2026, 11, 26)),  # a Friday evening
        (uk(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 26)),  # a Saturday
        (uk(2026, 11, 22, 23, 59), date(2026, 11, 23), date(2026, 11, 26)),
        (uk(2026, 11, 23, 0, 0), date(2026, 11, 23), date(2026, 11, 26)),
    ],
)
def test_what_arrives_late_or_on_no_working_day_counts_from_the_next(
    arrived: datetime, counts: date, due: date
) -> None:
    dates = answer_dates(arrived, "England")
    assert (dates.counts_from_on, dates.due_on) == (counts, due)


@pytest.mark.parametrize(
    "arrived, counts",
    [
        # In summer five o'clock in the United Kingdom is four o'clock UTC.
        (datetime(2026, 7, 6, 16, 0, tzinfo=UTC), date(2026, 7, 6)),
        (datetime(2026, 7, 6, 16, 0, 1, tzinfo=UTC), date(2026, 7, 7)),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), date(2026, 7, 6)),
        # In winter it is five.
        (datetime(2026, 12, 7, 17, 0, tzinfo=UTC), date(2026, 12, 7)),
        (datetime(2026, 12, 7, 17, 0, 1, tzinfo=UTC), date(2026, 12, 8)),
        # The days after the clocks go forward and back.
        (datetime(2026, 3, 30, 16, 30, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 27, 16, 30, tzinfo=UTC), date(2026, 3, 27)),
        (datetime(2026, 10, 26, 16, 30, tzinfo=UTC), date(2026, 10, 26)),
        (datetime(2026, 10, 23, 16, 30, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_five_o_clock_is_that_of_the_united_kingdom(arrived: datetime, counts: date) -> None:
    assert counts_from(arrived, "England") == counts


@pytest.mark.parametrize(
    "nation, arrived, due",
    [
        # St Andrew's Day 2026 is a Monday and a bank holiday of Scotland only.
        ("England", uk(2026, 11, 27), date(2026, 12, 2)),
        ("Scotland", uk(2026, 11, 27), date(2026, 12, 3)),
        # St Patrick's Day.
        ("Northern Ireland", uk(2026, 3, 16), date(2026, 3, 20)),
        ("Wales", uk(2026, 3, 16), date(2026, 3, 19)),
        # Easter Monday is none of Scotland's.
        ("England", uk(2026, 4, 2), date(2026, 4, 9)),
        ("Scotland", uk(2026, 4, 2), date(2026, 4, 8)),
        # Christmas, Boxing Day on a Saturday, and the second of January.
        ("England", uk(2026, 12, 24), date(2026, 12, 31)),
        ("Scotland", uk(2026, 12, 31), date(2027, 1, 7)),
        ("England", uk(2026, 12, 31), date(2027, 1, 6)),
    ],
)
def test_the_bank_holidays_are_those_of_the_lead_councils_nation(nation: str, arrived: datetime, due: date) -> None:
    assert answer_dates(arrived, nation).due_on == due


def test_leads_are_reminded_the_next_working_day_and_the_desk_sees_it_on_the_fifth() -> None:
    dates = answer_dates(uk(2026, 11, 17), "England")
    assert (dates.due_on, dates.nudge_on, dates.desk_on) == (date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24))


@pytest.mark.parametrize(
    "answered, days",
    [(uk(2026, 11, 20), 0), (uk(2026, 11, 22), 0), (uk(2026, 11, 23, 0, 5), 1), (uk(2026, 11, 27, 23, 59), 5)],
)
def test_days_taken_are_working_days_after_the_one_it_counts_from(answered: datetime, days: int) -> None:
    assert days_taken(date(2026, 11, 20), answered, "England") == days


def test_an_answer_before_the_day_it_counts_from_took_no_day() -> None:
    assert days_taken(date(2026, 11, 23), uk(2026, 11, 21), "England") == 0


@pytest.mark.parametrize(
    "answered, late, usual",
    [
        ([], [], None),
        ([1, 2], [], None),
        ([1, 2], [9], 2),
        ([3, 1, 2], [], 2),
        ([1, 1, 2, 2], [], 2),
        ([0, 0, 0], [], 0),
        ([1] * 20 + [30] * 20, [], 1),
        ([1] * 20, [40] * 11, 40),
    ],
)
def test_usual_days_are_the_median_of_the_latest_twenty_with_what_is_late(
    answered: list[int], late: list[int], usual: int | None
) -> None:
    assert usual_days(answered, late) == usual


def test_working_days_are_counted_backwards_and_from_any_day() -> None:
    assert before_working_days(date(2026, 11, 24), 2, "England") == date(2026, 11, 20)
    assert first_working_day(date(2026, 12, 25), "England") == date(2026, 12, 29)
    assert working_days_after(date(2026, 11, 20), date(2026, 11, 20), "England") == 0
