"""What two texts have in common and where they differ, as a value: rows in reading order, and a summary.

A comparison holds the old text and the new one without holding either twice: `apply` makes the new text of the old one
and the comparison, `unapply` the old of the new.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pipeline.artefacts.blocks import Block
from pipeline.kernel.words import Words, _, pair


class RowKind(StrEnum):
    """What became of a block. A moved block has two rows: where it stood, and where it stands."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED_FROM = "moved_from"
    MOVED_TO = "moved_to"
    SPLIT = "split"
    JOINED = "joined"


class PieceKind(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """Some words of a row, with the white space after them.

    Words that are the same may be spaced otherwise: then `text` is how the new text writes them and `was` how the old
    one did. Marks that only number or frame (`2.` for `1.`, the line under a heading) are the same in this sense too.
    """

    kind: PieceKind
    text: str
    was: str | None = None

    @property
    def old_text(self) -> str:
        """What the old text has here; nothing for what was added."""
        if self.kind is PieceKind.ADDED:
            return ""
        return self.text if self.was is None else self.was

    @property
    def new_text(self) -> str:
        """What the new text has here; nothing for what was removed."""
        return "" if self.kind is PieceKind.REMOVED else self.text


class Row(NamedTuple):
    """One block of either text, or the blocks of both that belong together.

    `olds` and `news` are its blocks: one each where it stayed, none on one side where it was added, removed or moved,
    several where it was split or joined. `pieces` are its words in reading order. Of a moved block both rows have
    pieces: the first its old words, all the same; the second what became of them.

    `old_at` and `new_at` count the blocks that stand before it in either text, from 0. `change` numbers the rows that
    are not the same, from 1; `partner` is the number of the other row of a moved block. `heading` is the heading it
    stands under, without its marks: that of the new text, or of the old where it no longer stands.
    """

    kind: RowKind
    olds: tuple[Block, ...]
    news: tuple[Block, ...]
    pieces: tuple[Piece, ...]
    old_at: int
    new_at: int
    heading: str = ""
    change: int | None = None
    partner: int | None = None

    @property
    def old(self) -> Block | None:
        """The first of its blocks in the old text."""
        return self.olds[0] if self.olds else None

    @property
    def new(self) -> Block | None:
        """The first of its blocks in the new text."""
        return self.news[0] if self.news else None

    @property
    def is_change(self) -> bool:
        """Whether it says something else than it did, or stands elsewhere."""
        return self.kind is not RowKind.SAME

    @property
    def is_spaced_anew(self) -> bool:
        """Whether it says the same, written otherwise: wrapped at other places, numbered anew."""
        return self.kind is RowKind.SAME and any(piece.was is not None for piece in self.pieces)

    @property
    def has_changed_words(self) -> bool:
        """Whether words were removed or added in it."""
        return any(piece.kind is not PieceKind.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many paragraphs (headings, items and rows count as such) were changed, added, removed, moved, split, joined.

    One that was moved and changed on the way is counted in `moved_and_changed` alone. `spaced_anew` says the same as
    before and is written otherwise; it is no change.
    """

    changed: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    moved_and_changed: int = 0
    split: int = 0
    joined: int = 0
    spaced_anew: int = 0

    @property
    def changes(self) -> int:
        """All of them together."""
        came_and_went = self.added + self.removed + self.moved + self.moved_and_changed
        return self.changed + came_and_went + self.split + self.joined


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts beside each other. `is_coarse`: so long or so unlike that fewer changes than are shown may do."""

    rows: tuple[Row, ...]
    summary: Summary = field(default_factory=Summary)
    is_coarse: bool = False

    @property
    def is_same(self) -> bool:
        """Whether the two texts are the same to the letter."""
        return not self.summary.changes and not self.summary.spaced_anew

    @property
    def changes(self) -> tuple[Row, ...]:
        """The rows that are not the same, in reading order: the first has the number 1."""
        return tuple(row for row in self.rows if row.is_change)


class DoesNotFit(ValueError):
    """The text is not the one that was compared."""


def apply(comparison: Comparison, old: str) -> str:
    """Make the new text of the old one. Raises DoesNotFit when `old` is not the old text of the comparison."""
    if "".join(_old_texts(comparison)) != old:
        raise DoesNotFit("this is not the old text of the comparison")
    return "".join(_new_texts(comparison))


def unapply(comparison: Comparison, new: str) -> str:
    """Make the old text of the new one. Raises DoesNotFit when `new` is not the new text of the comparison."""
    if "".join(_new_texts(comparison)) != new:
        raise DoesNotFit("this is not the new text of the comparison")
    return "".join(_old_texts(comparison))


def _old_texts(comparison: Comparison) -> Iterator[str]:
    return (piece.old_text for row in comparison.rows if row.kind is not RowKind.MOVED_TO for piece in row.pieces)


def _new_texts(comparison: Comparison) -> Iterator[str]:
    return (piece.new_text for row in comparison.rows if row.kind is not RowKind.MOVED_FROM for piece in row.pieces)


_FIRST = {
    "changed": pair("{n} paragraph changed", "{n} paragraphs changed"),
    "added": pair("{n} paragraph added", "{n} paragraphs added"),
    "removed": pair("{n} paragraph removed", "{n} paragraphs removed"),
    "moved": pair("{n} paragraph moved", "{n} paragraphs moved"),
    "moved_and_changed": pair("{n} paragraph moved and changed", "{n} paragraphs moved and changed"),
    "split": pair("{n} paragraph split", "{n} paragraphs split"),
    "joined": pair("{n} paragraph joined from others", "{n} paragraphs joined from others"),
}
_NEXT = {
    "changed": pair("{n} changed", "{n} changed"),
    "added": pair("{n} added", "{n} added"),
    "removed": pair("{n} removed", "{n} removed"),
    "moved": pair("{n} moved", "{n} moved"),
    "moved_and_changed": pair("{n} moved and changed", "{n} moved and changed"),
    "split": pair("{n} split", "{n} split"),
    "joined": pair("{n} joined from others", "{n} joined from others"),
}


def summary_words(summary: Summary) -> Words:
    """A summary in a line: "4 paragraphs changed, 1 added, 1 moved"."""
    found = [(name, number) for name in _FIRST if (number := getattr(summary, name))]
    if not found:
        return Words(_("Only spacing and line breaks changed")) if summary.spaced_anew else Words(_("Nothing changed"))
    (first, number), *others = found
    words = Words(*_FIRST[first], n=number)
    for name, number in others:
        words = Words(_("{counts}, {count}"), counts=words, count=Words(*_NEXT[name], n=number))
    return words
