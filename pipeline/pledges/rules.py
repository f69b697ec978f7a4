"""Rules of pledges: what may be offered, which steps a pledge takes, and what each state holds. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from pipeline.kernel.effort import MOST_HALF_DAYS
from pipeline.kernel.errors import Conflict, Problem, RuleBroken, refuse_if_any
from pipeline.kernel.money import MOST_PENCE
from pipeline.kernel.words import Words, _
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges.conditions import Condition
from pipeline.projects.rules import UNITS, NeedKind, NeedStatus, ProjectStatus

MOST_MESSAGE = 2_000
MOST_REASON = 1_000
MOST_QUANTITY = 1_000_000
MOST_AMOUNT = {NeedKind.TIME: MOST_HALF_DAYS, NeedKind.FUNDING: MOST_PENCE, NeedKind.IN_KIND: MOST_QUANTITY}
"""The most of each kind one pledge may hold: half-days, pence, a number of things."""
USUAL_SIGN_OFF = 20
LATEST_SIGN_OFF = 90
"""Working days, of the pledging council's nation, in which somebody there must agree to an offer."""
LATEST_DATES = timedelta(days=5 * 366)
UNRECORDED_AFTER = timedelta(days=90)
"""So long after its project was finished, what is left of a committed pledge shows as not recorded."""
MOST_FINANCIAL_YEARS = 5


class PledgeStatus(StrEnum):
    """Where a pledge stands. *Standing* are offered, authorised, accepted and committed."""

    OFFERED = "offered"
    AUTHORISED = "authorised"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    BROKEN = "broken"
    RELEASED = "released"


class Act(StrEnum):
    """What can be done to a pledge."""

    CHANGE = "change"
    AUTHORISE = "authorise"
    REFUSE = "refuse"
    ACCEPT = "accept"
    DECLINE = "decline"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    DELIVER = "deliver"
    BREAK = "break"
    RELEASE = "release"
    ASK_RELEASE = "ask-release"
    REFUSE_RELEASE = "refuse-release"
    NOT_COME = "not-come"


class Spending(StrEnum):
    """Out of which kind of money a council funds."""

    REVENUE = "revenue"
    CAPITAL = "capital"


class Capacity(StrEnum):
    """In which capacity somebody agrees to a pledge for their council."""

    LINE_MANAGER = "line-manager"
    HEAD_OF_SERVICE = "head-of-service"
    BUDGET_HOLDER = "budget-holder"
    CHIEF_FINANCE_OFFICER = "chief-finance-officer"
    EXECUTIVE_MEMBER = "executive-member"
    COMMITTEE = "committee"


STEPS: dict[Act, frozenset[PledgeStatus]] = {
    Act.CHANGE: frozenset({PledgeStatus.OFFERED}),
    Act.AUTHORISE: frozenset({PledgeStatus.OFFERED}),
    Act.REFUSE: frozenset({PledgeStatus.OFFERED}),
    Act.ACCEPT: frozenset({PledgeStatus.AUTHORISED}),
    Act.DECLINE: frozenset({PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED}),
    Act.WITHDRAW: frozenset({PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED}),
    Act.REPLACE: frozenset({PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED}),
    Act.LAPSE: frozenset({PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED}),
    Act.DELIVER: frozenset({PledgeStatus.COMMITTED, PledgeStatus.DELIVERED}),
    Act.BREAK: frozenset({PledgeStatus.COMMITTED}),
    Act.RELEASE: frozenset({PledgeStatus.COMMITTED}),
    Act.ASK_RELEASE: frozenset({PledgeStatus.COMMITTED}),
    Act.REFUSE_RELEASE: frozenset({PledgeStatus.COMMITTED}),
    Act.NOT_COME: frozenset({PledgeStatus.COMMITTED}),
}
"""From which states each act leads on."""

