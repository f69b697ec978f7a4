"""How measures, and what happens to them, read in a sentence."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _, day_words
from pipeline.measures.rules import Better, MeasureKind, Point, Terms, Unit, met, number_of

Payload = Mapping[str, Any]
Names = Mapping[str, str]

UNIT_NAMES: dict[Unit, Words] = {
    Unit.NUMBER: Words(_("A number")),
    Unit.PERCENT: Words(_("Per cent")),
    Unit.DAYS: Words(_("Days")),
    Unit.HOURS: Words(_("Hours")),
    Unit.POUNDS: Words(_("Pounds")),
    Unit.SCORE: Words(_("A score")),
}
KIND_NAMES: dict[MeasureKind, Words] = {
    MeasureKind.OUTCOME: Words(_("How the work goes")),
    MeasureKind.BENEFIT: Words(_("What it gives each council in a year")),
}
BETTER_NAMES: dict[Better, Words] = {
    Better.LESS: Words(_("Less is better")),
    Better.MORE: Words(_("More is better")),
}


def value_words(unit: Unit, value: int) -> Words:
    """A value with its unit, as people read it."""
    number = number_of(unit, value)
    if unit is Unit.POUNDS:
        return Words("{pounds}", pounds=pounds(value))
    if unit is Unit.PERCENT:
        return Words("{number}%", number=number)
    if unit is Unit.DAYS:
        whole, half = divmod(abs(value), 2)
        return Words(
            _("{days} day"), _("{days} days"), n=10 if half else whole, days=days(value) if value >= 0 else number
        )
    if unit is Unit.HOURS:
        return Words(_("{number} hour"), _("{number} hours"), n=1 if abs(value) == 10 else 10, number=number)
    return Words("{number}", number=number)


def benefit_words(unit: Unit, value: int) -> Words:
    """What a council has of the work in a year."""
    return Words(_("{amount} a year"), amount=value_words(unit, value))


def outcome_in_short(terms: Terms, latest: Point | None) -> Iterable[Words]:
    """Where an outcome began, where it is and where it should go, in a few words each."""
    is_met = latest is not None and met(terms, latest.value)
    target = _("target of {value} met") if is_met else _("target {value}")
    points = ((_("from {value}"), terms.baseline), (_("latest {value}"), latest), (target, terms.target))
    for words, point in points:
        if point is not None:
            yield Words(words, value=value_words(terms.unit, point.value))


def reported_words(unit: Unit, councils: int, together: int) -> Words:
    """What councils reported that they have of a benefit in a year, together."""
    if not councils:
        return Words(_("No council has reported anything yet."))
    return Words(
        _("{n} council has {amount} of it."), _("{n} councils together have {amount} of it."), n=councils,
        amount=benefit_words(unit, together),
    )  # fmt: skip


def change_words(unit: Unit, changes: Mapping[str, Any]) -> Iterable[Words]:
    """What changed of a measure, old and new."""
    if "name" in changes:
        yield Words(_("It was called: {old}"), old=changes["name"][0])
    for field, set_, moved, dropped in (
        ("baseline", _("The baseline is {new} now."), _("The baseline was {old} and is {new} now."),
         _("It has no baseline any more.")),
        ("target", _("The target is {new} now."), _("The target was {old} and is {new} now."),
         _("It has no target any more.")),
    ):  # fmt: skip
        if field not in changes:
            continue
        old, new = changes[field]
        sentence = _("{value} by {day}") if field == "target" else _("{value} on {day}")
        values = {"old": old and _point_words(unit, old, sentence), "new": new and _point_words(unit, new, sentence)}
        yield Words(dropped if new is None else set_ if old is None else moved, **values)


def _point_words(unit: Unit, point: list[Any], sentence: str) -> Words:
    value, on = point
    return Words(sentence, value=value_words(unit, value), day=day_words(date.fromisoformat(on)))


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _recorded(payload: Payload, names: Names) -> Words:
    return Words(_("{council} recorded what was measured."), council=names.get(payload["for_council_id"], ""))


def _corrected(payload: Payload, names: Names) -> Words:
    return Words(_("{council} corrected what was measured."), council=names.get(payload["for_council_id"], ""))


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "measure.added": _always(_("The leads said what they measure.")),
    "measure.changed": _always(_("The leads changed what they measure.")),
    "measure.ended": _always(_("The leads ended a measure.")),
    "measure.reading_recorded": _recorded,
    "measure.reading_corrected": _corrected,
}
"""Every event of measures, in the reader's words."""
