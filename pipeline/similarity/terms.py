"""What a text is about: its words brought to their stems or to what they mean, each with how much it says. Pure.

A term is the meaning of a word (`same_words.py`), of two words together, or else the word's stem. A word in a title
says more than one in a summary, and that more than one further down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.search.words import TOO_COMMON, plain
from pipeline.similarity.same_words import meaning_of

IN_TITLE, IN_SUMMARY, IN_BODY = 3.0, 2.0, 1.0
"""What a word weighs by where it stands first."""
LONGEST_BODY = 3_000
"""Characters of a body that are read: what a text is about stands at its beginning."""
MOST_TERMS = 40
"""Terms of a text that are compared: those that weigh most."""
SHORTEST_WORD = 3

_SAYS_NOTHING = """
    able across act after again agree ahead another around ask asks away back become before begin beginning being best
    better between both bring called came case cases change changes come comes cost costs council councils county day
    days did different district done down each easier end enough even every everybody far fewer find first five form
    forms found four get gets give given go goes good half hard help helps here hour hours idea in instead into itself
    keep kind know known last later lead least left less let like little local long look looked looking looks made make
    makes making many may meet month months much must name need needed needs never new next night nobody nothing now
    number officer officers often once one online only open opened others ours own part partner partners people per
    phone place places plain plan plans possible project projects public put ready real really reuse right run
    running said same say see seen send sent service services set seven several share shared shares sharing shows side
    since six small some somebody something soon stage standard start started still support system systems take taken
    takes team teams ten than then thing things think third three time times together told took tool tools towards try
    tried trying turn two under until use used useful uses using version wait waits want wants way ways week weeks well
    went where whether while whole within without words work worked working works worth write writing written year
    apply applicant applying application cannot community common data finished group groups hundred join joined joins
    model pattern patterns platform quarter report reported reporting risk same source tell usually yes
    years yet alpha beta discovery pilot prototype digital borough city town area areas resident residents
"""
SAYS_NOTHING = TOO_COMMON | frozenset(_SAYS_NOTHING.split())
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
    """Each term of a text in its order, with the word or two words that stand for it."""
    words = plain(text).split()
    skipped = False
    for place, word in enumerate(words):
        if skipped:
            skipped = False
            continue
        after = words[place + 1] if place + 1 < len(words) else ""
        pair = meaning_of(f"{word}-{after}") if after else None
        if pair is not None:
            skipped = True
            yield f"={pair}", f"{word} {after}"
            continue
        meaning = meaning_of(word)
        if meaning is not None:
            yield f"={meaning}", word
        elif len(word) >= SHORTEST_WORD and word not in SAYS_NOTHING and not word.isdigit():
            stemmed = stem(word)
            if stemmed not in _STEMS_THAT_SAY_NOTHING:
                yield stemmed, word


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

_STEMS_THAT_SAY_NOTHING = frozenset(stem(word) for word in SAYS_NOTHING)
