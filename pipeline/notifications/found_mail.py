"""What e-mails say of something new that a search finds, read from the thing itself when they leave."""

from typing import Any
from uuid import UUID

from pipeline.db.work import Reading
from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search, followed_terms
from pipeline.search.messages import ONE_OF_KIND
from pipeline.search.models import EntryKind
from pipeline.search.results import Result, shown_now

WHY = Words(_("You get this because you follow this search."))


def search_found(reading: Reading, payload: dict[str, Any], language: str) -> Letter | None:
    """Something new that a search finds: its kind, its title and whose it is. None where everybody may not see it now,
    or its reader follows the search no longer."""
    terms = followed_terms(reading, [UUID(payload["search_id"])]).get(UUID(payload["search_id"]))
    shown = shown_now(reading.session, EntryKind(payload["found"]), UUID(payload["found_id"]))
    if terms is None or shown is None:
        return None
    return _letter(shown, search_in_words(Search.of_terms(terms), language))


def _letter(shown: Result, search: str) -> Letter:
    kind = ONE_OF_KIND[EntryKind(shown.kind)]
    return Letter(
        Words(_("New for your search {search}. {kind}: {title}"), search=search, kind=kind, title=shown.title),
        (Words(_("Your search {search} finds something new. {kind}: “{title}” ({council})."), search=search, kind=kind,
               title=shown.title, council=shown.council),),
        Words(_("Open it")), shown.path, WHY,
    )  # fmt: skip
