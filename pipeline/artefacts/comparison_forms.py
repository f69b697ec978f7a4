"""A comparison as others take it: JSON to keep and to send, unified text for `patch`, HTML for a page.

The JSON form holds each text once: the texts of the blocks are cut from the pieces again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from itertools import chain
from typing import Any, NamedTuple

from pipeline.artefacts.blocks import Block, BlockKind
from pipeline.artefacts.comparison import Comparison, Piece, PieceKind, Row, RowKind, Summary
from pipeline.artefacts.diff_runs import Effort, same_runs

FORM = 1
"""The number of the JSON form, so that what was kept long ago can be told from what is made now."""

CONTEXT = 3
"""Unchanged lines that stand round a change in the unified form."""


class NotAComparison(ValueError):
    """The JSON is not that of a comparison."""


def as_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison in plain dictionaries and lists.

    Every row has its `kind`, the blocks of `old` and `new` (kind, level and length in characters) and its `pieces`
    (kind, `text`, and `was` where the old text spaces the same words otherwise); the other keys are those of `Row`.
    """
    return {
        "form": FORM,
        "coarse": comparison.is_coarse,
        "same": comparison.is_same,
        "summary": asdict(comparison.summary),
        "rows": [_row_json(row) for row in comparison.rows],
    }


def from_json(form: dict[str, Any]) -> Comparison:
    """The comparison that `as_json` wrote. Raises NotAComparison for anything else."""
    try:
        if form["form"] != FORM:
            raise NotAComparison(f"form {form['form']} of a comparison is not known")
        rows = tuple(_row_of(row) for row in form["rows"])
        return Comparison(rows, Summary(**form["summary"]), bool(form["coarse"]))
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotAComparison("this is not a comparison") from wrong


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "change": row.change,
        "partner": row.partner,
        "heading": row.heading,
        "old_at": row.old_at,
        "new_at": row.new_at,
        "old": [_block_json(block) for block in row.olds],
        "new": [_block_json(block) for block in row.news],
        "pieces": [_piece_json(piece) for piece in row.pieces],
    }


def _block_json(block: Block) -> dict[str, Any]:
    return {"kind": block.kind.value, "level": block.level, "length": len(block.source)}


def _piece_json(piece: Piece) -> dict[str, str]:
    made = {"kind": piece.kind.value, "text": piece.text}
    return made if piece.was is None else {**made, "was": piece.was}


def _row_of(form: dict[str, Any]) -> Row:
    pieces = tuple(Piece(PieceKind(piece["kind"]), piece["text"], piece.get("was")) for piece in form["pieces"])
    return Row(
        RowKind(form["kind"]),
        _blocks_from(form["old"], "".join([piece.old_text for piece in pieces])),
        _blocks_from(form["new"], "".join([piece.new_text for piece in pieces])),
        pieces,
        form["old_at"],
        form["new_at"],
        form["heading"],
        form["change"],
        form["partner"],
    )


def _blocks_from(forms: list[dict[str, Any]], text: str) -> tuple[Block, ...]:
    """The blocks of one side of a row, cut from its text. Raises ValueError when they do not fill it."""
    blocks, start = [], 0
    for form in forms:
        end = start + form["length"]
        blocks.append(Block(BlockKind(form["kind"]), text[start:end], form["level"]))
        start = end
    if forms and start != len(text):
        raise ValueError("the blocks of a row do not fill its text")
    return tuple(blocks)


# Unified text


class _Line(NamedTuple):
    """A line of the unified form: a space, `-` or `+`, and the line with its end."""

    mark: str
    text: str


def as_unified(comparison: Comparison, old_name: str, new_name: str) -> str:
    """The comparison as unified text, lines of three around each change: what `patch` and `git apply` take.

    Nothing for two texts that are the same. What was moved is removed in one place and added in the other, since the
    form knows no more; white space counts, so that the patched text is the new one to the letter.
    """
    lines = list(chain.from_iterable(_lines_of(row) for row in comparison.rows))
    hunks = list(_hunks(lines))
    if not hunks:
        return ""
    return "".join([f"--- {_plain_name(old_name)}\n+++ {_plain_name(new_name)}\n", *hunks])


def _plain_name(name: str) -> str:
    """A name on one line, without the tab that would end it."""
    return " ".join(name.split()) or "text"


def _lines_of(row: Row) -> Iterator[_Line]:
    olds = _split("".join([block.source for block in row.olds]))
    news = _split("".join([block.source for block in row.news]))
    at_old = at_new = 0
    for run in same_runs(olds, news, Effort()) if olds != news else ():
        yield from (_Line("-", line) for line in olds[at_old : run.old])
        yield from (_Line("+", line) for line in news[at_new : run.new])
        at_old, at_new = run.old + run.size, run.new + run.size
        yield from (_Line(" ", line) for line in olds[run.old : at_old])
    if olds == news:
        yield from (_Line(" ", line) for line in olds)
    else:
        yield from (_Line("-", line) for line in olds[at_old:])
        yield from (_Line("+", line) for line in news[at_new:])


