"""The two ways the index is asked, on both databases, each within bounds.

*All words*: the newest entries that hold every term and every facet asked for, best those with them in the title.
*Any words*: what holds some of the words or their other names, each hit with a score of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import log
from typing import NamedTuple

import orjson
from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.orm import Session

from pipeline.db.statements import Statement
from pipeline.kernel import clock
from pipeline.search.alike import entries
from pipeline.search.asking import Term
from pipeline.search.facets import months_back
from pipeline.search.live import facets_at, passes
from pipeline.search.weighing import Hit
from pipeline.search.words import Name

TIERS = ("title summary body", "title summary", "title")
"""Where all words stand: anywhere, in title and summary together, in the title."""
_WEIGHTS = {"title summary body": "", "title summary": "AB", "title": "A"}
MOST_SCORED = 3_000
"""Entries whose hits are scored for one group of names on PostgreSQL, the newest."""
SAMPLE = 100
"""Entries that are looked at to learn which facets leave out much."""
COMMON = 0.5
"""What more than this part of them has is a facet that leaves out little."""
MOST_MORE = 2
"""So many times as many are read at most, to be narrowed afterwards."""
MONTHS = (1, 3, 12)
"""Up to how many months back things are looked at, one window after the other, before all the rest (PostgreSQL)."""


def on_postgresql(session: Session) -> bool:
    """Whether the session's database is PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


class Proposed(NamedTuple):
    """Places of entries that hold all the words, the newest first; whether there are more; and whether the words alone,
    without what narrows them, found as many as were asked for."""

    places: list[int]
    has_more: bool
    is_common: bool


def proposed(
    session: Session, terms: Sequence[Term], facets: Sequence[Sequence[str]], most: int, *, is_beginning: bool = False
) -> Proposed:
    """The newest entries that hold all the words: `most`, or so many more, where they still have to be narrowed, that
    about `most` are left.

    Words as common as that are met in the index together with the facets that leave out much, as a look at the newest
    of what they found tells. The others are left to who reads the entries (`live`): the index would go through nearly
    all it has for a facet that nearly everything has.
    """
    places = holding(session, terms, (), most, is_beginning=is_beginning)
    is_common = len(places) >= most
    if not facets or not is_common:
        return Proposed(places, is_common, is_common)
    # Somebody may have wiped the index since.
    sample = facets_at(session, places[:SAMPLE]) or [""]
    telling: list[Sequence[str]] = []
    common: list[Sequence[str]] = []
    for group in facets:
        share = sum(passes(kept, [group]) for kept in sample) / len(sample)
        (telling if share < COMMON else common).append(group)
    left = sum(passes(kept, common) for kept in sample) / len(sample)
    wanted = round(most / max(left, 1 / MOST_MORE))
    places = holding(session, terms, telling, wanted, is_beginning=is_beginning)
    return Proposed(places, len(places) >= wanted, is_common)


def with_all(
    session: Session, terms: Sequence[Term], facets: Sequence[Sequence[str]], most: int, *, is_beginning: bool = False
) -> list[tuple[int, int]]:
    """Places of the newest `most` entries that hold all terms and one word of each group of facets, each with the
    tier it is in, 2 the best. With `is_beginning` the last word may be the beginning of one."""
    return in_tiers(
        session, terms, holding(session, terms, facets, most, is_beginning=is_beginning), is_beginning=is_beginning
    )


def holding(
    session: Session, terms: Sequence[Term], facets: Sequence[Sequence[str]], most: int, *, is_beginning: bool = False
) -> list[int]:
    """Those places alone, the newest first."""
    if on_postgresql(session):
        asked = [_any_of(group) for group in facets]
        newest = months_back(clock.today(), MONTHS[-1])
        windows = [newest[first:last] for first, last in pairwise((0, *MONTHS))]
        rows = _all_on_postgresql(len(asked)).rows(
            session, most=most, anywhere=_for_postgresql(terms, _WEIGHTS[TIERS[0]], is_beginning),
            **{f"facet_{n}": one for n, one in enumerate(asked)},
            **{f"months_{n}": _any_of(months) for n, months in enumerate(windows)},
        )  # fmt: skip
        return sorted({place for (place,) in rows}, reverse=True)[:most]
    rows = _ALL_ON_SQLITE.rows(session, most=most, anywhere=_for_sqlite(terms, TIERS[0], facets, is_beginning))
    return [place for (place,) in rows]


