"""Words that are nearly the same as one the index does not hold: typing mistakes, found by three letters in a row."""

from collections.abc import Sequence
from typing import Any

import orjson
from rapidfuzz.distance import OSA
from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.orm import Session

from pipeline.db.statements import Statement
from pipeline.search.alike import rarity
from pipeline.search.ranking import on_postgresql
from pipeline.search.welsh import radicals
from pipeline.search.words import grams_of

SHORTEST = 4
"""Shorter words are taken as they are typed: too many words are one letter from them."""
LONG = 7
"""From so many letters on, a word may have two mistakes."""
MOST_MISSPELT = 4
LONGEST_SWAPPED = 8
"""Of so many letters neighbours are swapped: a longer word has enough others left as they were."""
MOST_LIKE = 60
"""Words that share most letters with a misspelt one, of which the nearest are taken."""
MOST_TAKEN = 3


def spellings(session: Session, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each of some words that the index does not hold, the nearest that it does, the likeliest first.

    A word is near with one letter more, less, other or changed places, a long one with two such mistakes; nearest is
    what a Welsh word was before its first letter changed. One small query for each word, a few words at most.
    """
    words = [one for one in words if not one.isdecimal()][:MOST_MISSPELT]
    before = {word: radicals(word) for word in words}
    held = rarity(session, [one for some in before.values() for one in some])
    found = {word: kept for word, some in before.items() if (kept := tuple(one for one in some if held[one]))}
    for word in [one for one in words if len(one) >= SHORTEST and one not in found]:
        most = 2 if len(word) >= LONG else 1
        near = sorted(
            (distance, word[0] != other[0], -entries, other)
            for other, entries in _like(session, word, most)
            if (distance := OSA.distance(word, other, score_cutoff=most)) <= most
        )
        if near:
            found[word] = tuple(other for _, _, _, other in near[:MOST_TAKEN])
    return found


def _like(session: Session, word: str, most: int) -> list[tuple[str, int]]:
    """Words of about the same length that share letters with one, and in how many entries each stands."""
    bounds = {"shortest": len(word) - most, "longest": len(word) + most, "most": MOST_LIKE}
    if on_postgresql(session):
        rows = _LIKE_ON_POSTGRESQL.rows(session, grams=sorted(_grams(word)), **bounds)
    else:
        rows = _LIKE_ON_SQLITE.rows(session, grams=orjson.dumps(sorted(_grams(word))).decode(), **bounds)
    return [(other, entries) for other, entries in rows]


def _grams(word: str) -> set[str]:
    """The word's letters in threes, and as they were if two neighbours had changed places."""
    swapped = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(min(len(word), LONGEST_SWAPPED) - 1)
    )
    return {*grams_of(word), *(gram for one in swapped for gram in grams_of(one))}


_LIKE = """
    SELECT search_word.word, search_word.entries FROM search_word JOIN (
        SELECT word, count(*) AS shared FROM search_gram
        WHERE gram {among} AND length(word) BETWEEN :shortest AND :longest
        GROUP BY word ORDER BY shared DESC, word LIMIT :most
    ) AS nearest ON nearest.word = search_word.word
    """
_BOUNDS: tuple[Any, ...] = (bindparam("shortest"), bindparam("longest"), bindparam("most"))
_LIKE_ON_SQLITE = Statement(
    text(_LIKE.replace("{among}", "IN (SELECT value FROM json_each(:grams))")).bindparams(bindparam("grams"), *_BOUNDS)
)
_LIKE_ON_POSTGRESQL = Statement(
    text(_LIKE.replace("{among}", "= ANY (CAST(:grams AS text[]))")).bindparams(
        bindparam("grams", type_=ARRAY(Text)), *_BOUNDS
    )
)
