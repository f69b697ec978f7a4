"""The numbers Word counts by itself, written into a .docx as words before pandoc reads it, which leaves them out.

Headings get the number they are shown with ("2.1 Scope"), and so do paragraphs whose number names those above it
("2.1.3"): people cite them by it. Lists that count 1, 2, 3 or a, b, c stay lists; the letters are kept as words
(`taking_in.lua`). Only what the file tells is written: a kind of number that is not known here is left out, as before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.documents.parts import DOCX_NUMBERS, DOCX_STYLES, DOCX_TEXT, parts_of, with_parts

_PARTS = (DOCX_TEXT, DOCX_NUMBERS, DOCX_STYLES)
LEVELS = 9
DEEPEST_STYLE = 20
LONGEST_NUMBER = 40
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH = re.compile(r"<w:p(?=[\s>])[^<>]*(?<!/)>\s*<w:pPr>")
_VALUE = r'<w:%s\s[^<>]*?w:val="([^"]*)"'
_STYLE, _LEVEL, _LIST = (re.compile(_VALUE % name) for name in ("pStyle", "ilvl", "numId"))
_LIST_OF_PARAGRAPH = re.compile(r"<w:numPr>.*?</w:numPr>", re.DOTALL)
_BOX = re.compile(r"<(/?)w:txbxContent(?=[\s>])[^<>]*>")
_WORDS = re.compile(r"<w:(?:t|sym)(?=[\s>/])|</w:p>")
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts: from where, in which kind of number, and what stands round it."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    style: str = ""
    is_legal: bool = False

    @property
    def names_others(self) -> bool:
        """Whether its number holds those of the levels above it."""
        return len(_PLACE.findall(self.text)) > 1


@dataclass(slots=True)
class _List:
    """A list of a document: its levels, and at which number a count is begun anew."""

    levels: dict[int, Level]
    counted_with: str
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says of the paragraphs in it. `level` is None where the list tells."""

    based_on: str
    number_id: str | None
    level: int | None
    is_heading: bool


def with_numbers(content: bytes) -> bytes:
    """The same .docx with the numbers of its headings and clauses among its words; itself where it has none."""
    parts = parts_of(content, _PARTS)
    if len(parts) < len(_PARTS):
        return content
    try:
        lists = _lists(fromstring(parts[DOCX_NUMBERS], forbid_dtd=True))
        styles = _styles(fromstring(parts[DOCX_STYLES], forbid_dtd=True))
        xml = parts[DOCX_TEXT].decode("utf-8")
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError):
        return content
    changed = _Numbers(lists, styles).written_into(xml)
    return with_parts(content, {DOCX_TEXT: changed.encode()}) if changed != xml else content


class _Numbers:
    """Counts as Word does: lists of one definition together, a level anew when one above it went on."""

    def __init__(self, lists: dict[str, _List], styles: dict[str, _Style]) -> None:
        self._lists = lists
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def written_into(self, xml: str) -> str:
        """The XML of the main part with the numbers in it."""
        boxes = list(_boxes(xml))
        made: list[str] = []
        written = 0
        for found in _PARAGRAPH.finditer(xml):
            while boxes and boxes[0][1] < found.start():
                boxes.pop(0)
            if boxes and boxes[0][0] < found.start():
                continue
            end = _end_of_properties(xml, found.end())
            number, list_mark = self._number(xml[found.end() : end])
            if not number or not _has_words(xml, end):
                continue
            start = found.end() + list_mark.start() if list_mark else end
            kept_from = found.end() + list_mark.end() if list_mark else end
            run = f'<w:r><w:t xml:space="preserve">{escape(number)} </w:t></w:r>'
            close = end + len("</w:pPr>")
            made += [xml[written:start], xml[kept_from:close], run]
            written = close
        return "".join([*made, xml[written:]])

    def _number(self, properties: str) -> tuple[str, re.Match[str] | None]:
        """The number of a paragraph, where it is to be written, and the mark that makes it an item, to be left out."""
        own = properties.partition("<w:pPrChange")[0]
        style = match[1] if (match := _STYLE.search(own)) else ""
        mark = _LIST_OF_PARAGRAPH.search(own)
        number_id = match[1] if mark and (match := _LIST.search(mark[0])) else None
        level = match[1] if mark and (match := _LEVEL.search(mark[0])) else None
        inherited_id, inherited_level, is_heading = self._of_style(style)
        number_id = inherited_id if number_id is None else number_id
        found = self._lists.get(number_id or "")
        if found is None or "<w:del " in own:
            return "", None
        place = int(level) if level and level.isdigit() else inherited_level
        if place is None:
            place = next((number for number, one in found.levels.items() if one.style == style), 0)
        if place >= LEVELS:
            return "", None
        text = self._counted(number_id or "", found, place)
        is_written = is_heading or found.levels.get(place, Level()).names_others
        return (text, mark) if is_written else ("", None)

    def _of_style(self, name: str) -> tuple[str | None, int | None, bool]:
        """The list and level a style gives, and whether it is a heading's, by what it is based on."""
        number_id, level, is_heading = None, None, False
        for _step in range(DEEPEST_STYLE):
            style = self._styles.get(name)
            if style is None:
                break
            number_id = style.number_id if number_id is None else number_id
            level = style.level if level is None else level
            is_heading = is_heading or style.is_heading
            name = style.based_on
        return number_id, level, is_heading

    def _counted(self, number_id: str, found: _List, place: int) -> str:
        counts = self._counts.setdefault(found.counted_with, {})
        if number_id not in self._begun:
            self._begun.add(number_id)
            for level, start in found.starts.items():
                counts[level] = start - 1
        own = found.levels.get(place, Level())
        counts[place] = counts.get(place, own.start - 1) + 1
        for deeper in [level for level in counts if level > place]:
            del counts[deeper]
        if own.kind in ("bullet", "none") or not own.text:
            return ""

        def said(mark: re.Match[str]) -> str:
            level = int(mark[1]) - 1
            other = found.levels.get(level, Level())
            kind = "decimal" if own.is_legal else other.kind
            return number_as(kind, counts.setdefault(level, other.start)) or "?"

        text = _PLACE.sub(said, own.text).strip()
        return "" if "?" in text or len(text) > LONGEST_NUMBER else text


