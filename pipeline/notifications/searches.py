"""Themes and searches that are followed: by what they are known, and whether a search finds a project that is new."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.hot_lists import ids_for
from pipeline.db.listeners import ListenerPlace
from pipeline.projects.models import Follow
from pipeline.projects.taking_part import Followed
from pipeline.search.listener import LISTENER as INDEX
from pipeline.search.models import EntryKind, SearchEntry
from pipeline.search.queries import PROJECTS, matches

NAMES = UUID("6f1d5d0e-2f2b-5c1e-9a55-7a2b8b0c4e11")
"""In which themes and searches have their ids: the same theme, or search, has the same for everybody."""

FILTERS = frozenset(PROJECTS.filters) - {"words", "updated_since"}
"""What a search that is followed may be narrowed by."""


def theme_id(theme: str) -> UUID:
    """The id a theme is followed by."""
    return uuid5(NAMES, f"theme:{theme}")


def search_id(terms: str) -> UUID:
    """The id a search is followed by."""
    return uuid5(NAMES, f"search:{terms}")


def terms_of(words: str, filters: Mapping[str, Any]) -> str:
    """A search in one text, whichever way round it was asked for: its words as `q`, and its filters by name."""
    asked = {name: _as_text(value) for name, value in filters.items() if name in FILTERS and value is not False}
    return urlencode(sorted((asked | ({"q": words} if words else {})).items()))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def search_from(terms: str) -> tuple[str, dict[str, Any]]:
    """The words and filters of a search, as the list of projects takes them."""
    asked: dict[str, Any] = dict(parse_qsl(terms))
    words = asked.pop("q", "")
    if "open_needs" in asked:
        asked["open_needs"] = asked["open_needs"] == "true"
    if "decision_before" in asked:
        asked["decision_before"] = date.fromisoformat(asked["decision_before"])
    return words, {name: value for name, value in asked.items() if name in FILTERS}


def next_searches(session: Session, after: UUID | None, most: int) -> list[tuple[UUID, str]]:
    """The next searches that anybody follows, each once, in the order of their ids."""
    query = select(Follow.subject_id, Follow.terms).where(Follow.subject_type == Followed.SEARCH).distinct()
    if after is not None:
        query = query.where(Follow.subject_id > after)
    rows = session.execute(query.order_by(Follow.subject_id).limit(most))
    return [(subject_id, terms) for subject_id, terms in rows if terms is not None]


def index_has_come_to(session: Session, sequence: int) -> bool:
    """Whether the search index has heard of an event."""
    place = session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == INDEX.name))
    return place is not None and place >= sequence


def finds(session: Session, terms: str, project_id: UUID) -> bool:
    """Whether a search finds a project now, as everybody may see it."""
    words, filters = search_from(terms)
    if words:
        place = session.scalar(
            select(SearchEntry.place).where(SearchEntry.kind == EntryKind.PROJECT, SearchEntry.subject_id == project_id)
        )
        if place is None or place not in matches(session, words)[0]:
            return False
    return PROJECTS.count(session, {**filters, "words": ids_for(session, [project_id])}, 1) > 0
