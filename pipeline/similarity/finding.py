"""Finding what is like something: the search index proposes, and each proposal is compared word by word.

So what is found, in which order, and why is the same on both databases: only what is proposed comes from theirs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.search.alike import alike, entries, rarity
from pipeline.search.synonyms import names_of
from pipeline.similarity.rules import MOST_PROPOSED, Kind
from pipeline.similarity.scoring import LEAST, Likeness, Rarity, likeness
from pipeline.similarity.terms import Text
from pipeline.similarity.texts import Comparable, comparables

MOST_WORDS = 40
"""So many words of a text, and words that mean the same, are looked for in the index: those that tell most."""
_FORMS = ("", "s", "es", "ed", "ing", "e", "ion", "ions")
"""How a stem may stand in the index, for counting how many entries hold it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is like another, and why."""

    other: Comparable
    likeness: Likeness


TextsOf = Callable[[Kind, Collection[UUID]], Mapping[UUID, Comparable]]


def like(session: Session, one: Comparable, kinds: frozenset[Kind], most: int) -> list[Found]:
    """What is like something among everything public, the most alike first; what is one work with it left out."""

    def texts(kind: Kind, ids: Collection[UUID]) -> Mapping[UUID, Comparable]:
        return {key: other for key, other in comparables(session, kind, ids).items() if other.is_public}

    return like_among(session, one, kinds, most, texts)


def like_among(session: Session, one: Comparable, kinds: frozenset[Kind], most: int, texts_of: TextsOf) -> list[Found]:
    """The same, with the texts of what the index proposes read by `texts_of`."""
    known = rarity_of(session, one.text)
    terms = _most_telling(one.text, known)
    words = _words_for(one.text, terms)
    proposed = alike(session, words, frozenset(kind.value for kind in kinds), MOST_PROPOSED)
    ids: dict[Kind, list[UUID]] = {}
    for kind, subject_id, _score in proposed:
        ids.setdefault(Kind(kind), []).append(subject_id)
    found = [
        Found(other, likeness(one.text, other.text, known))
        for kind, some in ids.items()
        for other in texts_of(kind, some).values()
        if not other.family & one.family
    ]
    best = [one for one in found if one.likeness.score >= LEAST]
    return sorted(best, key=lambda found: (-found.likeness.score, str(found.other.id)))[:most]


def rarity_of(session: Session, text: Text) -> Rarity:
    """How many entries of the index hold each term of a text."""
    forms = {name: _forms(name, term.word) for name, term in text.terms.items()}
    counted = rarity(session, sorted({form for some in forms.values() for form in some}))
    holding = {name: max(counted.get(form, 0) for form in some) for name, some in forms.items()}
    return Rarity(entries(session), holding)


def _forms(name: str, word: str) -> list[str]:
    """How a term may stand in the index: the words of a meaning, or a stem with its endings. Of two words together the
    rarer counts nothing: one of them alone is another thing."""
    if name.startswith("="):
        single = [one for each in names_of(name[1:]) if len(each) == 1 for one in (each[0], f"{each[0]}s")]
        return single or word.split()[-1:]
    return [word, *(name + ending for ending in _FORMS)]


def _most_telling(text: Text, known: Rarity) -> Sequence[str]:
    return sorted(text.terms, key=lambda name: -text.terms[name].weight * known.of(name))


def _words_for(text: Text, terms: Iterable[str]) -> list[str]:
    """The words to look for, those that tell most first: each term as it stands in the text, with what means the same.
    (The index knows endings by itself.)"""
    words: dict[str, None] = {}
    for name in terms:
        own = text.terms[name].word
        words |= dict.fromkeys(own.split())
        if name.startswith("="):
            words |= dict.fromkeys(_forms(name, own))
        if len(words) >= MOST_WORDS:
            break
    return list(words)[:MOST_WORDS]
