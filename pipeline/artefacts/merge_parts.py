"""What a merge consists of."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple


class PartKind(StrEnum):
    """Who changed a part of the base."""

    SAME = "same"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"
    CLASH = "clash"


class Part(NamedTuple):
    """A stretch of the three texts that belongs together.

    `base`, `theirs` and `ours` are exact slices: joined over all parts they are the three texts again. `text` is what
    the part comes to where nobody decides otherwise; a clash has none. `number` names every part but those nobody
    changed (0): clashes first, from 1 on, then the others, each in reading order.

    A part is whole blocks, unless both sides changed one paragraph: then it is cut into parts within it, of which the
    first `begins_block` and the last `ends_block`; `space` is the white space that ends the paragraph.

    A clash with `pieces` is a stretch in which both sides changed several things close to each other: it is decided on
    as a whole, or piece by piece, where the pieces that are no clashes come in by themselves.
    """

    kind: PartKind
    base: str
    theirs: str
    ours: str
    text: str = ""
    number: int = 0
    begins_block: bool = True
    ends_block: bool = True
    space: str = ""
    pieces: "tuple[Part, ...]" = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is one or more whole blocks."""
        return self.begins_block and self.ends_block


def as_one_clash(parts: Sequence[Part], pieces: tuple[Part, ...] = ()) -> Part:
    """Parts side by side as one to decide on."""
    return Part(
        PartKind.CLASH,
        "".join(part.base for part in parts),
        "".join(part.theirs for part in parts),
        "".join(part.ours for part in parts),
        begins_block=parts[0].begins_block,
        ends_block=parts[-1].ends_block,
        space=parts[-1].space,
        pieces=pieces,
    )
