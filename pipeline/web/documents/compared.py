"""How a comparison is shown: its words with what was removed and added marked for the eye and for the ear.

Made here rather than in a template: a document of 60,000 words has tens of thousands of pieces. What people typed is
escaped by `_escaped`, and by nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline.artefacts.blocks import Block, BlockKind
from pipeline.artefacts.comparison import Comparison, Piece, PieceKind, Row, RowKind, summary_words
from pipeline.artefacts.comparison_forms import in_line
from pipeline.artefacts.diff import compare
from pipeline.http.language import gettext, say
from pipeline.kernel.words import Words, _

CHANGES_ON_PAGE = 500
"""So many changes stand on one page; the rest is a link away."""

ROWS_ON_PAGE = 2_000
LONGEST_LANDMARK = 80

_MARKER = re.compile(r"\s*(?:#{1,6}(?=\s)|[-*+](?=\s)|>+)[ \t]*")
_DELIMITERS = re.compile(r"[\s|:-]*-[\s|:-]*")
_BAR = re.compile(r"(?<!\\)\|")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _hidden(escaped: str) -> str:
    return f'<span class="govuk-visually-hidden">{escaped}</span>'


class Marks:
    """The elements round removed and added words, with what is read aloud, in the page's language."""

    def __init__(self) -> None:
        removed, removed_end, added, added_end = (
            _escaped(gettext(words))
            for words in (_("Removed:"), _("(end of removed)"), _("Added:"), _("(end of added)"))
        )
        self.round = {
            PieceKind.SAME: ("", ""),
            PieceKind.REMOVED: (f"<del>{_hidden(removed + ' ')}", f"{_hidden(' ' + removed_end)}</del>"),
            PieceKind.ADDED: (f"<ins>{_hidden(added + ' ')}", f"{_hidden(' ' + added_end)}</ins>"),
        }

    def words(self, pieces: Iterable[tuple[PieceKind, str]]) -> str:
        """Pieces as HTML: `<del>`, `<ins>` and plain words."""
        made = []
        for kind, text in pieces:
            start, end = self.round[kind]
            if not start:
                made.append(_escaped(text))
            elif text.strip():
                # White space stays outside, so that no underline hangs over it.
                words = text.rstrip()
                made.append(f"{start}{_escaped(words)}{end}{text[len(words) :]}")
            else:
                made.append(text)
        return "".join(made)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A heading with changes under it, and where the first of them stands."""

    heading: str
    changes: int
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a comparison: its HTML, the headings with changes, and which page of how many it is."""

    html: Markup
    landmarks: list[Landmark]
    part: int
    parts: int


WHAT: dict[RowKind, str] = {
    RowKind.CHANGED: _("Changed"),
    RowKind.ADDED: _("Added"),
    RowKind.REMOVED: _("Removed"),
    RowKind.MOVED_FROM: _("Moved from here"),
    RowKind.MOVED_TO: _("Moved to here"),
    RowKind.SPLIT: _("Split"),
    RowKind.JOINED: _("Joined"),
}


