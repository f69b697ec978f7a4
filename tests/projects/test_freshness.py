"""The steps that follow the silence of a project's leads, by calendar days. Pure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.kernel.clock import uk_date
from pipeline.projects import freshness
from pipeline.projects.freshness import Freshness

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "days, steps, says",
    [
        (41, 0, "fresh"), (42, 1, "fresh"), (48, 1, "fresh"), (49, 2, "fresh"), (56, 3, "fresh"), (59, 3, "fresh"),
        (60, 4, "quiet"), (89, 4, "quiet"), (90, 5, "looking_for_lead"), (149, 5, "looking_for_lead"),
        (150, 6, "looking_for_lead"), (900, 6, "looking_for_lead"),
    ],
)  # fmt: skip
def test_silence_leads_from_nudges_to_quiet_to_looking_for_a_lead(days: int, steps: int, says: str) -> None:
    # Over the leap day of 2028.
    last = date(2028, 1, 10)
    assert freshness.steps_due(last, last + timedelta(days=days)) == steps
    assert freshness.freshness_at(steps) is Freshness(says)


@pytest.mark.parametrize("step", range(6))
def test_what_is_looked_for_in_the_table_is_what_is_due(step: int) -> None:
    today = date(2027, 3, 28)
    latest = freshness.latest_sign_on(step, today)
    assert freshness.steps_due(latest, today) == step + 1
    assert freshness.steps_due(latest + timedelta(days=1), today) == step


def test_days_are_those_of_the_united_kingdom_also_when_the_clocks_change() -> None:
    # 23:30 UTC in summer is the next day in the United Kingdom; in winter it is not.
    summer, winter = datetime(2026, 9, 13, 23, 30, tzinfo=UTC), datetime(2026, 12, 13, 23, 30, tzinfo=UTC)
    assert (uk_date(summer), uk_date(winter)) == (date(2026, 9, 14), date(2026, 12, 13))
    # 42 days later the clocks have gone back: it is a matter of dates, not of hours.
    assert freshness.steps_due(uk_date(summer), date(2026, 10, 25)) == 0
    assert freshness.steps_due(uk_date(summer), date(2026, 10, 26)) == 1


def test_a_date_that_waited_goes_on_with_the_days_it_had_left() -> None:
    assert freshness.resumed(date(2027, 2, 20), date(2027, 2, 10), date(2027, 3, 1)) == date(2027, 3, 11)
    assert freshness.resumed(date(2027, 2, 20), date(2027, 2, 10), date(2027, 2, 10)) == date(2027, 2, 20)
