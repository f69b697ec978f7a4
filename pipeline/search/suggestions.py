"""Titles that fit what somebody has typed so far, as an enhancement of a search field."""

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from pipeline.db.statements import Statement
from pipeline.search.asking import question_of
from pipeline.search.facets import facet_word
from pipeline.search.live import live
from pipeline.search.models import EntryKind
from pipeline.search.ranking import on_postgresql, with_all
from pipeline.search.results import results
from pipeline.search.words import SHORTEST_BEGINNING

MOST = 6
"""Suggestions at most."""
MOST_LOOKED_AT = 60
MOST_WORDS = 8
"""Words that an unfinished one may be the beginning of."""
SUGGESTED = (EntryKind.PROJECT, EntryKind.LESSON, EntryKind.DOCUMENT, EntryKind.COUNCIL)
"""What is suggested: what people look for by its name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing whose title or summary holds what was typed; its `path` is its address on this site, its `language` that
    of its title."""

    kind: str
    title: str
    path: str
    language: str


def suggestions(session: Session, typed: str, language: str = "en") -> list[Suggestion]:
    """What somebody may be typing, the best first: the last word may be unfinished. Any input is safe."""
    question = question_of(typed)
    terms = tuple(replace(term, others=()) for term in question.terms)
    is_beginning = bool(terms) and len(terms[-1].name[-1]) >= SHORTEST_BEGINNING
    if not is_beginning:
        terms = terms[:-1]
    if not terms:
        return []
    if is_beginning and not terms[-1].is_phrase:
        # The index holds stems: "parki" is the beginning of "parking", but not of what is left of it there.
        words = _beginning_with(session, terms[-1].name[0])
        terms = (*terms[:-1], replace(terms[-1], others=tuple((word,) for word in words)))
    kinds = [[facet_word("kind", kind) for kind in SUGGESTED]]
    tiers = dict(with_all(session, terms, kinds, MOST_LOOKED_AT))
    seen = sorted(live(session, list(tiers)), key=lambda one: (-tiers[one.place], -one.place))
    return [
        Suggestion(one.kind, one.title, one.path, one.language)
        for one in results(session, seen[:MOST], question, language)
    ]


def _beginning_with(session: Session, letters: str) -> list[str]:
    """The words of the index that begin with some letters, those that stand in most entries."""
    if on_postgresql(session):
        rows = _ON_POSTGRESQL.rows(session, first=letters, most=MOST_WORDS)
    else:
        rows = _ON_SQLITE.rows(session, first=letters, last=letters + chr(0x10FFFF), most=MOST_WORDS)
    return [word for (word,) in rows]


_WORDS = "SELECT word FROM search_word WHERE {among} ORDER BY entries DESC, word LIMIT :most"
_ON_SQLITE = Statement(
    text(_WORDS.replace("{among}", "word >= :first AND word < :last")).bindparams(
        bindparam("first"), bindparam("last"), bindparam("most")
    )
)
_ON_POSTGRESQL = Statement(
    text(_WORDS.replace("{among}", "starts_with(word, :first)")).bindparams(bindparam("first"), bindparam("most"))
)
