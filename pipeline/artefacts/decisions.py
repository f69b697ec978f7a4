"""What somebody decides in a merge, part by part, as it is kept, and what still fits when a text has changed. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.artefacts.merge import CHOICES, Choice, Decision, Merged, Part, PartKind
from pipeline.kernel.errors import Problem
from pipeline.kernel.words import Words, _

Decisions = dict[int, Decision]


def parts_of(merged: Merged) -> tuple[Part, ...]:
    """The parts of a merge as people decide on them: a stretch of clashes close to each other piece by piece."""
    return tuple(piece for part in merged.parts for piece in (part.pieces or (part,)))


def clashes_of(merged: Merged) -> tuple[Part, ...]:
    """The parts that somebody has to decide on, in reading order."""
    return tuple(part for part in parts_of(merged) if part.kind is PartKind.CLASH)


def ordinals_of(parts: Iterable[Part]) -> dict[int, int]:
    """How the changes are counted for people, by the number of their part: clashes from 1 on, then the others."""
    changed = [part for part in parts if part.number]
    in_order = sorted(changed, key=lambda part: part.kind is not PartKind.CLASH)
    return {part.number: place for place, part in enumerate(in_order, 1)}


def undecided(merged: Merged, decisions: Mapping[int, Decision]) -> list[Problem]:
    """What is left to decide, each on the field of its part's number (`merge.undecided`)."""
    ordinals = ordinals_of(parts_of(merged))
    return [
        Problem(
            "merge.undecided", Words(_("Choose what to do with change {n}."), n=ordinals[part.number]), str(part.number)
        )
        for part in clashes_of(merged)
        if part.number not in decisions
    ]


def decisions_from(kept: Mapping[str, Any]) -> Decisions:
    """The decisions a merge keeps, by number of part."""
    return {int(number): Decision(one["choice"], one.get("text", "")) for number, one in kept.items()}


def as_kept(decisions: Mapping[int, Decision]) -> dict[str, dict[str, str]]:
    """Decisions as a merge keeps them: a text only where one was written."""
    return {
        str(number): {"choice": str(one.choice), **({"text": one.text} if one.choice == Choice.TEXT else {})}
        for number, one in sorted(decisions.items())
    }


def fitting(merged: Merged, decisions: Mapping[int, Decision]) -> Decisions:
    """The decisions that name a part and a choice there are."""
    numbers = {part.number for part in parts_of(merged)} - {0}
    return {number: one for number, one in decisions.items() if number in numbers and one.choice in CHOICES}


def carried_over(before: Merged, after: Merged, decisions: Mapping[int, Decision]) -> Decisions:
    """The decisions on a merge that still stand where one of its texts has changed: those on parts that say the same.

    A part that comes more than once is decided in the order it comes.
    """
    decided: dict[tuple[str, str, str], list[Decision]] = {}
    for part in parts_of(before):
        if part.number in decisions:
            decided.setdefault((part.base, part.theirs, part.ours), []).append(decisions[part.number])
    made: Decisions = {}
    for part in parts_of(after):
        waiting = decided.get((part.base, part.theirs, part.ours))
        if part.number and waiting:
            made[part.number] = waiting.pop(0)
    return made
