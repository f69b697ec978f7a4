"""Days that are not like others: the nights on which clocks change, bank holidays of each nation, leap day, year end.

Pure: every moment is given. Where the same rules are driven through the database: tests/pledges/test_silence.py,
tests/successions, tests/notifications/test_notices.py.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.kernel.clock import UK
from pipeline.kernel.working_days import SUBDIVISIONS, is_working_day
from pipeline.notifications.preferences import How, QuietHours, digest_due_at, news_until
from pipeline.projects import freshness
from pipeline.projects.answering import answer_dates
from pipeline.projects.freshness import STEPS

pytestmark = pytest.mark.pure

NIGHTS = (date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29))
"""The mornings on which the clocks go forward and back."""


def quarters_round(morning: date) -> Iterator[datetime]:
    """Every quarter of an hour from the noon before a morning to the noon after it."""
    noon = datetime(morning.year, morning.month, morning.day, 12, tzinfo=UTC) - timedelta(days=1)
    return (noon + timedelta(minutes=15 * n) for n in range(24 * 4))


@pytest.mark.parametrize("morning", NIGHTS)
@pytest.mark.parametrize("first", range(24))
def test_quiet_hours_end_once_and_later_on_the_nights_on_which_clocks_change(morning: date, first: int) -> None:
    for last in range(24):
        quiet, ends = QuietHours(first, last), None
        for moment in quarters_round(morning):
            if ends is None or moment >= ends:
                ends = quiet.ends_after(moment)
                assert ends is None or timedelta() < ends - moment <= timedelta(hours=25)
            else:
                assert quiet.ends_after(moment) == ends, (first, last, moment)


def digests_of(year: int, nation: str) -> Counter[tuple[How, date]]:
    """The digests of a year for a nation, by how soon they tell and the morning up to which, as a worker that looks
    every other hour makes them: one for each such morning."""
    made: Counter[tuple[How, date]] = Counter()
    seen: set[tuple[How, datetime]] = set()
    moment = datetime(year, 1, 1, tzinfo=UTC)
    while moment.astimezone(UK).year == year:
        for how, until in (news_until(moment, nation) or {}).items():
            if (how, until) not in seen:
                seen.add((how, until))
                made[how, until.date()] += 1
        moment += timedelta(hours=2)
    return made


@pytest.mark.parametrize("nation", SUBDIVISIONS)
@pytest.mark.parametrize("year", [2027, 2028])
def test_there_is_a_daily_digest_each_working_day_and_a_weekly_one_each_week_at_eight_by_the_wall(
    nation: str, year: int
) -> None:
    made = digests_of(year, nation)
    daily = {day for how, day in made if how is How.DAILY}
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    assert daily == {day for day in days if is_working_day(day, nation)}
    weekly = Counter(day.isocalendar()[:2] for how, day in made if how is How.WEEKLY)
    assert set(weekly.values()) == {1}
    assert weekly.keys() == {day.isocalendar()[:2] for day in daily}
    assert {digest_due_at(day).astimezone(UK).hour for day in daily} == {8}


@pytest.mark.parametrize(
    "week_of, nation, on",
    [
        (date(2027, 12, 27), "England", date(2027, 12, 29)),  # Christmas and Boxing Day fell on a weekend
        (date(2028, 1, 3), "England", date(2028, 1, 4)),
        (date(2028, 1, 3), "Scotland", date(2028, 1, 5)),
        (date(2027, 7, 12), "Northern Ireland", date(2027, 7, 13)),
        (date(2027, 7, 12), "Wales", date(2027, 7, 12)),
        (date(2028, 2, 28), "England", date(2028, 2, 28)),  # the week of leap day
    ],
)
def test_the_weekly_digest_waits_for_the_first_working_day_of_its_week(week_of: date, nation: str, on: date) -> None:
    before = on - timedelta(days=1)
    until = news_until(digest_due_at(on), nation)
    assert until == {How.DAILY: digest_due_at(on), How.WEEKLY: digest_due_at(on)}
    if before >= week_of:
        assert news_until(digest_due_at(before) + timedelta(hours=4), nation) is None


@pytest.mark.parametrize(
    "nation, arrived, due",
    [
        # Over leap day, a Tuesday.
        ("England", datetime(2028, 2, 25, 12, tzinfo=UTC), date(2028, 3, 1)),
        ("England", datetime(2028, 2, 29, 17, 30, tzinfo=UTC), date(2028, 3, 6)),
        # The early May holiday, the clocks having gone forward.
        ("Wales", datetime(2028, 4, 28, 15, 59, tzinfo=UTC), date(2028, 5, 4)),
        ("Wales", datetime(2028, 4, 28, 16, 1, tzinfo=UTC), date(2028, 5, 5)),
        # The twelfth of July; the summer holiday is Scotland's on the first Monday of August.
        ("Northern Ireland", datetime(2028, 7, 11, 9, tzinfo=UTC), date(2028, 7, 17)),
        ("Scotland", datetime(2028, 8, 4, 9, tzinfo=UTC), date(2028, 8, 10)),
        ("England", datetime(2028, 8, 4, 9, tzinfo=UTC), date(2028, 8, 9)),
        ("England", datetime(2028, 8, 25, 9, tzinfo=UTC), date(2028, 8, 31)),
        # Year end: two holidays in a row, in Scotland at either side of a weekend.
        ("England", datetime(2027, 12, 31, 9, tzinfo=UTC), date(2028, 1, 6)),
        ("Scotland", datetime(2027, 12, 31, 9, tzinfo=UTC), date(2028, 1, 7)),
    ],
)
def test_an_answer_is_due_on_the_third_working_day_of_the_nation(nation: str, arrived: datetime, due: date) -> None:
    assert answer_dates(arrived, nation).due_on == due


@pytest.mark.parametrize("nation", SUBDIVISIONS)
def test_an_answer_is_never_due_on_a_day_nobody_works_whatever_the_day_it_comes(nation: str) -> None:
    for n in range(366 * 2):
        dates = answer_dates(datetime(2027, 1, 1, 12, tzinfo=UTC) + timedelta(days=n), nation)
        each = (dates.counts_from_on, dates.due_on, dates.nudge_on, dates.desk_on)
        assert all(is_working_day(day, nation) for day in each)
        assert list(each) == sorted(set(each))


@pytest.mark.parametrize(
    "last_on, on",
    [
        # 42, 49, 56, 60, 90 and 150 days: over leap day, over both changes of the clocks, over the year's end.
        (date(2028, 1, 18), ["2028-02-29", "2028-03-07", "2028-03-14", "2028-03-18", "2028-04-17", "2028-06-16"]),
        (date(2027, 2, 14), ["2027-03-28", "2027-04-04", "2027-04-11", "2027-04-15", "2027-05-15", "2027-07-14"]),
        (date(2027, 9, 19), ["2027-10-31", "2027-11-07", "2027-11-14", "2027-11-18", "2027-12-18", "2028-02-16"]),
        (date(2027, 11, 20), ["2028-01-01", "2028-01-08", "2028-01-15", "2028-01-19", "2028-02-18", "2028-04-18"]),
    ],
)
def test_each_step_of_silence_comes_on_its_day_and_not_the_day_before(last_on: date, on: list[str]) -> None:
    assert len(on) == len(STEPS)
    for step, day in enumerate(map(date.fromisoformat, on), 1):
        assert freshness.steps_due(last_on, day) == step
        assert freshness.steps_due(last_on, day - timedelta(days=1)) == step - 1
