"""Three texts side by side: where only one side changed the base, where both did, and where they clash.

By block first; a block both sides changed is looked at by sentence (a row of a table by cell, code by line). Swapping
the sides swaps their places in the answer and changes nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from pipeline.artefacts.alignment import LIKE, Edit, edits_between
from pipeline.artefacts.blocks import BlockKind, sentences_of
from pipeline.artefacts.merge_losses import kept_from_loss
from pipeline.artefacts.merge_parts import Part, PartKind, as_one_clash
from pipeline.artefacts.merge_stretches import as_stretches
from pipeline.artefacts.pieces import TO_THE_LETTER, Cutter, Piece, Unit

Touch = Callable[[Edit, Edit, int], bool]
"""Whether the first edit, of the side with this number (0 theirs, 1 ours), belongs to the second that it touches."""


@dataclass(slots=True)
class Region:
    """A stretch of the base, and what stands in its place on both sides. `theirs` and `ours` are the edits in it."""

    base: range
    in_theirs: range
    in_ours: range
    theirs: list[Edit] = field(default_factory=list)
    ours: list[Edit] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return not self.theirs and not self.ours

    def edits(self, side: int) -> list[Edit]:
        """What theirs (0) or ours (1) changed here."""
        return (self.theirs, self.ours)[side]

    def places(self, side: int) -> range:
        """What stands here in theirs (0) or ours (1)."""
        return (self.in_theirs, self.in_ours)[side]

    @property
    def is_one_reworded(self) -> bool:
        """Whether one side reworded one piece and the other left or reworded it too."""
        edits = [*self.theirs, *self.ours]
        return len(self.theirs) < 2 and len(self.ours) < 2 and all(edit.is_rewording for edit in edits)


def regions_of(length: int, edits: Sequence[list[Edit]], touch: Touch) -> Iterator[Region]:
    """The whole base in order, cut so that edits of theirs and ours which meet are together, and all others apart."""
    at = [0, 0, 0]
    for theirs, ours in _clusters(edits[0], edits[1], touch):
        both = [*theirs, *ours]
        lo, hi = min(edit.lo for edit in both), max(edit.hi for edit in both)
        if lo > at[0]:
            yield _region(at, lo, [], [])
        yield _region(at, hi, theirs, ours)
    if at[0] < length:
        yield _region(at, length, [], [])


def _region(at: list[int], hi: int, theirs: list[Edit], ours: list[Edit]) -> Region:
    """The region from where we are to a place in the base; moves `at` past it in all three texts."""
    lo, start_theirs, start_ours = at
    at[:] = hi, start_theirs + hi - lo + _growth(theirs), start_ours + hi - lo + _growth(ours)
    return Region(range(lo, hi), range(start_theirs, at[1]), range(start_ours, at[2]), theirs, ours)


def _growth(edits: list[Edit]) -> int:
    return sum((edit.end - edit.start) - (edit.hi - edit.lo) for edit in edits)


def _clusters(theirs: list[Edit], ours: list[Edit], touch: Touch) -> Iterator[tuple[list[Edit], list[Edit]]]:
    """The edits of both sides in order, those that meet together."""
    sides: tuple[list[Edit], list[Edit]] = ([], [])
    for edit, side in sorted([*((edit, 0) for edit in theirs), *((edit, 1) for edit in ours)]):
        # Edits of one side lie apart and in order: only the last ones can reach this far.
        if (sides[0] or sides[1]) and not any(_meet(edit, other, side, touch) for other in sides[1 - side][-3:]):
            yield sides
            sides = ([], [])
        sides[side].append(edit)
    if sides[0] or sides[1]:
        yield sides


def _meet(one: Edit, other: Edit, side: int, touch: Touch) -> bool:
    if one.lo < other.hi and other.lo < one.hi:
        return True
    if one.lo == one.hi == other.lo == other.hi:
        return True
    return (one.hi == other.lo or other.hi == one.lo) and (touch(one, other, side) or touch(other, one, 1 - side))


MARKED = {BlockKind.HEADING, BlockKind.ITEM, BlockKind.PARAGRAPH}
"""One becomes another when its marker changes."""


class ThreeWay:
    """Goes down three texts once."""

    def __init__(self, base: str, theirs: str, ours: str) -> None:
        self.cutter = Cutter()
        self.base, self.theirs, self.ours = self.cutter.pieces_of((base, theirs, ours))
        self.carried: dict[tuple[int, int], tuple[Piece, Piece]] = {}

    def parts(self) -> list[Part]:
        """The parts of the merge in reading order, not yet numbered."""
        made = self._heads()
        for region in self._regions():
            made += self._parts_of(region)
        asked: set[int] = set()
        made = kept_from_loss(made, self.cutter, asked)
        stretched = as_stretches(made)
        return stretched if len(stretched) == len(made) else kept_from_loss(stretched, self.cutter, asked)

    def _regions(self) -> list[Region]:
        keys = [[piece.key for piece in pieces] for pieces in (self.base, self.theirs, self.ours)]
        base, sides = keys[0], keys[1:]
        edits = [self._edits(base, side) for side in sides]
        regions = list(regions_of(len(base), edits, self._touch))
        if not all(edits):
            return regions
        moves = [moves_in(edits[side], base, sides[side], self.cutter.saying) for side in (0, 1)]
        if not any(edit.is_rewording and edit.lo in moves[1 - side] for side in (0, 1) for edit in edits[side]):
            return regions
        return self._with_carried(edits, moves, regions)

    def _with_carried(
        self, edits: list[list[Edit]], moves: list[dict[int, int]], regions: list[Region]
    ) -> list[Region]:
        """The regions again, where what one side reworded and the other moved is reworded where it was moved to.

        Only where nothing else is in dispute, neither where it was nor where it went to.
        """
        left = [[edit for edit in edits[side] if not _is_moved(edit, moves[1 - side])] for side in (0, 1)]
        again = list(regions_of(len(self.base), left, self._touch))
        alone = [
            ({at for region in again if not region.edits(1 - side) for at in region.base},
             {at for region in again if not region.edits(1 - side) for at in region.places(side)})
            for side in (0, 1)
        ]  # fmt: skip
        for side in (0, 1):
            for edit in edits[1 - side]:
                if _is_moved(edit, moves[side]):
                    place = moves[side][edit.lo]
                    if edit.lo not in alone[side][0] or place not in alone[side][1]:
                        return regions
                    self.carried[side, place] = (self.base[edit.lo], (self.ours, self.theirs)[side][edit.start])
        return again

    def _edits(self, base: list[int], side: list[int]) -> list[Edit]:
        return edits_between(base, side, lambda at, place: self.cutter.likeness(base[at], side[place]))

    def _heads(self) -> list[Part]:
        """Front matter, which can only stand at the head of a text; goes past it."""
        heads = []
        for pieces in (self.base, self.theirs, self.ours):
            is_head = bool(pieces) and pieces[0].kind is BlockKind.FRONT_MATTER
            heads.append(pieces[:1] if is_head else [])
            del pieces[: len(heads[-1])]
        if all(heads):
            return self._settled(*(pieces[0] for pieces in heads))
        return [self._compared(*heads)] if any(heads) else []

    def _compared(self, base: list[Piece], theirs: list[Piece], ours: list[Piece]) -> Part:
        """What has no counterpart, as a whole: who says what the base did, and who says something else."""
        says_base, says_theirs, says_ours = ([piece.key for piece in pieces] for pieces in (base, theirs, ours))
        slices = _source_of(base), _source_of(theirs), _source_of(ours)
        if says_theirs == says_ours:
            kind = PartKind.SAME if says_theirs == says_base else PartKind.BOTH
            return Part(kind, *slices, _chosen(*slices))
        if says_ours == says_base:
            return Part(PartKind.THEIRS, *slices, slices[1])
        if says_theirs == says_base:
            return Part(PartKind.OURS, *slices, slices[2])
        return Part(PartKind.CLASH, *slices)

    def _touch(self, added: Edit, change: Edit, side: int) -> bool:
        """What is added beside a text the other side replaced may belong to it, and so may a paragraph added after one
        the other side removed; not a heading, an item or a row, which stand alone."""
        if added.lo < added.hi or added.start == added.end:
            return False
        if change.is_rewording:
            other = (self.ours, self.theirs)[side][change.start]
            return self.cutter.likeness(self.base[change.lo].key, other.key) < LIKE
        if change.start < change.end:
            return True
        first = (self.theirs, self.ours)[side][added.start]
        return added.lo == change.hi and first.kind not in STAND_ALONE

    def _parts_of(self, region: Region) -> list[Part]:
        base, theirs, ours = self._slices_of(region)
        if region.is_same:
            return self._unchanged(base, theirs, ours)
        if region.theirs and region.ours:
            if region.is_one_reworded:
                return self._settled(base[0], theirs[0], ours[0])
            return self._met(base, theirs, ours)
        side = 0 if region.theirs else 1
        if region.is_one_reworded and not self.carried:
            other = (ours, theirs)[side][0]
            if other.source != base[0].source:
                return self._settled(base[0], theirs[0], ours[0])
        slices = _source_of(base), _source_of(theirs), _source_of(ours)
        text = "".join(self._carried_to(side, place) for place in region.places(side))
        return [Part((PartKind.THEIRS, PartKind.OURS)[side], *slices, text)]

    def _carried_to(self, side: int, place: int) -> str:
        """A block of one side, reworded as the other side has it where it stood before."""
        piece = (self.theirs, self.ours)[side][place]
        if (side, place) not in self.carried:
            return piece.source
        base, reworded = self.carried[side, place]
        marker = _marker(base, piece, reworded)
        return f"{piece.marker if marker is None else marker}{reworded.body}{piece.space}"

    def _slices_of(self, region: Region) -> tuple[list[Piece], list[Piece], list[Piece]]:
        return (
            self.base[region.base.start : region.base.stop],
            self.theirs[region.in_theirs.start : region.in_theirs.stop],
            self.ours[region.in_ours.start : region.in_ours.stop],
        )

    def _unchanged(self, base: list[Piece], theirs: list[Piece], ours: list[Piece]) -> list[Part]:
        """Blocks that say the same in all three, though markers and white space may differ."""
        if base == theirs == ours:
            source = _source_of(base)
            return [Part(PartKind.SAME, source, source, source, source)]
        made: list[Part] = []
        for is_equal, run in groupby(zip(base, theirs, ours, strict=True), key=_are_equal):
            if is_equal:
                source = "".join(three[0].source for three in run)
                made.append(Part(PartKind.SAME, source, source, source, source))
            else:
                made += [part for three in run for part in self._settled(*three)]
        return made

    def _met(self, base: list[Piece], theirs: list[Piece], ours: list[Piece]) -> list[Part]:
        """Changes of both sides to the same place: what is alike at their ends comes in once, the rest is a clash."""
        first, last = _alike_at_ends([piece.key for piece in theirs], [piece.key for piece in ours])
        cut_theirs, cut_ours = len(theirs) - last, len(ours) - last
        rest = theirs[first:cut_theirs], ours[first:cut_ours]
        # The base goes with what stands in its place on both sides, or else with what is alike.
        bases: list[list[Piece]] = [[], base, []]
        if not rest[0] or not rest[1]:
            bases = [base, [], []] if first else [[], [], base] if last else bases
        cuts = (
            (bases[0], theirs[:first], ours[:first]),
            (bases[1], *rest),
            (bases[2], theirs[cut_theirs:], ours[cut_ours:]),
        )
        return [self._compared(*cut) for cut in cuts if any(cut)]

    def _settled(self, base: Piece, theirs: Piece, ours: Piece) -> list[Part]:
        """One block of the base and what it became on both sides."""
        three = base, theirs, ours
        slices = base.source, theirs.source, ours.source
        kind = _who(*((piece.kind, piece.marker.rstrip(), piece.key) for piece in three))
        if len(set(slices)) < 3:
            return [Part(kind, *slices, _chosen(*slices))]
        if kind is not PartKind.CLASH:
            return [Part(kind, *slices, _picked(kind, (base.block, theirs.block, ours.block)) + _space(*three))]
        marker = _marker(*three) if _fit_together(*three) else None
        if marker is None:
            return [_clash(*three)]
        kind = _who(base.key, theirs.key, ours.key)
        if kind is PartKind.CLASH:
            return self._within(base, theirs, ours, marker)
        body = _picked(kind, (base.body, theirs.body, ours.body))
        # Both changed the marker, or one the marker and the other the words.
        return [Part(PartKind.BOTH if kind is PartKind.SAME else kind, *slices, f"{marker}{body}{_space(*three)}")]

    def _within(self, base: Piece, theirs: Piece, ours: Piece, marker: str) -> list[Part]:
        """A block both sides changed differently, by sentence, cell or line; one clash where that does not do."""
        three = (base, theirs, ours)
        is_prose = base.kind not in (BlockKind.ROW, *TO_THE_LETTER)
        found = self._units_compared(*(self.cutter.units_of(piece) for piece in three))
        clashes = [at for at, part in enumerate(found) if part.kind is PartKind.CLASH]
        if clashes:
            first, last = clashes[0], clashes[-1]
            found[first : last + 1] = [as_one_clash(found[first : last + 1])]
            if len(found) == 1 or not is_prose:
                return [_clash(*three)]
        if is_prose and not _stay_apart(found):
            return [_clash(*three)]
        return _laid_out(found, three, marker)

    def _units_compared(self, base: list[Unit], theirs: list[Unit], ours: list[Unit]) -> list[Part]:
        """Parts within a block; neighbours that one side changed are one."""
        keys = [[unit.key for unit in units] for units in (base, theirs, ours)]
        edits = [self._edits(keys[0], side) for side in keys[1:]]
        made: list[Part] = []
        for region in regions_of(len(base), edits, partial(self._touch_within, keys)):
            slices = (
                "".join(unit.source for unit in base[region.base.start : region.base.stop]),
                "".join(unit.source for unit in theirs[region.in_theirs.start : region.in_theirs.stop]),
                "".join(unit.source for unit in ours[region.in_ours.start : region.in_ours.stop]),
            )
            kind = _kind_of(region, keys)
            text = "" if kind is PartKind.CLASH else _picked(kind, slices)
            if made and made[-1].kind is kind and kind in (PartKind.THEIRS, PartKind.OURS):
                before = made.pop()
                slices = before.base + slices[0], before.theirs + slices[1], before.ours + slices[2]
                text = before.text + text
            made.append(Part(kind, *slices, text))
        return made

    def _touch_within(self, keys: list[list[int]], one: Edit, other: Edit, side: int) -> bool:
        """Sentences side by side of which neither is an old one reworded: who can tell in which order they belong?"""
        for edit, texts in ((one, keys[1 + side]), (other, keys[2 - side])):
            if edit.is_rewording and self.cutter.likeness(keys[0][edit.lo], texts[edit.start]) >= LIKE:
                return False
        if one.lo == one.hi and other.start == other.end:
            return one.lo == other.hi
        return True


STAND_ALONE = (BlockKind.HEADING, BlockKind.ITEM, BlockKind.ROW, BlockKind.RULE)


SHORTEST_MOVED = 20
"""Characters: a shorter block that goes here and comes there is two changes, not a move."""


def moves_in(edits: list[Edit], base: list[int], side: list[int], saying: list[str]) -> dict[int, int]:
    """Which blocks of the base were moved as they are: their places in the base, and where they went."""
    gone = Counter(base[at] for edit in edits for at in range(edit.lo, edit.hi))
    come = Counter(side[at] for edit in edits for at in range(edit.start, edit.end))
    moved = {
        key for key in gone.keys() & come.keys() if gone[key] == come[key] == 1 and len(saying[key]) >= SHORTEST_MOVED
    }
    if not moved:
        return {}
    places = {side[at]: at for edit in edits for at in range(edit.start, edit.end)}
    return {at: places[base[at]] for edit in edits for at in range(edit.lo, edit.hi) if base[at] in moved}


def _is_moved(edit: Edit, moves: dict[int, int]) -> bool:
    return edit.is_rewording and edit.lo in moves


def _are_equal(three: tuple[Piece, Piece, Piece]) -> bool:
    return three[0].source == three[1].source == three[2].source


def _kind_of(region: Region, keys: list[list[int]]) -> PartKind:
    if region.is_same:
        return PartKind.SAME
    if not region.ours:
        return PartKind.THEIRS
    if not region.theirs:
        return PartKind.OURS
    theirs = keys[1][region.in_theirs.start : region.in_theirs.stop]
    ours = keys[2][region.in_ours.start : region.in_ours.stop]
    return PartKind.BOTH if theirs == ours else PartKind.CLASH


def _who(base: object, theirs: object, ours: object) -> PartKind:
    """Who changed a thing."""
    if theirs == ours:
        return PartKind.SAME if theirs == base else PartKind.BOTH
    if ours == base:
        return PartKind.THEIRS
    return PartKind.OURS if theirs == base else PartKind.CLASH


def _picked(kind: PartKind, slices: tuple[str, str, str]) -> str:
    """The text of a part that is no clash: of the side that changed it, or of whoever wrapped it anew."""
    if kind is PartKind.THEIRS:
        return slices[1]
    return slices[2] if kind is PartKind.OURS else _chosen(*slices)


def _chosen(base: str, theirs: str, ours: str) -> str:
    """Of three texts that say the same, the one that was changed; where both were, the one with more white space."""
    if theirs == ours or ours == base:
        return theirs
    if theirs == base:
        return ours
    return max(theirs, ours, key=lambda text: (text.count("\n"), len(text), text))


def _fit_together(base: Piece, theirs: Piece, ours: Piece) -> bool:
    """Whether words of one can stand where words of another stood: not those of a paragraph in a row of a table."""
    kinds = {base.kind, theirs.kind, ours.kind}
    return len(kinds) == 1 or kinds <= MARKED


def _space(base: Piece, theirs: Piece, ours: Piece) -> str:
    return _chosen(base.space, theirs.space, ours.space)


def _marker(base: Piece, theirs: Piece, ours: Piece) -> str | None:
    """The marker of a block; None where they clash.

    Of two new numbers in a list the higher, of two bullets one, of two indents the smaller.
    """
    markers = theirs.marker, ours.marker
    if len({base.marker, *markers}) < 3:
        return _chosen(base.marker, *markers)
    changed = _who(base.marker.strip(), *(marker.strip() for marker in markers))
    if changed in (PartKind.THEIRS, PartKind.OURS):
        return markers[0] if changed is PartKind.THEIRS else markers[1]
    if theirs.kind is ours.kind is BlockKind.ITEM:
        are_numbers = [marker.strip()[:-1].isdigit() for marker in markers]
        said = max((marker.lstrip() for marker in markers), key=lambda marker: (len(marker.strip()), marker))
        return f"{min(map(_indent, markers), key=len)}{said}" if are_numbers[0] == are_numbers[1] else None
    return min(markers, key=lambda marker: (len(marker), marker)) if markers[0].strip() == markers[1].strip() else None


def _indent(marker: str) -> str:
    return marker[: len(marker) - len(marker.lstrip())]


def _source_of(pieces: Sequence[Piece]) -> str:
    return "".join([piece.source for piece in pieces])


def _clash(base: Piece, theirs: Piece, ours: Piece) -> Part:
    return Part(PartKind.CLASH, base.source, theirs.source, ours.source)


def _alike_at_ends(theirs: list[int], ours: list[int]) -> tuple[int, int]:
    """How many pieces are alike at the start and, of the others, at the end."""
    shortest = min(len(theirs), len(ours))
    first = 0
    while first < shortest and theirs[first] == ours[first]:
        first += 1
    last = 0
    while last < shortest - first and theirs[-1 - last] == ours[-1 - last]:
        last += 1
    return first, last


def _stay_apart(parts: list[Part]) -> bool:
    """Whether each part ends in a full stop and begins a sentence, so that no choice makes two sentences one."""
    for at, part in enumerate(parts):
        is_clash = part.kind is PartKind.CLASH
        for text in {part.base.strip(), part.theirs.strip(), part.ours.strip()} - {""}:
            if (is_clash or at + 1 < len(parts)) and sentences_of(f"{text[-80:]} A")[-1] != "A":
                return False
            if (is_clash or at > 0) and sentences_of(f"A. {text[:80]}")[0] != "A. ":
                return False
    return True


def _laid_out(found: list[Part], three: tuple[Piece, Piece, Piece], marker: str) -> list[Part]:
    """The parts within a block with its marker before them and its white space after them."""
    base, theirs, ours = three
    made = [part._replace(begins_block=False, ends_block=False) for part in found]
    last = made[-1]
    rest = [
        piece.source[len(piece.marker) + sum(len(text) for text in texts) :]
        for piece, texts in zip(
            three,
            ([part.base for part in made[:-1]], [part.theirs for part in made[:-1]], [part.ours for part in made[:-1]]),
            strict=True,
        )
    ]
    made[-1] = last._replace(base=rest[0], theirs=rest[1], ours=rest[2], ends_block=True, space=_space(*three))
    if base.marker or theirs.marker or ours.marker:
        kind = _who(base.marker.rstrip(), theirs.marker.rstrip(), ours.marker.rstrip())
        kind = PartKind.BOTH if kind is PartKind.CLASH else kind
        return [Part(kind, base.marker, theirs.marker, ours.marker, marker, ends_block=False), *made]
    made[0] = made[0]._replace(begins_block=True)
    return made
