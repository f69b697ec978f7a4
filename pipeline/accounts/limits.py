"""How far authority in a council reaches: the limits of its authorisers, and what the council lets happen. Pure.

Both are kept as histories. Nobody widens their own way: what somebody gave, or what was given after an offer was made,
does not widen what may be done with that offer; what was narrowed since holds at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.effort import MOST_HALF_DAYS, days
from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.money import MOST_PENCE, pounds
from pipeline.kernel.words import Words, _

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Sums:
    """What is weighed against a limit: half-days of time, and pence (in kind at its stated worth)."""

    half_days: int = 0
    pence: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.half_days + other.half_days, self.pence + other.pence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much may be agreed to in one project, in half-days and in pence, and from which day to which; None limits
    nothing."""

    half_days: int | None = None
    pence: int | None = None
    first_on: date | None = None
    last_on: date | None = None

    @property
    def is_none(self) -> bool:
        """Whether it limits nothing."""
        return self == NO_LIMIT


NO_LIMIT = Limit()
USUAL_CEILING = Limit(half_days=20, pence=500_000)
"""What somebody named by e-mail may agree to in one project, until an admin of the council sets another ceiling, and
wherever a council has no admin: 10 days, £5,000 (`rules.md` 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilAuthority:
    """What a council lets happen: offers of time by its standing rule (of a date), and people named by e-mail, who may
    agree to no more than the ceiling in one project."""

    standing_rule_on: date | None = None
    has_named_way: bool = True
    ceiling: Limit = USUAL_CEILING

    @property
    def has_standing_rule(self) -> bool:
        return self.standing_rule_on is not None


USUAL_AUTHORITY = CouncilAuthority()
"""Before an admin sets anything: no standing rule; somebody may be named by e-mail, up to the usual ceiling."""


@dataclass(frozen=True, slots=True)
class Given(Generic[Value]):
    """What was set at a moment, and by whom; None where no person did (the operator)."""

    value: Value
    by: UUID | None
    at: datetime


def narrowest(*limits: Limit) -> Limit:
    """The limit that keeps to all of these."""

    def pick(name: str, choose: Callable[..., Any]) -> Any:
        return choose((value for one in limits if (value := getattr(one, name)) is not None), default=None)

    return Limit(
        half_days=pick("half_days", min), pence=pick("pence", min),
        first_on=pick("first_on", max), last_on=pick("last_on", min),
    )  # fmt: skip


def all_that_hold(
    history: Sequence[Given[Value]], *, usual: Value, moment: datetime, not_by: frozenset[UUID]
) -> tuple[Value, ...]:
    """The settings that hold together for an offer made at a moment; a history runs from the oldest on.

    What is set now; what was set at that moment; and what was set last before it by anybody but `not_by` (every account
    of whoever offered). `usual` is what held before anything was set.
    """
    before = [one for one in history if one.at <= moment]
    independent = [one for one in before if one.by not in not_by]
    return tuple(some[-1].value if some else usual for some in (history, before, independent))


def limit_that_holds(history: Sequence[Given[Limit]], *, moment: datetime, not_by: frozenset[UUID]) -> Limit:
    """The limit of an authoriser for an offer made at a moment by `not_by`."""
    return narrowest(*all_that_hold(history, usual=NO_LIMIT, moment=moment, not_by=not_by))


def authority_that_holds(
    history: Sequence[Given[CouncilAuthority]], *, moment: datetime, not_by: frozenset[UUID], has_admin: bool
) -> CouncilAuthority:
    """What a council lets happen with an offer made at a moment by `not_by`. Without an admin now, no ceiling is higher
    than the usual one."""
    hold = all_that_hold(history, usual=USUAL_AUTHORITY, moment=moment, not_by=not_by)
    ceilings = [one.ceiling for one in hold] + ([] if has_admin else [USUAL_CEILING])
    return CouncilAuthority(
        standing_rule_on=hold[0].standing_rule_on if all(one.has_standing_rule for one in hold) else None,
        has_named_way=all(one.has_named_way for one in hold),
        ceiling=narrowest(*ceilings),
    )


def reach(limit: Limit, sums: Sums, *, is_time: bool, today: date) -> Decision:
    """Whether a limit reaches so far: the sums in the unit of the pledge, and the day of the decision."""
    if limit.first_on is not None and today < limit.first_on:
        return no("authorisation.over_limit", Words(_("This authority begins only later.")))
    if limit.last_on is not None and today > limit.last_on:
        return no("authorisation.over_limit", Words(_("This authority has ended, by the last day set for it.")))
    if is_time and limit.half_days is not None and sums.half_days > limit.half_days:
        words = Words(
            _(
                "This goes past the limit of {limit} days in one project: with this pledge your council’s pledges "
                "to the project come to {sum} days. Somebody with a higher limit has to decide."
            ),
            limit=days(limit.half_days), sum=days(sums.half_days),
        )  # fmt: skip
        return no("authorisation.over_limit", words)
    if not is_time and limit.pence is not None and sums.pence > limit.pence:
        words = Words(
            _(
                "This goes past the limit of {limit} in one project: with this pledge your council’s pledges "
                "to the project come to {sum}. Somebody with a higher limit has to decide."
            ),
            limit=pounds(limit.pence), sum=pounds(sums.pence),
        )  # fmt: skip
        return no("authorisation.over_limit", words)
    return YES


def check_limit(limit: Limit) -> None:
    """A limit is of amounts that can be pledged, and its days are in order. Raises RuleBroken (limit.…)."""
    problems = []
    if limit.half_days is not None and not 0 <= limit.half_days <= MOST_HALF_DAYS:
        problems.append(Problem("limit.out_of_range", Words(_("Give fewer days.")), "half_days"))
    if limit.pence is not None and not 0 <= limit.pence <= MOST_PENCE:
        problems.append(Problem("limit.out_of_range", Words(_("Give fewer pounds.")), "pence"))
    if limit.first_on and limit.last_on and limit.last_on < limit.first_on:
        words = Words(_("The last day must be the same as or after the first."))
        problems.append(Problem("limit.days_in_order", words, "last_on"))
    refuse_if_any(problems)


def check_authority(authority: CouncilAuthority, today: date) -> None:
    """A standing rule has been decided by now, and a ceiling is an amount. Raises RuleBroken (limit.…)."""
    problems = []
    if authority.standing_rule_on is not None and authority.standing_rule_on > today:
        words = Words(_("Give the day on which your council decided the rule: today or earlier."))
        problems.append(Problem("limit.rule_in_future", words, "standing_rule_on"))
    refuse_if_any(problems)
    check_limit(authority.ceiling)
