"""Which of many searches find which of some new things: as search itself does, the other way round.

Words are met as where all of them are wanted: in any form, phrases as they stand, other names for a word too, and a
last word that the index does not know as the beginning of one. However many searches are put to however many things,
it takes two statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.orm import Session

from pipeline.db.statements import Statement
from pipeline.search.alike import rarity
from pipeline.search.asking import Term, question_of
from pipeline.search.facets import facet_word
from pipeline.search.live import Candidate, passes
from pipeline.search.ranking import all_of, on_postgresql
from pipeline.search.words import SHORTEST_BEGINNING, forms


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search asks for: words as they were typed, and values of facets."""

    words: str
    facets: Mapping[str, str]

    @property
    def groups(self) -> list[list[str]]:
        """The words of the index for its facets, as groups of one."""
        return [[facet_word(name, value)] for name, value in self.facets.items()]

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing that anything could hold."""
        return not self.facets and not question_of(self.words).terms


def found_by(session: Session, asked: Sequence[Sought], things: Sequence[Candidate]) -> set[tuple[int, int]]:
    """Which searches find which things, as pairs of the search's number in `asked` and the thing's place."""
    fits = {
        (number, thing.place)
        for number, one in enumerate(asked)
        if not one.is_empty
        for thing in things
        if passes(thing.facets, one.groups)
    }
    terms = {number: found for number in sorted({number for number, _ in fits}) if (found := _terms(asked[number]))}
    if not terms:
        return fits
    unknown = _unknown(session, list(terms.values()))
    hits = _hits(session, terms, unknown, sorted({place for number, place in fits if number in terms}))
    return {pair for pair in fits if pair[0] not in terms or pair in hits}


def _terms(asked: Sought) -> tuple[Term, ...]:
    return question_of(asked.words).terms


def _unknown(session: Session, terms: Sequence[tuple[Term, ...]]) -> set[str]:
    """The last words that the index holds in no form."""
    last = {one[-1].name[0] for one in terms if not one[-1].is_phrase and len(one[-1].name[0]) >= SHORTEST_BEGINNING}
    held = rarity(session, [form for word in last for form in forms(word)])
    return {word for word in last if not any(held[form] for form in forms(word))}


def _hits(
    session: Session, terms: Mapping[int, tuple[Term, ...]], unknown: set[str], places: Sequence[int]
) -> set[tuple[int, int]]:
    asked = [
        all_of(session, some, is_beginning=not some[-1].is_phrase and some[-1].name[0] in unknown)
        for some in terms.values()
    ]
    if on_postgresql(session):
        rows = _ON_POSTGRESQL.rows(session, asked=asked, places=list(places))
    else:
        rows = _ON_SQLITE.rows(session, asked=orjson.dumps(asked).decode(), places=orjson.dumps(list(places)).decode())
    numbers = list(terms)
    return {(numbers[int(n)], place) for n, place in rows}


# A few things are put to each search: the index is asked for those and no others.
_ON_SQLITE = Statement(
    text(
        """
        SELECT asked.key, search_entry_index.rowid
        FROM json_each(:places) AS thing CROSS JOIN json_each(:asked) AS asked CROSS JOIN search_entry_index
        WHERE search_entry_index MATCH asked.value AND search_entry_index.rowid = thing.value
        """
    ).bindparams(bindparam("asked"), bindparam("places"))
)
_ON_POSTGRESQL = Statement(
    text(
        """
        WITH thing AS MATERIALIZED (
            SELECT place, words FROM search_entry WHERE place = ANY (CAST(:places AS bigint[]))
        ), asked AS MATERIALIZED (
            SELECT one.n - 1 AS n, to_tsquery('english', one.words) AS words
            FROM unnest(CAST(:asked AS text[])) WITH ORDINALITY AS one (words, n)
        )
        SELECT asked.n, thing.place FROM thing JOIN asked ON thing.words @@ asked.words
        """
    ).bindparams(bindparam("asked", type_=ARRAY(Text)), bindparam("places", type_=ARRAY(BigInteger)))
)
