"""Rules of measures and readings: pure. A value is a whole number of the parts of its unit: 42.5 % is 425 tenths."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _


class MeasureKind(StrEnum):
    """What is measured of the work itself, or what it gives each council in a year, which reports it for itself."""

    OUTCOME = "outcome"
    BENEFIT = "benefit"


class Unit(StrEnum):
    """What a measure is counted in."""

    NUMBER = "number"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"
    POUNDS = "pounds"
    SCORE = "score"


class Better(StrEnum):
    """Which way a measure should go."""

    LESS = "less"
    MORE = "more"


PARTS = {Unit.NUMBER: 1, Unit.PERCENT: 10, Unit.DAYS: 2, Unit.HOURS: 10, Unit.POUNDS: 100, Unit.SCORE: 10}
"""How many parts make one of a unit: tenths, half-days, pence."""

OF_BENEFITS = (Unit.POUNDS, Unit.DAYS)
"""What a benefit is counted in, a year."""

LONGEST_NAME = 120
LONGEST_NOTE = 300
MOST_MEASURES = 12
MOST_READINGS = 400
"""Of one measure, corrections included."""
MOST_VALUE = 10**12
FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 1, 1)

_TYPED = re.compile(r"(-|\u2212)?£?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{1,2}))?%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day."""

    value: int
    on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What is measured, from where to where. A kind and a unit never change."""

    name: str
    kind: MeasureKind
    unit: Unit
    better: Better
    baseline: Point | None = None
    target: Point | None = None


@dataclass(frozen=True, slots=True)
class Actual:
    """What was measured on a day, with a note that everybody reads."""

    value: int
    read_on: date
    note: str = ""


def value_from(unit: Unit, text: str) -> int | None:
    """Read a value as people type it ("1,200", "4.5", "-£30", "42.5%"); None where it is none of this unit."""
    match = _TYPED.fullmatch(text.strip().replace(" ", ""))
    if match is None:
        return None
    sign, whole, rest = match.groups()
    parts = Decimal(f"{whole.replace(',', '')}.{rest or '0'}") * PARTS[unit]
    if parts != parts.to_integral_value() or parts > MOST_VALUE:
        return None
    return -int(parts) if sign else int(parts)


def number_of(unit: Unit, value: int) -> str:
    """A value as a plain number: 425 tenths of a per cent are "42.5", 123456 pence "1,234.56"."""
    whole, rest = divmod(abs(value), PARTS[unit])
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole:,}"
    decimals = f"{Decimal(rest) / PARTS[unit]:f}"[2:]
    return f"{sign}{whole:,}.{decimals.ljust(2, '0') if unit is Unit.POUNDS else decimals}"


HOW_TO_TYPE = {
    Unit.NUMBER: _("Give a whole number, for example 1,200"),
    Unit.PERCENT: _("Give a percentage, for example 42.5"),
    Unit.DAYS: _("Give whole or half days, for example 3 or 2.5"),
    Unit.HOURS: _("Give hours, for example 3 or 1.5"),
    Unit.POUNDS: _("Give an amount in pounds, for example 2500 or 2,500.50"),
    Unit.SCORE: _("Give a score, for example 4.2"),
}


def unreadable(unit: Unit, field: str) -> Problem:
    """What is wrong with a value that cannot be read."""
    return Problem("measure.value_unreadable", Words(HOW_TO_TYPE[unit]), field)


def check_terms(terms: Terms, today: date) -> None:
    """A measure has a name, a baseline that was measured, and a target that comes after it and is no worse. A benefit
    is counted in pounds or days, and more of it is better. Raises RuleBroken (measure.*)."""
    problems = length_problems("measure", "name", terms.name, LONGEST_NAME)
    if not terms.name:
        problems.append(Problem("measure.name_missing", Words(_("Say what is measured.")), "name"))
    if terms.kind is MeasureKind.BENEFIT and terms.unit not in OF_BENEFITS:
        problems.append(Problem("measure.benefit_unit", Words(_("A benefit is in pounds or days.")), "unit"))
    if terms.kind is MeasureKind.BENEFIT and terms.better is not Better.MORE:
        words = Words(_("A benefit is something of which more is better. Measure a cost as an outcome instead."))
        problems.append(Problem("measure.benefit_better", words, "better"))
    for field, point in (("baseline", terms.baseline), ("target", terms.target)):
        problems += _point_problems(field, point)
    if terms.baseline and terms.target and terms.target.on <= terms.baseline.on:
        words = Words(_("The day of the target comes after the day of the baseline."))
        problems.append(Problem("measure.target_too_early", words, "target_on"))
    problems += _standing_problems(terms, today)
    refuse_if_any(problems)


def _standing_problems(terms: Terms, today: date) -> Iterable[Problem]:
    if terms.baseline and terms.baseline.on > today:
        words = Words(_("The baseline is how things stood: give the day it was measured, today or before."))
        yield Problem("measure.baseline_in_future", words, "baseline_on")
    if terms.baseline and terms.target:
        gain = terms.target.value - terms.baseline.value
        if gain and (gain < 0) is (terms.better is Better.MORE):
            words = Words(
                _("The target is worse than the baseline. Check the two, and whether more or less is better.")
            )
            yield Problem("measure.target_worse", words, "target")


def _point_problems(field: str, point: Point | None) -> Iterable[Problem]:
    if point is None:
        return
    if abs(point.value) > MOST_VALUE:
        yield Problem("measure.value_too_large", Words(_("This is more than Pipeline can keep.")), field)
    if not FIRST_DAY <= point.on <= LAST_DAY:
        yield Problem("measure.day_out_of_range", Words(_("Give a day between 1990 and 2100.")), f"{field}_on")


def check_actual(actual: Actual, today: date) -> None:
    """A reading is of a day that has come. Raises RuleBroken (reading.*)."""
    problems = length_problems("reading", "note", actual.note, LONGEST_NOTE)
    if abs(actual.value) > MOST_VALUE:
        problems.append(Problem("reading.value_too_large", Words(_("This is more than Pipeline can keep.")), "value"))
    if actual.read_on > today:
        words = Words(_("Give the day it was measured: today, or before."))
        problems.append(Problem("reading.in_future", words, "read_on"))
    elif actual.read_on < FIRST_DAY:
        problems.append(Problem("reading.too_early", Words(_("Give a day between 1990 and 2100.")), "read_on"))
    refuse_if_any(problems)


class Entry(Protocol):
    """What the rules look at of a reading that was kept."""

    @property
    def id(self) -> UUID: ...
    @property
    def corrects_id(self) -> UUID | None: ...
    @property
    def council_id(self) -> UUID: ...
    @property
    def read_on(self) -> date: ...


Kept = TypeVar("Kept", bound=Entry)


def standing(entries: Iterable[Kept]) -> list[Kept]:
    """The readings that no other corrects, by their day and in the order they were recorded."""
    kept = list(entries)
    corrected = {one.corrects_id for one in kept}
    return sorted((one for one in kept if one.id not in corrected), key=lambda one: (one.read_on, one.id))


def latest_by_council(entries: Iterable[Kept], follows: Mapping[UUID, UUID] | None = None) -> dict[UUID, list[Kept]]:
    """What each council reported last: of a benefit, what it has of the work in a year now.

    What a council reported that ended is that of the one it is followed by (`follows`): of several together, until
    their successor reports for itself.
    """
    last = {one.council_id: one for one in standing(entries)}
    places = follows or {}
    found: dict[UUID, list[Kept]] = {}
    for council_id, one in last.items():
        place = places.get(council_id, council_id)
        if place == council_id:
            found[place] = [one]
        elif place not in last:
            found.setdefault(place, []).append(one)
    return found


def met(terms: Terms, value: int) -> bool:
    """Whether a value reaches the target, the way the measure should go."""
    if terms.target is None:
        return False
    return value >= terms.target.value if terms.better is Better.MORE else value <= terms.target.value


def says_most(terms: Terms, *, has_reading: bool) -> int:
    """How much a measure says where there is room for one: what was measured first, then where it began and should
    go, and an outcome before a benefit."""
    has = (terms.kind is MeasureKind.OUTCOME, has_reading, terms.baseline is not None, terms.target is not None)
    return sum(weight for one, weight in zip(has, (8, 4, 2, 1), strict=True) if one)