def number_as(kind: str, number: int) -> str:
    """A number as a list counts in it; nothing for a kind that is not known."""
    if number < 0:
        return ""
    match kind:
        case "decimal":
            return str(number)
        case "decimalZero":
            return f"{number:02}"
        case "lowerLetter" | "upperLetter" if number > 0:
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters if kind == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman" if 0 < number < 4_000:
            made = ""
            for value, letters in _ROMAN:
                while number >= value:
                    made, number = made + letters, number - value
            return made if kind == "lowerRoman" else made.upper()
    return ""


def _end_of_properties(xml: str, start: int) -> int:
    """Where the properties of a paragraph end: they may hold those it had before a tracked change."""
    end = xml.find("</w:pPr>", start)
    return xml.find("</w:pPr>", end + 1) if "<w:pPrChange" in xml[start:end] else end


def _has_words(xml: str, start: int) -> bool:
    found = _WORDS.search(xml, start)
    return found is not None and found[0] != "</w:p>"


def _boxes(xml: str) -> Iterator[tuple[int, int]]:
    """Where text boxes stand, outermost only. Word keeps each twice: what is in them is not counted."""
    depth = start = 0
    for mark in _BOX.finditer(xml):
        depth += -1 if mark[1] else 1
        if not mark[1] and depth == 1:
            start = mark.start()
        elif mark[1] and depth == 0:
            yield start, mark.end()


def _value(element: Any, path: str, name: str = "val") -> str | None:
    found = element.find("/".join(_W + part for part in path.split("/"))) if element is not None else None
    return None if found is None else found.get(_W + name)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _lists(root: Element) -> dict[str, _List]:
    definitions = {
        one.get(_W + "abstractNumId", ""): {
            _whole(level.get(_W + "ilvl"), 0): _level(level) for level in one.findall(_W + "lvl")
        }
        for one in root.findall(_W + "abstractNum")
    }
    lists: dict[str, _List] = {}
    for one in root.findall(_W + "num"):
        definition = _value(one, "abstractNumId") or ""
        made = _List(dict(definitions.get(definition, {})), definition)
        for changed in one.findall(_W + "lvlOverride"):
            place = _whole(changed.get(_W + "ilvl"), 0)
            if (level := changed.find(_W + "lvl")) is not None:
                made.levels[place] = _level(level)
            if (start := _value(changed, "startOverride")) is not None:
                made.starts[place] = _whole(start, 1)
        lists[one.get(_W + "numId", "")] = made
    return lists


def _level(level: Element) -> Level:
    return Level(
        start=_whole(_value(level, "start"), 1), kind=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText") or "", style=_value(level, "pStyle") or "",
        is_legal=level.find(_W + "isLgl") is not None,
    )  # fmt: skip


def _styles(root: Element) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for one in root.findall(_W + "style"):
        level = _value(one, "pPr/numPr/ilvl")
        name = (_value(one, "name") or "").lower()
        styles[one.get(_W + "styleId", "")] = _Style(
            _value(one, "basedOn") or "", _value(one, "pPr/numPr/numId"), _whole(level, 0) if level else None,
            name.startswith("heading ") or _value(one, "pPr/outlineLvl") is not None,
        )  # fmt: skip
    return styles
