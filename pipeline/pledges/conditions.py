"""Which pledges count: conditions, solved together as the one largest set that is consistent with itself. Pure.

Every condition asks for *at least* so much of something that only grows with the set of pledges that count: councils, a
sum, a need's own sum. So what holds in a set holds in a larger one, and the union of two consistent sets is consistent:
there is one largest. It is found from above: suppose that all count, strike each pledge one of whose conditions fails,
repeat until nothing changes. (J. Heitzig, Games 16(6) 58, 2025, has the general case.)

Striking one pledge lowers a few quantities. The conditions on a quantity stand in line by what they ask, the most
first, so that a lower quantity is compared only with those it no longer satisfies: n log n in all, the staircase
included. `benchmarks/solver.py` times it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from uuid import UUID

from pipeline.projects.rules import NeedKind


class ConditionKind(StrEnum):
    """What a condition asks for: other councils, a sum in all, or that a need is met."""

    COUNCILS = "councils"
    TOTAL = "total"
    NEED = "need"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold, in the pledge's project, before the pledge counts. All the conditions of a pledge must hold.

    *councils*: `at_least` councils other than the pledger's, of one kind, nation or region where these are given.
    *total*: `at_least` half-days (`unit` time) or pence (`unit` funding) in all, this pledge included.
    *need*: the need is met, this pledge included; `at_least` is not used.
    """

    kind: ConditionKind
    at_least: int = 0
    unit: NeedKind | None = None
    need_id: UUID | None = None
    of_kind: str | None = None
    of_nation: str | None = None
    of_region: str | None = None


@dataclass(frozen=True, slots=True)
class PledgingCouncil:
    """A pledging council as the register says today. Other bodies pledge and are not counted as councils."""

    id: UUID
    kind: str
    nation: str
    region: str
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pledge that may count. `amount` is what it holds, in its need's unit, less what was broken or released.

    One that is committed always counts: its conditions are spent.
    """

    id: UUID
    council: PledgingCouncil
    need_id: UUID
    kind: NeedKind
    amount: int
    conditions: tuple[Condition, ...] = ()
    is_committed: bool = False


COUNCILS, TOTAL, NEED = ConditionKind
Key = tuple[object, ...]
NEVER = 1 << 62
"""More than any quantity: what a condition on a need that was dropped asks for."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The largest consistent set, and the quantities its pledges make up."""

    ids: frozenset[UUID]
    quantities: Mapping[Key, int]
    councils: frozenset[UUID]
    """Those with a pledge in the set, other bodies included."""

    def have(self, condition: Condition, pledge: Candidate) -> int:
        """How much of what a condition asks for there is: other councils, half-days, pence, or a need's own sum. Of a
        sum the pledge itself is a part, whether it counts yet or not."""
        quantity = self.quantities.get(key_of(condition), 0)
        is_in = pledge.id in self.ids
        if condition.kind is ConditionKind.COUNCILS:
            is_own = pledge.council.id in self.councils and is_asked_for(pledge.council, condition)
            return quantity - 1 if is_own else quantity
        is_part = _adds_to(pledge, condition) and not is_in
        return quantity + pledge.amount if is_part else quantity


def key_of(condition: Condition) -> Key:
    """Which quantity a condition is about."""
    if condition.kind is ConditionKind.COUNCILS:
        return (condition.kind, condition.of_kind, condition.of_nation, condition.of_region)
    if condition.kind is ConditionKind.TOTAL:
        return (condition.kind, condition.unit)
    return (condition.kind, condition.need_id)


def wanted(condition: Condition, targets: Mapping[UUID, int | None]) -> int | None:
    """How much a condition asks for; None where it can never hold. `targets` are those of the project's needs, None for
    one that was dropped."""
    if condition.kind is ConditionKind.NEED:
        return targets.get(condition.need_id) if condition.need_id else None
    return condition.at_least


def counted(candidates: Iterable[Candidate], targets: Mapping[UUID, int | None]) -> Counted:
    """The largest set of candidates all of whose conditions hold in it. `targets` as for `wanted`."""
    solving = _Solving(tuple(candidates), targets)
    solving.number()
    solving.line_up()
    solving.strike()
    return solving.found()