class Shower:
    """Writes a comparison as HTML: in line, or both versions side by side."""

    def __init__(self, comparison: Comparison, *, is_beside: bool, is_whole: bool, names: tuple[str, str]) -> None:
        self.comparison = comparison
        self.is_beside = is_beside
        self.is_whole = is_whole
        self.names = [_escaped(name) for name in names]
        self.marks = Marks()
        self.total = comparison.summary.changes
        self.what = {kind: _escaped(gettext(words)) for kind, words in WHAT.items()}
        self.nothing = f'<p class="beside__nothing">{_escaped(gettext(_("Nothing here")))}</p>'
        self.partners = {row.change: row for row in comparison.rows if row.partner is not None}

    def shown(self, part: int, address: str) -> Shown:
        """The page `part`, from 1. `address` is that of the page without its part, ending in `?` or `&`."""
        pages = self._pages()
        part = min(max(part, 1), len(pages))
        self.address = address
        self.page_of = {row.change: number for number, rows in enumerate(pages, 1) for row in rows if row.change}
        self.part = part
        html = "".join(self._rows(pages[part - 1]))
        return Shown(Markup(html), self._landmarks(), part, len(pages))  # noqa: S704 (escaped above)

    def _pages(self) -> list[list[Row]]:
        """The rows of each page: without those that are the same, unless the whole text is shown."""
        wanted = self.comparison.rows if self.is_whole else self.comparison.changes
        pages: list[list[Row]] = [[]]
        changes = 0
        for row in wanted:
            if len(pages[-1]) >= ROWS_ON_PAGE or (row.change and changes >= CHANGES_ON_PAGE):
                pages.append([])
                changes = 0
            pages[-1].append(row)
            changes += row.change is not None
        return pages

    def _url(self, change: int) -> str:
        page = self.page_of[change]
        return f"#change-{change}" if page == self.part else f"{self.address}part={page}#change-{change}"

    def _landmarks(self) -> list[Landmark]:
        found: dict[str, list[int]] = {}
        for row in self.comparison.changes:
            if row.change is not None:
                found.setdefault(row.heading, []).append(row.change)
        return [
            Landmark(_shortened(heading), len(changes), self._url(changes[0])) for heading, changes in found.items()
        ]

    def _rows(self, rows: Sequence[Row]) -> Iterator[str]:
        """The rows of a page, a heading before those under another one, rows of one table together."""
        heading = None
        place = 0
        while place < len(rows):
            row = rows[place]
            if not self.is_whole and row.heading != heading:
                heading = row.heading
                # A heading that changed is shown as such, and need not be said once more below itself.
                if heading and not _is_heading(row):
                    yield f'<h3 class="compared__under">{_escaped(_shortened(heading))}</h3>\n'
            table = self._table_at(rows, place)
            if table:
                yield self._table(table)
                place += len(table)
            else:
                yield self._row(row)
                place += 1

    def _table_at(self, rows: Sequence[Row], place: int) -> list[Row]:
        """The rows from here on that are rows of one table and can be shown as such; only in line."""
        if self.is_beside:
            return []
        end = place
        while end < len(rows) and _cells_of(rows[end]) is not None:
            if end > place and not _follows(rows[end - 1], rows[end]):
                break
            end += 1
        return list(rows[place:end])

    def _table(self, rows: Sequence[Row]) -> str:
        lines: list[str] = []
        is_header = len(rows) > 1 and _is_delimiter(rows[1])
        width = max(len(_cells_of(row) or ()) for row in rows)
        for place, row in enumerate(rows):
            if _is_delimiter(row) and not row.is_change:
                continue
            cells = _cells_of(row) or []
            tag = "th" if is_header and place == 0 else "td"
            scope = ' scope="col"' if tag == "th" else ""
            inner = "".join(
                f"<{tag}{scope}>{words}</{tag}>" if words.strip() else "<td></td>"
                for words in (self.marks.words(cell) for cell in [*cells, *([[]] * (width - len(cells)))])
            )
            lines.append(f"<tr{self._attributes(row)}><td>{self._bar(row)}</td>{inner}</tr>\n")
        return f'<div class="compared__table" tabindex="0"><table>\n{"".join(lines)}</table></div>\n'

    def _attributes(self, row: Row) -> str:
        if row.change is None:
            return ""
        return f' class="change change--{row.kind}" id="change-{row.change}" tabindex="-1"'

    def _row(self, row: Row) -> str:
        if row.change is None:
            return self._both(row) if self.is_beside else self._block(row, _in_line(row))
        body = self._both(row) if self.is_beside else self._block(row, _in_line(row))
        return f'<div{self._attributes(row)} role="group" aria-label="{self._name(row)}">{self._bar(row)}{body}</div>\n'

    def _name(self, row: Row) -> str:
        """What is read aloud when somebody comes to a change."""
        return f"{self.what[row.kind]}, {self._count(row)}"

    def _count(self, row: Row) -> str:
        return _escaped(say(Words(_("Change {number} of {n}"), number=row.change, n=self.total)))

    def _bar(self, row: Row) -> str:
        """What happened here, how many changes there are, and the way to the one before and the next."""
        if row.change is None:
            return ""
        number, what = row.change, self.what[row.kind]
        if row.partner is not None:
            far = self.partners.get(row.partner)
            there = _escaped(_shortened(far.heading)) if far is not None and far.heading else ""
            sentence = _("Moved to “{place}”") if row.kind is RowKind.MOVED_FROM else _("Moved from “{place}”")
            words = gettext(sentence).format(place=there) if there else what
            what = f'<a href="{_escaped(self._url(row.partner))}">{words}</a>'
        count = self._count(row)
        before = self._step(number - 1, gettext(_("Previous change")))
        after = self._step(number + 1, gettext(_("Next change")))
        return f'<p class="change__bar"><b>{what}</b> <span>{count}</span>{before}{after}</p>'

    def _step(self, change: int, words: str) -> str:
        if not 1 <= change <= self.total or change not in self.page_of:
            return ""
        return f' <a href="{_escaped(self._url(change))}">{_escaped(words)}</a>'

    def _both(self, row: Row) -> str:
        old = [(kind, text) for kind, text in _pieces(row, old=True)]
        new = [(kind, text) for kind, text in _pieces(row, old=False)]
        if row.change is None:
            return f'<div class="beside">{self._block(row, old)}{self._block(row, new)}</div>\n'
        sides = "".join(
            f'<div><p class="beside__name">{name}</p>{self._block(row, side) if side else self.nothing}</div>'
            for name, side in zip(self.names, (old, new), strict=True)
        )
        return f'<div class="beside">{sides}</div>'

    def _block(self, row: Row, pieces: Sequence[tuple[PieceKind, str]]) -> str:
        """A block: a heading as a heading, code as it stands, anything else as a paragraph."""
        block = row.new or row.old
        kind = block.kind if block is not None else BlockKind.PARAGRAPH
        if kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
            return f'<pre class="compared__code" tabindex="0">{self.marks.words(pieces)}</pre>\n'
        if kind is BlockKind.RULE and row.change is None:
            return "<hr>\n"
        if kind is BlockKind.BLANK or (row.change is None and _is_delimiter(row)):
            return ""
        tag = "h3" if kind is BlockKind.HEADING else "p"
        marker, pieces = _without_marker(kind, pieces)
        words = self.marks.words(pieces).strip()
        return f'<{tag} class="compared__{kind}">{marker}{words}</{tag}>\n' if words else ""


