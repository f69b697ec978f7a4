"""The library of lessons: by words, filters and order, all in an address one can keep and share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request

from pipeline.councils.queries import council_seen_by
from pipeline.db.keyset import Place
from pipeline.db.statements import moment_of
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.identity import current_identity
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.lessons.messages import OUTCOME_NAMES
from pipeline.lessons.queries import library
from pipeline.lessons.queries.library import MOST_COUNTED, ORDERS, LessonFilters
from pipeline.lessons.rules import LessonOutcome
from pipeline.projects.queries import project_seen_by
from pipeline.projects.vocabulary import THEMES
from pipeline.web.lessons.blueprint import blueprint
from pipeline.web.lessons.said import outcome_tag, themes_in_words
from pipeline.web.rendering import label, revalidated, show

ROWS = 20
CURSOR = "lessons"
LONGEST_SEARCH = 200
FIRST_YEAR, LAST_YEAR = 2014, 2200
USUAL_SORT = "-published_at"
SORT_NAMES = {USUAL_SORT: Words(_("Newest")), "-used_by": Words(_("Most used"))}
SLUGS = ("council", "project", "document")
"""Filters that links on other pages set."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `has_unknown` when something in it means nothing here and narrows nothing."""

    filters: dict[str, str]
    sort: str
    has_unknown: bool

    @classmethod
    def of_request(cls) -> "Asked":
        """Read the address. Old links keep working: what is not known is left out and said."""
        given = {name: value.strip() for name, value in request.args.items() if value.strip()}
        filters: dict[str, str] = {}
        if words := clean_line(given.get("q", ""))[:LONGEST_SEARCH]:
            filters["q"] = words
        for name, known in (("outcome", set(LessonOutcome)), ("theme", {one.value for one in THEMES})):
            if given.get(name) in known:
                filters[name] = given[name]
        if _year(given.get("year", "")) is not None:
            filters["year"] = given["year"]
        filters |= {name: given[name][:80] for name in SLUGS if name in given}
        if "document" in filters and _whole(given.get("version", "")) is not None:
            filters["version"] = given["version"]
        sort = given.get("sort", USUAL_SORT)
        is_sort = sort in SORT_NAMES
        has_unknown = bool(set(given) - set(filters) - {"sort", "cursor"}) or not is_sort
        return cls(filters, sort if is_sort else USUAL_SORT, has_unknown)

    @property
    def bound(self) -> LessonFilters:
        """The filters as the list takes them."""
        given = self.filters
        return LessonFilters(
            q=given.get("q", ""), project=given.get("project"), council=given.get("council"),
            theme=given.get("theme"), outcome=given.get("outcome"), artefact=given.get("document"),
            version=_whole(given.get("version", "")), year=_year(given.get("year", "")),
        )  # fmt: skip

    @property
    def in_address(self) -> dict[str, str]:
        """What the address of this list holds, without its page."""
        return self.filters | ({"sort": self.sort} if self.sort != USUAL_SORT else {})


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _year(text: str) -> int | None:
    year = _whole(text)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


@blueprint.get("/lessons")
@anyone
@revalidated
def index() -> Response:
    """Lessons everybody may read, with filters in the address."""
    reading, asked = begin_read(), Asked.of_request()
    filters, made_for = asked.bound, filters_hash(asked.in_address)
    cursor = request.args.get("cursor")
    place = _place(read_cursor(cursor, CURSOR, made_for)) if cursor else None
    page = library.lessons_listed(reading, filters, order=ORDERS[asked.sort], limit=ROWS, place=place)
    previous, following = (
        _address({**asked.in_address, "cursor": make_cursor(CURSOR, [one.value, one.id, one.is_backwards], made_for)})
        if one
        else None
        for one in (page.before, page.after)
    )
    return show(
        "lessons/index.html",
        lessons=_lines(reading, page.rows),
        count=_count_in_words(library.number_of_lessons(reading, filters)),
        asked=asked,
        here=_address({}),
        selects=_selects(asked),
        sorts=[(value, say(words)) for value, words in SORT_NAMES.items()],
        removable=_removable(reading, asked),
        previous_url=previous,
        next_url=following,
        may_write=_may_write(),
    )


