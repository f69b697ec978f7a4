"""Money in whole pence and effort in whole half-days: read as people type them, shown as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.effort import MOST_HALF_DAYS, days, half_days_from
from pipeline.kernel.money import MOST_PENCE, pence_from, pounds

pytestmark = pytest.mark.pure


@given(st.integers(0, MOST_PENCE))
def test_money_that_is_shown_reads_back_the_same(pence: int) -> None:
    assert pence_from(pounds(pence)) == pence


@given(st.integers(0, MOST_HALF_DAYS))
def test_effort_that_is_shown_reads_back_the_same(half_days: int) -> None:
    assert half_days_from(days(half_days)) == half_days


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_amounts(text: str) -> None:
    assert pence_from(text) is None or pence_from(text) >= 0  # type: ignore[operator]
    assert half_days_from(text) is None or half_days_from(text) >= 0  # type: ignore[operator]


@pytest.mark.parametrize(
    "typed, pence",
    [("15,000", 1_500_000), ("£4,999.99", 499_999), (" £ 20 ", 2_000), ("0.5", 50), ("0.05", 5), ("007", 700)],
)
def test_pounds_as_people_type_them(typed: str, pence: int) -> None:
    assert pence_from(typed) == pence


@pytest.mark.parametrize("typed", ["", "-5", "1.234", "1e5", "1_000", "15,00", "£", "5 pounds", "１５", "٣", "9" * 16])
def test_what_is_not_an_amount_of_pounds(typed: str) -> None:
    assert pence_from(typed) is None


@pytest.mark.parametrize("typed, half_days", [("2", 4), ("2.5", 5), ("0.5", 1), ("10.0", 20), ("1,000", 2_000)])
def test_days_as_people_type_them(typed: str, half_days: int) -> None:
    assert half_days_from(typed) == half_days


@pytest.mark.parametrize("typed", ["", "2.25", "-1", "2.50", "1e3", "two", "1_0", "２", "99999999"])
def test_what_is_not_whole_or_half_days(typed: str) -> None:
    assert half_days_from(typed) is None


def test_money_owed_shows_its_sign() -> None:
    assert pounds(-150) == "-£1.50"
