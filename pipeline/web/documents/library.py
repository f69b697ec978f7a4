"""The library of shared documents: by words, filters and order, all in an address one can keep and share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from pipeline.artefacts.messages import KIND_NAMES, STATUS_NAMES
from pipeline.artefacts.queries import library
from pipeline.artefacts.queries.library import MOST_COUNTED, ORDERS, DocumentFilters
from pipeline.artefacts.queries.seeing import licences
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus
from pipeline.db.keyset import Page, Place
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.web.asking import LANGUAGE_CHOICES
from pipeline.web.rendering import label, revalidated, show, uk_date

blueprint = Blueprint("documents", __name__)

ROWS = 20
CURSOR = "documents"
LONGEST_SEARCH = 200
USUAL_SORT = "-updated_at"
SORT_NAMES = {
    "-updated_at": Words(_("Last changed")),
    "-published_at": Words(_("Newest")),
    "-adoptions": Words(_("Most adopted")),
    "title": Words(_("Title")),
}
MOMENTS = ("-updated_at", "-published_at")
NAMED = ("council", "project", "adopted_by", "upstream")
"""Filters that links on other pages set: slugs and codes."""


@blueprint.get("/documents")
@anyone
@revalidated
def index() -> Response:
    """Shared documents everybody may read, with filters in the address."""
    reading = begin_read()
    choices = _choices(reading)
    given = {name: value.strip() for name, value in request.args.items() if value.strip()}
    asked = _asked(given, choices)
    sort = given["sort"] if given.get("sort") in SORT_NAMES else USUAL_SORT
    filters = DocumentFilters(**_bound(asked))
    in_address = asked | ({"sort": sort} if sort != USUAL_SORT else {})
    made_for = filters_hash(in_address)
    page = library.documents_listed(
        reading, filters, order=ORDERS[sort], limit=ROWS, place=_place(request.args.get("cursor"), sort, made_for)
    )
    before, after = (_address(in_address, one, made_for) for one in (page.before, page.after))
    return show(
        "documents/index.html", lines=_lines(page), count=_count(library.number_of_documents(reading, filters)),
        asked=asked, here=_address(), sort=sort, choices=_selects(choices, asked),
        removable=_removable(asked, sort, choices),
        sorts=[(value, say(words)) for value, words in SORT_NAMES.items()],
        has_unknown=bool(set(given) - set(asked) - {"sort", "cursor"}) or given.get("sort", sort) != sort,
        previous_url=before, next_url=after,
    )  # fmt: skip


Choices = dict[str, tuple[str, str, dict[str, str]]]
"""By name in the address: what is asked, what any of them is called, and the values with their words."""


def _choices(reading: Reading) -> Choices:
    return {
        "kind": (gettext(_("Kind")), gettext(_("Any kind")), {one.value: say(KIND_NAMES[one]) for one in ArtefactKind}),
        "theme": (
            gettext(_("Theme of the project")), gettext(_("Any theme")),
            {value: label(one) for value, one in THEME_BY_VALUE.items()},
        ),
        "licence": (
            gettext(_("Licence")), gettext(_("Any licence")), {one.code: one.name for one in licences(reading)},
        ),
        "language": (gettext(_("Language")), gettext(_("Any language")), dict(LANGUAGE_CHOICES)),
        "status": (
            gettext(_("Status")), gettext(_("Any status")),
            {one.value: say(STATUS_NAMES[one]) for one in library.PUBLIC_STATUSES},
        ),
    }  # fmt: skip


def _asked(given: Mapping[str, str], choices: Choices) -> dict[str, str]:
    """What the address narrows the list to, by its names there. What means nothing here is left out."""
    asked = {"q": clean_line(given["q"])[:LONGEST_SEARCH]} if given.get("q") else {}
    asked |= {name: given[name] for name, (_label, _any, values) in choices.items() if given.get(name) in values}
    asked |= {name: given[name][:80] for name in NAMED if name in given}
    return asked | ({"review": "due"} if given.get("review") == "due" else {})


def _bound(asked: Mapping[str, str]) -> dict[str, Any]:
    """The filters as the list takes them."""
    bound: dict[str, Any] = {name: value for name, value in asked.items() if name != "review"}
    return bound | ({"review_due": clock.today()} if "review" in asked else {})


def _place(cursor: str | None, sort: str, made_for: str) -> Place | None:
    if not cursor:
        return None
    value, row_id, is_backwards = read_cursor(cursor, CURSOR, made_for)
    return Place(datetime.fromisoformat(value) if sort in MOMENTS else value, UUID(row_id), is_backwards)


def _address(asked: Mapping[str, str] | None = None, place: Place | None = None, made_for: str = "") -> str | None:
    """The address of the list, narrowed, at a place; None where there is no such page."""
    here = f"{request.script_root}/documents"
    if asked is None:
        return here
    if place is None:
        return None
    cursor = make_cursor(CURSOR, [place.value, place.id, place.is_backwards], made_for)
    return f"{here}?{urlencode({**asked, 'cursor': cursor})}"


def _removable(asked: Mapping[str, str], sort: str, choices: Choices) -> list[tuple[str, str]]:
    """The filters in use: in words, and the address of the list without each."""
    here, kept = f"{request.script_root}/documents", {"sort": sort} if sort != USUAL_SORT else {}
    named = {"review": {"due": gettext(_("Review date is past"))}} | {name: one[2] for name, one in choices.items()}
    made = []
    for name, value in asked.items():
        rest = {other: one for other, one in asked.items() if other != name} | kept
        words = named.get(name, {}).get(value, value)
        made.append((words, f"{here}?{urlencode(rest)}" if rest else here))
    return made


def _selects(choices: Choices, asked: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    return [
        (name, question, [("", any_of), *values.items()], asked.get(name, ""))
        for name, (question, any_of, values) in choices.items()
    ]


def _count(number: int) -> str:
    if number > MOST_COUNTED:
        return gettext("More than %(n)s documents") % {"n": f"{MOST_COUNTED:,}"}
    return ngettext("%(n)s document", "%(n)s documents", number) % {"n": f"{number:,}"}


def _lines(page: Page) -> list[dict[str, Any]]:
    """What the list shows of each document, in the reader's words."""
    today, root, language = clock.today(), request.script_root, current_language()
    return [
        {
            "url": f"{root}/documents/{row.slug}", "title": row.title, "summary": row.summary,
            "other_language": row.language if row.language != language else "",
            "kind": say(KIND_NAMES[ArtefactKind(row.kind)]), "tags": _tags(row, today),
            "about": _about(row),
        }
        for row in page.rows
    ]  # fmt: skip


def _tags(row: Any, today: Any) -> list[tuple[str, str]]:
    made = []
    if row.status == ArtefactStatus.ENDED:
        made.append(("stopped", say(STATUS_NAMES[ArtefactStatus.ENDED])))
    if row.current_number is None:
        made.append(("withdrawn", gettext(_("Withdrawn: do not use"))))
    elif row.review_on is not None and row.review_on < today:
        made.append(("soon", gettext(_("Review date is past"))))
    if row.upstream_slug:
        made.append(("theme", gettext(_("Adapted copy"))))
    return made


def _about(row: Any) -> str:
    """Who keeps it, which version, and how many councils use it."""
    said = [gettext(_("Kept by %(council)s")) % {"council": row.council_short_name}]
    if row.current_number is not None:
        said.append(gettext(_("version %(number)s")) % {"number": row.current_number})
    said.append(gettext(_("changed on %(day)s")) % {"day": uk_date(row.updated_at)})
    if row.adoptions:
        used = ngettext("used by %(n)s council", "used by %(n)s councils", row.adoptions)
        said.append(used % {"n": row.adoptions})
    return ", ".join(said)
