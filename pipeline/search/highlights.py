"""Where the words of a question stand in a text, and the part of a long text that shows them best. Pure."""

import re
from functools import lru_cache

from pipeline.search.asking import Question
from pipeline.search.words import Name, plain, root

LONGEST_EXCERPT = 220
"""Characters of a text that are shown under a title."""
LONGEST_READ = 12_000
"""Characters of a text that are looked through."""
MOST_NAMES = 60

Span = tuple[int, int]
"""Where a word begins and ends in a text, in characters."""

_ENDINGS = r"(?:e?s|e?d|ings?|ers?|ies|ied|y|ly|i|e)?"
_MARKDOWN = re.compile(r"\]\([^)\s]*\)|[*_`#>|\[\]]+|-{2,}|^\s*[-+]\s+", re.MULTILINE)
_SPACES = re.compile(r"\s+")


def spans(text: str, question: Question) -> list[Span]:
    """Where words of the question, in any form and by any name, stand in a text: in order, none within another."""
    pattern = _pattern(_names(question))
    return [] if pattern is None else [found.span() for found in pattern.finditer(_folded(text))]


def excerpt(text: str, question: Question) -> str:
    """A text that fits under a title: from its beginning, or from a little before the question's words."""
    text = in_one_line(text)
    if len(text) <= LONGEST_EXCERPT:
        return text
    found = spans(text, question)
    start = 0
    if found and found[0][1] > LONGEST_EXCERPT - 20:
        start = text.rfind(" ", 0, max(found[0][0] - 60, 1)) + 1
    end = start + LONGEST_EXCERPT
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LONGEST_EXCERPT // 2)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def in_one_line(text: str) -> str:
    """Markdown as a line of words, roughly: for a glance, not for reading."""
    return _SPACES.sub(" ", _MARKDOWN.sub(" ", text[:LONGEST_READ])).strip()


def pieces(text: str, found: list[Span]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the question's words."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in found:
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [one for one in (*cut, (text[at:], False)) if one[0]]


def _names(question: Question) -> tuple[Name, ...]:
    named = (name for term in question.terms for name in (term.name, *term.others))
    return tuple(dict.fromkeys((*(term.name for term in question.terms), *named, *question.hints)))[:MOST_NAMES]


@lru_cache(maxsize=200)
def _pattern(names: tuple[Name, ...]) -> re.Pattern[str] | None:
    """Whatever of some names occurs, several words before single ones."""
    if not names:
        return None
    longest_first = sorted(names, key=lambda name: (-len(name), -len(" ".join(name))))
    either = "|".join(r"[\W_]+".join(_word(word) for word in name) for name in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")


def _word(word: str) -> str:
    kept = re.escape(root(word))
    return f"{kept}{kept[-1]}?{_ENDINGS}" if word.isalpha() else re.escape(word)


def _folded(text: str) -> str:
    """A text in small letters without accents, character by character, so that places in it stay the same."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)


class _Letters(dict[int, str]):
    """Each character as the index has it, where it is one there too; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = plain(character)
        self[code] = kept = folded if len(folded) == 1 else character
        return kept


_LETTERS = _Letters()