def _in_line(row: Row) -> list[tuple[PieceKind, str]]:
    """The words of a row in reading order; of a whole block that came or went, all of them marked."""
    whole = {RowKind.REMOVED: PieceKind.REMOVED, RowKind.ADDED: PieceKind.ADDED}.get(row.kind)
    return [(whole or kind, text) for kind, text in in_line(row.pieces)]


def _pieces(row: Row, *, old: bool) -> Iterator[tuple[PieceKind, str]]:
    """The words of one side of a row, what is missing on the other side marked."""
    absent = (RowKind.ADDED, RowKind.MOVED_TO) if old else (RowKind.REMOVED, RowKind.MOVED_FROM)
    if row.kind in absent:
        return
    whole = {RowKind.REMOVED: PieceKind.REMOVED, RowKind.ADDED: PieceKind.ADDED}.get(row.kind)
    for piece in row.pieces:
        if text := piece.old_text if old else piece.new_text:
            yield whole or piece.kind, text


def _without_marker(
    kind: BlockKind, pieces: Sequence[tuple[PieceKind, str]]
) -> tuple[str, Sequence[tuple[PieceKind, str]]]:  # fmt: skip
    """A block's words without the marks that only say what it is, where they begin its first piece."""
    if kind is BlockKind.ROW:
        return "", _without_frame(pieces)
    if kind not in (BlockKind.HEADING, BlockKind.ITEM, BlockKind.QUOTE) or not pieces:
        return "", pieces
    first_kind, first = pieces[0]
    match = _MARKER.match(first)
    if match is None:
        return "", pieces
    return "• " if kind is BlockKind.ITEM else "", [(first_kind, first[match.end() :]), *pieces[1:]]


