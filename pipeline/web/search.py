"""Searching everything public: by words, narrowed by facets with counts, all in an address one can keep and share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from pipeline.artefacts.rules import VersionStatus
from pipeline.http.cursors import BadCursor, filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_hot_read
from pipeline.kernel import clock
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.notifications.searches import Search
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.rules import ProjectStatus
from pipeline.search.facets import FACETS
from pipeline.search.find import Results, Sort, search
from pipeline.search.highlights import pieces
from pipeline.search.index import is_caught_up
from pipeline.search.messages import FACET_NAMES, ONE_OF_KIND, value_in_words
from pipeline.search.models import EntryKind
from pipeline.search.results import Result, results
from pipeline.search.suggestions import suggestions
from pipeline.web.rendering import revalidated_with, show

blueprint = Blueprint("search", __name__)

ROWS = 20
CURSOR = "search"
LONGEST = 200
LONGEST_VALUE = 60
SORT_NAMES = {
    Sort.RELEVANCE: Words(_("Most relevant")),
    Sort.NEWEST: Words(_("Newest")),
    Sort.CLOSING: Words(_("Deciding soonest")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `has_unknown` when something in it means nothing here: it narrows nothing."""

    words: str
    facets: dict[str, str]
    sort: Sort
    has_unknown: bool

    @classmethod
    def of_request(cls) -> "Asked":
        """Read the address; what is not known is left out and said."""
        given = {name: value.strip() for name, value in request.args.items() if value.strip()}
        facets = {name: given[name] for name in FACETS if _is_known(name, given.get(name, ""))}
        sort = given.get("sort", Sort.RELEVANCE.value)
        has_unknown = bool(set(given) - set(facets) - {"q", "sort", "cursor"}) or sort not in set(Sort)
        words = clean_line(given.get("q", ""))[:LONGEST]
        return cls(words, facets, Sort(sort) if sort in set(Sort) else Sort.RELEVANCE, has_unknown)

    @property
    def in_address(self) -> dict[str, str]:
        """What the address of this search holds, without its page."""
        sort = {"sort": self.sort.value} if self.sort is not Sort.RELEVANCE else {}
        return ({"q": self.words} if self.words else {}) | self.facets | sort


def renewed() -> str | None:
    """What the mark of a page that a search is on holds besides: nothing, once the index is where the log is."""
    return "" if is_caught_up() else None


@blueprint.get("/search")
@anyone
@revalidated_with(renewed, is_list=True)
def index() -> Response:
    """Everything public that holds some words, the best first."""
    asked = Asked.of_request()
    made_for = filters_hash(asked.in_address)
    start = _start(made_for)
    narrowed = {name: (value,) for name, value in asked.facets.items()}
    with begin_hot_read() as reading:
        found = search(reading.session, asked.words, narrowed, asked.sort, clock.today())
        shown = results(reading.session, found.found[start : start + ROWS], found.question, current_language())
    here = f"{request.script_root}/search"

    def address(more: Mapping[str, str]) -> str:
        return f"{here}?{urlencode(more)}" if more else here

    def page_at(at: int) -> str:
        return address({**asked.in_address, "cursor": make_cursor(CURSOR, [at], made_for)})

    return show(
        "search/index.html",
        asked=asked,
        here=here,
        in_use=bool(found.question.terms or asked.facets),
        count=_count_in_words(found),
        found=found,
        shown=[_shown(one) for one in shown],
        choices=[choice for name in FACETS if (choice := _choice(name, found, asked))],
        sorts=[(sort.value, say(words)) for sort, words in SORT_NAMES.items()],
        removable=_removable(asked, address),
        corrected=[f"{new} ({typed})" for typed, new in found.corrected.items()],
        follow_url=_follow_url(asked),
        previous_url=page_at(max(start - ROWS, 0)) if start else None,
        next_url=page_at(start + ROWS) if start + ROWS < len(found.found) else None,
    )


