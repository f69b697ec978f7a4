"""What a block says, apart from how it is written: its words, and what makes it a heading, an item or a row.

Two blocks with the same `key` say the same: their lines may be wrapped at other places, their items numbered anew, the
columns of their table filled with other white space. Everything is cut so that `marker`, `tokens` and `tail` joined are
the block again, to the letter.
"""

import re
from collections.abc import Sequence

from pipeline.artefacts.blocks import Block, BlockKind, blocks_of

_MARKERS = {
    BlockKind.HEADING: re.compile(r"\s*+(?:#{1,6}(?=\s|\Z)\s*+)?"),
    BlockKind.ITEM: re.compile(r"\s*+(?:[-*+]|\d{1,9}[.)])\s*+"),
    BlockKind.QUOTE: re.compile(r"\s*+(?:>\s*+)+"),
}
_SPACE = re.compile(r"\s*+")
_UNDERLINE = re.compile(r"\n {0,3}(?:=+|-+)[ \t]*+\n?\s*+\Z")

_WORD = re.compile(r"\S++\s*+")
_CODE_WORD = re.compile(r"\s++|\S++")
_CELL_WORD = re.compile(r"(?:(?:\\.|[^\s|])++|\|)\s*+")
_QUOTED_WORD = re.compile(r"\S++(?:[^\S\n]++|\n[^\S\n]*+(?:>[^\S\n]*+)*+)*+")
_RULING = re.compile(r"[\s|:-]*+\Z")
_DASHES = re.compile(r"-+")
_FINE = re.compile(
    r"""(?: \]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+\)?+   # the address of a link
          | [^\W_]++(?:[-'’./:@&+#%=?~_]++[^\W_]++)*+       # a word, an address, a number
          | \S )\s*+ | \s++""",
    re.VERBOSE,
)

_PARAGRAPH, _ITEM = BlockKind.PARAGRAPH, BlockKind.ITEM
"""A member of an enumeration takes as long to find as the rest of what is done with it."""

_PLAIN = {BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING}
_CUT_OTHERWISE = {BlockKind.CODE, BlockKind.ROW, BlockKind.QUOTE}
_ODD_SPACES = "\t\v\f\r\x1c\x1d\x1e\x1f"
"""White space of ASCII besides spaces and line feeds."""


class Said:
    """A block and what it says. `words` are compared; `tokens` are the same, each with the white space after it.

    It is even where one white space stands between two words, and plain where that is a space: then its tokens need not
    be made to cut it. `end` is the white space after the last word. Words are made when they are asked for: most blocks
    of most texts are the same on both sides, which their keys tell. `is_spaced_plainly`: its text holds no white
    space of ASCII but spaces and line feeds.
    """

    __slots__ = (
        "block", "body", "end", "is_even", "is_plain", "key", "made_of", "marker", "tail", "token_list", "word_list",
    )  # fmt: skip

    def __init__(self, block: Block, is_spaced_plainly: bool) -> None:
        self.block = block
        self.token_list: list[str] | None = None
        self.word_list: list[str] | None = None
        kind, source, _level = block
        start = 0
        self.made_of = "p"
        if kind is not _PARAGRAPH:
            if kind is _ITEM and source[:2] == "- " and not source[2:3].isspace():
                start, self.made_of = 2, "i-"
            else:
                start = _end_of_marker(block)
                self.made_of = _made_of(block, source[:start])
        self.marker, self.body, self.tail = source[:start], source[start:], ""
        line = self.body.rstrip()
        if (
            kind in _PLAIN and "\n" not in line and line[:1] != " "
            and ((is_spaced_plainly and line.isascii()) or line.isprintable()) and "  " not in line
        ):  # fmt: skip
            # By far the most blocks: on one line, with one space between words.
            self.is_even = self.is_plain = True
        else:
            line = self._look_closer(start)
        # A paragraph never begins with white space: keys of two kinds are never equal.
        self.key = line if kind is _PARAGRAPH else f" {self.made_of} {line}"
        self.end = self.body[len(line) :]

    def _look_closer(self, start: int) -> str:
        """Cut a block that is not plain; returns what it says on one line."""
        kind = self.block.kind
        if kind is BlockKind.PARAGRAPH:
            start = len(self.body) - len(self.body.lstrip())
        self.marker, self.body, self.tail = _cut(self.block, start)
        self.word_list = _words_of(kind, self.body)
        line = _said(kind, self.word_list)
        self.is_even = kind not in _CUT_OTHERWISE and not self.body[len(line) :].strip()
        self.is_plain = self.is_even and self.body.startswith(line)
        return line

    @property
    def words(self) -> list[str]:
        """What is compared: what white space separates, in a row of a table the strokes as well."""
        if self.word_list is None:
            self.word_list = self.body.split()
        return self.word_list

    def forget_words(self) -> None:
        """Make room; they are made again when they are asked for again."""
        if self.is_plain:
            self.word_list = None

    @property
    def tokens(self) -> list[str]:
        """The words with the white space after each."""
        if self.token_list is None:
            self.token_list = _tokens_of(self.block.kind, self.body)
        return self.token_list


