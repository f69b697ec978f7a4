"""The list of projects: by words, filters and order, all in an address one can keep and share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.hot_lists import ids_for
from pipeline.db.keyset import Page, Place
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_hot_read
from pipeline.kernel.label import Label
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.notifications.searches import Search
from pipeline.projects import listing
from pipeline.projects.freshness_messages import FRESHNESS_NAMES
from pipeline.projects.listing import MOST_COUNTED, USUAL_SORT, KeptCounts
from pipeline.projects.messages import NEED_NAMES, STATUS_NAMES
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.search.index import is_caught_up
from pipeline.search.queries import PROJECTS, projects_found
from pipeline.web.cards import CardMaker
from pipeline.web.outside import linked_data
from pipeline.web.rendering import revalidated_with, show

blueprint = Blueprint("project_list", __name__)

ROWS = 20
CURSOR = "projects"
LONGEST_SEARCH = 200
RELEVANCE = "relevance"

SORT_NAMES = {
    RELEVANCE: Words(_("Most relevant")),
    "-updated_at": Words(_("Last changed")),
    "-created_at": Words(_("Newest")),
    "decision_on": Words(_("Deciding soonest")),
    "title": Words(_("Title")),
    "-councils": Words(_("Most councils")),
    "-pledged_half_days": Words(_("Most days pledged")),
    "-pledged_pence": Words(_("Most money pledged")),
}
PUBLIC_STATUSES = {status.value: words for status, words in STATUS_NAMES.items() if status is not ProjectStatus.DRAFT}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with fixed values: its name in the address and in the list, and what people read for each value."""

    name: str
    filter: str
    label: str
    any_of: str
    values: Mapping[str, Label | Words]

    def words(self, value: str, language: str) -> str:
        """What people read for a value."""
        known = self.values[value]
        return say(known) if isinstance(known, Words) else known.in_language(language)


