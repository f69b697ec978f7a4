"""The lines of a PDF put together to headings and paragraphs. A PDF knows neither: only where letters stand, how large
and in which type."""

import re
from collections import Counter
from typing import NamedTuple

_HYPHEN = re.compile(r"(\w)[-\u00ad\u2010]$")
_LIST_MARK = re.compile(r"^(?:[•●▪◦‣–·*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+")
_BULLET = re.compile(r"^[•●▪◦‣·]\s*")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"^(?:page\s+|tudalen\s+)?\d{1,4}(?:\s*(?:of|o|/)\s*\d{1,4})?$", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_\[\]<>~])")
_BLOCK_MARK = re.compile(r"^(#{1,6}(?=\s)|[+-](?=\s)|=+$|-+$|\|)")

LARGER = 1.12
"""So many times the size of most letters, a line is a heading."""
LONGEST_HEADING = 120
MOST_HEADINGS = 0.4
"""Where a larger part of the letters would be in headings, size and type mean something else in this document."""
DEEPEST = 4
_HEADING_NUMBER = re.compile(
    r"^(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]?|[A-Z][.)]|(?:section|part|appendix|adran|rhan|atodiad))\s", re.IGNORECASE
)


class Line(NamedTuple):
    """A line of a page: its words, the size of most of its letters in points (0 where it is not known), and whether
    they are bold."""

    words: str
    size: float = 0
    is_bold: bool = False


def paragraphs_from(pages: list[list[Line]]) -> str:
    """The lines of a PDF's pages put together to headings and paragraphs, as Markdown that says what the lines say.

    What stands at the head or foot of most pages, and page numbers, are left out. A line goes on with the next where it
    is nearly as long as the longest and does not end a sentence, or where the next begins with a small letter.
    """
    lines = [[Line(" ".join(line.words.split()), line.size, line.is_bold) for line in page] for page in pages]
    repeated = _repeated([[line.words for line in page] for page in lines])
    kept = [_without_edges(page, repeated) for page in lines]
    levels = _levels(kept)
    made: list[_Paragraph] = []
    is_apart = False
    for page in kept:
        usual = _usual_length([line.words for line in page])
        for line in page:
            level = levels.get((line.size, line.is_bold), 0) if _may_be_heading(line) else 0
            last = made[-1] if made else None
            if line.words and last and _belongs(last, line, level, usual, is_apart=is_apart):
                last.lines.append(line.words)
            elif line.words:
                made.append(_Paragraph([line.words], level, (line.size, line.is_bold)))
            is_apart = not line.words
    return "\n\n".join(_as_markdown(_joined(one.lines), one.level) for one in made)


class _Paragraph(NamedTuple):
    """Lines that belong together; `level` from 1 for a heading, 0 for a paragraph."""

    lines: list[str]
    level: int
    type: tuple[float, bool]


def _belongs(last: _Paragraph, line: Line, level: int, usual: int, *, is_apart: bool) -> bool:
    """Whether a line goes on with what came last. A heading goes on in its own type, right below, without a number."""
    if last.level or level:
        goes_on = last.level == level and last.type == (line.size, line.is_bold) and not is_apart
        is_long = len(last.lines[-1]) >= usual * 0.6
        return goes_on and is_long and not _HEADING_NUMBER.match(line.words)
    return _goes_on(last.lines[-1], line.words, usual, is_apart=is_apart)


def _levels(pages: list[list[Line]]) -> dict[tuple[float, bool], int]:
    """The types that are headings', and of which level: what is larger than most letters, and what alone is bold."""
    lines = [line for page in pages for line in page if line.words]
    letters: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in lines:
        letters[line.size] += len(line.words)
        bold[line.is_bold] += len(line.words)
    usual = max(letters, key=lambda size: (letters[size], -size), default=0)
    bold_counts = bold[True] < bold[False]
    found = {
        (line.size, line.is_bold)
        for line in lines
        if _may_be_heading(line)
        and (line.size >= usual * LARGER or (bold_counts and line.is_bold and line.size >= usual))
    }
    within = sum(len(line.words) for line in lines if (line.size, line.is_bold) in found and _may_be_heading(line))
    if not usual or within > letters.total() * MOST_HEADINGS:
        return {}
    ordered = sorted(found, key=lambda one: (-one[0], not one[1]))
    return {one: min(place, DEEPEST) for place, one in enumerate(ordered, 1)}


def _may_be_heading(line: Line) -> bool:
    """Whether a line could be one by its words: short, with a letter in it, not a sentence and not an item."""
    words = line.words
    has_letter = any(character.isalpha() for character in words)
    return has_letter and len(words) <= LONGEST_HEADING and words[-1] not in ".;,:" and not _BULLET.match(words)


def _repeated(pages: list[list[str]]) -> set[str]:
    """The first and last lines that more than half of the pages share."""
    if len(pages) < 4:
        return set()
    edges = Counter(line for page in pages for line in _edges([one for one in page if one]))
    return {line for line, number in edges.items() if number > len(pages) / 2}


def _edges(lines: list[str]) -> set[str]:
    return {*lines[:2], *lines[-2:]}


def _without_edges(page: list[Line], repeated: set[str]) -> list[Line]:
    last = len(page) - 1
    return [
        line
        for place, line in enumerate(page)
        if not (line.words in repeated or ((place < 2 or place > last - 2) and _PAGE_NUMBER.match(line.words)))
    ]


def _usual_length(lines: list[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _goes_on(before: str, line: str, usual: int, *, is_apart: bool) -> bool:
    """Whether a line goes on with the paragraph whose last line is `before`; `is_apart` where a blank one is between:
    a page that ends in the middle of a sentence."""
    if _LIST_MARK.match(line):
        return False
    if is_apart:
        return line[0].islower() and not _SENTENCE_END.search(before)
    if line[0].islower() or _HYPHEN.search(before):
        return True
    return len(before) >= usual * (1 if _SENTENCE_END.search(before) else 0.8)


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph as one: a word that was broken at the end of a line is whole again."""
    made = [lines[0]]
    for line in lines[1:]:
        if not _HYPHEN.search(made[-1]):
            made += [" ", line]
        else:
            made[-1] = made[-1][:-1] if line[0].islower() else made[-1]
            made.append(line)
    return "".join(made)


def _as_markdown(paragraph: str, level: int) -> str:
    """A paragraph of plain words, with what Markdown would take for a mark escaped; bullets become items."""
    bullet = _BULLET.match(paragraph)
    words = _MARKS.sub(r"\\\1", paragraph[bullet.end() :] if bullet else paragraph)
    if level:
        return f"{'#' * level} {words}"
    return f"- {words}" if bullet else _BLOCK_MARK.sub(r"\\\1", words)
