"""Themes and searches that are followed: by what they are known, and which of them find what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID, uuid5

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from pipeline.db.work import Reading
from pipeline.projects.models import Follow
from pipeline.projects.taking_part import Followed
from pipeline.search.facets import FACETS
from pipeline.search.live import Candidate
from pipeline.search.matching import Sought, found_by
from pipeline.search.models import EntryKind
from pipeline.search.queries import PROJECTS, passing

NAMES = UUID("6f1d5d0e-2f2b-5c1e-9a55-7a2b8b0c4e11")
"""In which themes and searches have their ids: the same theme, or search, has the same for everybody."""

FILTERS = frozenset(PROJECTS.filters) - {"words", "updated_since"}
"""What a search for projects that is followed may be narrowed by."""

EVERYTHING = "search?"
"""With what the terms of a search of everything begin; those of a search for projects alone begin with nothing."""

AS_FACETS = {"theme": "theme", "phase": "phase", "nation": "nation", "region": "region", "kind": "council_kind"}
"""Filters of the list of projects that are facets as well, and what they are called there."""

ON_PAGE = {"need_kind": "need"}
"""What filters of the list of projects are called in the address of its page, where that is shorter."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that can be followed: of everything public, narrowed by facets; or of projects alone, narrowed as their
    list is."""

    words: str
    narrowed: Mapping[str, Any]
    is_of_projects: bool = False

    @classmethod
    def of_terms(cls, terms: str) -> "Search":
        """The search that `terms` were made of."""
        if terms.startswith(EVERYTHING):
            asked: dict[str, Any] = dict(parse_qsl(terms.removeprefix(EVERYTHING)))
            return cls(asked.pop("q", ""), {name: value for name, value in asked.items() if name in FACETS})
        asked = dict(parse_qsl(terms))
        words = asked.pop("q", "")
        if "open_needs" in asked:
            asked["open_needs"] = asked["open_needs"] == "true"
        if "decision_before" in asked:
            asked["decision_before"] = date.fromisoformat(asked["decision_before"])
        return cls(words, {name: value for name, value in asked.items() if name in FILTERS}, is_of_projects=True)

    @property
    def terms(self) -> str:
        """The search in one text, whichever way round it was asked for; "" where it asks for nothing."""
        asked = self._asked
        if not asked:
            return ""
        return ("" if self.is_of_projects else EVERYTHING) + urlencode(sorted(asked.items()))

    @property
    def path(self) -> str:
        """The page that shows what it finds."""
        asked = {ON_PAGE.get(name, name) if self.is_of_projects else name: one for name, one in self._asked.items()}
        page = "/projects" if self.is_of_projects else "/search"
        return f"{page}?{urlencode(sorted(asked.items()))}" if asked else page

    @property
    def _asked(self) -> dict[str, str]:
        known = FILTERS if self.is_of_projects else frozenset(FACETS)
        asked = {name: _as_text(value) for name, value in self.narrowed.items() if name in known and value is not False}
        return asked | ({"q": self.words} if self.words else {})

    @property
    def sought(self) -> Sought:
        """What the index is asked for. Of a search for projects the rest is asked of the projects themselves."""
        if not self.is_of_projects:
            return Sought(self.words, self.narrowed)
        facets = {AS_FACETS[name]: value for name, value in self.narrowed.items() if name in AS_FACETS}
        return Sought(self.words, {**facets, "kind": EntryKind.PROJECT.value})

    @property
    def is_empty(self) -> bool:
        """Whether it can find nothing: it asks for nothing, or a search for projects for words too common to tell."""
        if self.is_of_projects:
            return not self.terms or (self.words != "" and Sought(self.words, {}).is_empty)
        return Sought(self.words, self.narrowed).is_empty

    @property
    def rest(self) -> dict[str, Any]:
        """Filters of a search for projects that the index knows nothing of."""
        if not self.is_of_projects:
            return {}
        return {name: value for name, value in self.narrowed.items() if name not in AS_FACETS}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def theme_id(theme: str) -> UUID:
    """The id a theme is followed by."""
    return uuid5(NAMES, f"theme:{theme}")


def search_id(terms: str) -> UUID:
    """The id a search is followed by."""
    return uuid5(NAMES, f"search:{terms}")


def followed_terms(reading: Reading, search_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The terms of those of some searches that the reader follows."""
    query = select(Follow.subject_id, Follow.terms).where(
        Follow.officer_id == reading.actor.officer_id, Follow.subject_type == Followed.SEARCH.value,
        Follow.subject_id.in_(search_ids),
    )  # fmt: skip
    return {row.subject_id: row.terms for row in reading.session.execute(query) if row.terms}


def next_searches(session: Session, after: UUID | None, most: int) -> list[tuple[UUID, str]]:
    """The next searches that anybody follows, each once, in the order of their ids."""
    # SQLite takes the index of searches only where the statement itself says that it wants searches.
    is_search = Follow.subject_type == literal_column(f"'{Followed.SEARCH.value}'")
    query = select(Follow.subject_id, Follow.terms).where(is_search).distinct()
    if after is not None:
        query = query.where(Follow.subject_id > after)
    rows = session.execute(query.order_by(Follow.subject_id).limit(most))
    return [(subject_id, terms) for subject_id, terms in rows if terms is not None]


def searches_that_find(
    session: Session, some: Sequence[tuple[UUID, str]], things: Sequence[Candidate]
) -> list[tuple[UUID, int]]:
    """Which of some searches find which of some new things, as pairs of a search's id and a thing's place, in the order
    of the searches.

    Two statements, and one for each search for projects that is narrowed by what the index knows nothing of.
    """
    known = [(one, search) for one, terms in some if not (search := Search.of_terms(terms)).is_empty]
    places: dict[int, list[int]] = {}
    for number, place in found_by(session, [search.sought for _, search in known], things):
        places.setdefault(number, []).append(place)
    found = []
    for number in sorted(places):
        one, search = known[number]
        fits = passing(session, places[number], search.rest) if search.rest else places[number]
        found += [(one, place) for place in sorted(fits)]
    return found
