"""What entries score that hold some of the words of a question, or other names for them. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from pipeline.search.asking import Question
from pipeline.search.words import SAYS_LITTLE

Hit = tuple[int, int, float]
"""The number of a group of names, the place of an entry that holds one of them, and how well."""

THE_WORD = 1.0
"""What counts the word or phrase itself."""
OTHER_NAME = 0.75
"""What another name for a word counts for, beside the word itself."""
HINT = 0.9
"""What a name for several words together counts for."""
SAID_OFTEN = 0.5
"""What a word counts for that any question or project may have ("stop", "people")."""
OF_SHARE = 0.6
"""How much of a score depends on how much of the question is met."""


def what_words_say(question: Question) -> list[float]:
    """What each term of a question counts for."""
    return [
        SAID_OFTEN if len(term.name) == 1 and term.name[0] in SAYS_LITTLE and not term.others else 1.0
        for term in question.terms
    ] + [1.0]


def weighed(hits: Sequence[Hit], weights: Sequence[tuple[int, float]], says: Sequence[float]) -> dict[int, float]:
    """The scores of entries: of each term the best of its names, and more, the more of what is asked for is there.

    `weights` are, of each group of names that was looked for, the number of its term and what the names count for;
    names for several words together belong to a number after the last term. `says` is what each term counts for.
    """
    best: dict[int, float] = defaultdict(float)
    for group, _, score in hits:
        n, weight = weights[group]
        if weight == THE_WORD:
            best[n] = max(best[n], score)
    by_term: dict[int, dict[int, float]] = defaultdict(dict)
    most: dict[int, float] = defaultdict(float)
    for group, place, score in hits:
        n, weight = weights[group]
        # Several other names together say no more than the word itself does where it says most.
        counted = weight * says[n] * min(score, best.get(n, score))
        by_term[place][n] = max(by_term[place].get(n, 0.0), counted)
        most[n] = max(most[n], counted)
    terms = len(says) - 1
    total = sum(most[n] for n in range(terms)) or 1.0
    return {
        place: sum(of_entry.values()) * (1 - OF_SHARE + OF_SHARE * sum(most[n] for n in of_entry if n < terms) / total)
        for place, of_entry in by_term.items()
    }
