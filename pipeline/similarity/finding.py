"""Finding what is like something: the search index proposes, and each proposal is compared word by word.

So what is found, in which order, and why is the same on both databases: only what is proposed comes from theirs.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.search.alike import alike, entries, rarity
from pipeline.search.synonyms import names_of
from pipeline.search.words import SAYS_LITTLE, TOO_COMMON, singular
from pipeline.similarity.rules import MOST_PROPOSED, Kind
from pipeline.similarity.scoring import LEAST, Likeness, Rarity, likeness
from pipeline.similarity.terms import IN_SUMMARY, Text
from pipeline.similarity.texts import Comparable, comparables

MOST_WORDS = 120
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
    held = _held(session, one.text)
    known = _rarity(session, held)
    words = _words_for(one.text, held, known)
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
    return _rarity(session, _held(session, text))


def _held(session: Session, text: Text) -> dict[str, dict[str, int]]:
    """For each term of a text, the words that stand for it in the index, and in how many entries each does."""
    forms = {name: _forms(name, term.word) for name, term in text.terms.items()}
    counted = rarity(session, sorted({form for some in forms.values() for form in some}))
    return {name: {form: counted[form] for form in some if counted.get(form)} for name, some in forms.items()}


def _rarity(session: Session, held: Mapping[str, Mapping[str, int]]) -> Rarity:
    return Rarity(entries(session), {name: max(forms.values(), default=0) for name, forms in held.items()})


def _forms(name: str, word: str) -> list[str]:
    """How a term may stand in the index: the words of a meaning, or a stem with its endings. Of several words together
    none is counted: one of them alone is another thing."""
    if name.startswith("="):
        single = [one for each in names_of(name[1:]) if len(each) == 1 for one in (each[0], f"{each[0]}s")]
        return single or word.split()[-1:]
    return [word, *(name + ending for ending in _FORMS)]


def _words_for(text: Text, held: Mapping[str, Mapping[str, int]], known: Rarity) -> list[str]:
    """The words to look for, those that tell most first: each term as it stands in the text, with what means the same
    in the index (which knows endings by itself), and at last the telling words of names of several."""
    terms = sorted(text.terms, key=lambda name: -text.terms[name].weight * known.of(name))
    words: dict[str, None] = {}
    for name in terms:
        words |= dict.fromkeys(text.terms[name].word.split())
        if name.startswith("="):
            words |= dict.fromkeys(one for one in held[name] if singular(one) == one or singular(one) not in held[name])
    for name in terms:
        if name.startswith("=") and text.terms[name].weight >= IN_SUMMARY:
            several = (each for each in names_of(name[1:]) if len(each) > 1)
            words |= dict.fromkeys(one for each in several for one in each if one not in SAYS_LITTLE)
    return [word for word in words if word not in TOO_COMMON][:MOST_WORDS]