STANDING = frozenset({PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED})
REPLACEABLE = STEPS[Act.REPLACE]
"""States in which a pledge is changed by offering another in its place."""
PARTNERING = frozenset({PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED})
"""States that make the pledging council a partner in the project."""
ENDED = frozenset(PledgeStatus) - STANDING
WAITABLE = frozenset({PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED})
"""States in which a pledge counts or waits, by its conditions."""

STATUS_WORDS: dict[PledgeStatus, str] = {
    PledgeStatus.OFFERED: _("This pledge is offered and waits for its council to authorise it."),
    PledgeStatus.AUTHORISED: _("This pledge is authorised and waits for the project's leads to accept it."),
    PledgeStatus.REFUSED: _("This pledge was refused by its own council."),
    PledgeStatus.ACCEPTED: _("This pledge is accepted."),
    PledgeStatus.DECLINED: _("This pledge was declined by the project's leads."),
    PledgeStatus.COMMITTED: _("This pledge is committed."),
    PledgeStatus.DELIVERED: _("This pledge is delivered."),
    PledgeStatus.WITHDRAWN: _("This pledge was withdrawn by its council."),
    PledgeStatus.LAPSED: _("This pledge has lapsed."),
    PledgeStatus.BROKEN: _("This pledge was broken."),
    PledgeStatus.RELEASED: _("This pledge was released."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a council promises. `amount` is in the unit of the need's kind: half-days, pence, or a number of things.

    Time says from when to when; funding the financial year or years (each from 1 April) and revenue or capital, without
    VAT; in kind what it is worth in pence. `sign_off_by` is the last day on which its council may authorise it,
    `stands_until` the last on which it stands without being committed, and all of `conditions` must hold before it
    counts.
    """

    amount: int
    sign_off_by: date
    from_on: date | None = None
    to_on: date | None = None
    first_financial_year: int | None = None
    last_financial_year: int | None = None
    spending: Spending | None = None
    worth_pence: int | None = None
    message: str = ""
    conditions: tuple[Condition, ...] = ()
    stands_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedTerms:
    """What an offer is held against: the need and its project as they stand, and the pledging council's nation."""

    kind: NeedKind
    status: NeedStatus
    is_capped: bool
    target: int
    held: int
    project_status: ProjectStatus
    decision_on: date | None
    is_hidden: bool
    nation: str
    is_waiting: bool = False

    @property
    def room(self) -> int | None:
        """How much a capped need still takes; None where it takes any amount."""
        return max(self.target - self.held, 0) if self.is_capped else None

    @property
    def latest_sign_off(self) -> date | None:
        """The decision date, while the decision is still to come."""
        return self.decision_on if self.project_status is ProjectStatus.OPEN else None


class NoRoom(Conflict):
    """The offer is larger than the room. `left` is what is left, in the unit of `kind`."""

    def __init__(self, kind: NeedKind, left: int) -> None:
        self.kind = kind
        self.left = left
        super().__init__("pledge.no_room", room_left(kind, left), ("offer",) if left else (), UNITS[kind])


def room_left(kind: NeedKind, left: int) -> Words:
    """What is left, in the unit the API counts in."""
    if kind is NeedKind.TIME:
        return Words(_("{n} half-day is left."), _("{n} half-days are left."), n=left)
    if kind is NeedKind.FUNDING:
        return Words(_("{n} penny is left."), _("{n} pence are left."), n=left)
    return Words(_("{n} is left."), _("{n} are left."), n=left)


def check_council_exists(*, is_active: bool) -> None:
    """A council that has ended, or has not begun, promises nothing. Raises Conflict (offer.council_ended)."""
    if not is_active:
        words = Words(_("Your council does not exist today, so it can offer nothing. Others may have followed it."))
        raise Conflict("offer.council_ended", words)


def check_takes_pledges(terms: NeedTerms, today: date) -> None:
    """A need takes pledges while it is open, in a project that is open or going ahead and not hidden.

    Raises Conflict (project.takes_no_pledges, project.waits, project.decision_date_passed, need.closed).
    """
    if terms.project_status not in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD) or terms.is_hidden:
        words = Words(_("This project takes no pledges. Look for another that is open."))
        raise Conflict("project.takes_no_pledges", words)
    if terms.is_waiting:
        words = Words(_("This project waits until somebody leads it again. Until then it takes no new pledges."))
        raise Conflict("project.waits", words)
    if terms.latest_sign_off is not None and terms.latest_sign_off < today:
        words = Words(_("The decision date of this project has passed, so it takes no new pledges."))
        raise Conflict("project.decision_date_passed", words)
    if terms.status is not NeedStatus.OPEN:
        words = Words(_("This need takes no more pledges. See what else the project needs."))
        raise Conflict("need.closed", words)


def check_room(terms: NeedTerms, amount: int, already_held: int = 0) -> None:
    """An offer larger than the room is refused and told what is left; nothing is split. Raises NoRoom.

    `already_held` is what the same pledge holds now, when it is changed.
    """
    if terms.room is None:
        return
    left = terms.room + already_held
    if amount > left:
        raise NoRoom(terms.kind, left)


def check_offer(offer: Offer, terms: NeedTerms, today: date) -> None:
    """An offer says how much, when, and by when its council decides. Raises RuleBroken with every problem (offer.…)."""
    problems = [*_amount_problems(offer, terms.kind), *_sign_off_problems(offer, terms, today)]
    match terms.kind:
        case NeedKind.TIME:
            problems += _time_problems(offer, today)
        case NeedKind.FUNDING:
            problems += _funding_problems(offer, today)
        case NeedKind.IN_KIND:
            problems += _in_kind_problems(offer)
    if len(offer.message) > MOST_MESSAGE:
        words = Words(_("The message must be {most} characters or fewer."), most=MOST_MESSAGE)
        problems.append(Problem("offer.message_too_long", words, "message"))
    refuse_if_any(problems)


def _amount_problems(offer: Offer, kind: NeedKind) -> list[Problem]:
    if 1 <= offer.amount <= MOST_AMOUNT[kind]:
        return []
    words = Words(_("Say how much your council offers: it must be more than nothing."))
    return [Problem("offer.amount", words, UNITS[kind])]


def _sign_off_problems(offer: Offer, terms: NeedTerms, today: date) -> list[Problem]:
    latest = last_sign_off(today, terms)
    if today <= offer.sign_off_by <= latest:
        return []
    words = Words(
        _("The date by which your council decides must be from today to {latest}."), latest=_plain_date(latest)
    )
    return [Problem("offer.sign_off_by", words, "sign_off_by")]


def _time_problems(offer: Offer, today: date) -> list[Problem]:
    problems = []
    if offer.from_on is None:
        problems.append(Problem("offer.from_on_missing", Words(_("Say from when your officer can help.")), "from_on"))
    if offer.to_on is None:
        problems.append(Problem("offer.to_on_missing", Words(_("Say until when your officer can help.")), "to_on"))
    if offer.from_on is None or offer.to_on is None:
        return problems
    if offer.to_on < offer.from_on:
        words = Words(_("The last day must be the same as or after the first."))
        problems.append(Problem("offer.dates_in_order", words, "to_on"))
    elif offer.to_on < today:
        problems.append(Problem("offer.dates_past", Words(_("The last day must be today or later.")), "to_on"))
    elif offer.to_on > today + LATEST_DATES:
        words = Words(_("The last day must be within five years."))
        problems.append(Problem("offer.dates_far", words, "to_on"))
    if offer.from_on < today - LATEST_DATES:
        words = Words(_("The first day is too long ago."))
        problems.append(Problem("offer.dates_past", words, "from_on"))
    return problems


def _funding_problems(offer: Offer, today: date) -> list[Problem]:
    problems = []
    if offer.spending is None:
        words = Words(_("Say whether the money is revenue or capital."))
        problems.append(Problem("offer.spending_missing", words, "spending"))
    first, last = offer.first_financial_year, offer.last_financial_year
    if first is None or last is None:
        words = Words(_("Say in which financial year your council pays."))
        return [*problems, Problem("offer.financial_year_missing", words, "first_financial_year")]
    now = financial_year(today)
    if not now <= first <= last < now + MOST_FINANCIAL_YEARS:
        words = Words(_("The financial years must run from this one on, the first no later than the last."))
        problems.append(Problem("offer.financial_years", words, "last_financial_year"))
    return problems


def _in_kind_problems(offer: Offer) -> list[Problem]:
    if offer.worth_pence is not None and 0 <= offer.worth_pence <= MOST_PENCE:
        return []
    words = Words(_("Say what it is worth in pounds, as near as your council can."))
    return [Problem("offer.worth_missing", words, "worth_pence")]


def financial_year(day: date) -> int:
    """The year in which the financial year of a day began, on 1 April."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1


def financial_years_from(day: date) -> list[int]:
    """The financial years a pledge may name, the present one first."""
    return [financial_year(day) + later for later in range(MOST_FINANCIAL_YEARS)]


def usual_sign_off(today: date, terms: NeedTerms) -> date:
    """The sign-off date when nobody names another: 20 working days on, and never after the decision date."""
    day = _working_days_after(today, USUAL_SIGN_OFF, terms.nation)
    return day if terms.latest_sign_off is None else min(day, terms.latest_sign_off)


def last_sign_off(today: date, terms: NeedTerms) -> date:
    """The latest sign-off date: 90 working days on, and never after the decision date."""
    day = _working_days_after(today, LATEST_SIGN_OFF, terms.nation)
    return day if terms.latest_sign_off is None else min(day, terms.latest_sign_off)


@lru_cache(maxsize=64)
def _working_days_after(today: date, number: int, nation: str) -> date:
    return after_working_days(today, number, nation)


def _plain_date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def next_acts(status: PledgeStatus) -> tuple[Act, ...]:
    """What people can do with a pledge in a state. (Lapsing is the clock's.)"""
    return tuple(act for act, states in STEPS.items() if status in states and act is not Act.LAPSE)


def check_step(status: PledgeStatus, act: Act) -> None:
    """An act leads on only from certain states. Raises Conflict (pledge.wrong_step) with what can be done instead."""
    if status not in STEPS[act]:
        raise Conflict("pledge.wrong_step", Words(STATUS_WORDS[status]), tuple(next_acts(status)))


def check_in_time(sign_off_by: date, today: date) -> None:
    """An offer can be authorised until its sign-off date ends. Raises Conflict (pledge.sign_off_passed)."""
    if today > sign_off_by:
        words = Words(_("The date by which this offer had to be authorised has passed. Offer it again."))
        raise Conflict("pledge.sign_off_passed", words, ())


def check_reason(reason: str, *, is_required: bool = True) -> None:
    """Whoever says no gives a reason. Raises RuleBroken (pledge.reason_missing, pledge.reason_too_long)."""
    if is_required and not reason:
        raise RuleBroken(Problem("pledge.reason_missing", Words(_("Give a reason.")), "reason"))
    if len(reason) > MOST_REASON:
        words = Words(_("The reason must be {most} characters or fewer."), most=MOST_REASON)
        raise RuleBroken(Problem("pledge.reason_too_long", words, "reason"))


def is_past_its_date(status: PledgeStatus, sign_off_by: date, stands_until: date | None, today: date) -> bool:
    """Whether a pledge that is not committed has come to its end: an offer nobody authorised in time, or one that said
    until when it stands."""
    if status is PledgeStatus.OFFERED and sign_off_by < today:
        return True
    return status in STEPS[Act.LAPSE] and stands_until is not None and stands_until < today


def is_left_unrecorded(status: PledgeStatus, project_status: ProjectStatus, ended_on: date | None, today: date) -> bool:
    """Whether what is left of a committed pledge shows as not recorded: its project has been finished for 90 days."""
    if project_status is not ProjectStatus.FINISHED or ended_on is None:
        return False
    return status is PledgeStatus.COMMITTED and ended_on + UNRECORDED_AFTER <= today
