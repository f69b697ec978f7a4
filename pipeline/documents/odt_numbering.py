"""The numbers a word processor counts by itself, written into an .odt as words before pandoc reads it, which leaves
them out.

As for Word (`numbering.py`): headings get the number they are shown with, and so do paragraphs whose number names those
above it ("2.1.3"), which stand in no list then. Other lists stay lists, and are told the number they begin with where
one goes on after a paragraph.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.documents.numbering import DEEPEST_STYLE, LONGEST_NUMBER, number_as
from pipeline.documents.parts import ODT_STYLES, ODT_TEXT, parts_of, with_parts

LEVELS = 10
_TEXT, _STYLE, _LOEXT, _OFFICE = (
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
)  # fmt: skip
_KINDS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLACE = re.compile(r"%([1-9]|10)%")
_AUTOMATIC_END = re.compile(rb"</[a-z]+:automatic-styles\s*>|<[a-z]+:automatic-styles\s*/>")
_OWN_STYLE = re.compile(rb"""\s[a-z]+:(?:style-name|continue-numbering|continue-list)\s*=\s*(?:"[^"]*"|'[^']*')""")
_NOT_COUNTED = frozenset({
    f"{_TEXT} tracked-changes", f"{_TEXT} note", f"{_TEXT} table-of-content", f"{_TEXT} illustration-index",
    f"{_TEXT} alphabetical-index", f"{_TEXT} table-index", f"{_OFFICE} annotation",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 text-box",
})  # fmt: skip
"""What stands aside of the text: what is in it does not count on."""


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts. `text` is the number as it is shown, `%2%` standing for that of level 2; empty
    for bullets and for levels without a number. `kind` is one of `number_as`."""

    kind: str = ""
    text: str = ""
    start: int = 1

    @property
    def names_others(self) -> bool:
        """Whether its number holds those of the levels above it."""
        return len(_PLACE.findall(self.text)) > 1


Levels = dict[int, Level]
"""Levels by number, from 1."""


@dataclass(frozen=True, slots=True)
class _Styles:
    """What the file says of lists, of headings, and of the paragraphs in each style: on which style it is based, and
    the list it names (none: None, "no list": nothing)."""

    lists: dict[str, Levels]
    headings: Levels
    paragraphs: dict[str, tuple[str, str | None]]

    def list_of(self, name: str) -> str | None:
        """The list that paragraphs in a style are in by it; nothing for "no list", None where the style is silent."""
        for _step in range(DEEPEST_STYLE):
            based_on, named = self.paragraphs.get(name, ("", None))
            if named is not None:
                return named
            name = based_on
        return None


@dataclass(slots=True)
class _List:
    """A list as it stands in the file: where its tags are (from, to), and whether its numbers are to be written."""

    levels: Levels
    style: str
    depth: int
    counts: dict[int, int]
    above: "_List | None" = None
    tags: list[tuple[int, int]] = field(default_factory=list)
    is_written: bool = False
    begins_with: int | None = None
    renamed: str = ""

    def write(self) -> None:
        """Have its numbers written, and those of the lists it stands in."""
        one: _List | None = self
        while one is not None and not one.is_written:
            one.is_written = True
            one = one.above


@dataclass(slots=True)
class _Paragraph:
    """A paragraph or heading that is being read: its number, and where its words begin."""

    number: str
    within: _List | None
    at: int = -1
    has_words: bool = False


def with_odt_numbers(content: bytes) -> bytes:
    """The same .odt with the numbers of its headings and clauses among its words; itself where it has none."""
    parts = parts_of(content, (ODT_TEXT, ODT_STYLES))
    try:
        styles = _styles([fromstring(part, forbid_dtd=True) for part in parts.values()])
        changed = _Numbers(styles).written_into(parts[ODT_TEXT])
    except (ParseError, DefusedXmlException, ExpatError, KeyError, ValueError):
        return content
    return with_parts(content, {ODT_TEXT: changed}) if changed != parts[ODT_TEXT] else content


class _Numbers:
    """Goes through the text once and counts as the word processor does."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self._heading_counts: dict[int, int] = {}
        self._lists: list[_List] = []
        self._open: list[_List] = []
        self._items: list[bool] = []
        self._paragraphs: list[_Paragraph] = []
        self._written: list[_Paragraph] = []
        self._by_id: dict[str, _List] = {}
        self._last_by_style: dict[str, _List] = {}
        self._renamed: list[str] = []
        self._aside = 0
        self._tag: tuple[_List | None, int] | None = None

    def written_into(self, xml: bytes) -> bytes:
        """The content with the numbers in it. Raises ExpatError."""
        if b"\0" in xml[:4]:
            return xml
        self._parser = ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words
        self._parser.DefaultHandler = lambda _data: self._close_tag()
        self._parser.Parse(xml, True)
        return self._put_together(xml)

    def _close_tag(self) -> None:
        """A tag that was begun ends where what comes now begins."""
        if self._tag is not None:
            one, start = self._tag
            here = self._parser.CurrentByteIndex
            if one is not None:
                one.tags.append((start, here))
            elif self._paragraphs:
                self._paragraphs[-1].at = here
            self._tag = None

    def _words(self, data: str) -> None:
        self._close_tag()
        if self._paragraphs and not self._aside and not data.isspace():
            self._paragraphs[-1].has_words = True

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._close_tag()
        if name in _NOT_COUNTED or self._aside:
            self._aside += 1
            return
        match name.removeprefix(f"{_TEXT} "):
            case "list":
                self._begin_list(attributes)
            case "list-item" | "list-header" if self._open:
                self._begin_item(name, attributes)
            case "h" | "p":
                self._begin_paragraph(name.endswith(" h"), attributes)

    def _end(self, name: str) -> None:
        self._close_tag()
        if self._aside:
            self._aside -= 1
            return
        match name.removeprefix(f"{_TEXT} "):
            case "list" if self._open:
                self._tag = self._open.pop(), self._parser.CurrentByteIndex
            case "list-item" | "list-header" if self._open:
                self._items.pop()
                self._tag = self._open[-1], self._parser.CurrentByteIndex
            case "h" | "p" if self._paragraphs:
                paragraph = self._paragraphs.pop()
                if paragraph.has_words and paragraph.number:
                    self._written.append(paragraph)

    def _begin_list(self, attributes: dict[str, str]) -> None:
        above = self._open[-1] if self._open else None
        style = attributes.get(f"{_TEXT} style-name") or (above.style if above else "")
        levels = self._styles.lists.get(style, {})
        counts: dict[int, int] = above.counts if above else {}
        if above is None:
            before = self._by_id.get(attributes.get(f"{_TEXT} continue-list", ""))
            if before is None and attributes.get(f"{_TEXT} continue-numbering") == "true":
                before = self._last_by_style.get(style)
            counts = before.counts if before else {}
        made = _List(levels, style, len(self._open) + 1, counts, above)
        if above is None:
            self._last_by_style[style] = made
        if identity := attributes.get("http://www.w3.org/XML/1998/namespace id"):
            self._by_id[identity] = made
        self._lists.append(made)
        self._open.append(made)
        self._tag = made, self._parser.CurrentByteIndex

    def _begin_item(self, name: str, attributes: dict[str, str]) -> None:
        """An item counts when its first paragraph comes: one that only holds a list within it has no number."""
        one = self._open[-1]
        self._items.append(name.endswith("list-item"))
        start = attributes.get(f"{_TEXT} start-value")
        if start is not None:
            one.counts[one.depth] = _whole(start, 1) - 1
        self._tag = one, self._parser.CurrentByteIndex

    def _begin_paragraph(self, is_heading: bool, attributes: dict[str, str]) -> None:
        self._tag = None, self._parser.CurrentByteIndex
        one = self._open[-1] if self._open else None
        number = ""
        if one is not None and self._items and self._items[-1]:
            self._items[-1] = False
            number = _counted(one.levels, one.counts, one.depth)
            level = one.levels.get(one.depth, Level())
            if one.begins_with is None:
                one.begins_with = one.counts[one.depth]
            if is_heading or (number and level.names_others):
                one.write()
        elif one is None and is_heading:
            number = self._number_of_heading(attributes)
        self._paragraphs.append(_Paragraph(number, one))

    def _number_of_heading(self, attributes: dict[str, str]) -> str:
        level = _whole(attributes.get(f"{_TEXT} outline-level"), 1)
        if attributes.get(f"{_TEXT} is-list-header") == "true":
            return ""
        if self._styles.list_of(attributes.get(f"{_TEXT} style-name", "")) == "":
            return ""
        if attributes.get(f"{_TEXT} restart-numbering") == "true":
            start = _whole(attributes.get(f"{_TEXT} start-value"), 1)
            self._heading_counts[level] = start - 1
        return _counted(self._styles.headings, self._heading_counts, level)

    def _put_together(self, xml: bytes) -> bytes:
        """The content with the tags of lists that were written left out, the numbers put in, and other lists told how
        they count."""
        edits: list[tuple[int, int, bytes]] = []
        for paragraph in self._written:
            if paragraph.within is None or paragraph.within.is_written:
                number = escape(f"{paragraph.number} ").encode("ascii", "xmlcharrefreplace")
                edits.append((paragraph.at, paragraph.at, number))
        place = _AUTOMATIC_END.search(xml)
        made_styles: list[bytes] = []
        for one in self._lists:
            if one.is_written:
                edits += [(start, end, b"") for start, end in one.tags]
            elif place is not None:
                made_styles.append(self._style_anew(one))
                if one.renamed:
                    start, end = one.tags[0]
                    edits.append((start, end, _with_style(xml[start:end], one.renamed)))
        if place is not None:
            edits.append((*place.span(), _with_styles(place[0], b"".join(made_styles))))
        made: list[bytes] = []
        done = 0
        for start, end, text in sorted(edits):
            made += [xml[done:start], text]
            done = end
        return b"".join([*made, xml[done:]])

    def _style_anew(self, one: _List) -> bytes:
        """The style of a list that does not begin as its own style says, or no longer stands as deep in others; nothing
        where its own will do."""
        above = one.above
        if above is not None and not above.is_written:
            one.renamed = above.renamed if above.style == one.style else ""
            return b""
        own = one.levels.get(one.depth, Level())
        begins_with = own.start if one.begins_with is None else one.begins_with
        if not own.kind or (one.depth == 1 and begins_with == own.start):
            return b""
        one.renamed = f"counted-{len(self._renamed)}"
        self._renamed.append(one.renamed)
        levels = [
            _level_xml(place - one.depth + 1, level, begins_with if place == one.depth else level.start)
            for place, level in one.levels.items() if place >= one.depth
        ]  # fmt: skip
        head = f'<t:list-style xmlns:t="{_TEXT}" xmlns:s="{_STYLE}" s:name="{one.renamed}">'
        return f"{head}{''.join(levels)}</t:list-style>".encode("ascii", "xmlcharrefreplace")


