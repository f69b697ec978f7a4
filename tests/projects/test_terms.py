"""When a call for support can be decided, changed and ended: pure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.documents.markdown import written
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.projects import terms
from pipeline.projects.rules import Mode, NeedKind, NeedTerms, ProjectStatus
from pipeline.projects.terms import Call, Terms

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
"""A Monday."""
CALL = Call(
    status=ProjectStatus.OPEN, mode=Mode.ALL_OR_NOTHING, nation="England", decision_on=date(2027, 1, 29),
    least_councils=1, is_passing=True,
)  # fmt: skip
FLEXIBLE = replace(CALL, mode=Mode.FLEXIBLE, decision_on=None, least_councils=0, is_passing=False)
NEED = NeedTerms(
    kind=NeedKind.TIME, title="Days", target=40, is_essential=True, is_capped=False, profession="developer"
)


@pytest.mark.parametrize(
    "call, code",
    [
        (replace(CALL, status=ProjectStatus.GOING_AHEAD), "project.wrong_status"),
        (replace(CALL, status=ProjectStatus.LAPSED), "project.wrong_status"),
        (replace(CALL, is_hidden=True), "project.hidden"),
        (replace(CALL, is_passing=False), "project.test_not_passed"),
        (replace(CALL, terms_changed_on=TODAY - timedelta(days=4)), "project.terms_just_changed"),
    ],
)
def test_the_go_ahead_is_given_only_where_it_can_be(call: Call, code: str) -> None:
    with pytest.raises(Conflict) as caught:
        terms.check_go_ahead(call, TODAY)
    assert caught.value.code == code
    assert "go_ahead" not in caught.value.allowed


def test_a_call_that_passes_and_a_flexible_one_go_ahead() -> None:
    terms.check_go_ahead(CALL, TODAY)
    terms.check_go_ahead(FLEXIBLE, TODAY)
    terms.check_go_ahead(replace(FLEXIBLE, terms_changed_on=TODAY), TODAY)


def test_five_working_days_after_a_change_are_those_of_the_lead_councils_nation() -> None:
    """St Andrew's Day, Monday 30 November 2026, is a bank holiday in Scotland only."""
    changed = replace(CALL, terms_changed_on=date(2026, 11, 25))
    assert terms.may_go_ahead_from(changed) == date(2026, 12, 3)
    assert terms.may_go_ahead_from(replace(changed, nation="Scotland")) == date(2026, 12, 4)


def test_terms_change_until_the_last_five_working_days_before_the_date() -> None:
    first_frozen = terms.frozen_from(CALL.decision_on or TODAY, "England")
    assert first_frozen == date(2027, 1, 22)
    terms.check_terms_may_change(CALL, first_frozen - timedelta(days=1))
    for day in (first_frozen, CALL.decision_on or TODAY):
        with pytest.raises(Conflict, match="terms_frozen"):
            terms.check_terms_may_change(CALL, day)


def test_a_change_on_the_last_day_it_is_allowed_leaves_the_date_itself_free() -> None:
    last = terms.frozen_from(CALL.decision_on or TODAY, "England") - timedelta(days=1)
    first = terms.may_go_ahead_from(replace(CALL, terms_changed_on=last))
    assert first is not None
    assert first <= (CALL.decision_on or TODAY)


def test_after_the_go_ahead_no_date_freezes_the_terms() -> None:
    terms.check_terms_may_change(replace(CALL, status=ProjectStatus.GOING_AHEAD), CALL.decision_on or TODAY)
    for status in (ProjectStatus.FINISHED, ProjectStatus.STOPPED, ProjectStatus.LAPSED):
        with pytest.raises(Conflict, match=r"project\.ended"):
            terms.check_terms_may_change(replace(CALL, status=status), TODAY)


@pytest.mark.parametrize("change", [{"target": 50}, {"is_capped": True}, {"is_essential": False}])
def test_an_essential_need_has_terms_and_its_words_are_none(change: dict[str, object]) -> None:
    assert terms.need_terms_differ(NEED, replace(NEED, **change))  # type: ignore[arg-type]
    assert not terms.need_terms_differ(NEED, replace(NEED, title="Other words", description="More"))


