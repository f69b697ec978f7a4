"""Rounds of the searches that are followed: whatever is new is put to all of them, some at a time.

An event costs one row, however many searches there are. What came since the last round waits for the next, a few
minutes at most, and goes through the searches together: so a round takes the same few statements for each
`SEARCHES_AT_A_TIME` of them, whatever has happened. Where the index has not heard of a thing yet, the thing waits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.notifications import searches
from pipeline.notifications.models import FanOut
from pipeline.search.index import EVERYTHING
from pipeline.search.listener import LISTENER as INDEX
from pipeline.search.live import Candidate, live
from pipeline.search.models import EntryKind, SearchEntry, SearchRenewal

KIND = "search.found"
STAGE = "searches"

ROUND = timedelta(minutes=5)
"""How often the searches that are followed are gone through at most."""

SEARCHES_AT_A_TIME = 100
MOST_TOGETHER = 20
"""So many events are gone through the searches with in one transaction."""

MOST_THINGS = 40
"""So many things new with them at most: a step is over in a moment, as other writers wait for it."""

MOST_NEEDS = 20
"""Needs of a new project that are put to the searches, besides the project."""

LATER = timedelta(seconds=30)
"""How long the searches wait for the search index, where it has not come so far yet."""

Thing = tuple[EntryKind, UUID]
Found = dict[Thing, list[UUID]]
"""The searches that find each thing."""


def _of(kind: EntryKind, name: str) -> Callable[[Mapping[str, Any]], list[Thing]]:
    return lambda payload: [(kind, UUID(payload[name]))]


def _project(payload: Mapping[str, Any]) -> list[Thing]:
    needs = [(EntryKind.NEED, UUID(one)) for one in payload.get("need_ids", ())[:MOST_NEEDS]]
    return [(EntryKind.PROJECT, UUID(payload["project_id"])), *needs]


def _version(payload: Mapping[str, Any]) -> list[Thing]:
    """A later version is new; the first is told of with its document."""
    return [(EntryKind.DOCUMENT, UUID(payload["artefact_id"]))] if payload["number"] > 1 else []


NEW_THINGS: Mapping[str, Callable[[Mapping[str, Any]], list[Thing]]] = {
    "project.published": _project,
    "need.opened": _of(EntryKind.NEED, "need_id"),
    "update.published": _of(EntryKind.UPDATE, "update_id"),
    "lesson.published": _of(EntryKind.LESSON, "lesson_id"),
    "artefact.published": _of(EntryKind.DOCUMENT, "artefact_id"),
    "version.published": _version,
    "council.added": _of(EntryKind.COUNCIL, "council_id"),
}
"""What is new with an event, the foremost first. What is changed, hidden or shown again is not."""


def new_things(event: LoggedEvent) -> list[Thing]:
    """What is new with an event, for a search to find."""
    read = NEW_THINGS.get(event.name)
    return read(event.payload) if read else []


def anybody_follows_a_search(session: Session) -> bool:
    """Whether there are searches to go through at all."""
    return bool(searches.next_searches(session, None, 1))


def next_round(now: datetime) -> datetime:
    """When the next round begins: at the same moments for everybody, so that what came meanwhile goes together."""
    return now + ROUND - timedelta(seconds=now.timestamp() % ROUND.total_seconds())


def going_together(session: Session, first: FanOut) -> list[FanOut]:
    """What goes through the searches together with `first`: what is due and has come as far. The caller's transaction
    holds it."""
    after = FanOut.after_id.is_(None) if first.after_id is None else FanOut.after_id == first.after_id
    query = (
        select(FanOut)
        .where(FanOut.stage == STAGE, FanOut.due_at <= clock.now(), after, FanOut.id != first.id)
        .order_by(FanOut.due_at, FanOut.id)
        .limit(MOST_TOGETHER - 1)
        .with_for_update(skip_locked=True)
    )
    return [first, *session.scalars(query)]


def as_many_as_fit(events: Iterable[LoggedEvent]) -> list[LoggedEvent]:
    """The first of some events, no more than have `MOST_THINGS` new with them."""
    fit: list[LoggedEvent] = []
    number = 0
    for event in events:
        number += len(new_things(event))
        if fit and number > MOST_THINGS:
            break
        fit.append(event)
    return fit


def is_in_index(session: Session, event: LoggedEvent) -> bool:
    """Whether the search index has heard of an event, and has written all that it asked to be written again."""
    sequence = session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == INDEX.name))
    if sequence is None or sequence < event.sequence:
        return False
    within = [EVERYTHING, f"project:{event.project_id}"]
    return session.scalar(select(SearchRenewal.kind).where(SearchRenewal.within.in_(within)).limit(1)) is None


def go_through(
    session: Session, events: Sequence[LoggedEvent], after: UUID | None
) -> tuple[dict[UUID, Found], UUID | None]:
    """Put what is new with some events to the next of the searches. Returns, by event, what of it was found by which of
    them, and after which search to go on: none where these were the last, or nothing of it is public now."""
    things = {event.id: new_things(event) for event in events}
    candidates = _live(session, sorted({one for some in things.values() for one in some}))
    if not candidates:
        return {}, None
    some = searches.next_searches(session, after, SEARCHES_AT_A_TIME)
    finding: dict[int, list[UUID]] = {}
    for search_id, place in searches.searches_that_find(session, some, list(candidates.values())):
        finding.setdefault(place, []).append(search_id)
    found = {
        event_id: _each_search_once([(one, finding.get(candidates[one].place, [])) for one in new if one in candidates])
        for event_id, new in things.items()
    }
    return found, some[-1][0] if len(some) == SEARCHES_AT_A_TIME else None


def _each_search_once(found: Sequence[tuple[Thing, list[UUID]]]) -> Found:
    """Of several new things of one event, each search tells of the foremost that it finds."""
    told: set[UUID] = set()
    kept: Found = {}
    for thing, finding in found:
        if new := [one for one in finding if one not in told]:
            kept[thing] = new
            told.update(new)
    return kept


def _live(session: Session, things: Sequence[Thing]) -> dict[Thing, Candidate]:
    """Those of some things that are in the index and that everybody may see now."""
    if not things:
        return {}
    named = or_(*(
        (SearchEntry.kind == kind.value) & SearchEntry.subject_id.in_([one for other, one in things if other is kind])
        for kind in sorted({kind for kind, _ in things})
    ))  # fmt: skip
    rows = session.execute(select(SearchEntry.place, SearchEntry.kind, SearchEntry.subject_id).where(named))
    by_place: dict[int, Thing] = {row.place: (EntryKind(row.kind), row.subject_id) for row in rows}
    return {by_place[one.place]: one for one in live(session, list(by_place))}