def _level_xml(place: int, level: Level, start: int) -> str:
    form = next((form for form, kind in _KINDS.items() if kind == level.kind), "")
    if not form:
        return f'<t:list-level-style-bullet t:level="{place}" t:bullet-char="•"/>'
    before, after = _PLACE.split(level.text)[0], _PLACE.split(level.text)[-1]
    return (
        f'<t:list-level-style-number t:level="{place}" s:num-format="{form}" s:num-prefix="{escape(before)}"'
        f' s:num-suffix="{escape(after)}" t:start-value="{start}"/>'
    )


def _with_styles(end: bytes, styles: bytes) -> bytes:
    """The end of the styles of a file with some more before it."""
    if not styles or end.startswith(b"</"):
        return styles + end
    opening = end[: end.index(b"/")].rstrip()
    return opening + b">" + styles + b"</" + opening[1:] + b">"


def _with_style(tag: bytes, name: str) -> bytes:
    """The first tag of a list with the name of another style, and as the beginning of a list of its own."""
    bare = _OWN_STYLE.sub(b"", tag)
    prefix = bare[1 : bare.index(b":") + 1] if b":" in bare.split()[0] else b""
    end = bare.rindex(b"/" if bare.endswith(b"/>") else b">")
    return bare[:end] + b" " + prefix + b'style-name="' + name.encode() + b'"' + bare[end:]


