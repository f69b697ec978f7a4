"""Titles that fit what somebody has typed so far, as an enhancement of a search field."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pipeline.search.asking import question_of
from pipeline.search.facets import facet_word
from pipeline.search.live import live
from pipeline.search.models import EntryKind
from pipeline.search.ranking import with_all
from pipeline.search.results import results
from pipeline.search.words import SHORTEST_BEGINNING

MOST = 6
"""Suggestions at most."""
MOST_LOOKED_AT = 60
SUGGESTED = (EntryKind.PROJECT, EntryKind.LESSON, EntryKind.DOCUMENT, EntryKind.COUNCIL)
"""What is suggested: what people look for by its name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing whose title or summary holds what was typed; its `path` is its address on this site."""

    kind: str
    title: str
    path: str


def suggestions(session: Session, typed: str) -> list[Suggestion]:
    """What somebody may be typing, the best first: the last word may be unfinished. Any input is safe."""
    question = question_of(typed)
    terms = question.terms
    is_beginning = bool(terms) and len(terms[-1].name[-1]) >= SHORTEST_BEGINNING
    if not is_beginning:
        terms = terms[:-1]
    if not terms:
        return []
    kinds = [[facet_word("kind", kind) for kind in SUGGESTED]]
    tiers = dict(with_all(session, terms, kinds, MOST_LOOKED_AT, is_beginning=is_beginning))
    seen = sorted(live(session, list(tiers)), key=lambda one: (-tiers[one.place], -one.place))
    return [Suggestion(one.kind, one.title, one.path) for one in results(session, seen[:MOST], question)]
