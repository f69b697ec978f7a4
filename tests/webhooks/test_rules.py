"""When a message is tried again, what an answer means, and what a webhook wants."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.errors import RuleBroken
from pipeline.webhooks import rules
from pipeline.webhooks.rules import Answered, Failure, WebhookTerms, WhyDisabled

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_the_waits_are_those_that_are_documented() -> None:
    seconds = [rules.wait_before(tries) for tries in range(11)]

    assert seconds == [
        timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
        timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24), None,
    ]  # fmt: skip


def test_a_ping_is_tried_three_times() -> None:
    assert [rules.wait_before(tries, is_ping=True) is None for tries in range(4)] == [False, False, False, True]


@given(st.integers(0, 9), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_receiver_can_put_us_off_for_a_day_at_most_and_never_call_us_earlier(tries: int, asked: timedelta) -> None:
    wait = rules.wait_before(tries, asked)

    assert wait is not None
    assert rules.STEPS[tries] <= wait <= timedelta(hours=24)
    assert wait >= min(asked, timedelta(hours=24))


@pytest.mark.parametrize(
    "header, seconds",
    [
        ("120", 120), (" 5 ", 5), ("0", 0), ("999999999999", 86_400), ("Sun, 22 Nov 2026 12:10:00 GMT", 600),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0), ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400), ("-5", None), ("soon", None),
        ("", None), (None, None), ("٣", None), ("1e3", None), ("Sun, 99 Nov 2026 12:10:00 GMT", None),
        ("9" * 5000, 86_400),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: int | None) -> None:
    assert rules.asked_to_wait(header, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "status, failure",
    [
        (200, None), (202, None), (204, None), (299, None), (301, Failure.REDIRECTED), (302, Failure.REDIRECTED),
        (304, Failure.REDIRECTED), (307, Failure.REDIRECTED), (400, Failure.REFUSED), (404, Failure.REFUSED),
        (410, Failure.GONE), (429, Failure.REFUSED), (500, Failure.REFUSED), (503, Failure.REFUSED),
        (600, Failure.REFUSED), (199, Failure.REFUSED),
    ],
)  # fmt: skip
def test_only_2xx_is_taken(status: int, failure: Failure | None) -> None:
    assert rules.outcome_of(status).failure is failure


@pytest.mark.parametrize(
    "answered, rest",
    [
        (Answered(500, Failure.REFUSED), None),
        (Answered(404, Failure.REFUSED, "600"), None),
        (Answered(429, Failure.REFUSED, "600"), 600),
        (Answered(503, Failure.REFUSED), 60),
        (Answered(None, Failure.UNREACHABLE), 60),
        (Answered(None, Failure.TIMED_OUT), 60),
        (Answered(None, Failure.BROKEN_OFF), None),
    ],
)
def test_a_receiver_that_is_away_or_asks_for_it_is_left_alone_as_a_whole(answered: Answered, rest: int | None) -> None:
    assert rules.rest_after(answered, NOW) == (None if rest is None else timedelta(seconds=rest))


@pytest.mark.parametrize(
    "answered, failing_for, because",
    [
        (Answered(410, Failure.GONE), None, WhyDisabled.GONE),
        (Answered(500, Failure.REFUSED), timedelta(days=5), WhyDisabled.FAILING),
        (Answered(500, Failure.REFUSED), timedelta(days=4, hours=23), None),
        (Answered(500, Failure.REFUSED), None, None),
    ],
)
def test_a_webhook_ends_when_it_is_gone_or_fails_for_five_days(
    answered: Answered, failing_for: timedelta | None, because: WhyDisabled | None
) -> None:
    first_failed_at = None if failing_for is None else NOW - failing_for

    assert rules.is_to_be_disabled(answered, first_failed_at, NOW) is because


@pytest.mark.parametrize(
    "kinds, name, is_wanted",
    [
        ((), "pledge.authorised", True),
        (("pledge.authorised",), "pledge.authorised", True),
        (("pledge.*",), "pledge.authorised", True),
        (("project.*", "need.met"), "pledge.authorised", False),
    ],
)
def test_a_webhook_hears_the_kinds_it_asked_for(kinds: tuple[str, ...], name: str, is_wanted: bool) -> None:
    assert rules.wants(kinds, name) is is_wanted


@pytest.mark.parametrize("kind", ["pledge.offered", "nothing.*", "pledge", "*", "webhook.*", "membership.started"])
def test_what_is_not_public_or_does_not_exist_cannot_be_asked_for(kind: str) -> None:
    import pipeline.app  # noqa: F401 (so that the catalogue holds every event)

    with pytest.raises(RuleBroken) as refused:
        rules.check_webhook(WebhookTerms(address="https://hooks.example.org/", kinds=(kind,)))

    assert refused.value.code == "webhook.kind_unknown"


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_webhook(WebhookTerms(address="http://x", description="a" * 101, kinds=("x.y",) * 51))

    assert {one.code for one in refused.value.problems} == {
        "webhook.address", "webhook.description_too_long", "webhook.kind_unknown", "webhook.kinds_too_many",
    }  # fmt: skip