def _may_write() -> bool:
    identity = current_identity()
    return identity is not None and identity.council_id is not None


def _place(position: list[Any]) -> Place:
    value, row_id, is_backwards = position
    return Place(value if isinstance(value, int) else moment_of(value), UUID(row_id), is_backwards)


def _address(more: Mapping[str, str]) -> str:
    here = f"{request.script_root}/lessons"
    return f"{here}?{urlencode(more)}" if more else here


def _lines(reading: Reading, rows: Any) -> list[dict[str, Any]]:
    themes = library.themes_of(reading, [row.id for row in rows])
    return [
        {
            "row": row, "outcome": outcome_tag(row.outcome), "themes": themes_in_words(themes.get(row.id, ())),
            "lang": row.language if row.language != current_language() else "", "used_by": used_by_words(row.used_by),
        }
        for row in rows
    ]  # fmt: skip


def used_by_words(number: int) -> str:
    """How many councils used a lesson; "" while none has said so."""
    return say(Words(_("Used by {n} council"), _("Used by {n} councils"), n=number)) if number else ""


def _count_in_words(number: int) -> str:
    if number > MOST_COUNTED:
        return gettext("More than %(n)s lessons") % {"n": f"{MOST_COUNTED:,}"}
    return ngettext("%(n)s lesson", "%(n)s lessons", number) % {"n": f"{number:,}"}


def _selects(asked: Asked) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The selects of the form: name, label, options and the one that is chosen."""
    outcomes = [("", gettext(_("Any outcome"))), *((one.value, say(words)) for one, words in OUTCOME_NAMES.items())]
    themes = [("", gettext(_("Any theme"))), *((one.value, label(one)) for one in THEMES)]
    this_year = clock.today().year
    years = [("", gettext(_("Any year"))), *((str(one), str(one)) for one in range(this_year, this_year - 5, -1))]
    chosen_year = asked.filters.get("year", "")
    if chosen_year and (chosen_year, chosen_year) not in years:
        years.append((chosen_year, chosen_year))
    return [
        ("theme", gettext(_("Theme")), themes, asked.filters.get("theme", "")),
        ("outcome", gettext(_("How it went")), outcomes, asked.filters.get("outcome", "")),
        ("year", gettext(_("Published in")), years, chosen_year),
    ]


def _removable(reading: Reading, asked: Asked) -> list[tuple[str, str]]:
    """Each filter in use in words, with the address of the same list without it."""
    said = _said(reading, asked.filters)
    return [
        (words, _address({one: value for one, value in asked.in_address.items() if one not in _goes_with(name)}))
        for name, words in said.items()
    ]


def _goes_with(name: str) -> tuple[str, ...]:
    return ("document", "version") if name == "document" else (name,)


def _said(reading: Reading, filters: Mapping[str, str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in filters.items():
        if name == "q":
            said[name] = f"“{value}”"
        elif name == "theme":
            said[name] = themes_in_words([value])[0][1]
        elif name == "outcome":
            said[name] = say(OUTCOME_NAMES[LessonOutcome(value)])
        elif name == "version":
            said[name] = gettext("Version %(n)s") % {"n": value}
        else:
            said[name] = _named(reading, name, value)
    return said


def _named(reading: Reading, name: str, value: str) -> str:
    """What a filter that another page set is called; as it stands in the address where nobody is called so."""
    try:
        if name == "council":
            return council_seen_by(reading, value).short_name
        if name == "project":
            return project_seen_by(reading, value).title
    except NotFound:
        return value
    return (library.document_named(reading, value) if name == "document" else "") or value
