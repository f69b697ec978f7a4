"""Texts cut into pieces that can be told apart by number: equal numbers say the same, whatever the white space.

Three versions of a document share most of their paragraphs, so what was cut once is not cut again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.artefacts.blocks import Block, BlockKind, blocks_of, sentences_of

_BETWEEN_CHUNKS = re.compile(r"\n(?:[^\S\n]*\n)+")
_FENCE = re.compile(r"^ {0,3}(?:`{3}|~{3})", re.MULTILINE)
_MARKERS = {
    BlockKind.HEADING: re.compile(r" {0,3}#{1,6}(?:[ \t]+|(?=\s)|$)"),
    BlockKind.ITEM: re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|(?=\s)|$)"),
    BlockKind.PARAGRAPH: re.compile(r"[ \t]+"),
}
_CELL = re.compile(r"\|?(?:\\.|[^|\\])*|\\")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

TO_THE_LETTER = (BlockKind.CODE, BlockKind.FRONT_MATTER)
"""White space says something in these."""

_SAID_WHOLE = (BlockKind.ROW, BlockKind.RULE, *TO_THE_LETTER)

MOST_LINES = 60_000
"""Lines of all texts of a comparison together, about ten times the longest policy; beyond, what stands between blank
lines is one piece, whatever it is."""


def _chunks_of(text: str) -> list[str]:
    """A text cut after its blank lines."""
    ends = [match.end() for match in _BETWEEN_CHUNKS.finditer(text)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


def _once_in(chunks: list[str]) -> set[str]:
    once = set(chunks)
    return once if len(once) == len(chunks) else {chunk for chunk, times in Counter(chunks).items() if times == 1}


class Piece(NamedTuple):
    """A block as marker, body and the white space that ends it; `key` numbers what the body says.

    The marker is what makes it a heading or an item: `## `, `3. `. Renumbering a list changes markers only.
    """

    kind: BlockKind
    source: str
    marker: str
    body: str
    space: str
    key: int

    @property
    def block(self) -> str:
        """All but the white space that ends it."""
        return self.marker + self.body


class Unit(NamedTuple):
    """A sentence, a cell or a line inside a piece; `key` numbers what it says."""

    source: str
    key: int


class Cutter:
    """Cuts texts that are to be compared with each other: their numbers are of one count."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._chunks: dict[str, list[Piece]] = {}
        self._by_source: dict[str, Piece] = {}
        self._left_whole: dict[str, list[Piece]] = {}
        self._words: dict[int, frozenset[str]] = {}
        self._sentences: dict[str, frozenset[int]] = {}
        self.saying: list[str] = []

    def pieces_of(self, texts: Sequence[str]) -> list[list[Piece]]:
        """The pieces of each text, in order; their sources joined are the text again.

        What stands once in each, to the letter, is left whole: there is nothing to find out about it.
        """
        if sum(text.count("\n") for text in texts) > MOST_LINES:
            return [[self._coarse(chunk) for chunk in _chunks_of(text)] for text in texts]
        if any(("```" in text or "~~~" in text) and _FENCE.search(text) for text in texts):
            # What stands in a fence may hold blank lines, so that only the whole text can be cut.
            return [[self._piece(block) for block in blocks_of(text)] for text in texts]
        chunks = [_chunks_of(text) for text in texts]
        shared = set[str].intersection(*(_once_in(listed) for listed in chunks))
        return [self._pieces_of_chunks(listed, shared) for listed in chunks]

    def _pieces_of_chunks(self, chunks: list[str], shared: set[str]) -> list[Piece]:
        if not chunks:
            return []
        pieces = [self._piece(block) for block in blocks_of(chunks[0])]
        for chunk in chunks[1:]:
            pieces += self._whole(chunk) if chunk in shared else self._cut(chunk)
        return pieces

    def _whole(self, chunk: str) -> list[Piece]:
        if chunk not in self._left_whole:
            kind = BlockKind.PARAGRAPH
            if not chunk[0].isalpha():
                kind = next((kind for kind, marker in _MARKERS.items() if marker.match(chunk)), kind)
            body = chunk.rstrip()
            piece = Piece(kind, chunk, "", body, chunk[len(body) :], self._number(f"whole\n{chunk}"))
            self._left_whole[chunk] = [piece]
        return self._left_whole[chunk]

    def _coarse(self, chunk: str) -> Piece:
        if chunk not in self._left_whole:
            self._left_whole[chunk] = [self._piece(Block(BlockKind.PARAGRAPH, chunk))]
        return self._left_whole[chunk][0]

    def _cut(self, chunk: str) -> list[Piece]:
        if chunk not in self._chunks:
            self._chunks[chunk] = self._newly_cut(chunk)
        return self._chunks[chunk]

    def _newly_cut(self, chunk: str) -> list[Piece]:
        body = chunk.rstrip()
        if chunk[0].isalpha() and "\n" not in body:
            # One line that begins with a letter is a paragraph: most are, and this is quicker than to cut them.
            key = self._number(" ".join(body.split()))
            piece = self._by_source[chunk] = Piece(BlockKind.PARAGRAPH, chunk, "", body, chunk[len(body) :], key)
            return [piece]
        if chunk.startswith("---"):
            # What looks like front matter is that only at the head of a text.
            return [self._piece(block) for block in blocks_of(f".\n\n{chunk}")[1:]]
        return [self._piece(block) for block in blocks_of(chunk)]

    def _piece(self, block: Block) -> Piece:
        found = _MARKERS[block.kind].match(block.source) if block.kind in _MARKERS else None
        marker = found[0] if found else ""
        rest = block.source[len(marker) :]
        body = rest.rstrip()
        said = body if block.kind in TO_THE_LETTER else " ".join(body.split())
        key = self._number(said if body and block.kind not in TO_THE_LETTER else f"{block.kind}\n{said}")
        piece = self._by_source[block.source] = Piece(block.kind, block.source, marker, body, rest[len(body) :], key)
        return piece

    def units_of(self, piece: Piece) -> list[Unit]:
        """What a piece consists of: the sentences of a text, the cells of a row, the lines of code."""
        if piece.kind in TO_THE_LETTER:
            return [Unit(line, self._number(f"line\n{line.rstrip()}")) for line in _LINE.findall(f"{piece.body}\n")]
        if piece.kind is BlockKind.ROW:
            sources = [cell for cell in _CELL.findall(piece.body) if cell]
        else:
            sources = sentences_of(piece.body)
        return [Unit(source, self._number(" ".join(source.split()))) for source in sources]

    def sentences_in(self, text: str) -> frozenset[int]:
        """The numbers of what whole blocks say, sentence by sentence; rows and code count as one each."""
        if text not in self._sentences:
            # Most parts are one block, or what stands between two blank lines, and were cut before.
            piece = self._by_source.get(text)
            pieces = (piece,) if piece else self._chunks.get(text) or map(self._piece, blocks_of(text))
            self._sentences[text] = frozenset([said for piece in pieces for said in self._said_by(piece)])
        return self._sentences[text]

    def _said_by(self, piece: Piece) -> list[int]:
        if piece.kind in _SAID_WHOLE:
            return [piece.key]
        return [self._number(" ".join(sentence.split())) for sentence in sentences_of(piece.body)]

    def likeness(self, one: int, other: int) -> float:
        """How like two things are that have these numbers: the part of their words they share, 0 to 1."""
        ones, others = self._words_of(one), self._words_of(other)
        total = len(ones) + len(others)
        return 2 * len(ones & others) / total if total else 0.0

    def _words_of(self, key: int) -> frozenset[str]:
        words = self._words.get(key)
        if words is None:
            words = self._words[key] = frozenset(self.saying[key].split())
        return words

    def _number(self, said: str) -> int:
        number = self._keys.setdefault(said, len(self._keys))
        if number == len(self.saying):
            self.saying.append(said)
        return number
