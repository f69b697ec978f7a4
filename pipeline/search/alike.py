"""Things that use the same words: how rare words are, and what holds most of some.

For whoever compares: `rarity` says which words of a text tell it from others, and `alike` finds what shares them.
"""

from collections.abc import Sequence
from math import log
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, Double, Text, bindparam, func, select, text
from sqlalchemy.orm import Session

from pipeline.db.statements import Statement, id_of
from pipeline.search.models import EntryKind, SearchEntry
from pipeline.search.words import LONGEST_WORD, plain

MOST_COMPARED = 40
"""Words that are looked for at most, the rarest of those given."""
MOST_HELD = 20_000
"""Entries that words looked for may stand in, all together: commoner words are left out where there are rarer ones."""
MOST_CANDIDATES = 1_000
"""Entries that are ranked, where no order comes with the index (PostgreSQL): the newest."""

Alike = tuple[str, UUID, float]


def rarity(session: Session, words: Sequence[str]) -> dict[str, int]:
    """In how many entries of the index each word stands, in any form the index has it in; 0 for one it does not hold.

    Words are taken as they are typed or stand in a text; they come back as they were given. One small query.
    """
    asked = {word: plain(word)[:LONGEST_WORD] for word in words}
    if session.get_bind().dialect.name == "postgresql":
        rows = _RARITY_ON_POSTGRESQL.rows(session, words=list(asked.values()))
    else:
        rows = _RARITY_ON_SQLITE.rows(session, words=orjson.dumps(list(asked.values())).decode())
    known: dict[str, int] = dict(rows)
    return {word: known.get(as_kept, 0) for word, as_kept in asked.items()}


_RARITY = "SELECT word, entries FROM search_word WHERE word {among}"
_RARITY_ON_SQLITE = Statement(
    text(_RARITY.replace("{among}", "IN (SELECT value FROM json_each(:words))")).bindparams(bindparam("words"))
)
_RARITY_ON_POSTGRESQL = Statement(
    text(_RARITY.replace("{among}", "= ANY (CAST(:words AS text[]))")).bindparams(bindparam("words", type_=ARRAY(Text)))
)


def entries(session: Session) -> int:
    """About how many entries there are, at least one: how rare a word is needs no better number."""
    if session.get_bind().dialect.name == "postgresql":
        estimated = int(_ESTIMATED.rows(session)[0][0])
        if estimated > ENOUGH_TO_ESTIMATE:
            return estimated
    return _ENTRIES.rows(session)[0][0] or 1


ENOUGH_TO_ESTIMATE = 10_000
"""PostgreSQL knows about how many rows a table has; fewer than this are counted."""
_ENTRIES = Statement(select(func.count(SearchEntry.place)))
_ESTIMATED = Statement(text("SELECT reltuples FROM pg_class WHERE oid = CAST('search_entry' AS regclass)"))


def alike(session: Session, words: Sequence[str], kinds: frozenset[str], most: int) -> list[Alike]:
    """Kind, id and score of the things of some kinds that hold most of the words, the best first, `most` at most.

    `words` are plain words (`words.plain`), the most telling first; the rarer a word, the more it weighs, and a title
    weighs more than a summary, a summary more than the rest. Nothing need hold all of them. The scores of one answer
    can be compared with each other and with nothing else. What is found is what the index proposes: read each thing
    through its own visibility before you show it.
    """
    chosen = _chosen(session, words)
    names = sorted(EntryKind(kind).value for kind in kinds)
    if not chosen or not names:
        return []
    if session.get_bind().dialect.name == "postgresql":
        rows = _on_postgresql(session, chosen, names, most)
    else:
        rows = _on_sqlite(session, chosen, names, most)
    return [(kind, _known(id_of(subject_id)), float(score)) for kind, subject_id, score in rows]


def _known(subject_id: UUID | None) -> UUID:
    assert subject_id is not None  # noqa: S101 (the column is never empty)
    return subject_id


def _chosen(session: Session, words: Sequence[str]) -> dict[str, int]:
    """The words to look for, and in how many entries each stands: the rarest, as long as they are few enough."""
    counts = rarity(session, [part for word in words for part in plain(word).split()])
    rarest = sorted((number, word) for word, number in counts.items() if number)[:MOST_COMPARED]
    chosen: dict[str, int] = {}
    for number, word in rarest:
        if chosen and sum(chosen.values()) + number > MOST_HELD:
            break
        chosen[word] = number
    return chosen


def _on_sqlite(
    session: Session, chosen: dict[str, int], kinds: list[str], most: int
) -> Sequence[tuple[str, str, float]]:
    asked = " OR ".join(f'"{word}"' for word in chosen)
    listed = "".join(f" {kind} " for kind in kinds)
    return _ON_SQLITE.rows(session, asked=f"{{title summary body}} : ({asked})", kinds=listed, most=most)


_ON_SQLITE = Statement(
    text(
        """
        SELECT search_entry.kind, search_entry.subject_id, -bm25(search_entry_index, 0.0, 6.0, 3.0, 1.0) AS score
        FROM search_entry_index
        CROSS JOIN search_entry INDEXED BY ix_search_entry_place_subject_id
            ON search_entry.place = search_entry_index.rowid
        WHERE search_entry_index MATCH :asked AND instr(:kinds, ' ' || search_entry.kind || ' ')
        ORDER BY score DESC, search_entry.place DESC LIMIT :most
        """
    ).bindparams(bindparam("asked"), bindparam("kinds"), bindparam("most"))
)


def _on_postgresql(
    session: Session, chosen: dict[str, int], kinds: list[str], most: int
) -> Sequence[tuple[str, str, float]]:
    number = entries(session)
    return _ON_POSTGRESQL.rows(
        session,
        words=[f"'{word}'" for word in chosen],
        weights=[log(1 + (number + 1) / (held + 0.5)) for held in chosen.values()],
        asked=" | ".join(f"'{word}'" for word in chosen),
        kinds=" | ".join(f"'kind:{kind}'" for kind in kinds),
        candidates=max(MOST_CANDIDATES, most),
        most=most,
    )


_ON_POSTGRESQL = Statement(
    text(
        """
        WITH word AS MATERIALIZED (
            SELECT to_tsquery('english', one.asked) AS asked, one.weight
            FROM unnest(CAST(:words AS text[]), CAST(:weights AS float8[])) AS one (asked, weight)
        ), newest AS MATERIALIZED (
            SELECT place, kind, subject_id, words FROM search_entry
            WHERE words @@ (to_tsquery('english', :asked) && CAST(:kinds AS tsquery))
            ORDER BY place DESC LIMIT :candidates
        )
        SELECT newest.kind, newest.subject_id, (
            SELECT sum(word.weight * ts_rank('{0, 0.1, 0.3, 0.6}', newest.words, word.asked, 1)) FROM word
        ) AS score
        FROM newest ORDER BY score DESC, newest.place DESC LIMIT :most
        """
    ).bindparams(
        bindparam("words", type_=ARRAY(Text)), bindparam("weights", type_=ARRAY(Double)), bindparam("asked"),
        bindparam("kinds"), bindparam("candidates"), bindparam("most"),
    )
)  # fmt: skip