def test_a_welcome_need_comes_changes_and_goes_freely_until_it_becomes_essential() -> None:
    welcome = replace(NEED, is_essential=False)
    assert not terms.need_terms_differ(None, welcome)
    assert not terms.need_terms_differ(welcome, replace(welcome, target=1))
    assert not terms.need_terms_differ(welcome, None)
    assert terms.need_terms_differ(welcome, NEED)
    assert terms.need_terms_differ(None, NEED)
    assert terms.need_terms_differ(NEED, None)


def test_the_test_never_looks_at_nothing() -> None:
    none = replace(CALL, least_councils=0)
    terms.check_testable(none, has_essential=True)
    terms.check_testable(CALL, has_essential=False)
    terms.check_testable(FLEXIBLE, has_essential=False)
    with pytest.raises(RuleBroken, match="nothing_to_test"):
        terms.check_testable(none, has_essential=False)


def test_the_mode_stays_once_a_pledge_was_authorised() -> None:
    flexible = Terms(mode=Mode.FLEXIBLE)
    terms.check_new_terms(CALL, flexible, TODAY, was_authorised=False, has_essential=True)
    with pytest.raises(Conflict, match="mode_fixed"):
        terms.check_new_terms(CALL, flexible, TODAY, was_authorised=True, has_essential=True)


@pytest.mark.parametrize(
    "new, code",
    [
        (Terms(mode=Mode.ALL_OR_NOTHING), "project.nothing_to_test"),
        (Terms(mode=Mode.ALL_OR_NOTHING, least_councils=401), "project.councils_out_of_range"),
        (Terms(mode=Mode.ALL_OR_NOTHING, least_councils=1), "project.decision_on_missing"),
        (
            Terms(mode=Mode.ALL_OR_NOTHING, least_councils=1, decision_on=TODAY + timedelta(days=7)),
            "project.decision_on_out_of_range",
        ),
    ],
)
def test_what_becomes_all_or_nothing_has_a_test_and_a_date(new: Terms, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        terms.check_new_terms(FLEXIBLE, new, TODAY, was_authorised=False, has_essential=False)
    assert caught.value.code == code


def test_the_date_moves_once_later_and_by_at_most_six_months() -> None:
    old = CALL.decision_on or TODAY
    terms.check_move(CALL, old + timedelta(days=1))
    terms.check_move(CALL, date(2027, 7, 29))
    for wrong in (None, old, date(2027, 7, 30)):
        with pytest.raises(RuleBroken, match="decision_on"):
            terms.check_move(CALL, wrong)
    with pytest.raises(Conflict, match="date_moved_before"):
        terms.check_move(replace(CALL, is_date_moved=True), old + timedelta(days=1))
    with pytest.raises(Conflict, match="no_date"):
        terms.check_move(FLEXIBLE, old)
    with pytest.raises(Conflict, match="wrong_status"):
        terms.check_move(replace(CALL, status=ProjectStatus.GOING_AHEAD), old + timedelta(days=1))


@pytest.mark.parametrize("status", list(ProjectStatus))
def test_what_can_be_done_where_a_project_stands(status: ProjectStatus) -> None:
    running = status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
    ended = status in (ProjectStatus.FINISHED, ProjectStatus.STOPPED, ProjectStatus.LAPSED)
    call = replace(CALL, status=status)
    for check, may in (
        (terms.check_can_stop, running),
        (terms.check_can_finish, status is ProjectStatus.GOING_AHEAD),
        (terms.check_can_post_again, ended),
    ):
        if may:
            check(call)
        else:
            with pytest.raises(Conflict, match="wrong_status"):
                check(call)


def test_finished_work_says_when_it_ended_and_what_came_of_it() -> None:
    terms.check_outcome(2026, written("It works", under=2), TODAY)
    with pytest.raises(RuleBroken) as caught:
        terms.check_outcome(None, written("", under=2), TODAY)
    assert {problem.code for problem in caught.value.problems} == {
        "project.year_ended_missing", "project.outcome_missing",
    }  # fmt: skip
