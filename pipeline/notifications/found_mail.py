"""What e-mails say of something new that a search finds, read from the thing itself when they leave."""

from typing import Any
from uuid import UUID

from pipeline.db.work import Reading
from pipeline.notifications import following_messages
from pipeline.notifications.following_messages import NewsTold
from pipeline.notifications.messages import Letter
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search, followed_terms
from pipeline.search.messages import ONE_OF_KIND
from pipeline.search.models import EntryKind
from pipeline.search.results import shown_now


def search_found(reading: Reading, payload: dict[str, Any], language: str) -> Letter | None:
    """Something new that a search finds: its kind, its title and whose it is. None where everybody may not see it now,
    or its reader follows the search no longer."""
    terms = followed_terms(reading, [UUID(payload["search_id"])]).get(UUID(payload["search_id"]))
    shown = shown_now(reading.session, EntryKind(payload["found"]), UUID(payload["found_id"]))
    if terms is None or shown is None:
        return None
    told = NewsTold(title=shown.title, council=shown.council, path=shown.path)
    kind = ONE_OF_KIND[EntryKind(shown.kind)]
    return following_messages.search_found(told, kind, search_in_words(Search.of_terms(terms), language))
