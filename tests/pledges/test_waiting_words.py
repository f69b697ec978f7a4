"""How conditions read."""

from typing import Any
from uuid import UUID

import pytest

from pipeline.councils.vocabulary import KINDS, NATIONS, REGIONS
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.waiting_words import (
    IN_PLACES,
    OTHER_COUNCILS,
    Measured,
    NeedNamed,
    WouldFollow,
    condition_words,
    nearness_words,
    would_follow_words,
)
from pipeline.projects.rules import NeedKind

pytestmark = pytest.mark.pure

NEED, DROPPED = UUID(int=1), UUID(int=2)
NEEDS = {NEED: NeedNamed("Research", "time", "", 40), DROPPED: NeedNamed("Testing", "time", "", None)}


def councils(number: int, **of: Any) -> Condition:
    return Condition(
        kind=ConditionKind.COUNCILS, at_least=number, **{f"of_{name}": value for name, value in of.items()}
    )


def in_all(number: int, unit: NeedKind) -> Condition:
    return Condition(kind=ConditionKind.TOTAL, at_least=number, unit=unit)


def met(need_id: UUID) -> Condition:
    return Condition(kind=ConditionKind.NEED, need_id=need_id)


@pytest.mark.parametrize(
    "condition, said",
    [
        (councils(1), "At least 1 other council is in"),
        (councils(3), "At least 3 other councils are in"),
        (councils(2, kind="non-metropolitan district"), "At least 2 other district councils are in"),
        (councils(2, region="North East"), "At least 2 other councils in the North East are in"),
        (
            councils(2, kind="county", nation="England", region="South West"),
            "At least 2 other county councils in the South West are in",
        ),
        (in_all(2_000_000, NeedKind.FUNDING), "At least £20,000 in all"),
        (in_all(41, NeedKind.TIME), "At least 20.5 days in all"),
        (met(NEED), "“Research” is met: 20 days"),
        (met(DROPPED), "“Testing” is met"),
    ],
)
def test_a_condition_says_what_must_hold(condition: Condition, said: str) -> None:
    assert str(condition_words(condition, NEEDS)) == said


@pytest.mark.parametrize(
    "condition, have, want, said",
    [
        (
            councils(2, kind="non-metropolitan district"),
            1,
            2,
            "1 of 2 other district councils is in; it waits for 1 more.",
        ),
        (councils(4), 2, 4, "2 of 4 other councils are in; it waits for 2 more."),
        (councils(2), 0, 2, "It waits for 2 other councils. None is in yet."),
        (councils(2), 2, 2, "2 other councils are in, as it asks."),
        (
            in_all(2_000_000, NeedKind.FUNDING),
            1_999_999,
            2_000_000,
            "This pledge included, it comes to £19,999.99 of £20,000 in all; it waits for £0.01 more.",
        ),
        (
            in_all(40, NeedKind.TIME),
            44,
            40,
            "This pledge included, it comes to 22 days in all; it asks for 20 days.",
        ),
        (
            met(NEED),
            38,
            40,
            "This pledge included, “Research” has 19 days of 20 days; it waits for 1 day more.",
        ),
        (met(NEED), 40, 40, "“Research” is met."),
        (met(DROPPED), 40, None, "“Testing” is no longer wanted, so this can no longer hold."),
    ],
)
def test_how_near_a_condition_is(condition: Condition, have: int, want: int | None, said: str) -> None:
    is_met = want is not None and have >= want
    assert str(nearness_words(Measured(condition, have, want, is_met), NEEDS)) == said


@pytest.mark.parametrize(
    "counts_itself, others, said",
    [
        (True, [], "If Leeds authorises its offer, it counts at once."),
        (True, ["York"], "If Leeds authorises its offer, the pledge of York begins to count."),
        (True, ["York", "Hull"], "If Leeds authorises its offer, the pledges of York and Hull begin to count."),
        (True, ["York", "York"], "If Leeds authorises its offer, the pledges of York begin to count."),
        (
            False,
            ["York", "Hull", "Selby"],
            "If Leeds authorises its offer, the pledges of York, Hull and Selby begin to count.",
        ),
    ],
)
def test_what_would_follow_from_an_offer(counts_itself: bool, others: list[str], said: str) -> None:
    assert str(would_follow_words(WouldFollow(UUID(int=5), "Leeds", counts_itself, others))) == said


def test_every_kind_that_is_counted_and_every_place_of_the_register_has_its_words() -> None:
    assert set(OTHER_COUNCILS) == {None, *(one.value for one in KINDS if one.value != "other body")}
    assert set(IN_PLACES) == {one.value for one in (*NATIONS, *REGIONS)}
