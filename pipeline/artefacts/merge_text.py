"""How the parts of a merge become one text again: what was apart stays apart, and lists and tables stay whole."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.artefacts.blocks import BlockKind, blocks_of
from pipeline.artefacts.merge_parts import Part
from pipeline.artefacts.pieces import Piece

_BLANK_START = re.compile(r"[^\S\n]*\n")
_ONLY_MARKER = re.compile(r"\s*(?:#{1,6}|[-*+]|\d{1,9}[.)])?\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_LINE = re.compile(r"\s*(?:\||(?:[-*+]|\d{1,9}[.)])(?:\s|$))")
_IN_LISTS = (BlockKind.ITEM, BlockKind.ROW)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which blocks the three texts have line under line, by the last line of the one and the first of the other.

    Of items and rows, also which have another one right above or below them, and which a blank line apart.
    """

    tight: frozenset[tuple[str, str]] = frozenset()
    tight_above: frozenset[str] = frozenset()
    tight_below: frozenset[str] = frozenset()
    loose_above: frozenset[str] = frozenset()
    loose_below: frozenset[str] = frozenset()


def neighbours_in(*texts: Iterable[Piece]) -> Neighbours:
    """What stands next to what in the pieces of three texts."""
    tight: set[tuple[str, str]] = set()
    in_lists: set[tuple[str, str]] = set()
    loose: set[tuple[str, str]] = set()
    for pieces in texts:
        for piece, below in pairwise(pieces):
            if piece.space.count("\n") < 2:
                pair = _last_line(piece.source), _first_line(below.source)
                tight.add(pair)
                if below.kind is piece.kind and below.kind in _IN_LISTS:
                    in_lists.add(pair)
            elif not below.source[0].isalpha() and _LIST_LINE.match(below.source):
                loose.add((_last_line(piece.source), _first_line(below.source)))
    return Neighbours(
        frozenset(tight),
        frozenset(above for above, _below in in_lists), frozenset(below for _above, below in in_lists),
        frozenset(above for above, _below in loose), frozenset(below for _above, below in loose),
    )  # fmt: skip


def joined(parts: Sequence[Part], texts: Sequence[tuple[str, ...]], neighbours: Neighbours) -> str:
    """One text of the parts, where `texts` says for each what stands in its place: several are put one after the other.

    A blank line goes between two blocks unless one of the three texts has them line under line, or they are items of a
    list or rows of a table.
    """
    if not parts:
        return ""
    texts = [_under_one_head(texts[0]), *texts[1:]]
    whole: list[str] = []
    within: list[str] = []
    for part, pieces in zip(parts, texts, strict=True):
        if part.is_whole:
            for piece in pieces:
                _put_under(whole, piece, neighbours)
            continue
        sentences = [*(piece.rstrip() for piece in pieces[:-1]), pieces[-1]]
        within = sentences if part.begins_block else [*within, *sentences]
        if part.ends_block:
            _put_under(whole, _one_block(within, part.space), neighbours)
    text = "".join(whole)
    # A line across the page at the top and another below must not become front matter.
    return f"\n{text}" if _front_matter_of(text) and not _had_front_matter(parts, texts[0]) else text


def _had_front_matter(parts: Sequence[Part], texts: tuple[str, ...]) -> bool:
    """Whether any of the three texts, or what was put first, begins with front matter."""
    first = parts[: next(at for at, part in enumerate(parts, 1) if part.ends_block)]
    heads = ("".join(part.base for part in first), "".join(part.theirs for part in first),
             "".join(part.ours for part in first))  # fmt: skip
    return any(map(_front_matter_of, (*heads, *texts)))


def _under_one_head(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Texts to be put one after the other at the head of a document, with the lines of all their front matter first."""
    heads = [_front_matter_of(text) for text in texts]
    if len(texts) < 2 or not any(heads):
        return texts
    rests = [text[len(head) :] for text, head in zip(texts, heads, strict=True)]
    first, *others = filter(None, heads)
    opening, *lines, closing = first.rstrip().split("\n")
    for head in others:
        lines += [line for line in head.rstrip().split("\n")[1:-1] if line not in lines]
    return ("\n".join([opening, *lines, closing]) + first[len(first.rstrip()) :], *rests)


def _front_matter_of(text: str) -> str:
    first = blocks_of(text)[0] if text.startswith("---") else None
    return first.source if first and first.kind is BlockKind.FRONT_MATTER else ""


def _one_block(pieces: list[str], space: str) -> str:
    """Marker and sentences of one block in a row, then the white space that ends it; nothing if no word is left."""
    said = ""
    for piece in pieces:
        if piece.strip():
            is_apart = not said or said[-1].isspace() or piece[0].isspace() or piece[0] == "|"
            said += piece if is_apart else f" {piece}"
    return "" if _ONLY_MARKER.fullmatch(said) else f"{said.rstrip()}{space}"


def _put_under(whole: list[str], below: str, neighbours: Neighbours) -> None:
    """Add blocks to a text, so that they stand apart from what is there, or line under line where they belong so."""
    if not below:
        return
    if whole:
        above = whole[-1]
        if ("```" in above or "~~~" in above) and (fence := _open_fence(blocks_of(above)[-1].source)):
            above = f"{above.rstrip()}\n{fence}\n"
        bare = above.rstrip()
        if above.count("\n", len(bare)) > 1 or _BLANK_START.match(below):
            whole[-1] = f"{bare}\n" if _belong_together(bare, below, neighbours) else above
        else:
            line_end = "" if above.endswith("\n") else "\n"
            whole[-1] = f"{above}{line_end}{_gap(above, below, neighbours)}"
    whole.append(below)


def _belong_together(above: str, below: str, neighbours: Neighbours) -> bool:
    """Whether a blank line between two texts has to go: items of a list without blank lines, and rows of a table."""
    last, first = _last_line(above), _first_line(below)
    if last in neighbours.loose_above or first in neighbours.loose_below:
        return False
    are_rows = last.lstrip().startswith("|") and first.startswith("|")
    if not are_rows and last not in neighbours.tight_above and first not in neighbours.tight_below:
        return False
    kind = blocks_of(above)[-1].kind
    return kind in _IN_LISTS and kind is blocks_of(below)[0].kind


def _gap(above: str, below: str, neighbours: Neighbours) -> str:
    """What has to stand between two texts that touch: nothing, or a blank line."""
    if (_last_line(above), _first_line(below)) in neighbours.tight:
        return ""
    kind = blocks_of(above)[-1].kind
    return "" if kind in _IN_LISTS and kind is blocks_of(below)[0].kind else "\n"


def _open_fence(code: str) -> str:
    """The marks that close a fence which its text left open; nothing where it is closed."""
    lines = code.rstrip().split("\n")
    opening = _FENCE.match(lines[0])
    if opening is None:
        return ""
    last = lines[-1].strip()
    is_closed = len(lines) > 1 and len(last) >= len(opening[1]) and set(last) == {opening[1][0]}
    return "" if is_closed else opening[1]


def _last_line(text: str) -> str:
    """The last line of a text that has words."""
    return text.rstrip().rpartition("\n")[2]


def _first_line(text: str) -> str:
    """The first line of a text, white space at its ends aside."""
    return text.partition("\n")[0].strip()
