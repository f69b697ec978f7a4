"""A text cut into blocks, a block into sentences, a sentence into words, so that nothing is lost: joined, the parts
are the text again, to the letter.

Blocks follow Markdown as CommonMark and GitHub write it: a heading, a paragraph, one item of a list, one row of a
table, a quotation, a fence of code. The blank lines after a block belong to it. Everything here takes time in
proportion to the text, whatever is typed.
"""

import hashlib
import re
import unicodedata
from enum import StrEnum
from io import StringIO
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a block of a text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    QUOTE = "quote"
    CODE = "code"
    RULE = "rule"
    FRONT_MATTER = "front_matter"
    BLANK = "blank"


class Block(NamedTuple):
    """A piece of a text, with the blank lines that follow it.

    `source` is the piece to the letter. `words` is what it says with white space made even, so that a paragraph whose
    lines are wrapped anew says the same. `level` is that of a heading (1 to 6), or how far an item is indented; else 0.
    """

    kind: BlockKind
    source: str
    level: int = 0

    @property
    def words(self) -> str:
        """The block as one line: what two blocks have in common that say the same."""
        return " ".join(self.source.split())


_PARAGRAPH = BlockKind.PARAGRAPH
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_SENTENCE_END = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’)\]*_]*+\s++(?=[\"'“‘(\[*_]*+[A-Z0-9À-ÝŴŶ])")
_WORD = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")


def normal(text: str) -> str:
    """A text as it is kept, compared and hashed: Unicode NFC, line feeds, one at the end; nothing for nothing."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n")
    return f"{text}\n" if text else ""


def hash_of(text: str) -> str:
    """The SHA-256 of a text as it is kept, in 64 hexadecimal digits."""
    return hashlib.sha256(normal(text).encode()).hexdigest()


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text, in order: `"".join(block.source for block in blocks_of(text)) == text`."""
    return _Cutter(StringIO(text, newline="\n").readlines()).cut()


def sentences_of(text: str) -> list[str]:
    """The sentences of a block, each with the white space after it; joined, the block again.

    A full stop ends a sentence where white space and a capital, a figure or an opening mark follow. "e.g. Kent" is cut
    in two so, which does no harm: nothing is lost, and the same text is always cut alike.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


def words_of(text: str) -> list[str]:
    """The words, marks and runs of white space of a text, in order; joined, the text again."""
    return _WORD.findall(text)


class _Cutter:
    """Goes down the lines of a text once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def cut(self) -> list[Block]:
        """By far the most blocks are one line and a blank one, or items of one line: those are told at a glance."""
        made: list[Block] = []
        lines, end = self.lines, len(self.lines)
        while self.at < end:
            start = at = self.at
            below = lines[at + 1] if at + 1 < end else ""
            if below == "\n" and lines[at][0].isalpha():
                kind, level, at = _PARAGRAPH, 0, at + 1
            elif _is_plain_item(lines[at]) and (below == "\n" or _is_plain_item(below)):
                kind, level, at = BlockKind.ITEM, 0, at + 1
            else:
                kind, level = self._one(is_first=not made)
                at = self.at
            while at < end and lines[at].isspace():
                at += 1
            self.at = at
            made.append(Block(kind, lines[start] if at == start + 1 else "".join(lines[start:at]), level))
        return made

    def _one(self, *, is_first: bool) -> tuple[BlockKind, int]:
        """Go past one block, not its blank lines, and return what it is."""
        line = self.lines[self.at]
        self.at += 1
        if line[:1].isalpha():
            # What is not a paragraph begins with a mark or a figure; most lines begin with a letter.
            underline = self._go_to_end_of_paragraph()
            return (BlockKind.HEADING, underline) if underline else (BlockKind.PARAGRAPH, 0)
        if _is_blank(line):
            return BlockKind.BLANK, 0
        if is_first and line.rstrip() == "---" and self._goes_to("---"):
            return BlockKind.FRONT_MATTER, 0
        mark = line.lstrip()[:1]
        if mark == "#" and (heading := _HEADING.match(line)):
            return BlockKind.HEADING, len(heading[1])
        if mark in "`~" and (fence := _FENCE.match(line)):
            self._go_to_fence(fence[1])
            return BlockKind.CODE, 0
        if mark in "*-_" and _RULE.match(line.rstrip("\n")):
            return BlockKind.RULE, 0
        if mark == "|":
            return BlockKind.ROW, 0
        if mark == ">":
            self._go_while_quoted()
            return BlockKind.QUOTE, 0
        item = _ITEM.match(line)
        underline = self._go_to_end_of_paragraph()
        if item:
            return BlockKind.ITEM, len(item[1].expandtabs(4))
        return (BlockKind.HEADING, underline) if underline else (BlockKind.PARAGRAPH, 0)

    def _goes_to(self, closing: str) -> bool:
        """Go past the line that closes front matter, if there is one before the first blank line or the 60th line."""
        for place in range(self.at, min(self.at + 60, len(self.lines))):
            if self.lines[place].rstrip() == closing:
                self.at = place + 1
                return True
            if _is_blank(self.lines[place]):
                break
        return False

    def _go_to_fence(self, opening: str) -> None:
        """Go past the fence that closes the one that was opened, or to the end of the text."""
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.at += 1
            if len(line) >= len(opening) and set(line) == {opening[0]}:
                return

    def _go_while_quoted(self) -> None:
        while self.at < len(self.lines) and self.lines[self.at].lstrip().startswith(">"):
            self.at += 1

    def _go_to_end_of_paragraph(self) -> int:
        """Go past the lines of a paragraph; returns the level of the heading its underline makes of it, or 0."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.lstrip()[:1].isalpha():
                self.at += 1
                continue
            if _is_blank(line):
                return 0
            if line.lstrip()[0] in "=-" and (underline := _UNDERLINE.match(line.rstrip("\n"))):
                self.at += 1
                return 1 if underline[1].startswith("=") else 2
            if _begins_another(line):
                return 0
            self.at += 1
        return 0


def _is_plain_item(line: str) -> bool:
    """Whether a line can be nothing but the first of an item, and ends whatever stands above it."""
    return line[:2] == "- " and line[2:3].isalpha()


def _is_blank(line: str) -> bool:
    return line.isspace()


def _begins_another(line: str) -> bool:
    """Whether a line starts a block of its own, though no blank line stands before it."""
    mark = line.lstrip()[:1]
    return (
        mark in "|>"
        or (mark == "#" and _HEADING.match(line) is not None)
        or (mark in "`~" and _FENCE.match(line) is not None)
        or _ITEM.match(line) is not None
        or (mark in "*-_" and _RULE.match(line.rstrip("\n")) is not None)
    )
