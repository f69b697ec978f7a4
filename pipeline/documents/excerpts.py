"""The opening of a longer text: its first paragraphs, whole, as far as there is room."""

from dataclasses import dataclass
from html.parser import HTMLParser

_BREAKING = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "blockquote", "dt", "dd"})
"""What begins a paragraph of its own."""

LEAST_OF_SENTENCE = 40
"""Characters a sentence has at least, for a text to be cut after it."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The first paragraphs of a text in plain words, and whether that is all of it."""

    paragraphs: tuple[str, ...]
    is_whole: bool


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKING:
            self.found.append("")
        elif tag == "br":
            self.found[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKING:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        self.found[-1] += data


def opening(html: str, most: int) -> Excerpt:
    """The opening of a text that was rendered by us, in at most `most` characters.

    Paragraphs stay whole; a first one that is too long is cut after a sentence, or a word where none ends.
    """
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    paragraphs = [words for text in parser.found if (words := " ".join(text.split()))]
    kept: list[str] = []
    for paragraph in paragraphs:
        if sum(map(len, kept)) + len(paragraph) > most:
            break
        kept.append(paragraph)
    if paragraphs and not kept:
        return Excerpt((_cut(paragraphs[0], most),), False)
    return Excerpt(tuple(kept), len(kept) == len(paragraphs))


def _cut(paragraph: str, most: int) -> str:
    start = paragraph[:most]
    end = max(start.rfind(f"{sign} ") for sign in ".!?")
    if end >= LEAST_OF_SENTENCE:
        return start[: end + 1]
    return f"{start.rsplit(' ', 1)[0]} …"
