"""The changes suggested to a document, and from it where it is a copy: a list in pages, and a word on other pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.queries import suggestions as queries
from pipeline.artefacts.queries.suggestions import SuggestionLine
from pipeline.artefacts.rules import SuggestionStatus
from pipeline.artefacts.suggestion_messages import STATUS_NAMES, STATUS_TAGS
from pipeline.db.keyset import Page, Place
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import say
from pipeline.http.reading import begin_read
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.web.rendering import revalidated, show, uk_date

blueprint = Blueprint("suggestions", __name__)

ROWS = 50
CURSOR = "suggestions"
TO_IT, FROM_IT = "to", "from"
WAITING = "waiting"
"""What the list of those made to a document can be narrowed to."""


@blueprint.get("/documents/<slug>/suggestions")
@anyone
@revalidated
def index(slug: str) -> Response:
    """The changes suggested to a document, and those suggested from it where it is a copy; further pages have one."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    is_copy = artefact.upstream_id is not None
    waiting_only = request.args.get("show") == WAITING
    asked = request.args.get("list", "")
    to_it = from_it = None
    if asked != FROM_IT or not is_copy:
        to_it = _listed(artefact, slug, TO_IT, waiting_only, lambda place: queries.lines_to(
            reading, artefact.id, waiting_only=waiting_only, limit=ROWS, place=place
        ))  # fmt: skip
    if is_copy and asked != TO_IT and not waiting_only:
        from_it = _listed(
            artefact, slug, FROM_IT, False,
            lambda place: queries.lines_from(reading, artefact.id, limit=ROWS, place=place),
        )  # fmt: skip
    return show(
        "documents/suggestions.html", title=artefact.title, address=artefact.slug or slug, to_it=to_it,
        from_it=from_it, waiting=queries.number_waiting(reading, artefact.id), waiting_only=waiting_only,
        may_suggest=may_suggest(reading, artefact, facts),
    )  # fmt: skip


def _listed(
    artefact: Artefact, slug: str, name: str, waiting_only: bool, read: Callable[[Place | None], Page]
) -> dict[str, Any]:  # fmt: skip
    """One of the two lists: its lines, and the addresses of the pages before and after. Raises BadCursor."""
    asked = {"list": name} | ({"show": WAITING} if waiting_only else {})
    made_for = filters_hash({"of": str(artefact.id), **asked})
    page = read(_place(made_for) if request.args.get("list") == name else None)
    here = url_for("suggestions.index", slug=slug)
    before, after = (
        f"{here}?{urlencode({**asked, 'cursor': _cursor(one, made_for)})}" if one else None
        for one in (page.before, page.after)
    )
    return {"lines": [suggestion_line(one) for one in page.rows], "previous_url": before, "next_url": after}


def _place(made_for: str) -> Place | None:
    if not request.args.get("cursor"):
        return None
    moment, row_id, is_backwards = read_cursor(request.args["cursor"], CURSOR, made_for)
    found = id_from(row_id)
    return Place(datetime.fromisoformat(moment), found, is_backwards) if found else None


def _cursor(place: Place, made_for: str) -> str:
    return make_cursor(CURSOR, [place.value, place.id, place.is_backwards], made_for)


def suggestion_line(one: SuggestionLine) -> dict[str, Any]:
    """A suggestion in a list: whose, to what, where it stands and when an answer is due."""
    is_made = one.status is SuggestionStatus.MADE
    words = Words(_("{council}: a change to version {number}"), council=one.council, number=one.against_number)
    return {
        "url": url_for("suggesting.show_suggestion", slug=one.artefact_slug, suggestion_id=one.id),
        "words": say(words),
        "document": one.artefact_title, "made": uk_date(one.made_at), "status": say(STATUS_NAMES[one.status]),
        "tag": STATUS_TAGS[one.status], "due": uk_date(one.due_on) if is_made and one.due_on else "",
        "published_number": one.published_number,
    }  # fmt: skip


def panel_of(reading: Reading, artefact: Artefact, facts: ArtefactFacts) -> dict[str, Any]:
    """What the page of a document says of suggestions: how many wait, and for a copy's team the way to make one."""
    waiting = queries.number_waiting(reading, artefact.id)
    return {
        "suggestions_panel": {
            "address": artefact.address, "waiting": waiting,
            "may_suggest": may_suggest(reading, artefact, facts), "is_published": artefact.slug is not None,
        }
    }  # fmt: skip


def may_suggest(reading: Reading, artefact: Artefact, facts: ArtefactFacts) -> bool:
    """Whether the viewer may suggest a change from a document: it is a copy of their team's, and published."""
    is_copy = artefact.upstream_id is not None and artefact.current_number is not None
    return is_copy and bool(policy.may_suggest(reading.actor, facts))
