"""Words that a document hides from whoever reads it in a word processor, taken out: whoever brings the file may not
know that they are there.

Word hides runs (`w:vanish`, ISO/IEC 29500-1, 17.3.2.41), by themselves or by the style of the run or its paragraph;
OpenDocument hides by styles, sections and fields (`text:display`, `text:is-hidden`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Literal

from pipeline.documents.parts import DOCX_STYLES, DOCX_TEXT, ODT_STYLES, ODT_TEXT, parts_of, with_parts

_WITH_NOTES = (DOCX_TEXT, "word/footnotes.xml", "word/endnotes.xml")
_REST_OF_TAG = r"""((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>"""
_OFF = frozenset({"0", "false", "off"})
_NEAR = 20_000
"""Characters: how far the end of a paragraph is looked for."""

_DOCX_TAG = re.compile(rf"<(/?)(w:[pr])(?=[\s/>]){_REST_OF_TAG}")
_VANISH = r"""<w:vanish(?:\s+w:val=["']([^"']*)["'])?\s*/?>"""
_DOCX_STYLE = re.compile(rf"""<w:style\s[^<>]*?w:styleId=["']([^"']*)["'][^<>]*>|{_VANISH}""")
_RUN_PROPERTIES = re.compile(r"\s*<w:rPr>(.{0,4000}?)(?:<w:rPrChange\b|</w:rPr>)", re.DOTALL)
_PARAGRAPH_PROPERTIES = re.compile(r"\s*<w:pPr>(.{0,4000}?)(?:<w:rPr\b|<w:pPrChange\b|</w:pPr>)", re.DOTALL)
_DOCX_STYLE_OF = re.compile(r"""<w:[pr]Style\s+w:val=["']([^"']*)["']""")
_VANISHES = re.compile(_VANISH)

_ODT_TAG = re.compile(rf"<(/?)(text:(?:span|p|h|section|hidden-text))(?=[\s/>]){_REST_OF_TAG}")
_ODT_STYLE = re.compile(
    r"""<style:style\s[^<>]*?style:name=["']([^"']*)["'][^<>]*>"""
    r"""|<style:text-properties\s[^<>]*?text:display=["'](none)["']"""
)
_ODT_STYLE_OF = re.compile(r"""text:style-name=["']([^"']*)["']""")
_NOT_SHOWN = re.compile(r"""text:(?:is-hidden=["']true|display=["']none)["']""")
_HIDDEN_PARAGRAPH = re.compile(r"""<text:hidden-paragraph\s[^<>]*?text:is-hidden=["']true["']""")


def without_hidden_words(content: bytes, kind: Literal["docx", "odt"]) -> tuple[bytes, bool]:
    """The same document without the words it hides, and whether there were any."""
    names = (*_WITH_NOTES, DOCX_STYLES) if kind == "docx" else (ODT_TEXT, ODT_STYLES)
    try:
        parts = {name: part.decode("utf-8") for name, part in parts_of(content, names).items()}
    except UnicodeDecodeError:
        return content, False
    shown = _shown_of_docx(parts) if kind == "docx" else _shown_of_odt(parts)
    changed = {name: xml.encode() for name, xml in shown.items() if xml != parts[name]}
    return (with_parts(content, changed), True) if changed else (content, False)


def _shown_of_docx(parts: Mapping[str, str]) -> dict[str, str]:
    hiding, style = set(), ""
    for found in _DOCX_STYLE.finditer(parts.get(DOCX_STYLES, "")):
        if found[1] is not None:
            style = found[1]
        elif found[2] not in _OFF:
            hiding.add(style)
    return {name: _without_hidden_runs(parts[name], hiding) for name in _WITH_NOTES if name in parts}


def _without_hidden_runs(xml: str, hiding: set[str]) -> str:
    """A part without its hidden runs. A run in a paragraph whose style hides may say that it is shown."""
    paragraphs: list[bool] = []

    def is_hidden(name: str, _attributes: str, after: int) -> bool:
        if name == "w:p":
            found = _PARAGRAPH_PROPERTIES.match(xml, after)
            paragraphs.append(found is not None and _docx_style(found[1]) in hiding)
            return False
        found = _RUN_PROPERTIES.match(xml, after)
        properties = found[1] if found else ""
        vanish = _VANISHES.search(properties)
        if vanish:
            return vanish[1] not in _OFF
        return _docx_style(properties) in hiding or bool(paragraphs and paragraphs[-1])

    def leave(name: str) -> None:
        if name == "w:p" and paragraphs:
            paragraphs.pop()

    return _without(xml, _DOCX_TAG, is_hidden, leave)


def _docx_style(properties: str) -> str | None:
    found = _DOCX_STYLE_OF.search(properties)
    return found[1] if found else None


def _shown_of_odt(parts: Mapping[str, str]) -> dict[str, str]:
    hiding, style = set(), ""
    for xml in parts.values():
        for found in _ODT_STYLE.finditer(xml):
            if found[1] is not None:
                style = found[1]
            else:
                hiding.add(style)
    text = parts.get(ODT_TEXT, "")

    def is_hidden(name: str, attributes: str, after: int) -> bool:
        of_style = _ODT_STYLE_OF.search(attributes)
        if _NOT_SHOWN.search(attributes) or (of_style and of_style[1] in hiding):
            return True
        if name not in ("text:p", "text:h"):
            return False
        end = text.find(f"</{name}>", after, after + _NEAR)
        return _HIDDEN_PARAGRAPH.search(text, after, max(end, after)) is not None

    return {ODT_TEXT: _without(text, _ODT_TAG, is_hidden)} if text else {}


def _nothing(_name: str) -> None:
    """Nothing is kept in mind of what is open."""


def _without(
    xml: str, tag: re.Pattern[str], is_hidden: Callable[[str, str, int], bool], leave: Callable[[str], None] = _nothing
) -> str:
    """The XML without its hidden elements. Each is asked for with its name, its attributes and where its inside begins;
    `leave` hears of each that ends."""
    made: list[str] = []
    written = cut_from = depth = 0
    cut_depth = -1
    for found in tag.finditer(xml):
        is_end, name, is_whole = bool(found[1]), found[2], bool(found[4])
        if not is_end:
            hides = is_hidden(name, found[3], found.end())
            if hides and cut_depth < 0 and not is_whole:
                cut_from, cut_depth = found.start(), depth
            depth += 1
        if is_end or is_whole:
            leave(name)
            depth = max(depth - 1, 0)
            if depth == cut_depth:
                made.append(xml[written:cut_from])
                written, cut_depth = found.end(), -1
    return "".join([*made, xml[written:]])
