"""Sentences that all three texts of a merge have, and that it would lose without a word: what keeps them.

It happens where a sentence was moved into what the other side changed as well, or stands twice and each side dropped
another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.artefacts.merge_parts import Part, PartKind, as_one_clash
from pipeline.artefacts.merge_stretches import blocks_in
from pipeline.artefacts.pieces import Cutter

MOST_ROUNDS = 8
"""How often parts are put together, before the whole text becomes one clash."""

MOST_TOGETHER = 12
"""Parts that are put together to keep a sentence; if it stands farther apart, somebody decides whether it goes."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Said:
    """The sentences of a part: in the three texts, and in whatever is decided about it."""

    base: frozenset[int]
    theirs: frozenset[int]
    ours: frozenset[int]
    surely: frozenset[int]


def kept_from_loss(parts: list[Part], cutter: Cutter, asked: set[int]) -> list[Part]:
    """The parts, put together so that no choice loses a sentence that all three texts have.

    Where that would put far too much together, what drops the sentence becomes a clash: it goes by decision only, and
    its number is added to `asked`.
    """
    for _round in range(MOST_ROUNDS):
        if not _may_lose(parts, cutter):
            return parts
        said = [None if part.kind is PartKind.SAME else _said_by(part, cutter) for part in parts]
        danger = _in_danger(parts, said, cutter) - asked
        if not danger:
            return parts
        spans: list[Span] = []
        for sentence in danger:
            lo, hi = _shortest_span(said, sentence)
            if hi - lo > MOST_TOGETHER:
                asked.add(sentence)
                lo = _first_to_drop(parts, said, sentence)
                hi = lo + 1
            spans.append((lo, hi))
        parts = _put_together(parts, [(lo, hi) for lo, hi in spans if lo >= 0])
    return [as_one_clash(parts)]


def _may_lose(parts: list[Part], cutter: Cutter) -> bool:
    """Whether a closer look is due: no sentence is lost that stands in one changed part alone."""
    changed = [part for part in parts if part.kind is not PartKind.SAME]
    if len(changed) == 1 and not changed[0].pieces:
        return False
    seen: set[int] = set()
    for part in changed:
        texts = {part.base, part.theirs, part.ours}
        if part.kind is not PartKind.CLASH:
            texts -= {part.text}
        said = _all_of(cutter.sentences_in(text) for text in texts)
        if part.pieces or not seen.isdisjoint(said):
            return True
        seen |= said
    return False


def _said_by(part: Part, cutter: Cutter) -> _Said:
    base, theirs, ours, text = map(cutter.sentences_in, (part.base, part.theirs, part.ours, part.text))
    if part.kind is not PartKind.CLASH:
        return _Said(base, theirs, ours, text)
    surely = base & theirs & ours
    if part.pieces and surely:
        surely &= _all_of(_said_by(piece, cutter).surely for piece in part.pieces)
    return _Said(base, theirs, ours, surely)


def _in_danger(parts: list[Part], said: list[_Said | None], cutter: Cutter) -> frozenset[int]:
    """The sentences of all three texts that some choice of clashes would lose."""
    changed = [one for one in said if one is not None]
    danger = _all_of(one.base for one in changed) - _all_of(one.surely for one in changed)
    danger &= _all_of(one.theirs for one in changed)
    danger &= _all_of(one.ours for one in changed)
    if danger:
        danger -= _all_of(cutter.sentences_in(part.text) for part in parts if part.kind is PartKind.SAME)
    return danger


def _all_of(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*sets)


def _shortest_span(said: list[_Said | None], sentence: int) -> Span:
    """The fewest parts side by side that have a sentence in all three texts; the first of several."""
    last = [-1, -1, -1]
    found = (0, len(said))
    for at, one in enumerate(said):
        if one is None:
            continue
        for place, text in enumerate((one.base, one.theirs, one.ours)):
            if sentence in text:
                last[place] = at
        if min(last) >= 0 and at + 1 - min(last) < found[1] - found[0]:
            found = (min(last), at + 1)
    return found


def _first_to_drop(parts: list[Part], said: list[_Said | None], sentence: int) -> int:
    """The first part that is no clash and does without a sentence of the base; -1 where only clashes do."""
    for at, one in enumerate(said):
        if one and parts[at].kind is not PartKind.CLASH and sentence in one.base and sentence not in one.surely:
            return at
    return -1


def _put_together(parts: list[Part], spans: list[Span]) -> list[Part]:
    """The parts with each span one clash, whole blocks long; spans that meet are one."""
    made: list[Part] = []
    done = 0
    for lo, hi in _whole_and_apart(parts, spans):
        made += parts[done:lo]
        made.append(as_one_clash(parts[lo:hi]))
        done = hi
    return [*made, *parts[done:]]


def _whole_and_apart(parts: list[Part], spans: list[Span]) -> list[Span]:
    """Spans in order, grown to whole blocks, and one where they overlap."""
    whole = {at: span for span in blocks_in(parts) for at in range(*span)}
    made: list[Span] = []
    for lo, hi in sorted((whole[lo][0], whole[hi - 1][1]) for lo, hi in spans):
        if made and lo < made[-1][1]:
            made[-1] = (made[-1][0], max(hi, made[-1][1]))
        else:
            made.append((lo, hi))
    return made