def _without_frame(pieces: Sequence[tuple[PieceKind, str]]) -> list[tuple[PieceKind, str]]:
    """A row of a table on a line of its own: its cells with a dot between them."""
    made = [(kind, _BAR.sub("·", text)) for kind, text in pieces]
    if made:
        first = made[0]
        made[0] = (first[0], first[1].lstrip().removeprefix("·").lstrip())
        last = made[-1]
        made[-1] = (last[0], last[1].rstrip().removesuffix("·").rstrip())
    return made


def _is_heading(row: Row) -> bool:
    block = row.new or row.old
    return block is not None and block.kind is BlockKind.HEADING


def _blocks(row: Row) -> tuple[Block, ...]:
    return (*row.olds, *row.news)


def _is_delimiter(row: Row) -> bool:
    """Whether it is the line between the head of a table and its rows."""
    blocks = _blocks(row)
    return bool(blocks) and all(
        block.kind is BlockKind.ROW and _DELIMITERS.fullmatch(block.source.strip()) is not None for block in blocks
    )


def _follows(above: Row, below: Row) -> bool:
    """Whether two rows stand line under line in either text."""
    return any(
        blocks and not blocks[-1].source.endswith("\n\n") for blocks in (above.news, above.olds)
    ) and below.new_at - above.new_at <= 1 and below.old_at - above.old_at <= 1  # fmt: skip


def _cells_of(row: Row) -> list[list[tuple[PieceKind, str]]] | None:
    """The cells of a table row, each with its pieces; None where it is none, or cells themselves came or went."""
    if len(row.olds) > 1 or len(row.news) > 1 or any(block.kind is not BlockKind.ROW for block in _blocks(row)):
        return None
    pieces = _in_line(row)
    is_whole = row.kind in (RowKind.REMOVED, RowKind.ADDED)
    cells: list[list[tuple[PieceKind, str]]] = [[]]
    for kind, text in pieces:
        parts = _BAR.split(text)
        if len(parts) > 1 and kind is not PieceKind.SAME and not is_whole:
            return None
        for place, part in enumerate(parts):
            if place:
                cells.append([])
            if part:
                cells[-1].append((kind, part.replace("\\|", "|")))
    if cells and not _said(cells[0]):
        del cells[0]
    if cells and not _said(cells[-1]):
        del cells[-1]
    return cells


def _said(cell: Iterable[tuple[PieceKind, str]]) -> str:
    return "".join(text for _kind, text in cell).strip()


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_LANDMARK else f"{text[: LONGEST_LANDMARK - 1].rstrip()}…"


def words_changed(comparison: Comparison, marks: Marks) -> Markup:
    """A stretch of text as it was and as it is, in line: for what is too small for a page of its own."""
    blocks = []
    for row in comparison.rows:
        pieces = _in_line(row)
        block = row.new or row.old
        kind = block.kind if block is not None else BlockKind.PARAGRAPH
        marker, shown = _without_marker(kind, pieces)
        if words := marks.words(shown).strip():
            blocks.append(f'<p class="compared__{kind}">{marker}{words}</p>')
    return Markup("".join(blocks))  # noqa: S704 (escaped by `Marks`)


def changes_between(old: str, new: str, names: tuple[str, str], address: str) -> dict[str, Any]:
    """What changes from one text to another, in line, with its summary: the first part of it, and of how many."""
    comparison = compare(old, new)
    page = Shower(comparison, is_beside=False, is_whole=False, names=names).shown(1, address)
    return {"html": page.html, "parts": page.parts, "summary": say(summary_words(comparison.summary))}


__all__ = ["Landmark", "Marks", "Piece", "Shower", "Shown", "changes_between", "words_changed"]