@blueprint.get("/search/suggestions")
@anyone
def suggest() -> Response:
    """Titles that fit what is typed so far, for the script beside a search field. Without it nothing is missing."""
    typed = clean_line(request.args.get("q", ""))[:LONGEST]
    with begin_hot_read() as reading:
        found = suggestions(reading.session, typed, current_language())
    answer = jsonify(
        [
            {
                "title": one.title,
                "lang": one.language,
                "kind": say(ONE_OF_KIND[EntryKind(one.kind)]),
                "url": f"{request.script_root}{one.path}",
            }
            for one in found
        ]
    )
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _start(made_for: str) -> int:
    """Where the page begins. One who changed the words or facets begins with the first."""
    given = request.args.get("cursor")
    if not given:
        return 0
    try:
        position = read_cursor(given, CURSOR, made_for)
    except BadCursor as problem:
        if problem.problems[0].code == "cursor.mismatch":
            return 0
        raise
    return int(position[0])


def _is_known(facet: str, value: str) -> bool:
    if not value or len(value) > LONGEST_VALUE:
        return False
    if facet == "year":
        return len(value) == 4 and value.isascii() and value.isdecimal()
    if facet == "licence":
        return all(character.isalnum() or character in "-." for character in value) and value.isascii()
    return value in FACET_NAMES[facet][1]


def _count_in_words(found: Results) -> str:
    number = len(found.found)
    if found.has_more and number:
        return gettext("More than %(n)s results") % {"n": f"{number:,}"}
    return ngettext("%(n)s result", "%(n)s results", number) % {"n": f"{number:,}"}


def _in_words(facet: str, value: str) -> str:
    return value_in_words(facet, value, current_language())


def _choice(facet: str, found: Results, asked: Asked) -> tuple[str, str, list[tuple[str, str]], str] | None:
    """A select of the form, with how many of what was found have each value; None where there is nothing to choose."""
    counts, chosen = found.counts[facet], asked.facets.get(facet, "")
    known = FACET_NAMES[facet][1] or sorted(counts, reverse=facet == "year")
    # What the search is narrowed by already says nothing about the other values: they are there to be changed to.
    values = [value for value in known if counts.get(value) or chosen]
    if chosen and chosen not in values:
        values.append(chosen)
    if not values:
        return None
    options = [
        (value, f"{_in_words(facet, value)} ({counts[value]:,})" if counts.get(value) else _in_words(facet, value))
        for value in values
    ]
    return facet, gettext(FACET_NAMES[facet][0]), [("", gettext("Any")), *options], chosen


def _removable(asked: Asked, address: Any) -> list[tuple[str, str]]:
    """Each facet in use in words, with the address of the same search without it."""
    said = {name: _in_words(name, value) for name, value in asked.facets.items()}
    if asked.words:
        said["q"] = f"“{asked.words}”"
    return [
        (words, address({other: value for other, value in asked.in_address.items() if other != name}))
        for name, words in said.items()
    ]


def _shown(one: Result) -> dict[str, Any]:
    status = ""
    if one.kind == EntryKind.PROJECT:
        status = say(STATUS_NAMES[ProjectStatus(one.status)])
    elif one.kind == EntryKind.VERSION and one.status == VersionStatus.WITHDRAWN:
        status = gettext("Withdrawn: do not use")
    return {
        "kind": say(ONE_OF_KIND[EntryKind(one.kind)]),
        "url": f"{request.script_root}{one.path}",
        "lang": one.language if one.language != current_language() else "",
        "title": pieces(one.title, one.title_spans),
        "excerpt": pieces(one.excerpt, one.excerpt_spans),
        "about": [
            part
            for part in (
                one.council if one.kind != EntryKind.COUNCIL else "",
                one.of,
                gettext("version %(n)s") % {"n": one.number} if one.number else "",
                status,
            )
            if part
        ],
    }


def _follow_url(asked: Asked) -> str | None:
    """Where a search is followed; None for one that asks for nothing, or only for what is never new."""
    search = Search(asked.words, asked.facets)
    if search.is_empty or asked.facets.get("kind") == EntryKind.VERSION:
        return None
    return f"{request.script_root}{search.path.replace('/search', '/search/follow', 1)}"
