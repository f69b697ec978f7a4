"""The terms councils pledge on, when they may change, and when the call for support may end. Pure.

The terms are how a project is decided (mode, date, number of councils) and what it cannot do without: its essential
needs. While a pledge stands they change only with a reason, and everybody who pledged has time to look at it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.documents.markdown import LONGEST_TEXT, Written
from pipeline.kernel.errors import Conflict, Problem, RuleBroken, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _, day_words
from pipeline.kernel.working_days import after_working_days, before_working_days
from pipeline.projects.rules import (
    FIRST_YEAR,
    MOST_COUNCILS_ASKED,
    Mode,
    NeedTerms,
    ProjectStatus,
    decision_window,
    months_after,
)

DAYS_TO_LOOK = 5
"""Working days after a change of terms in which nobody can give the go-ahead, and before the date without changes."""
MOST_MONTHS_MOVED = 6
MOST_REASON = 1_000
RUNNING = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
ENDS = (ProjectStatus.FINISHED, ProjectStatus.STOPPED, ProjectStatus.LAPSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A project's call for support as it stands. `nation` is the lead council's; `terms_changed_on` the last change.
    While it `is_waiting`, because it looks for a lead or is frozen, there is no go-ahead and its date waits."""

    status: ProjectStatus
    mode: Mode
    nation: str
    decision_on: date | None = None
    least_councils: int = 0
    is_hidden: bool = False
    is_waiting: bool = False
    keeps_documents: bool = False
    is_passing: bool = False
    is_date_moved: bool = False
    terms_changed_on: date | None = None

    @property
    def waits_for_date(self) -> bool:
        """Whether its decision is still to be taken by a date."""
        return self.status is ProjectStatus.OPEN and self.mode is Mode.ALL_OR_NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a project is decided. A flexible one has neither date nor number of councils."""

    mode: Mode
    decision_on: date | None = None
    least_councils: int = 0


def asks_for_nothing() -> Conflict:
    """The refusal of what makes no sense where a council keeps its documents (project.keeps_documents)."""
    words = Words(_("This is where a council keeps its documents: no more than that."))
    return Conflict("project.keeps_documents", words)


def acts_open(call: Call) -> tuple[str, ...]:
    """What can be done with a call now, as refusals name it."""
    if call.status not in RUNNING:
        return ("post_again",) if call.status in ENDS else ()
    acts = ["stop"]
    if call.status is ProjectStatus.GOING_AHEAD or call.mode is Mode.FLEXIBLE:
        acts.append("finish")
    if may_go_ahead_from(call) is not None and (call.mode is Mode.FLEXIBLE or call.is_passing):
        acts.append("go_ahead")
    if call.waits_for_date:
        acts += ["change_terms", *([] if call.is_date_moved else ["move_date"])]
    return tuple(acts)


def may_go_ahead_from(call: Call) -> date | None:
    """The first day on which a lead can give an open project the go-ahead; None where nobody can."""
    if call.status is not ProjectStatus.OPEN or call.is_hidden or call.is_waiting:
        return None
    if call.mode is Mode.FLEXIBLE or call.terms_changed_on is None:
        return date.min
    return after_working_days(call.terms_changed_on, DAYS_TO_LOOK, call.nation) + timedelta(days=1)


def check_go_ahead(call: Call, today: date) -> None:
    """A lead gives the go-ahead to an open project: all or nothing while its test passes and five working days after
    the last change of terms; flexible when work starts.

    Raises Conflict (project.wrong_status, project.hidden, project.waits, project.test_not_passed,
    project.terms_just_changed).
    """
    _check_status(call, ProjectStatus.OPEN)
    if call.is_hidden:
        words = Words(_("This project is hidden, so it cannot be given the go-ahead."))
        raise Conflict("project.hidden", words, acts_open(call))
    if call.is_waiting:
        words = Words(_("This project waits until somebody leads it again, so it cannot be given the go-ahead."))
        raise Conflict("project.waits", words, acts_open(call))
    if call.mode is Mode.ALL_OR_NOTHING and not call.is_passing:
        words = Words(_("The go-ahead test does not pass yet. The project’s page says what is missing."))
        raise Conflict("project.test_not_passed", words, acts_open(call))
    first = may_go_ahead_from(call)
    if first is not None and first > today:
        words = Words(
            _("The terms have just changed, so those who pledged have time to look. From {day} it can go ahead."),
            day=day_words(first),
        )
        raise Conflict("project.terms_just_changed", words, tuple(one for one in acts_open(call) if one != "go_ahead"))


def check_is_open(call: Call) -> None:
    """How a project is decided is changed while it is open. Raises Conflict (project.wrong_status)."""
    _check_status(call, ProjectStatus.OPEN)


def check_can_stop(call: Call) -> None:
    """Stopped from open or going ahead only. Raises Conflict (project.wrong_status)."""
    _check_status(call, *RUNNING)


def check_can_finish(call: Call) -> None:
    """Finished once it goes ahead; a flexible project also while it is open. Raises Conflict (project.wrong_status)."""
    _check_status(call, *(RUNNING if call.mode is Mode.FLEXIBLE else (ProjectStatus.GOING_AHEAD,)))


def check_can_post_again(call: Call) -> None:
    """Only what has ended is posted again. Raises Conflict (project.wrong_status)."""
    _check_status(call, *ENDS)


def check_outcome(year_ended: int | None, outcome: Written, today: date) -> None:
    """Finished work says in which year it ended and what came of it. Raises RuleBroken (project.*)."""
    problems = []
    if year_ended is None:
        words = Words(_("Say in which year the work ended"))
        problems.append(Problem("project.year_ended_missing", words, "year_ended"))
    elif not FIRST_YEAR <= year_ended <= today.year:
        words = Words(_("Give a year from {first} to {last}"), first=FIRST_YEAR, last=today.year)
        problems.append(Problem("project.year_out_of_range", words, "year_ended"))
    if not outcome.text:
        problems.append(Problem("project.outcome_missing", Words(_("Say what came of it")), "outcome"))
    problems += length_problems("project", "outcome", outcome.text, LONGEST_TEXT)
    refuse_if_any(problems)


def check_reason(reason: str) -> None:
    """Everybody reads why. Raises RuleBroken (project.reason_missing, project.reason_too_long)."""
    if not reason:
        raise RuleBroken(Problem("project.reason_missing", Words(_("Say why, for everybody to read")), "reason"))
    refuse_if_any(length_problems("project", "reason", reason, MOST_REASON))


def frozen_from(decision_on: date, nation: str) -> date:
    """The day from which terms stay as they are: the first of the last five working days before the decision date."""
    return before_working_days(decision_on, DAYS_TO_LOOK, nation)


def check_terms_may_change(call: Call, today: date) -> None:
    """Terms change while the project runs, and not in the last five working days before its decision date.

    Raises Conflict (project.ended, project.terms_frozen).
    """
    if call.status not in RUNNING:
        words = Words(_("This project has ended, so what it asks for stays as it is."))
        raise Conflict("project.ended", words, acts_open(call))
    if call.waits_for_date and call.decision_on is not None and today >= frozen_from(call.decision_on, call.nation):
        words = Words(
            _("It is decided on {day}. In the last five working days before, the terms stay as they are."),
            day=day_words(call.decision_on),
        )
        raise Conflict("project.terms_frozen", words, tuple(one for one in acts_open(call) if one != "change_terms"))


def need_terms_differ(old: NeedTerms | None, new: NeedTerms | None) -> bool:
    """Whether what councils pledge on changes with a need: an essential one is added, changed in its target or in what
    it is, or taken away. None stands for a need that is not there."""
    if old is None or new is None:
        only = new or old
        return only is not None and only.is_essential
    terms_differ = (old.target, old.is_essential, old.is_capped) != (new.target, new.is_essential, new.is_capped)
    return terms_differ and (old.is_essential or new.is_essential)


def check_testable(call: Call, *, has_essential: bool) -> None:
    """The test of an open, all-or-nothing project always has something to look at. Raises RuleBroken
    (project.nothing_to_test)."""
    if call.waits_for_date and call.least_councils < 1 and not has_essential:
        words = Words(
            _("Keep at least one essential need, or ask for at least one other council: otherwise nothing decides.")
        )
        raise RuleBroken(Problem("project.nothing_to_test", words, "least_councils"))


def check_new_terms(call: Call, new: Terms, today: date, *, was_authorised: bool, has_essential: bool) -> None:
    """New terms of an open project. The mode stays once any pledge was authorised; whoever makes it all or nothing
    gives a date as at publishing; the date of one that has one is moved, not changed here.

    Raises Conflict (project.mode_fixed), RuleBroken (project.*).
    """
    if new.mode is not call.mode and was_authorised:
        words = Words(_("A pledge has been authorised on these terms, so it stays all or nothing, or flexible."))
        raise Conflict("project.mode_fixed", words, field="mode")
    if new.mode is Mode.FLEXIBLE:
        return
    if not 0 <= new.least_councils <= MOST_COUNCILS_ASKED:
        words = Words(_("Ask for between 0 and {most} councils"), most=MOST_COUNCILS_ASKED)
        raise RuleBroken(Problem("project.councils_out_of_range", words, "least_councils"))
    if new.least_councils < 1 and not has_essential:
        words = Words(
            _("Keep at least one essential need, or ask for at least one other council: otherwise nothing decides.")
        )
        raise RuleBroken(Problem("project.nothing_to_test", words, "least_councils"))
    if call.mode is Mode.FLEXIBLE:
        _check_first_date(new.decision_on, today, call.nation)


def _check_first_date(decision_on: date | None, today: date, nation: str) -> None:
    first, last = decision_window(today, nation)
    if decision_on is None:
        words = Words(_("Give the date by which it is decided"))
        raise RuleBroken(Problem("project.decision_on_missing", words, "decision_on"))
    if not first <= decision_on <= last:
        words = Words(
            _("The decision date must be from {first} to {last}: 10 working days to 12 months from today"),
            first=day_words(first), last=day_words(last),
        )  # fmt: skip
        raise RuleBroken(Problem("project.decision_on_out_of_range", words, "decision_on"))


def last_moved_date(decision_on: date) -> date:
    """The latest day a decision date can be moved to."""
    return months_after(decision_on, MOST_MONTHS_MOVED)


def check_move(call: Call, new: date | None) -> None:
    """The date is moved once, before it has passed, later only, and by at most six months.

    Raises Conflict (project.wrong_status, project.no_date, project.date_moved_before), RuleBroken (project.*).
    """
    _check_status(call, ProjectStatus.OPEN)
    if call.mode is Mode.FLEXIBLE or call.decision_on is None:
        raise Conflict("project.no_date", Words(_("A flexible project has no decision date.")), acts_open(call))
    if call.is_date_moved:
        words = Words(_("The decision date has been moved once already, so it stays."))
        raise Conflict("project.date_moved_before", words, acts_open(call))
    if new is None:
        words = Words(_("Give the new decision date"))
        raise RuleBroken(Problem("project.decision_on_missing", words, "decision_on"))
    last = last_moved_date(call.decision_on)
    if not call.decision_on < new <= last:
        words = Words(
            _("The new date must be after {old} and no later than {last}"), old=day_words(call.decision_on),
            last=day_words(last),
        )  # fmt: skip
        raise RuleBroken(Problem("project.decision_on_out_of_range", words, "decision_on"))


def _check_status(call: Call, *wanted: ProjectStatus) -> None:
    if call.keeps_documents:
        raise asks_for_nothing()
    if call.status not in wanted:
        raise Conflict("project.wrong_status", Words(STANDS[call.status]), acts_open(call))


STANDS: dict[ProjectStatus, str] = {
    ProjectStatus.DRAFT: _("This project is a draft still."),
    ProjectStatus.OPEN: _("This project is open, and its decision is still to come."),
    ProjectStatus.GOING_AHEAD: _("This project is going ahead already."),
    ProjectStatus.FINISHED: _("This project is finished."),
    ProjectStatus.STOPPED: _("This project was stopped."),
    ProjectStatus.LAPSED: _("This project has lapsed."),
}
"""Where a project stands that cannot be taken further by what was asked."""