def _counted(levels: Levels, counts: dict[int, int], place: int) -> str:
    """Count on at a level, and return the number as it is shown; nothing where it has none, or one not known here."""
    own = levels.get(place, Level())
    counts[place] = counts.get(place, own.start - 1) + 1
    for deeper in [level for level in counts if level > place]:
        del counts[deeper]
    if not _PLACE.search(own.text):
        return ""

    def said(mark: re.Match[str]) -> str:
        level = int(mark[1])
        other = levels.get(level, Level())
        return number_as(other.kind, counts.setdefault(level, other.start)) or "?"

    text = _PLACE.sub(said, own.text).strip()
    return "" if "?" in text or len(text) > LONGEST_NUMBER else text


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _styles(roots: list[Element]) -> _Styles:
    lists: dict[str, Levels] = {}
    paragraphs: dict[str, tuple[str, str | None]] = {}
    headings: Levels = {}
    for root in roots:
        for one in root.iter(f"{{{_TEXT}}}list-style"):
            lists.setdefault(one.get(f"{{{_STYLE}}}name", ""), _levels(one))
        for one in root.iter(f"{{{_TEXT}}}outline-style"):
            headings = _levels(one)
        for one in root.iter(f"{{{_STYLE}}}style"):
            based_on = one.get(f"{{{_STYLE}}}parent-style-name", "")
            named = one.get(f"{{{_STYLE}}}list-style-name")
            paragraphs.setdefault(one.get(f"{{{_STYLE}}}name", ""), (based_on, named))
    return _Styles(lists, headings, paragraphs)


def _levels(style: Element) -> Levels:
    levels: Levels = {}
    for one in style:
        place = _whole(one.get(f"{{{_TEXT}}}level"), 0)
        if 0 < place <= LEVELS:
            levels[place] = _level(one, place, levels)
    return levels


def _level(one: Any, place: int, above: Levels) -> Level:
    form = one.get(f"{{{_STYLE}}}num-format", "")
    if not form or one.tag.endswith("level-style-bullet"):
        return Level()
    text = one.get(f"{{{_STYLE}}}num-list-format") or one.get(f"{{{_LOEXT}}}num-list-format")
    if text is None:
        shown = range(max(1, place - _whole(one.get(f"{{{_TEXT}}}display-levels"), 1) + 1), place)
        places = [level for level in shown if above.get(level, Level()).kind] + [place]
        text = ".".join(f"%{level}%" for level in places)
        text = f"{one.get(f'{{{_STYLE}}}num-prefix', '')}{text}{one.get(f'{{{_STYLE}}}num-suffix', '')}"
    return Level(_KINDS.get(form, "unknown"), text, _whole(one.get(f"{{{_TEXT}}}start-value"), 1))