class _Solving:
    """One run of the solver. Pledges, councils, quantities and conditions go by number here: lists are read by small
    integers far sooner than dictionaries by UUIDs."""

    def __init__(self, candidates: tuple[Candidate, ...], targets: Mapping[UUID, int | None]) -> None:
        self.candidates = candidates
        self.targets = targets
        self.is_in = [True] * len(candidates)
        # Of each pledge: the quantities of its need and of its kind, and its council.
        self.need_of: list[int] = []
        self.kind_of: list[int] = []
        self.council_of: list[int] = []
        # Of each council: what it is, how many of its pledges count, and the quantities it is one of.
        self.councils: list[PledgingCouncil] = []
        self.pledges_of: list[int] = []
        self.quantities_of: list[tuple[int, ...]] = []
        # Of each quantity: what it is of, how much of it there is, and the conditions on it, what asks most at the end.
        self.keys: list[Key] = []
        self.amounts: list[int] = []
        self.lines: list[list[int]] = []
        # Of each condition: what its quantity must reach, and whose condition it is.
        self.asks: list[int] = []
        self.pledge_of: list[int] = []

        self._council_numbers: dict[int, int] = {}
        self._quantity_numbers: dict[object, int] = {}

    def number(self) -> None:
        """Give councils and quantities their numbers, and suppose that every pledge counts."""
        for pledge in self.candidates:
            need = self._quantity(pledge.need_id.int, NEED, pledge.need_id)
            kind = self._quantity(pledge.kind, TOTAL, pledge.kind)
            council = self._council(pledge.council)
            self.need_of.append(need)
            self.kind_of.append(kind)
            self.council_of.append(council)
            self.amounts[need] += pledge.amount
            self.amounts[kind] += pledge.amount
            self.pledges_of[council] += 1

    def _council(self, council: PledgingCouncil) -> int:
        number = self._council_numbers.get(council.id.int)
        if number is None:
            number = self._council_numbers[council.id.int] = len(self.councils)
            self.councils.append(council)
            self.pledges_of.append(0)
        return number

    def _quantity(self, name: object, *key: object) -> int:
        """Number of a quantity. `name` tells it from the others and is quick to look up; `key` is that of `key_of`."""
        number = self._quantity_numbers.get(name)
        if number is None:
            number = self._quantity_numbers[name] = len(self.keys)
            self.keys.append(key)
            self.amounts.append(0)
            self.lines.append([])
        return number

    def line_up(self) -> None:
        """Put every condition of a pledge that is not committed into the line of its quantity."""
        asked = [
            (condition, place, self._quantity_of(condition))
            for place, pledge in enumerate(self.candidates)
            for condition in pledge.conditions
            if not pledge.is_committed
        ]
        self._count_councils()
        for number, (condition, place, quantity) in enumerate(asked):
            want = wanted(condition, self.targets)
            if want is None:
                want = NEVER
            elif condition.kind is COUNCILS and quantity in self.quantities_of[self.council_of[place]]:
                # While the pledge counts its own council is counted as well, which is not one of the others.
                want += 1
            self.asks.append(want)
            self.pledge_of.append(place)
            self.lines[quantity].append(number)
        for line in self.lines:
            line.sort(key=self.asks.__getitem__)

    def _quantity_of(self, condition: Condition) -> int:
        if condition.kind is COUNCILS:
            group = (condition.of_kind, condition.of_nation, condition.of_region)
            return self._quantity(group, COUNCILS, *group)
        if condition.kind is TOTAL:
            return self._quantity(condition.unit, TOTAL, condition.unit)
        return self._quantity(condition.need_id and condition.need_id.int, NEED, condition.need_id)

    def _count_councils(self) -> None:
        """Find for each council the groups it is one of, among those that conditions ask for, and count it there."""
        known: dict[tuple[str, str, str], tuple[int, ...]] = {}
        for council in self.councils:
            described = (council.kind, council.nation, council.region)
            if described not in known:
                groups = product(*((None, word) for word in described))
                known[described] = tuple(self._quantity_numbers[one] for one in groups if one in self._quantity_numbers)
            quantities = known[described] if council.is_counted else ()
            self.quantities_of.append(quantities)
            for quantity in quantities:
                self.amounts[quantity] += 1

    def strike(self) -> None:
        """Strike pledges until the conditions of all that are left hold."""
        amounts, lines, asks, is_in = self.amounts, self.lines, self.asks, self.is_in
        due = list(range(len(lines)))
        while due:
            quantity = due.pop()
            line = lines[quantity]
            while line and asks[line[-1]] > amounts[quantity]:
                place = self.pledge_of[line.pop()]
                if is_in[place]:
                    is_in[place] = False
                    due += [
                        one for one in self._taken_away(place) if lines[one] and asks[lines[one][-1]] > amounts[one]
                    ]

    def _taken_away(self, place: int) -> tuple[int, ...]:
        """Take a pledge out of the quantities; return those that are lower now."""
        amount, council = self.candidates[place].amount, self.council_of[place]
        need, kind = self.need_of[place], self.kind_of[place]
        self.amounts[need] -= amount
        self.amounts[kind] -= amount
        self.pledges_of[council] -= 1
        if self.pledges_of[council]:
            return (need, kind)
        quantities = self.quantities_of[council]
        for quantity in quantities:
            self.amounts[quantity] -= 1
        return (need, kind, *quantities)

    def found(self) -> Counted:
        """What is left."""
        return Counted(
            frozenset(one.id for one, is_in in zip(self.candidates, self.is_in, strict=True) if is_in),
            dict(zip(self.keys, self.amounts, strict=True)),
            frozenset(one.id for one, pledges in zip(self.councils, self.pledges_of, strict=True) if pledges),
        )


def is_asked_for(council: PledgingCouncil, condition: Condition) -> bool:
    """Whether a council is one of those that a condition on councils is about."""
    return (
        council.is_counted
        and condition.of_kind in (None, council.kind)
        and condition.of_nation in (None, council.nation)
        and condition.of_region in (None, council.region)
    )


def _adds_to(pledge: Candidate, condition: Condition) -> bool:
    if condition.kind is ConditionKind.TOTAL:
        return pledge.kind is condition.unit
    return pledge.need_id == condition.need_id
