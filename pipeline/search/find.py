"""Finding anything public: ranked and counted within a bounded set of candidates.

First what holds all the words, the newest MOST entries at most. Where that is little, also what holds some of them or
other names for them, if the words are rare enough to be weighed one by one; a phrase in quotation marks is always
wanted. The live rows decide what of it is shown
and counted; then it is put in order.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from sqlalchemy.orm import Session

from pipeline.db.statements import date_of, utc_text
from pipeline.search.alike import rarity
from pipeline.search.asking import Question, Term, question_of
from pipeline.search.facets import FACETS, facet_word
from pipeline.search.index import is_being_renewed
from pipeline.search.live import Candidate, live, passing
from pipeline.search.models import EntryKind
from pipeline.search.ranking import holding, in_tiers, newest, proposed, with_all, with_any
from pipeline.search.spelling import spellings
from pipeline.search.synonyms import is_known
from pipeline.search.weighing import HINT, OTHER_NAME, THE_WORD, weighed, what_words_say
from pipeline.search.words import SHORTEST_BEGINNING, Name, forms, plain

MOST = 500
"""Candidates of a search: beyond, people read "more than 500", and facets help."""
MOST_NARROWED = 2_000
"""Entries that hold some of the words and are narrowed by facets, the best."""
LITTLE = 20
"""Where all words find fewer than this, some of them are looked for as well."""
MOST_WEIGHED = 5_000
"""Entries that hold the words weighed one by one, all together: commoner words are left out where there are rarer."""
ALL_WORDS = (1.25, 1.5, 2.25)
"""By how much more counts what holds all the words: anywhere, in title and summary together, in the title."""
KINDS = {
    EntryKind.PROJECT: 1.0, EntryKind.DOCUMENT: 1.0, EntryKind.LESSON: 0.95, EntryKind.COUNCIL: 0.9,
    EntryKind.UPDATE: 0.6, EntryKind.VERSION: 0.5, EntryKind.NEED: 0.5,
}  # fmt: skip
"""What a kind counts for: a need and an update stand beside the project they belong to."""


class Sort(StrEnum):
    """In which order results come."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    CLOSING = "closing"


Asked = Mapping[str, Sequence[str]]
"""The values asked for of each facet: one of them will do."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found: live public things in order, and how many have each value of each facet.

    `has_more` where it looked no further than MOST; `has_some` where not all of it holds all the words. `corrected`
    are words the index does not hold, each with the one that was looked for beside it.
    """

    found: tuple[Candidate, ...]
    counts: Mapping[str, Mapping[str, int]]
    has_more: bool
    has_some: bool
    corrected: Mapping[str, str]
    question: Question
    is_being_renewed: bool


def search(session: Session, typed: str, asked: Asked, sort: Sort, today: date) -> Results:
    """Find what somebody typed, narrowed by facets, in an order. Any input is safe.

    A constant number of statements, and a few more where words are unknown to the index or a phrase stands nowhere:
    then its words are looked for one by one.
    """
    question = question_of(typed)
    results = _results(session, question, asked, sort, today)
    if results.found or not any(term.is_phrase for term in question.terms):
        return results
    return replace(_results(session, question_of(plain(typed)), asked, sort, today), has_some=True)


def _results(session: Session, question: Question, asked: Asked, sort: Sort, today: date) -> Results:
    facets = [[facet_word(facet, value) for value in values] for facet, values in sorted(asked.items()) if values]
    scores: dict[int, float] = {}
    has_more, complete = False, None
    if question.terms:
        question, scores, has_more, complete = _scored(session, question, facets)
    elif facets:
        rows = newest(session, facets, MOST)
        scores, has_more = _by_order(rows), len(rows) >= MOST
    seen = live(session, list(scores), facets)
    ranked = sorted(seen, key=lambda one: (-scores[one.place] * KINDS[EntryKind(one.kind)], -one.place))
    has_some = complete is not None and any(one.place not in complete for one in ranked)
    return Results(
        tuple(_in_order(ranked, sort, today)), _counted(ranked), has_more, has_some, question.corrected, question,
        is_being_renewed(session),
    )  # fmt: skip