def in_tiers(
    session: Session, terms: Sequence[Term], places: Sequence[int], *, is_beginning: bool = False
) -> list[tuple[int, int]]:
    """Places of entries that hold all terms, each with the tier it is in, the best tier first and then the newest."""
    if not places:
        return []
    tiers = dict.fromkeys(places, 0)
    if on_postgresql(session):
        in_summary, in_title = (_for_postgresql(terms, _WEIGHTS[name], is_beginning) for name in TIERS[1:])
        rows = _TIERS_ON_POSTGRESQL.rows(session, places=list(places), in_summary=in_summary, in_title=in_title)
    else:
        in_summary, in_title = (_for_sqlite(terms, name, (), is_beginning) for name in TIERS[1:])
        rows = _TIERS_ON_SQLITE.rows(session, first=min(places), in_summary=in_summary, in_title=in_title)
    for place, tier in rows:
        if place in tiers:
            tiers[place] = max(tier, tiers[place])
    return sorted(tiers.items(), key=lambda one: (-one[1], -one[0]))


def newest(session: Session, facets: Sequence[Sequence[str]], most: int) -> list[tuple[int, int]]:
    """Places of the newest entries that have some facets, where no words were typed."""
    if on_postgresql(session):
        rows = _NEWEST_ON_POSTGRESQL.rows(session, facets=_narrowed(facets), most=most)
    else:
        asked = " AND ".join(f"({' OR '.join(map(_in_marks, group))})" for group in facets)
        rows = _NEWEST_ON_SQLITE.rows(session, asked=f"{{facets}} : ({asked})", most=most)
    return [(place, 0) for (place,) in rows]


def with_any(session: Session, groups: Sequence[Sequence[Name]]) -> list[Hit]:
    """What holds one of the names of a group, for each of several groups, with a score that can be compared."""
    if not groups:
        return []
    if not on_postgresql(session):
        asked = [f"{{title summary body}} : ({' OR '.join(map(_phrase_on_sqlite, names))})" for names in groups]
        return [(int(n), place, score) for n, place, score in _ANY_ON_SQLITE.rows(session, asked=_json(asked))]
    asked = [" | ".join(map(_phrase_on_postgresql, names)) for names in groups]
    rows = _ANY_ON_POSTGRESQL.rows(session, asked=asked, most=MOST_SCORED)
    number = entries(session) + 1
    held = [0] * len(groups)
    for n, _, _ in rows:
        held[n - 1] += 1
    rare = [log(1 + max(number - one, 0.5) / (one + 0.5)) for one in held]
    return [(n - 1, place, 10 * score * rare[n - 1]) for n, place, score in rows]


def _json(values: Iterable[str]) -> str:
    return orjson.dumps(list(values)).decode()


def all_of(session: Session, terms: Sequence[Term], *, is_beginning: bool) -> str:
    """What the index is asked for all of some terms, each by any of its names: an FTS5 expression, or a tsquery. With
    `is_beginning` the last word, which is no phrase then, may be the beginning of one."""
    if on_postgresql(session):
        return _joined(terms, _phrase_on_postgresql, " | ", " & ", ":*" if is_beginning else "")
    return _for_sqlite(terms, TIERS[0], (), is_beginning)


# --- what SQLite is asked ---


def _in_marks(word: str) -> str:
    return f'"{word}"'


def _phrase_on_sqlite(name: Name) -> str:
    return _in_marks(" ".join(name))


def _for_sqlite(terms: Sequence[Term], columns: str, facets: Sequence[Sequence[str]], is_beginning: bool) -> str:
    words = _joined(terms, _phrase_on_sqlite, " OR ", " AND ", "*" if is_beginning else "")
    narrowed = "".join(f" AND {{facets}} : ({' OR '.join(map(_in_marks, group))})" for group in facets)
    return f"{{{columns}}} : ({words}){narrowed}"


def _joined(terms: Sequence[Term], one: Callable[[Name], str], either: str, both: str, ending: str) -> str:
    """Terms in one expression. Where a term has other names, any of them will do."""
    parts = [[one(name) for name in (term.name, *term.others)] for term in terms]
    parts[-1][0] += ending
    return both.join(f"({either.join(part)})" for part in parts)


def _sql(sql: str, *names: str) -> Statement:
    return Statement(text(sql).bindparams(*(bindparam(name) for name in names)))


_ALL_ON_SQLITE = _sql(
    "SELECT rowid FROM search_entry_index WHERE search_entry_index MATCH :anywhere ORDER BY rowid DESC LIMIT :most",
    "anywhere", "most",
)  # fmt: skip
# Better places are looked for only as far back as those found reach, so that each step is bounded as the first is.
_TIERS_ON_SQLITE = _sql(
    """
    WITH better AS MATERIALIZED (
        SELECT rowid AS place FROM search_entry_index
        WHERE search_entry_index MATCH :in_summary AND rowid >= :first
    )
    SELECT place, 1 FROM better
    UNION ALL
    SELECT rowid, 2 FROM search_entry_index
    WHERE search_entry_index MATCH :in_title AND rowid >= (SELECT min(place) FROM better)
        AND EXISTS (SELECT 1 FROM better)
    """,
    "in_summary", "in_title", "first",
)  # fmt: skip
_NEWEST_ON_SQLITE = _sql(
    "SELECT rowid FROM search_entry_index WHERE search_entry_index MATCH :asked ORDER BY rowid DESC LIMIT :most",
    "asked", "most",
)  # fmt: skip
_ANY_ON_SQLITE = _sql(
    """
    SELECT asked.key, search_entry_index.rowid, -bm25(search_entry_index, 0.0, 6.0, 3.0, 1.0)
    FROM json_each(:asked) AS asked CROSS JOIN search_entry_index
    WHERE search_entry_index MATCH asked.value
    """,
    "asked",
)


