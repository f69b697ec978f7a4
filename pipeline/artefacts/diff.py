"""Compare two texts: paragraphs first, then words.

    comparison = compare(old, new)
    apply(comparison, old) == new and unapply(comparison, new) == old

Any two texts can be compared, in bounded time and memory. Very long or very unlike ones come out coarser
(`is_coarse`), never wrong.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.artefacts.blocks import BlockKind
from pipeline.artefacts.comparison import (
    Comparison,
    DoesNotFit,
    Piece,
    PieceKind,
    Row,
    RowKind,
    Summary,
    apply,
    summary_words,
    unapply,
)
from pipeline.artefacts.diff_blocks import Alignment, Group, align
from pipeline.artefacts.diff_runs import Effort
from pipeline.artefacts.diff_wording import Said, said_in
from pipeline.artefacts.diff_words import pieces_of, pieces_of_several

__all__ = [
    "Comparison", "DoesNotFit", "Piece", "PieceKind", "Row", "RowKind", "Summary",
    "apply", "compare", "summary_words", "unapply",
]  # fmt: skip


_HEADING, _SAME = BlockKind.HEADING, RowKind.SAME
"""A member of an enumeration takes as long to find as the rest of what is done with it."""

MOST_BLOCKS = 40_000
"""Of both texts together. Beyond it, which no document reaches, what changed is shown as removed and added."""


def compare(old: str, new: str) -> Comparison:
    """Compare two texts, as they are: nothing is made even before, and white space alone is never a change."""
    effort = Effort()
    olds, news = said_in(old), said_in(new)
    if len(olds) + len(news) > MOST_BLOCKS:
        effort.hurry()
    alignment = align(olds, news, effort)
    places = _numbered(_in_reading_order(olds, news, alignment), alignment)
    rows = tuple(_Writer(olds, news, alignment, effort).rows(places))
    return Comparison(rows, _summary_of(rows), effort.is_coarse)


@dataclass(slots=True)
class _Place:
    """A row before its words are looked at."""

    kind: RowKind
    group: Group
    change: int | None = None
    partner: int | None = None


def _in_reading_order(olds: list[Said], news: list[Said], alignment: Alignment) -> Iterator[_Place]:
    """Down both texts at once: what was removed stands before what was added in its place."""
    moved_here = set(alignment.moves.values())
    at_old = at_new = 0
    for group in [*alignment.groups, Group(len(olds), len(olds), len(news), len(news))]:
        for place in range(at_old, group.old_from):
            kind = RowKind.MOVED_FROM if place in alignment.moves else RowKind.REMOVED
            yield _Place(_unless_blank(kind, olds[place]), Group(place, place + 1, at_new, at_new))
        for place in range(at_new, group.new_from):
            kind = RowKind.MOVED_TO if place in moved_here else RowKind.ADDED
            yield _Place(_unless_blank(kind, news[place]), Group(group.old_from, group.old_from, place, place + 1))
        at_old, at_new = group.old_to, group.new_to
        if group.old_from < at_old:
            yield _Place(_kind_of(group, olds, news), group)


def _unless_blank(kind: RowKind, said: Said) -> RowKind:
    return RowKind.SAME if said.block.kind is BlockKind.BLANK else kind


def _kind_of(group: Group, olds: list[Said], news: list[Said]) -> RowKind:
    old_from, old_to, new_from, new_to = group
    if new_to - new_from > 1:
        return RowKind.SPLIT
    if old_to - old_from > 1:
        return RowKind.JOINED
    return RowKind.SAME if olds[old_from].key == news[new_from].key else RowKind.CHANGED


def _numbered(places: Iterator[_Place], alignment: Alignment) -> list[_Place]:
    """The places with the numbers of the changes, and of the other half of what was moved."""
    numbered = list(places)
    number = 0
    for place in numbered:
        if place.kind is not _SAME:
            number += 1
            place.change = number
    if alignment.moves:
        left = {place.group.old_from: place for place in numbered if place.kind is RowKind.MOVED_FROM}
        arrived = {place.group.new_from: place for place in numbered if place.kind is RowKind.MOVED_TO}
        for old, new in alignment.moves.items():
            left[old].partner, arrived[new].partner = arrived[new].change, left[old].change
    return numbered


class _Writer:
    """Writes the rows, and knows under which heading it is."""

    def __init__(self, olds: list[Said], news: list[Said], alignment: Alignment, effort: Effort) -> None:
        self.olds = olds
        self.news = news
        self.moved_from = {new: old for old, new in alignment.moves.items()}
        self.known = alignment.pieces
        self.effort = effort
        self.old_heading = self.new_heading = ""

    def rows(self, places: list[_Place]) -> Iterator[Row]:
        """A row for each place."""
        for place in places:
            old_from, old_to, new_from, new_to = place.group
            olds, news = self.olds[old_from:old_to], self.news[new_from:new_to]
            old_blocks, new_blocks = tuple([said.block for said in olds]), tuple([said.block for said in news])
            # Blocks that were split or joined are no headings: the first one tells.
            if old_blocks and old_blocks[0].kind is _HEADING:
                self.old_heading = " ".join(olds[0].words)
            if new_blocks and new_blocks[0].kind is _HEADING:
                self.new_heading = " ".join(news[0].words)
            yield Row(
                place.kind,
                old_blocks,
                new_blocks,
                self._pieces(place, olds, news),
                old_from,
                new_from,
                self.new_heading if new_blocks else self.old_heading,
                place.change,
                place.partner,
            )

    def _pieces(self, place: _Place, olds: list[Said], news: list[Said]) -> tuple[Piece, ...]:
        match place.kind:
            case RowKind.CHANGED:
                known = self.known.get((place.group.old_from, place.group.new_from))
                return known or pieces_of(olds[0], news[0], self.effort)
            case RowKind.SAME:
                return _same(olds[0].block.source if olds else "", news[0].block.source if news else "")
            case RowKind.REMOVED:
                return (Piece(PieceKind.REMOVED, olds[0].block.source),)
            case RowKind.ADDED:
                return (Piece(PieceKind.ADDED, news[0].block.source),)
            case RowKind.MOVED_FROM:
                return (Piece(PieceKind.SAME, olds[0].block.source),)
            case RowKind.MOVED_TO:
                before = self.olds[self.moved_from[place.group.new_from]]
                if before.key == news[0].key:
                    return _same(before.block.source, news[0].block.source)
                return pieces_of(before, news[0], self.effort)
            case _:
                return pieces_of_several(olds, news, self.effort)


def _same(old: str, new: str) -> tuple[Piece, ...]:
    return (Piece(PieceKind.SAME, new, None if old == new else old),)


def _summary_of(rows: tuple[Row, ...]) -> Summary:
    """How much of what there is. A paragraph that was moved has two rows and is counted once."""
    counts = Counter([row.kind for row in rows])
    edited = sum([row.has_changed_words for row in rows if row.kind is RowKind.MOVED_TO])
    return Summary(
        changed=counts[RowKind.CHANGED],
        added=counts[RowKind.ADDED],
        removed=counts[RowKind.REMOVED],
        moved=counts[RowKind.MOVED_TO] - edited,
        moved_and_changed=edited,
        split=counts[RowKind.SPLIT],
        joined=counts[RowKind.JOINED],
        spaced_anew=sum([row.is_spaced_anew for row in rows if row.kind is RowKind.SAME]),
    )
