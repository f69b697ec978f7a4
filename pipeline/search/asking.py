"""What somebody asks for, taken apart: words, phrases, and what else the same thing is called. Pure.

Words in quotation marks are looked for one after the other, each in any form. Every other word is a *term* of its own:
it is met by the word in any form, and less well by another name for it (`synonyms.txt`) or, where the index does not
know it, by a word that is nearly the same (`spelling.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.search.synonyms import LONGEST_NAME, other_names
from pipeline.search.words import LONGEST_WORD, MOST_WORDS, TOO_COMMON, Name, plain

MOST_TYPED = 1_000
"""Characters of a question that are read."""
MOST_PHRASES = 3
MOST_OTHERS = 40
"""Other names for one term that are looked for."""

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
    terms = [Term(phrase, is_phrase=True) for phrase in dict.fromkeys(phrases)]
    terms += [Term((word,), other_names((word,))[:MOST_OTHERS]) for word in wanted]
    hints = dict.fromkeys(
        other
        for length in range(LONGEST_NAME, 1, -1)
        for at in range(len(loose) - length + 1)
        for other in other_names(loose[at : at + length])
    )
    return Question(tuple(terms), tuple(hints)[:MOST_OTHERS])


def _words(text: str) -> Name:
    return tuple(word[:LONGEST_WORD] for word in plain(text).split()[: 4 * MOST_WORDS])