CHOICES = (
    Choice("theme", "theme", _("Theme"), _("Any theme"), THEME_BY_VALUE),
    Choice("status", "status", _("Status"), _("Any status"), PUBLIC_STATUSES),
    Choice(
        "freshness", "freshness", _("Leads"), _("Any"), {one.value: words for one, words in FRESHNESS_NAMES.items()}
    ),
    Choice("phase", "phase", _("Phase"), _("Any phase"), PHASE_BY_VALUE),
    Choice("need", "need_kind", _("Needs"), _("Anything"), {kind.value: words for kind, words in NEED_NAMES.items()}),
    Choice("profession", "profession", _("Profession needed"), _("Any profession"), PROFESSION_BY_VALUE),
    Choice("nation", "nation", _("Nation"), _("Any nation"), NATION_BY_VALUE),
    Choice("region", "region", _("Region"), _("Any region"), REGION_BY_VALUE),
    Choice("kind", "kind", _("Kind of lead council"), _("Any kind"), KIND_BY_VALUE),
)
CODES = {"council": _("Led by"), "partner": _("With")}
"""Filters that links on other pages set: a council's slug or GSS code."""
_counts = KeptCounts()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `has_unknown` when something in it means nothing here: it narrows nothing."""

    words: str
    sort: str
    filters: dict[str, Any]
    """By name in the address."""
    has_unknown: bool

    @classmethod
    def of_request(cls) -> "Asked":
        """Read the address. Old links and links from elsewhere keep working: what is not known is left out and said."""
        given = {name: value.strip() for name, value in request.args.items() if value.strip()}
        words = clean_line(given.get("q", ""))[:LONGEST_SEARCH]
        usual = RELEVANCE if words else USUAL_SORT
        sort = given.get("sort", usual)
        filters = {one.name: given[one.name] for one in CHOICES if given.get(one.name) in one.values}
        filters |= {name: given[name][:80] for name in CODES if name in given}
        filters |= {"open_needs": "true"} if given.get("open_needs") == "true" else {}
        filters |= {"decision_before": given["decision_before"]} if _date_in(given, "decision_before") else {}
        is_sort = sort in SORT_NAMES and (words or sort != RELEVANCE)
        has_unknown = bool(set(given) - set(filters) - {"q", "sort", "cursor"}) or not is_sort
        return cls(words, sort if is_sort else usual, filters, has_unknown)

    @property
    def bound(self) -> dict[str, Any]:
        """The filters as the list takes them."""
        names = {one.name: one.filter for one in CHOICES}
        values = {names.get(name, name): value for name, value in self.filters.items()}
        if "open_needs" in values:
            values["open_needs"] = True
        if "decision_before" in values:
            values["decision_before"] = date.fromisoformat(values["decision_before"])
        return values

    @property
    def in_address(self) -> dict[str, str]:
        """What the address of this list holds, without its page."""
        usual = RELEVANCE if self.words else USUAL_SORT
        return (
            ({"q": self.words} if self.words else {})
            | self.filters
            | ({"sort": self.sort} if self.sort != usual else {})
        )


def _date_in(given: Mapping[str, str], name: str) -> bool:
    try:
        return name in given and len(given[name]) == 10 and bool(date.fromisoformat(given[name]))
    except ValueError:
        return False


def _renewed() -> str | None:
    return "" if not request.args.get("q") or is_caught_up() else None


@blueprint.get("/projects")
@anyone
@revalidated_with(_renewed, is_list=True)
def index() -> Response:
    """Projects everybody may read, with filters in the address."""
    asked = Asked.of_request()
    made_for = filters_hash(asked.in_address)
    position = read_cursor(request.args["cursor"], CURSOR, made_for) if request.args.get("cursor") else []
    read = _searched if asked.words and asked.sort == RELEVANCE else _listed
    with begin_hot_read() as reading:
        rows, number, has_more, cursors = read(reading, asked, made_for, position)
        needs = listing.needs_of(reading.session, [row[0] for row in rows])
    here = f"{request.script_root}/projects"

    def address(more: Mapping[str, str]) -> str:
        return f"{here}?{urlencode(more)}" if more else here

    cards = CardMaker().cards(rows, needs)
    previous, following = (address({**asked.in_address, "cursor": one}) if one else None for one in cursors)
    return show(
        "projects/list.html",
        cards=cards,
        linked_data=linked_data.page_of(linked_data.of_projects(cards), way=[("/projects", gettext("Projects"))]),
        count=_count_in_words(number, has_more),
        asked=asked,
        here=here,
        choices=[_options(one, asked) for one in CHOICES],
        sorts=[(value, say(words)) for value, words in SORT_NAMES.items() if asked.words or value != RELEVANCE],
        removable=_removable(asked, address),
        in_use=bool(asked.words or asked.filters),
        follow_url=_follow_url(asked),
        previous_url=previous,
        next_url=following,
    )


def _searched(reading: Reading, asked: Asked, made_for: str, position: list[Any]) -> tuple[Any, int, bool, Any]:
    """A page of what a search found, the best first."""
    found = projects_found(reading.session, asked.words, asked.bound)
    start = position[0] if len(position) == 1 else 0
    rows = listing.rows_of(reading.session, found.ids[start : start + ROWS])
    before = make_cursor(CURSOR, [max(start - ROWS, 0)], made_for) if start else None
    after = make_cursor(CURSOR, [start + ROWS], made_for) if start + ROWS < len(found.ids) else None
    return rows, len(found.ids), found.has_more, (before, after)


def _listed(reading: Reading, asked: Asked, made_for: str, position: list[Any]) -> tuple[Any, int, bool, Any]:
    """A page of the list in the order of a column."""
    session, bound = reading.session, asked.bound
    order, descending = listing.order_of(asked.sort)
    place = Place(position[0], UUID(position[1]), position[2]) if len(position) == 3 else None
    which: dict[str, Any] = {"order": order, "descending": descending, "limit": ROWS, "place": place}
    if asked.words:
        found = projects_found(session, asked.words, bound)
        page = PROJECTS.page(session, {"words": ids_for(session, found.ids)}, **which)
        return page.rows, len(found.ids), found.has_more, _cursors(page, made_for)
    page, number = _counts.page_and_count(session, PROJECTS, bound, filters_hash(asked.filters), **which)
    return page.rows, number, number > MOST_COUNTED, _cursors(page, made_for)


def _cursors(page: Page, made_for: str) -> tuple[str | None, str | None]:
    before, after = (
        make_cursor(CURSOR, [one.value, one.id, one.is_backwards], made_for) if one else None
        for one in (page.before, page.after)
    )
    return before, after


def _follow_url(asked: Asked) -> str:
    """Where new projects that the list finds are followed, without the prefix of a language."""
    return Search(asked.words, asked.bound, is_of_projects=True).path.replace("/projects", "/projects/follow", 1)


def _count_in_words(number: int, has_more: bool) -> str:
    if has_more:
        return gettext("More than %(n)s projects") % {"n": f"{min(number, MOST_COUNTED):,}"}
    return ngettext("%(n)s project", "%(n)s projects", number) % {"n": f"{number:,}"}


def _options(choice: Choice, asked: Asked) -> tuple[str, str, list[tuple[str, str]], str]:
    """A select of the form: its name, label, options and the one that is chosen."""
    language = current_language()
    options = [("", gettext(choice.any_of)), *((value, choice.words(value, language)) for value in choice.values)]
    return choice.name, gettext(choice.label), options, asked.filters.get(choice.name, "")


def _removable(asked: Asked, address: Callable[[Mapping[str, str]], str]) -> list[tuple[str, str]]:
    """Each filter in use in words, with the address of the same list without it."""
    said = {
        one.name: one.words(asked.filters[one.name], current_language()) for one in CHOICES if one.name in asked.filters
    }
    said |= {name: f"{gettext(words)} {asked.filters[name]}" for name, words in CODES.items() if name in asked.filters}
    if "open_needs" in asked.filters:
        said["open_needs"] = gettext("With needs that take pledges")
    if "decision_before" in asked.filters:
        said["decision_before"] = gettext("Deciding before %(day)s") % {"day": asked.filters["decision_before"]}
    if asked.words:
        said["q"] = f"“{asked.words}”"
    return [
        (words, address({other: value for other, value in asked.in_address.items() if other != name}))
        for name, words in said.items()
    ]