def _scored(
    session: Session, question: Question, facets: Sequence[Sequence[str]]
) -> tuple[Question, dict[int, float], bool, set[int] | None]:
    """Places with their scores, and where not all hold all the words, which do."""
    as_typed = [Term(term.name, is_phrase=term.is_phrase) for term in question.terms]
    places, has_more, is_common = proposed(session, as_typed, facets, MOST)
    tiers = in_tiers(session, as_typed, places)
    is_enough = len(tiers) >= LITTLE or is_common
    if not is_enough:
        # Other names cost as much as the words themselves, and are wanted where the words alone say little.
        last = question.terms[-1]
        is_beginning = not last.is_phrase and len(last.name[0]) >= SHORTEST_BEGINNING
        more = with_all(session, question.terms, (), MOST, is_beginning=is_beginning)
        tiers = list({**dict(more), **dict(tiers)}.items())
    scores = _by_order(tiers)
    if is_enough:
        return question, scores, has_more, None
    counts = _held(session, [*question.words, *(word for name in _other_names(question) for word in name)])
    unknown = [word for word in question.words if not counts[word] and not is_known(word)]
    if unknown:
        nearly = spellings(session, unknown)
        question = question.with_spellings(nearly)
        counts |= _held(session, [word for words in nearly.values() for word in words])
    groups, weights = _groups(question, counts)
    if not groups:
        return question, scores, False, None
    some = weighed(with_any(session, groups), weights, what_words_say(question))
    if phrases := [term for term in question.terms if term.is_phrase]:
        held = set(holding(session, phrases, facets, MOST))
        some = {place: score for place, score in some.items() if place in held}
    complete = dict(tiers)
    best = {place: score * (ALL_WORDS[complete[place]] if place in complete else 1) for place, score in some.items()}
    for place, tier in tiers:
        best.setdefault(place, 0.5 + tier)
    most = sorted(best, key=best.__getitem__, reverse=True)[: MOST_NARROWED if facets else MOST]
    kept = passing(session, most, facets) if facets else most
    has_more = len(best) > len(most) or len(kept) > MOST
    return question, {place: best[place] for place in kept[:MOST]}, has_more, set(complete)


def _by_order(tiers: Sequence[tuple[int, int]]) -> dict[int, float]:
    """Scores of places that come with their tiers in order: the tier decides, and within one the order."""
    return {place: 1 + tier - n / (1_000 * len(tiers)) for n, (place, tier) in enumerate(tiers)}


def _held(session: Session, words: Sequence[str]) -> dict[str, int]:
    """In about how many entries each word stands in any of its forms."""
    by_form = rarity(session, [form for word in set(words) for form in forms(word)])
    return {word: sum(by_form[form] for form in forms(word)) for word in words}


def _other_names(question: Question) -> Iterable[Name]:
    return chain(question.hints, *(term.others for term in question.terms))


def _groups(question: Question, counts: Mapping[str, int]) -> tuple[list[Sequence[Name]], list[tuple[int, float]]]:
    """The groups of names to look for, and of each to which term it belongs and what it counts for.

    What stands in most entries is left out first, once MOST_WEIGHED is reached.
    """

    def held(name: Name) -> int:
        return min(counts.get(word, 0) for word in name)

    wanted: list[tuple[int, int, float, Sequence[Name]]] = []
    for n, term in enumerate(question.terms):
        # The index knows forms of a word that were never typed: a word it does not hold is looked for all the same.
        wanted.append((held(term.name) if not term.is_phrase else 0, n, THE_WORD, (term.name,)))
        if others := [name for name in term.others if held(name)]:
            wanted.append((sum(map(held, others)), n, OTHER_NAME, others))
    if hints := [name for name in question.hints if held(name)]:
        wanted.append((sum(map(held, hints)), len(question.terms), HINT, hints))
    groups: list[Sequence[Name]] = []
    weights: list[tuple[int, float]] = []
    total = 0
    for number, n, weight, names in sorted(wanted, key=lambda one: (one[0], one[1])):
        total += number
        if groups and total > MOST_WEIGHED:
            break
        groups.append(names)
        weights.append((n, weight))
    return groups, weights


def _in_order(ranked: Sequence[Candidate], sort: Sort, today: date) -> Sequence[Candidate]:
    if sort is Sort.NEWEST:
        return sorted(ranked, key=lambda one: utc_text(one.published_at) or "", reverse=True)
    if sort is Sort.CLOSING:
        return sorted(ranked, key=lambda one: _closes(date_of(one.closes_on), today))
    return ranked


def _closes(closes_on: date | None, today: date) -> date:
    """What closes soonest comes first; what has closed, or never does, last."""
    return closes_on if closes_on is not None and closes_on >= today else date.max


def _counted(candidates: Sequence[Candidate]) -> dict[str, dict[str, int]]:
    counted = Counter(chain.from_iterable(one.facets.split(" ") for one in candidates))
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for word, number in counted.items():
        facet, value = _apart(word)
        if facet in counts:
            counts[facet][value] = number
    return counts


@lru_cache(maxsize=1_000)
def _apart(word: str) -> tuple[str, str]:
    facet, _, value = word.partition(":")
    return facet, value.replace("+", " ")
