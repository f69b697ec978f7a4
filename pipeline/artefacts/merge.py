"""Takes the changes of two texts to a third together.

What only they changed comes in, what only we changed stays, what both changed alike comes in once, and what both
changed differently is a clash for a person to decide. Every other part can be decided otherwise, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from pipeline.artefacts.merge_parts import Part, PartKind
from pipeline.artefacts.merge_text import joined, neighbours_in
from pipeline.artefacts.pieces import Piece
from pipeline.artefacts.three_way import ThreeWay
from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.words import Words, _

__all__ = ["Choice", "Counts", "Decision", "Merged", "Part", "PartKind", "merge", "resolved"]


class Choice(StrEnum):
    """What a person takes for a part. *Both* is ours, then theirs."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    BOTH_REVERSED = "both_reversed"
    BASE = "base"
    TEXT = "text"


CHOICES = frozenset(Choice)


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice, and the person's own text where the choice is *text*."""

    choice: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parts came in, stayed, were changed alike, and are to decide."""

    came_in: int
    stayed: int
    alike: int
    to_decide: int


@dataclass(frozen=True, slots=True)
class Merged:
    """Three texts side by side, in reading order. `pieces` are the blocks of each."""

    parts: tuple[Part, ...]
    pieces: tuple[Sequence[Piece], ...] = field(repr=False, compare=False)

    @property
    def clashes(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind is PartKind.CLASH)

    @property
    def is_clean(self) -> bool:
        return not any(part.kind is PartKind.CLASH for part in self.parts)

    @property
    def text(self) -> str | None:
        """What the texts come to; None while there are clashes."""
        return resolved(self, {}) if self.is_clean else None

    @property
    def counts(self) -> Counts:
        kinds = [part.kind for part in self.parts]
        return Counts(*(kinds.count(kind) for kind in (PartKind.THEIRS, PartKind.OURS, PartKind.BOTH, PartKind.CLASH)))


def merge(base: str, theirs: str, ours: str) -> Merged:
    """Put what two texts made of a third side by side.

    Texts are as `normal` leaves them, though any will do. The same three always come apart alike, and swapping theirs
    and ours swaps them in the answer and changes nothing else. Time and memory are bounded for texts of the longest
    length there is.
    """
    work = ThreeWay(base, theirs, ours)
    pieces = tuple(work.base), tuple(work.theirs), tuple(work.ours)
    return Merged(tuple(_numbered(work.parts())), pieces)


def resolved(merged: Merged, decisions: Mapping[int, Decision]) -> str:
    """One text of a merge and what was decided, by number of part; parts nobody decided on come to what they are.

    A decision on a whole stretch goes before those on its pieces. Raises RuleBroken with every clash left open
    (`merge.undecided`), every number there is no part for (`merge.unknown_part`) and every choice there is not
    (`merge.unknown_choice`).
    """
    parts = [piece for part in merged.parts for piece in _decided_on(part, decisions)]
    refuse_if_any([*_left_open(parts, decisions), *_misunderstood(merged, decisions)])
    return joined(parts, [_taken(part, decisions.get(part.number)) for part in parts], neighbours_in(*merged.pieces))


def _decided_on(part: Part, decisions: Mapping[int, Decision]) -> tuple[Part, ...]:
    """A part, or its pieces where those are decided on one by one."""
    if part.number not in decisions and any(piece.number in decisions for piece in part.pieces):
        return part.pieces
    return (part,)


def _left_open(parts: list[Part], decisions: Mapping[int, Decision]) -> list[Problem]:
    return [
        Problem("merge.undecided", Words(_("Choose what to do with change {n}."), n=part.number), str(part.number))
        for part in parts
        if part.kind is PartKind.CLASH and part.number not in decisions
    ]  # fmt: skip


def _misunderstood(merged: Merged, decisions: Mapping[int, Decision]) -> list[Problem]:
    known = {piece.number for part in merged.parts for piece in (part, *part.pieces)} - {0}
    problems: list[Problem] = []
    for number, decision in decisions.items():
        if number not in known:
            words = Words(_("There is no change {n} in these texts. Load the page again."), n=number)
            problems.append(Problem("merge.unknown_part", words, str(number)))
        elif decision.choice not in CHOICES:
            words = Words(_("Choose one of the answers offered for change {n}."), n=number)
            problems.append(Problem("merge.unknown_choice", words, str(number)))
    return problems


def _taken(part: Part, decision: Decision | None) -> tuple[str, ...]:
    """The texts that stand in place of a part."""
    if decision is None or decision.choice == part.kind:
        return (part.text,)
    match decision.choice:
        case Choice.OURS:
            return (part.ours,)
        case Choice.THEIRS:
            return (part.theirs,)
        case Choice.BASE:
            return (part.base,)
        case Choice.BOTH:
            return (part.ours, part.theirs)
        case Choice.BOTH_REVERSED:
            return (part.theirs, part.ours)
        case _:
            return (decision.text,)


def _numbered(parts: list[Part]) -> list[Part]:
    """The parts with their numbers: clashes from 1 on, then whatever else changed, then what stretches consist of."""
    clashes = [part for part in parts if part.kind is PartKind.CLASH]
    others = [part for part in parts if part.kind not in (PartKind.CLASH, PartKind.SAME)]
    next_clash, next_other = count(1), count(len(clashes) + 1)
    next_piece = count(len(clashes) + len(others) + 1)
    made = []
    for part in parts:
        if part.kind is PartKind.SAME:
            made.append(part)
        elif part.kind is PartKind.CLASH:
            pieces = tuple(
                piece if piece.kind is PartKind.SAME else piece._replace(number=next(next_piece))
                for piece in part.pieces
            )  # fmt: skip
            made.append(part._replace(number=next(next_clash), pieces=pieces))
        else:
            made.append(part._replace(number=next(next_other)))
    return made
