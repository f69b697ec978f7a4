"""How alike two texts are, from nought to one, and why. Pure.

The score is what the terms that both hold weigh, out of what all their terms weigh: a cosine, in which a term that few
texts hold weighs more than one that many do. A shared theme and a close title add to it. The numbers were set on the
real projects and on made-up ones, and are held by pairs that were set aside meanwhile (`flask similar measure`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.projects.vocabulary import THEME_BY_VALUE, THEMES
from pipeline.search.synonyms import is_way_of_working
from pipeline.similarity.terms import IN_TITLE, Text, terms_of

OF_TERMS, OF_THEMES, OF_TITLE = 0.75, 0.1, 0.15
"""What the terms, the themes and the titles add up to."""
LEAST = 0.16
"""What scores less is not shown: it has a word or a theme in common, and no more."""
LIKELY_DUPLICATE = 0.4
"""From this score on two live projects of different councils are on the coordinators' desk."""
OF_CHANCE = 0.3
"""What is taken off where texts have one term in common; half as much for two, and so on."""
OF_THEME_NAMES = 0.75
"""What is left of the weight of a word that names a theme: it says where work belongs, not what it is."""
OF_WAYS = 0.6
"""What is left of the weight of a way of working (a form, a letter, a map): any service has it."""
MOST_REASONS = 4
OF_BEST = 0.1
"""A word that weighs less than this part of the one that weighs most is no reason."""

THEME_TERMS = frozenset(term for theme in THEMES for term in terms_of(theme.en))


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many entries hold each term, of how many."""

    entries: int
    holding: Mapping[str, int]

    def of(self, term: str) -> float:
        """How much a term tells: one that nobody else has the most. Terms nobody asked about count as fairly rare."""
        holding = self.holding.get(term)
        if holding is None:
            holding = max(1, self.entries // 50)
        told = math.log((self.entries + 2) / (holding + 1)) + 0.1
        if term in THEME_TERMS:
            return told * OF_THEME_NAMES
        return told * OF_WAYS if term.startswith("=") and is_way_of_working(term[1:]) else told


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, and why: the words for what both are about, the shared themes, phase and professions."""

    score: float
    words: tuple[str, ...]
    themes: tuple[str, ...]
    phase: str | None
    professions: tuple[str, ...]


def likeness(one: Text, other: Text, rarity: Rarity) -> Likeness:
    """How alike two texts are. The words that say why are those of `other`."""
    told = {term: rarity.of(term) for term in (*one.terms, *other.terms)}
    both = [term for term in one.terms if term in other.terms]
    weight = {term: one.terms[term].weight * other.terms[term].weight * told[term] ** 2 for term in both}
    terms = sum(weight.values()) / ((_length(one, told) * _length(other, told)) or 1.0)
    # One word in common is easily an accident; two or three are seldom.
    terms *= 1 - OF_CHANCE / len(both) if both else 0.0
    themes = one.themes & other.themes
    all_themes = min(len(one.themes), len(other.themes))
    shared_themes = len(themes) / all_themes if all_themes else 0.0
    score = OF_TERMS * min(terms, 1.0) + OF_TITLE * _titles(one, other, told)
    # A theme says where work belongs, not what it is: alone it is no reason to show it.
    score += OF_THEMES * shared_themes * min(1.0, terms * 5)
    best = _best(weight, themes)
    return Likeness(
        score=round(min(score, 1.0), 4), words=tuple(other.terms[term].word for term in best),
        themes=tuple(sorted(themes)), phase=one.phase if one.phase == other.phase else None,
        professions=tuple(sorted(one.professions & other.professions)),
    )  # fmt: skip


def _best(weight: Mapping[str, float], themes: frozenset[str]) -> list[str]:
    """The terms that say why: those that weigh most, without what is little beside them, and what the theme says."""
    named = {term for theme in themes if theme in THEME_BY_VALUE for term in terms_of(THEME_BY_VALUE[theme].en)}
    telling = sorted((term for term in weight if term not in named), key=lambda term: -weight[term])
    return [term for term in telling if weight[term] >= OF_BEST * weight[telling[0]]][:MOST_REASONS]


def _length(text: Text, told: Mapping[str, float]) -> float:
    return math.sqrt(sum((term.weight * told[name]) ** 2 for name, term in text.terms.items()))


def _titles(one: Text, other: Text, told: Mapping[str, float]) -> float:
    """How close two titles are, by their telling words alone."""
    first, second = _title_terms(one), _title_terms(other)
    if not first or not second:
        return 0.0
    return float(fuzz.token_sort_ratio(" ".join(first), " ".join(second), score_cutoff=50)) / 100


def _title_terms(text: Text) -> list[str]:
    return sorted(name for name, term in text.terms.items() if term.weight >= IN_TITLE)
