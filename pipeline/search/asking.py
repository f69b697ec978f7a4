"""What somebody asks for, taken apart: words, phrases, and what else the same thing is called. Pure.

Text in quotation marks is looked for as it stands. Every other word is a *term* of its own: it is met by the word in
any form, and less well by another name for it (`synonyms.txt`) or, where the index does not know it, by a word that
is nearly the same (`spelling.py`).
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipeline.search.words import LONGEST_WORD, MOST_WORDS, TOO_COMMON, plain

SYNONYMS = Path(__file__).with_name("synonyms.txt")
MOST_TYPED = 1_000
"""Characters of a question that are read."""
MOST_PHRASES = 3
LONGEST_NAME = 4
"""Words of the longest name that synonyms are looked up for."""
MOST_OTHERS = 12
"""Other names for one term that are looked for."""

Name = tuple[str, ...]
"""One word, or several that stand one after the other."""

_QUOTED = re.compile(
    r"[\"\u201c\u201d\u201e\u00ab\u00bb]([^\"\u201c\u201d\u201e\u00ab\u00bb]*)[\"\u201c\u201d\u201e\u00ab\u00bb]"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for: the word or phrase as typed, and other names that mean the same or nearly so."""

    name: Name
    others: tuple[Name, ...] = ()
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. Each of the `terms` is wanted; `hints` are names for several of the words taken together."""

    terms: tuple[Term, ...] = ()
    hints: tuple[Name, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The single words that were typed."""
        return tuple(term.name[0] for term in self.terms if not term.is_phrase)

    def with_spellings(self, nearly: Mapping[str, tuple[str, ...]]) -> "Question":
        """The same, with words that are nearly the same beside those the index does not know."""
        terms = tuple(
            replace(term, others=(*((word,) for word in nearly[term.name[0]]), *term.others)[:MOST_OTHERS])
            if not term.is_phrase and term.name[0] in nearly
            else term
            for term in self.terms
        )
        return replace(self, terms=terms, corrected={word: words[0] for word, words in nearly.items() if words})


def question_of(typed: str) -> Question:
    """Take apart what somebody typed. Any text is safe: what is left are words of letters and digits, few enough."""
    typed = typed[:MOST_TYPED]
    phrases = [name for part in _QUOTED.findall(typed) if len(name := _words(part)) > 1][:MOST_PHRASES]
    loose = _words(_QUOTED.sub(lambda found: " " if len(_words(found[1])) > 1 else found[0], typed))
    wanted = tuple(dict.fromkeys(word for word in loose if word not in TOO_COMMON))[:MOST_WORDS]
    by_root = _names()
    terms = [Term(phrase, is_phrase=True) for phrase in dict.fromkeys(phrases)]
    terms += [Term((word,), tuple(_others(by_root, (word,)))) for word in wanted]
    hints = dict.fromkeys(
        other
        for length in range(2, LONGEST_NAME + 1)
        for at in range(len(loose) - length + 1)
        for other in _others(by_root, loose[at : at + length])
    )
    return Question(tuple(terms), tuple(hints)[: 2 * MOST_OTHERS])


def is_known(word: str) -> bool:
    """Whether a word stands among the names we know: then it is no typing mistake, wherever it occurs."""
    return root(word) in _roots()


def root(word: str) -> str:
    """About what stays of a word in all its forms: for looking words up, not for reading."""
    for ending in ("ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word.removesuffix("i")


def forms(word: str) -> tuple[str, ...]:
    """A word and the forms of it that are met most, the word itself first."""
    short = root(word)
    return tuple(dict.fromkeys((word, short, f"{word}s", f"{short}s", f"{short}ing", f"{short}ed")))


def _words(text: str) -> Name:
    return tuple(word[:LONGEST_WORD] for word in plain(text).split()[: 4 * MOST_WORDS])


def _others(by_root: Mapping[Name, tuple[Name, ...]], name: Name) -> tuple[Name, ...]:
    """Other names for what has a name, itself left out."""
    roots = tuple(map(root, name))
    return tuple(other for other in by_root.get(roots, ()) if tuple(map(root, other)) != roots)[:MOST_OTHERS]


@cache
def _names() -> Mapping[Name, tuple[Name, ...]]:
    """Names by their roots, each with the other names on its lines."""
    found: dict[Name, dict[Name, None]] = defaultdict(dict)
    for line in SYNONYMS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        names = [tuple(plain(name).split()) for name in line.split(",") if name.strip()]
        for name in names:
            found[tuple(map(root, name))].update(dict.fromkeys(names))
    return {name: tuple(others) for name, others in found.items()}


@cache
def _roots() -> frozenset[str]:
    return frozenset(part for name in _names() for part in name)
