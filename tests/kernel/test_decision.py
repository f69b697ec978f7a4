"""Decisions and refusals: yes, or no because …"""

import pytest

from pipeline.kernel.decision import YES, all_of, no
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken, refuse_if_any
from pipeline.kernel.words import Words

pytestmark = pytest.mark.pure


def test_yes_is_true_and_no_is_false() -> None:
    assert YES
    assert not no("pledge.own", Words("Somebody else must."))


def test_the_first_refusal_is_the_answer() -> None:
    one, two = no("one.no", Words("One.")), no("two.no", Words("Two."))

    assert all_of(YES, one, two) is one
    assert all_of(YES, YES) is YES
    assert all_of() is YES


def test_a_broken_rule_carries_every_problem() -> None:
    problems = [
        Problem("pledge.amount", Words("Too much."), "amount"),
        Problem("pledge.dates", Words("Turn them."), "to_on"),
    ]

    with pytest.raises(RuleBroken) as caught:
        refuse_if_any(problems)

    assert [problem.field for problem in caught.value.problems] == ["amount", "to_on"]
    assert caught.value.code == "pledge.amount"


def test_no_problems_are_no_refusal() -> None:
    refuse_if_any([])


def test_what_is_hidden_says_no_more_than_what_is_missing() -> None:
    assert str(NotFound("project")) == "project.not_found: There is nothing here that you can see."


def test_a_conflict_says_what_can_be_done_instead() -> None:
    assert Conflict("pledge.no_room", Words("Full."), allowed=("withdraw",)).allowed == ("withdraw",)
