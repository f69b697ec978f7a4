"""What conditions may ask for, and whether they could ever come true. Pure.

A condition is held against the project as it stands and the best that can be hoped for: that everybody who could still
pledge does. What could not come true even then is refused, because a pledge that waits holds room others could fill.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pipeline.councils.rules import counts_as_council
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.kernel.errors import Conflict, Problem, refuse_if_any
from pipeline.kernel.words import Words, _, day_words
from pipeline.pledges.conditions import Condition, ConditionKind, PledgingCouncil, is_asked_for
from pipeline.pledges.rules import LATEST_DATES, MOST_AMOUNT, Offer
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, ProjectStatus, months_after

MOST_CONDITIONS = 5
MOST_COUNCILS = 400
LONGEST_WAIT = 6
"""Months that a pledge with conditions may stand where no decision date ends it."""
SUMMED = (NeedKind.TIME, NeedKind.FUNDING)
"""What a sum can be asked of: things in kind are of many sorts and are never added."""


@dataclass(frozen=True, slots=True)
class NeedStands:
    """A need of the project: what it asks for and what is held of it, in its unit, this offer left out."""

    id: UUID
    kind: NeedKind
    status: NeedStatus
    is_capped: bool
    target: int
    held: int

    def at_most(self, amount: int) -> int | None:
        """What it could hold at best with so much more in it; None where there is no end to it."""
        if self.status is not NeedStatus.OPEN:
            return self.held + amount
        return max(self.target, self.held + amount) if self.is_capped else None

    def left_after(self, amount: int) -> int | None:
        """The room that so much more would leave; None where it takes any amount."""
        most = self.at_most(amount)
        return None if most is None else most - self.held - amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTerms:
    """What the conditions of an offer are held against.

    `need_id` is the need it is towards, `needs` all of the project's, `standing` the councils whose pledges to the
    project stand, `on_register` how many councils there are of each kind, nation and region. A trial project is seen by
    one council alone, so nothing is said there of others who could come.
    """

    council: PledgingCouncil
    need_id: UUID
    needs: Mapping[UUID, NeedStands]
    mode: Mode
    project_status: ProjectStatus
    is_trial: bool = False
    standing: frozenset[PledgingCouncil] = frozenset()
    on_register: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def ends_by_date(self) -> bool:
        """Whether a decision date is still to come, at which a pledge that waits lapses."""
        return self.mode is Mode.ALL_OR_NOTHING and self.project_status is ProjectStatus.OPEN


def field_of(position: int) -> str:
    """What the problems of a condition call it, by its place in the list."""
    return f"conditions/{position}"


def check_conditions(offer: Offer, terms: ConditionTerms, today: date) -> None:
    """At most five conditions, each asking for something of this project that the pledge does not bring by itself; and
    where no decision date ends the wait, a day until which the pledge stands.

    Raises RuleBroken with every problem (condition.…, offer.stands_until…).
    """
    problems = list(_stands_until_problems(offer, terms, today))
    if len(offer.conditions) > MOST_CONDITIONS:
        words = Words(_("A pledge can wait for at most {n} things."), n=MOST_CONDITIONS)
        problems.append(Problem("condition.too_many", words, "conditions"))
    for position, condition in enumerate(offer.conditions):
        problem = _problem(condition, offer, terms)
        if problem is not None:
            code, words = problem
            problems.append(Problem(code, words, field_of(position)))
        elif condition in offer.conditions[:position]:
            words = Words(_("This is asked for twice."))
            problems.append(Problem("condition.repeated", words, field_of(position)))
    refuse_if_any(problems)


def last_stands_until(offer: Offer, terms: ConditionTerms, today: date) -> date:
    """The latest day until which a pledge may stand: six months on if it waits where no decision date ends the wait."""
    is_waiting = bool(offer.conditions) and not terms.ends_by_date
    return months_after(today, LONGEST_WAIT) if is_waiting else today + LATEST_DATES


def wait_ends_on(known: date | None, sign_off_by: date, today: date) -> date:
    """Until when an offer that waits stands once no decision date ends its wait: the day it knew, at most six months
    on, and never before its own council decides."""
    latest = months_after(today, LONGEST_WAIT)
    return max(min(known or latest, latest), sign_off_by)


def _stands_until_problems(offer: Offer, terms: ConditionTerms, today: date) -> Iterable[Problem]:
    if offer.stands_until is None:
        if offer.conditions and not terms.ends_by_date:
            words = Words(_("Say until when the pledge stands: no decision date ends its wait."))
            yield Problem("offer.stands_until_missing", words, "stands_until")
        return
    latest = last_stands_until(offer, terms, today)
    if not offer.sign_off_by <= offer.stands_until <= latest:
        words = Words(
            _("The pledge can stand until a day from {first}, when your council decides, to {last}."),
            first=day_words(offer.sign_off_by), last=day_words(latest),
        )  # fmt: skip
        yield Problem("offer.stands_until", words, "stands_until")


def _problem(condition: Condition, offer: Offer, terms: ConditionTerms) -> tuple[str, Words] | None:
    if _is_misplaced(condition):
        return "condition.misplaced", Words(_("This belongs to a condition of another kind."))
    match condition.kind:
        case ConditionKind.COUNCILS:
            return _problem_of_councils(condition)
        case ConditionKind.TOTAL:
            return _problem_of_total(condition, offer, terms)
        case ConditionKind.NEED:
            return _problem_of_need(condition, offer, terms)


def _is_misplaced(condition: Condition) -> bool:
    """Whether it says something that only conditions of another kind say."""
    is_of_group = any((condition.of_kind, condition.of_nation, condition.of_region))
    match condition.kind:
        case ConditionKind.COUNCILS:
            return condition.unit is not None or condition.need_id is not None
        case ConditionKind.TOTAL:
            return condition.need_id is not None or is_of_group
        case ConditionKind.NEED:
            return condition.at_least != 0 or condition.unit is not None or is_of_group


def _problem_of_councils(condition: Condition) -> tuple[str, Words] | None:
    if not 1 <= condition.at_least <= MOST_COUNCILS:
        return "condition.councils", Words(_("Ask for 1 to {most} other councils."), most=MOST_COUNCILS)
    is_known = (
        (condition.of_kind is None or (condition.of_kind in KIND_BY_VALUE and counts_as_council(condition.of_kind)))
        and (condition.of_nation is None or condition.of_nation in NATION_BY_VALUE)
        and (condition.of_region is None or condition.of_region in REGION_BY_VALUE)
    )
    if not is_known:
        return "condition.group_unknown", Words(_("Choose a kind of council, a nation or a region from the list."))
    return None


def _problem_of_total(condition: Condition, offer: Offer, terms: ConditionTerms) -> tuple[str, Words] | None:
    if condition.unit not in SUMMED:
        return "condition.unit", Words(_("A sum is asked for in days or in pounds."))
    if not 1 <= condition.at_least <= MOST_AMOUNT[condition.unit]:
        return "condition.total", Words(_("Ask for more than nothing."))
    need = terms.needs.get(terms.need_id)
    if need is not None and need.kind is condition.unit and offer.amount >= condition.at_least:
        return "condition.met_alone", _MET_ALONE
    return None


def _problem_of_need(condition: Condition, offer: Offer, terms: ConditionTerms) -> tuple[str, Words] | None:
    need = terms.needs.get(condition.need_id) if condition.need_id else None
    if need is None:
        return "condition.need_unknown", Words(_("Choose one of this project’s needs."))
    if need.status is NeedStatus.DROPPED:
        return "condition.need_dropped", Words(_("This need is no longer wanted, so nothing can wait for it."))
    if need.id == terms.need_id and offer.amount >= need.target:
        return "condition.met_alone", _MET_ALONE
    return None


_MET_ALONE = Words(_("Your council’s own pledge is enough for this. Ask for something that others bring."))


def check_can_come_true(offer: Offer, terms: ConditionTerms) -> None:
    """An offer whose conditions could not come true in the room that would be left is refused with that explanation
    (rules.md 2). The offer has passed `check_conditions`. Raises Conflict (condition.cannot_hold).
    """
    for position, condition in enumerate(offer.conditions):
        words = _why_never(condition, offer, terms)
        if words is not None:
            raise Conflict("condition.cannot_hold", words, ("offer",), field_of(position))


def _why_never(condition: Condition, offer: Offer, terms: ConditionTerms) -> Words | None:
    match condition.kind:
        case ConditionKind.COUNCILS:
            return _why_never_so_many(condition, offer, terms)
        case ConditionKind.TOTAL:
            most = _most_in_all(condition.unit, offer, terms)
            if most is not None and most < condition.at_least:
                return Words(_("With the room that is left, no more than this can come together in all."))
        case ConditionKind.NEED:
            need = terms.needs[condition.need_id] if condition.need_id else None
            most = need.at_most(_part_of(offer, need, terms)) if need else None
            if need is not None and most is not None and most < need.target:
                return Words(_("This need takes no more pledges, and what it has is not enough to meet it."))
    return None


def _most_in_all(unit: NeedKind | None, offer: Offer, terms: ConditionTerms) -> int | None:
    """The most that all needs of a kind could hold together; None where there is no end to it."""
    in_all = 0
    for need in terms.needs.values():
        if need.kind is unit:
            most = need.at_most(_part_of(offer, need, terms))
            if most is None:
                return None
            in_all += most
    return in_all


def _part_of(offer: Offer, need: NeedStands, terms: ConditionTerms) -> int:
    return offer.amount if need.id == terms.need_id else 0


def _why_never_so_many(condition: Condition, offer: Offer, terms: ConditionTerms) -> Words | None:
    """Each council that comes needs room for at least one unit; those with a standing pledge are here already."""
    if terms.is_trial:
        return None
    on_register = sum(
        number
        for (kind, nation, region), number in terms.on_register.items()
        if is_asked_for(PledgingCouncil(terms.need_id, kind, nation, region, counts_as_council(kind)), condition)
    )
    if on_register - is_asked_for(terms.council, condition) < condition.at_least:
        return Words(_("There are not so many such councils besides yours."))
    here = sum(one.id != terms.council.id and is_asked_for(one, condition) for one in terms.standing)
    left = [need.left_after(_part_of(offer, need, terms)) for need in terms.needs.values()]
    if None in left:
        return None
    if here + sum(one for one in left if one is not None) < condition.at_least:
        return Words(_("There is not room enough left for so many other councils to pledge."))
    return None
