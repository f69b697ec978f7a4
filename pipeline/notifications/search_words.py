"""What a search that is followed is called, for whoever reads of it: what it is narrowed by, and its words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.kernel.translation import said_in
from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications.searches import AS_FACETS, Search
from pipeline.projects.freshness import Freshness
from pipeline.projects.freshness_messages import FRESHNESS_NAMES
from pipeline.projects.messages import NEED_NAMES, STATUS_NAMES
from pipeline.projects.rules import NeedKind, ProjectStatus
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE
from pipeline.search.facets import FACETS
from pipeline.search.messages import value_in_words

PROJECTS, EVERYTHING = Words(_("Projects")), Words(_("Search"))


def search_in_words(search: Search, language: str) -> str:
    """What a search asks for, in a language."""
    said = [said_in(PROJECTS, language)] if search.is_of_projects else []
    said += (_projects_in_words if search.is_of_projects else _facets_in_words)(search, language)
    if search.words:
        said.append(f"“{search.words}”")
    return ", ".join(said) or said_in(EVERYTHING, language)


def _facets_in_words(search: Search, language: str) -> Iterator[str]:
    for name in FACETS:
        if name in search.narrowed:
            yield value_in_words(name, search.narrowed[name], language)


def _projects_in_words(search: Search, language: str) -> Iterator[str]:
    for name, value in search.narrowed.items():
        if name in AS_FACETS:
            yield value_in_words(AS_FACETS[name], value, language)
        elif name == "profession":
            yield PROFESSION_BY_VALUE[value].in_language(language)
        else:
            yield said_in(_OF_PROJECTS[name](value), language)


_OF_PROJECTS: Mapping[str, Callable[[Any], Words]] = {
    "need_kind": lambda value: NEED_NAMES[NeedKind(value)],
    "status": lambda value: STATUS_NAMES[ProjectStatus(value)],
    "freshness": lambda value: FRESHNESS_NAMES[Freshness(value)],
    "council": lambda value: Words(_("Led by {council}"), council=value),
    "partner": lambda value: Words(_("With {council}"), council=value),
    "open_needs": lambda _value: Words(_("With needs that take pledges")),
    "decision_before": lambda value: Words(_("Deciding before {day}"), day=day_words(value)),
}