# --- what PostgreSQL is asked ---


def _quoted(word: str) -> str:
    # The words of facets are ours or were looked up among ours; an apostrophe is doubled all the same.
    doubled = word.replace("'", "''")
    return f"'{doubled}'"


def _narrowed(facets: Sequence[Sequence[str]]) -> str:
    return " & ".join(f"({_any_of(group)})" for group in facets)


def _any_of(words: Sequence[str]) -> str:
    return " | ".join(map(_quoted, words))


def _phrase_on_postgresql(name: Name) -> str:
    phrase = " <-> ".join(f"'{word}'" for word in name)
    # A single word may get an ending, which nothing in brackets may.
    return f"({phrase})" if len(name) > 1 else phrase


def _for_postgresql(terms: Sequence[Term], weights: str, is_beginning: bool) -> str:
    def one(name: Name) -> str:
        return "(" + " <-> ".join(f"'{word}':{weights}" if weights else f"'{word}'" for word in name) + ")"

    if not is_beginning or terms[-1].is_phrase:
        return _joined(terms, one, " | ", " & ", "")
    last = f"'{terms[-1].name[0]}':*{weights}"
    return " & ".join([*([_joined(terms[:-1], one, " | ", " & ", "")] if terms[1:] else []), last])


@cache
def _all_on_postgresql(facets: int) -> Statement:
    """What holds all the words and a word of each of so many groups of facets: the newest months first, those before
    only where that is not enough, so that words which stand in a great many things cost no more.

    Each part is asked of the index by itself: it then leaps from one that has little to the next.
    """
    names = [f"facet_{n}" for n in range(facets)]
    held = ["words @@ to_tsquery('english', :anywhere)", *(f"words @@ CAST(:{name} AS tsquery)" for name in names)]
    parts: list[str] = []
    for n in range(len(MONTHS) + 1):
        months = [f"words @@ CAST(:months_{n} AS tsquery)"] if n < len(MONTHS) else []
        found = " + ".join(f"(SELECT count(*) FROM part_{before})" for before in range(n))  # noqa: S608
        where = " AND ".join([*held, *months, *([f"{found} < :most"] if found else [])])
        query = f"SELECT place FROM search_entry WHERE {where} ORDER BY place DESC LIMIT :most"  # noqa: S608 - ours
        parts.append(f"part_{n} AS MATERIALIZED ({query})")
    union = " UNION ALL ".join(f"SELECT place FROM part_{n}" for n in range(len(parts)))  # noqa: S608
    asked = [f"months_{n}" for n in range(len(MONTHS))]
    return _sql(f"WITH {', '.join(parts)} {union}", "anywhere", "most", *asked, *names)


_TIERS_ON_POSTGRESQL = Statement(
    text(
        """
        WITH asked AS MATERIALIZED (
            SELECT to_tsquery('english', :in_summary) AS in_summary, to_tsquery('english', :in_title) AS in_title
        )
        SELECT place, CASE WHEN words @@ in_title THEN 2 WHEN words @@ in_summary THEN 1 ELSE 0 END
        FROM search_entry, asked WHERE place = ANY (CAST(:places AS bigint[]))
        """
    ).bindparams(bindparam("in_summary"), bindparam("in_title"), bindparam("places", type_=ARRAY(BigInteger)))
)
_NEWEST_ON_POSTGRESQL = _sql(
    "SELECT place FROM search_entry WHERE words @@ CAST(:facets AS tsquery) ORDER BY place DESC LIMIT :most",
    "facets", "most",
)  # fmt: skip
_ANY_ON_POSTGRESQL = Statement(
    text(
        """
        SELECT asked.n, found.place, ts_rank('{0, 0.1, 0.3, 0.6}', found.words, to_tsquery('english', asked.names), 1)
        FROM unnest(CAST(:asked AS text[])) WITH ORDINALITY AS asked (names, n)
        CROSS JOIN LATERAL (
            SELECT place, words FROM search_entry WHERE words @@ to_tsquery('english', asked.names)
            ORDER BY place DESC LIMIT :most
        ) AS found
        """
    ).bindparams(bindparam("asked", type_=ARRAY(Text)), bindparam("most"))
)
