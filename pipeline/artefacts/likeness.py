"""How like two changes of one paragraph are: not how like the paragraphs are, of which most is what stood there before.

A change is the words it takes out, by their places, and the words it puts in. Two changes are as like as the lesser of
these two is: "ten" made "five" and "ten" made "six" take out the same and have nothing else in common.
"""

from dataclasses import dataclass

from rapidfuzz.distance import Indel

ALIKE = 0.6
"""From here on (0 to 1) two changes are nearly alike."""
MOST_WORDS = 2_000
"""Longer paragraphs are alike only when they are equal."""
_AROUND = ".,;:!?()[]\"'*_“”‘’"


@dataclass(frozen=True, slots=True)
class Change:
    """The places of the words a change takes out, and the words it puts in, in order and without case or full stops."""

    out: tuple[int, ...]
    put: tuple[str, ...]


def change_of(before: str, after: str) -> Change | None:
    """What turns one text into another; None where it is too long to tell, or takes the whole of it out."""
    old, new = _words(before), _words(after)
    if not new or max(len(old), len(new)) > MOST_WORDS:
        return None
    out: list[int] = []
    put: list[str] = []
    for step in Indel.opcodes(old, new):
        if step.tag != "equal":
            out.extend(range(step.src_start, step.src_end))
            put.extend(new[step.dest_start : step.dest_end])
    return Change(tuple(out), tuple(put))


def likeness(one: Change, other: Change) -> float:
    """How like two changes of the same text are, 0 to 1: twice what they have in common by what there is, of what they
    take out and of what they put in, whichever is less."""
    if not (one.put or one.out) or not (other.put or other.out):
        return float(one == other)
    put = Indel.normalized_similarity(one.put, other.put, score_cutoff=ALIKE)
    return put and min(put, Indel.normalized_similarity(one.out, other.out))


def _words(text: str) -> list[str]:
    """Words as they are compared."""
    return [word.strip(_AROUND).casefold() or word for word in text.split()]
