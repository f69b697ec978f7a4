"""Paragraphs of a document that a lesson can be pinned to, and found again in another version by their hash."""

import hashlib
import re
from dataclasses import dataclass

from pipeline.artefacts.blocks import BlockKind, blocks_of

NOT_PINNED_TO = frozenset({BlockKind.RULE, BlockKind.BLANK, BlockKind.FRONT_MATTER})
_MARKS = re.compile(r"^(?:#{1,6}|[-*+]|[0-9]{1,9}[.)]|>)\s+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as one line, in Markdown, and its SHA-256 in 64 hexadecimal digits."""

    words: str
    hash: str

    @property
    def as_read(self) -> str:
        """The line without the marks of a heading, an item or a quotation before it."""
        return plain(self.words)


def plain(words: str) -> str:
    """A paragraph as one line without the marks of a heading, an item or a quotation before it."""
    return _MARKS.sub("", words)


def paragraphs_of(text: str) -> list[Paragraph]:
    """The paragraphs of a text, in order, each once: two that say the same are one to a lesson."""
    found: dict[str, Paragraph] = {}
    for block in blocks_of(text):
        words = block.words
        if words and block.kind not in NOT_PINNED_TO:
            hashed = hashlib.sha256(words.encode()).hexdigest()
            found.setdefault(hashed, Paragraph(words, hashed))
    return list(found.values())


def paragraph_in(text: str, wanted: str) -> Paragraph | None:
    """The paragraph of a text with a hash; None where the text does not hold it (any more)."""
    return next((one for one in paragraphs_of(text) if one.hash == wanted), None)