def said_in(text: str) -> list[Said]:
    """The blocks of a text and what they say."""
    is_spaced_plainly = not any(space in text for space in _ODD_SPACES)
    return [Said(block, is_spaced_plainly) for block in blocks_of(text)]


def fine_tokens(text: str) -> list[str]:
    """A few words cut further: marks, and the address of a link, apart from the words. Joined, the text again."""
    return _FINE.findall(text)


def cells_of(words: Sequence[str]) -> list[tuple[int, int]]:
    """The cells of a row of a table: from which word to which, the upright strokes left out."""
    cells, start = [], 0
    for place, word in enumerate(words):
        if word == "|":
            cells.append((start, place))
            start = place + 1
    cells.append((start, len(words)))
    return cells


def _end_of_marker(block: Block) -> int:
    """Where what makes a block a heading, an item or a quotation ends, with the white space around it."""
    found = _MARKERS.get(block.kind, _SPACE).match(block.source)
    return found.end() if found else 0


def _cut(block: Block, start: int) -> tuple[str, str, str]:
    """Marker, body and tail of a block whose body starts at a letter."""
    source = block.source
    end = len(source)
    if block.kind is BlockKind.HEADING and (underline := _UNDERLINE.search(source, start)):
        end = underline.start()
    elif block.kind is BlockKind.CODE:
        end = max(start, len(source.rstrip()))
    return source[:start], source[start:end], source[end:]


def _made_of(block: Block, marker: str) -> str:
    """The kind of a block in a letter or two, that of a heading with its level."""
    match block.kind:
        case BlockKind.HEADING:
            return f"h{block.level}"
        case BlockKind.ITEM:
            return "i1" if marker.strip()[:1].isdigit() else "i-"
        case BlockKind.ROW:
            return "w"
        case kind:
            return kind.value[0]


def _words_of(kind: BlockKind, body: str) -> list[str]:
    match kind:
        case BlockKind.CODE:
            return _CODE_WORD.findall(body)
        case BlockKind.ROW:
            return [token.rstrip() for token in _CELL_WORD.findall(body)]
        case BlockKind.QUOTE:
            return [token.split(None, 1)[0] for token in _QUOTED_WORD.findall(body)]
        case _:
            return body.split()


def _tokens_of(kind: BlockKind, body: str) -> list[str]:
    match kind:
        case BlockKind.CODE:
            return _CODE_WORD.findall(body)
        case BlockKind.ROW:
            return _CELL_WORD.findall(body)
        case BlockKind.QUOTE:
            return _QUOTED_WORD.findall(body)
        case _:
            return _WORD.findall(body)


def _said(kind: BlockKind, words: list[str]) -> str:
    """The words of a block on one line; a rule, and the line under the head of a table, say the same however long."""
    if kind is BlockKind.RULE:
        return ""
    line = " ".join(words)
    if kind is BlockKind.ROW and _RULING.match(line):
        return _DASHES.sub("-", line)
    return "".join(words) if kind is BlockKind.CODE else line