def _split(text: str) -> list[str]:
    """The lines of a text with their ends. Only a line feed ends one, as for `patch`."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _hunks(lines: Sequence[_Line]) -> Iterator[str]:
    """The changes with the lines around them; those near each other together."""
    changed = [place for place, line in enumerate(lines) if line.mark != " "]
    at_line = at_old = at_new = 0
    for first, last in _stretches(changed):
        start, end = max(first - CONTEXT, 0), min(last + CONTEXT + 1, len(lines))
        for line in lines[at_line:start]:
            at_old += line.mark != "+"
            at_new += line.mark != "-"
        part = lines[start:end]
        olds, news = sum(line.mark != "+" for line in part), sum(line.mark != "-" for line in part)
        yield f"@@ -{_span(at_old, olds)} +{_span(at_new, news)} @@\n" + "".join(map(_written, part))
        at_line, at_old, at_new = end, at_old + olds, at_new + news


def _stretches(changed: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of the changed lines that are so near that their context touches."""
    first = last = -1
    for place in changed:
        if first >= 0 and place - last > 2 * CONTEXT:
            yield first, last
            first = place
        elif first < 0:
            first = place
        last = place
    if first >= 0:
        yield first, last


def _span(before: int, lines: int) -> str:
    """Where lines begin, counted from 1, and how many; none are said to stand after the line before."""
    return f"{before + 1},{lines}" if lines else f"{before},0"


def _written(line: _Line) -> str:
    if line.text.endswith("\n"):
        return line.mark + line.text
    return f"{line.mark}{line.text}\n\\ No newline at end of file\n"


# HTML


class Spoken(NamedTuple):
    """What is said aloud before removed and added words and after them, where colour and strokes are not seen.

    Translated and plain, such as "Removed:" and "end of removed".
    """

    removed: str
    removed_end: str
    added: str
    added_end: str


_SAME, _REMOVED = PieceKind.SAME, PieceKind.REMOVED
_HIDDEN = '<span class="govuk-visually-hidden">{}</span>'


def pieces_html(row: Row, spoken: Spoken) -> str:
    """The words of a row in line: what was removed in `<del>`, what was added in `<ins>`, everything escaped.

    The white space after the last word is left out. A row that was removed or added whole is one `<del>` or `<ins>`.
    """
    return _pieces_html(row.pieces, _marks_of(spoken))


def old_html(row: Row, spoken: Spoken) -> str:
    """The old side of a row for reading side by side: its words as they were, the removed ones in `<del>`."""
    pieces = [Piece(piece.kind, piece.old_text) for piece in row.pieces if piece.kind is not PieceKind.ADDED]
    return "" if not row.olds else _pieces_html(pieces, _marks_of(spoken))


def new_html(row: Row, spoken: Spoken) -> str:
    """The new side of a row for reading side by side: its words as they are, the added ones in `<ins>`."""
    pieces = [piece for piece in row.pieces if piece.kind is not PieceKind.REMOVED]
    return "" if not row.news else _pieces_html(pieces, _marks_of(spoken))


def rows_html(rows: Sequence[Row], spoken: Spoken) -> list[str]:
    """`pieces_html` of many rows: what is said aloud is escaped once."""
    marks = _marks_of(spoken)
    return [_pieces_html(row.pieces, marks) for row in rows]


class _Marks(NamedTuple):
    """What stands before and after removed words, and before and after added ones."""

    removed: str
    removed_end: str
    added: str
    added_end: str


def _marks_of(spoken: Spoken) -> _Marks:
    removed, removed_end, added, added_end = map(escape, spoken)
    return _Marks(
        "<del>" + _HIDDEN.format(f"{removed} "),
        _HIDDEN.format(f" {removed_end}") + "</del>",
        "<ins>" + _HIDDEN.format(f"{added} "),
        _HIDDEN.format(f" {added_end}") + "</ins>",
    )


def in_line(pieces: Sequence[Piece]) -> list[tuple[PieceKind, str]]:
    """Pieces as one text: a space that stood before removed words and is gone with them is theirs, and none is left
    behind them."""
    made = [(kind, text) for kind, text, _was in pieces]
    for place, (kind, text, was) in enumerate(pieces):
        if was is None or kind is not _SAME or not was[-1:].isspace() or text[-1:].isspace():
            continue
        if pieces[place + 1 : place + 2] and pieces[place + 1].kind is _REMOVED:
            made[place + 1] = _REMOVED, f" {pieces[place + 1].text.rstrip()}"
    return made


def _pieces_html(pieces: Sequence[Piece], marks: _Marks) -> str:
    removed_mark, removed_end, added_mark, added_end = marks
    told = in_line(pieces)
    text = "".join([text for _kind, text in told])
    if "&" in text or "<" in text or ">" in text:
        told = [(kind, escape(text, quote=False)) for kind, text in told]
    made: list[str] = []
    for kind, text in told:
        if kind is _SAME:
            made.append(text)
            continue
        words = text.rstrip()
        start, end = (removed_mark, removed_end) if kind is _REMOVED else (added_mark, added_end)
        made.append(f"{start}{words}{end}{text[len(words) :]}")
    return "".join(made).rstrip()
