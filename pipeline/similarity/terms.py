"""What a text is about: its words brought to their stems or to what they mean, each with how much it says. Pure.

A term is the meaning of a word or of several together (`search/synonyms.txt`), or else the word's stem. A word in a
title says more than one in a summary, and that more than one further down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.search.synonyms import LONGEST_NAME, meaning_of
from pipeline.search.words import SAYS_LITTLE, TOO_COMMON, Name, plain, root

IN_TITLE, IN_SUMMARY, IN_BODY = 3.0, 2.0, 1.0
"""What a word weighs by where it stands first."""
LONGEST_BODY = 3_000
"""Characters of a body that are read: what a text is about stands at its beginning."""
MOST_TERMS = 40
"""Terms of a text that are compared: those that weigh most."""
SHORTEST_WORD = 3

SAYS_NOTHING = TOO_COMMON | SAYS_LITTLE
"""Words that say nothing about what a council's work is about: they stand in the description of any of it."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something a text is about: what it weighs by where it stands, and the first word the text has for it."""

    weight: float
    word: str


@dataclass(frozen=True, slots=True)
class Text:
    """What is compared of a project, lesson or document."""

    title: str
    summary: str = ""
    body: str = ""
    themes: frozenset[str] = frozenset()
    phase: str | None = None
    professions: frozenset[str] = frozenset()
    terms: Mapping[str, Term] = field(default_factory=dict)

    @classmethod
    def of(
        cls, title: str, summary: str = "", body: str = "", *, themes: Iterable[str] = (), phase: str | None = None,
        professions: Iterable[str] = (), but_not: frozenset[str] = frozenset(),
    ) -> "Text":  # fmt: skip
        """A text with its terms; words `but_not` those of its council's name."""
        terms = terms_of(title, summary, body, but_not=but_not)
        return cls(title, summary, body, frozenset(themes), phase, frozenset(professions), terms)


def terms_of(
    title: str, summary: str = "", body: str = "", *, but_not: frozenset[str] = frozenset()
) -> dict[str, Term]:
    """The terms of a text, those that weigh most first. One that comes again weighs a little more."""
    weights: dict[str, float] = {}
    words: dict[str, str] = {}
    for text, weight in ((title, IN_TITLE), (summary, IN_SUMMARY), (body[:LONGEST_BODY], IN_BODY)):
        for term, word in _terms_in(text):
            if word in but_not:
                continue
            before = weights.get(term, 0.0)
            weights[term] = max(before, weight) + (0.25 if before else 0.0)
            words.setdefault(term, word)
    first = sorted(weights, key=lambda term: -weights[term])[:MOST_TERMS]
    return {term: Term(min(weights[term], IN_TITLE + 1), words[term]) for term in first}


def _terms_in(text: str) -> Iterable[tuple[str, str]]:
    """Each term of a text in its order, with the words that stand for it."""
    words = tuple(plain(text).split())
    place = 0
    while place < len(words):
        length, meaning = _meaning_at(words, place)
        word = words[place]
        if meaning is not None:
            yield f"={meaning}", " ".join(words[place : place + length])
        elif len(word) >= SHORTEST_WORD and not word.isdigit() and not _says_nothing(word):
            yield stem(word), word
        place += length


def _says_nothing(word: str) -> bool:
    return word in SAYS_NOTHING or root(word) in SAYS_NOTHING or stem(word) in _STEMS_THAT_SAY_NOTHING


def _meaning_at(words: Name, place: int) -> tuple[int, str | None]:
    """What the longest name that begins at a place means, and its length."""
    for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
        if (meaning := meaning_of(words[place : place + length])) is not None:
            return length, meaning
    return 1, None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """An English word without its ending, so that *inspect*, *inspects*, *inspecting* and *inspection* are one."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aels":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


_ENDINGS = (
    ("ations", "at"), ("ation", "at"), ("ctions", "ct"), ("ction", "ct"), ("sses", "ss"), ("ies", "y"), ("ings", ""),
    ("ing", ""), ("ers", "er"), ("ed", ""), ("ments", "ment"), ("us", "us"), ("ss", "ss"), ("is", "is"), ("es", ""),
    ("s", ""),
)  # fmt: skip
"""Endings and what stands in their place; the first that fits is taken."""

_STEMS_THAT_SAY_NOTHING = frozenset(map(stem, SAYS_NOTHING))
