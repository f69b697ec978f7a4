"""The search index: one row of plain words for each thing that is public, written from the thing itself.

Writers of the index take turns, so that whoever writes last has read last. What the index proposes is always read again
from the live rows before it is shown. However much is to be written, it is written a few rows at a time, each time in a
short transaction of its own: what remains stands in `search_renewal`, and whichever worker or command comes goes on
there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.statements import Statement
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.projects.models import Project
from pipeline.search.entries import Entry, Within, entries_of, next_ids
from pipeline.search.models import EntryKind, SearchEntry, SearchGram, SearchRenewal, SearchWord
from pipeline.search.places import IN_A_MILLISECOND, UNDATED, first_place, stands_at
from pipeline.search.words import LONGEST_WORD, grams_of

CHUNK = 50
"""So many things are written in one transaction: nobody waits long for it."""
EVERYTHING = ""
"""The renewal of all there is of a kind."""
TURN = 7_015_023
"""The number of the lock that writers of the index hold, on PostgreSQL. (SQLite has one writer at a time anyway.)"""
_KEPT = ("project_id", "published_at", "closes_on", "facets", "title", "summary", "body")
_MOST_WORDS = 500
"""Words that are told to the database in one statement."""


def write(session: Session, kind: EntryKind, ids: Sequence[UUID]) -> int:
    """Write the entries of some things of a kind anew, touching only those that changed; remove what the public may
    not see. Returns how many are in the index now."""
    take_turn(session)
    return _write(session, kind, ids)


def renew_later(session: Session, kinds: Iterable[EntryKind], within: str = EVERYTHING) -> None:
    """Have the entries of whole kinds written again, by whoever comes next (`renew`)."""
    for kind in kinds:
        row = session.get(SearchRenewal, (kind, within), with_for_update=True)
        if row is None:
            session.add(SearchRenewal(kind=kind, within=within, asked_at=clock.now()))
        else:
            row.after, row.asked_at = None, clock.now()
    session.flush()


def renew() -> int:
    """Write the next few of the entries that are to be written, in one short transaction; returns how many it passed.

    Where the index is empty though there are councils, it has been wiped: then everything is to be written.
    """
    with housekeeping("search") as session:
        take_turn(session)
        if session.scalar(select(SearchRenewal.kind).limit(1)) is None:
            if is_empty(session) and session.scalar(select(Council.id).limit(1)) is not None:
                renew_later(session, EntryKind)
            else:
                return 0
        row = session.scalars(select(SearchRenewal).order_by(SearchRenewal.asked_at, SearchRenewal.kind).limit(1)).one()
        kind = EntryKind(row.kind)
        ids = next_ids(session, kind, row.after, _within(row.within), CHUNK)
        if row.within == EVERYTHING:
            _remove_orphans(session, kind, row.after, ids)
        _write(session, kind, ids)
        if len(ids) < CHUNK:
            session.delete(row)
        else:
            row.after = ids[-1]
        return max(len(ids), 1)


def rebuild_index() -> int:
    """Write every entry anew, a few at a time so that nobody waits long; returns how many things are in the index."""
    with housekeeping("search") as session:
        take_turn(session)
        renew_later(session, EntryKind)
    while renew():
        pass
    with housekeeping("search") as session:
        return session.scalar(select(func.count()).select_from(SearchEntry)) or 0


def wipe_index() -> None:
    """Remove the whole index, a few rows at a time. Pages say that the search is being renewed until it is there."""
    with housekeeping("search") as session:
        take_turn(session)
        renew_later(session, EntryKind)
        last = session.scalar(select(func.max(SearchEntry.place))) or 0
    while True:
        with housekeeping("search") as session:
            take_turn(session)
            rows = session.scalars(
                select(SearchEntry).where(SearchEntry.place <= last).order_by(SearchEntry.place).limit(CHUNK)
            ).all()
            if not rows:
                return
            # Whoever renews meanwhile may be past these already.
            renew_later(session, {EntryKind(row.kind) for row in rows})
            _remove(session, rows)


def is_empty(session: Session) -> bool:
    """Whether nothing at all is in the index."""
    return session.scalar(select(SearchEntry.place).limit(1)) is None


def is_being_renewed(session: Session) -> bool:
    """Whether all of some kind is being written again, so that a search may find less than there is."""
    return bool(_RENEWED.rows(session))


_RENEWED = Statement(select(SearchRenewal.kind).where(SearchRenewal.within == EVERYTHING).limit(1))


def is_caught_up() -> bool:
    """Whether the index holds all that the public has been told of: what a search finds is then the same until
    something public happens. Read on a connection of its own, as the mark of the last public event is."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(_CAUGHT_UP)
        return bool(cursor.fetchall())
    finally:
        connection.close()


_CAUGHT_UP = """
    SELECT 1 FROM event_counter, listener_place WHERE listener_place.name = 'search'
        AND last_public <= listener_place.sequence
        AND NOT EXISTS (SELECT 1 FROM search_renewal)
        AND NOT EXISTS (SELECT 1 FROM failed_event WHERE listener = 'search' AND given_up_at IS NULL)
    """


def comes_later(session: Session, kind: EntryKind, subject_id: UUID) -> bool:
    """Whether a thing is written anyway when the renewal of its kind comes to it."""
    row = session.get(SearchRenewal, (kind, EVERYTHING))
    return row is not None and (row.after is None or str(subject_id) > str(row.after))


def take_turn(session: Session) -> None:
    """Wait until no other writer of the index is at work."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _within(name: str) -> Within:
    if name == EVERYTHING:
        return None
    table, _, thing_id = name.partition(":")
    return (Project if table == "project" else Council), UUID(thing_id)


def _remove_orphans(session: Session, kind: EntryKind, after: UUID | None, ids: Sequence[UUID]) -> None:
    """Remove the entries of things that are gone, among those a chunk covers."""
    gone = select(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.subject_id.not_in(ids))
    if after is not None:
        gone = gone.where(SearchEntry.subject_id > after)
    if len(ids) == CHUNK:
        gone = gone.where(SearchEntry.subject_id <= ids[-1])
    _remove(session, session.scalars(gone).all())


def _remove(session: Session, rows: Sequence[SearchEntry]) -> None:
    counted: Counter[str] = Counter()
    for row in rows:
        counted.subtract(_words(row))
        session.delete(row)
    session.flush()
    _count(session, counted)


def _write(session: Session, kind: EntryKind, ids: Sequence[UUID]) -> int:
    if not ids:
        return 0
    rows = session.scalars(select(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.subject_id.in_(ids)))
    kept = {row.subject_id: row for row in rows}
    counted: Counter[str] = Counter()
    entries = sorted(entries_of(session, kind, ids), key=lambda entry: entry.subject_id)
    places = _places(session, [entry for entry in entries if not _stands(kept.get(entry.subject_id), entry)])
    for entry in entries:
        row = kept.pop(entry.subject_id, None)
        values = {name: getattr(entry, name) for name in _KEPT}
        if entry.subject_id in places:
            values["place"] = places[entry.subject_id]
        if row is None:
            session.add(SearchEntry(kind=kind, subject_id=entry.subject_id, **values))
            counted.update(_words(entry))
        elif any(getattr(row, name) != value for name, value in values.items()):
            counted.subtract(_words(row))
            counted.update(_words(entry))
            for name, value in values.items():
                setattr(row, name, value)
    for row in kept.values():
        counted.subtract(_words(row))
        session.delete(row)
    session.flush()
    _count(session, counted)
    return len(entries)


def _stands(row: SearchEntry | None, entry: Entry) -> bool:
    return row is not None and stands_at(row.place, entry.published_at)


def _places(session: Session, entries: Sequence[Entry]) -> dict[UUID, int]:
    """A place for each of some entries, by its subject: the next that is free where its moment begins."""
    following: dict[int, int] = {}
    places: dict[UUID, int] = {}
    for entry in entries:
        first = first_place(entry.published_at)
        if first not in following:
            last = session.scalar(select(func.max(SearchEntry.place)).where(_in_one_moment(first)))
            following[first] = first if last is None else last + 1
        while following[first] in places.values() or _is_taken(session, following[first]):
            following[first] += 1
        places[entry.subject_id] = following[first]
        following[first] += 1
    return places


def _in_one_moment(first: int) -> ColumnElement[bool]:
    return SearchEntry.place.between(first, (first + IN_A_MILLISECOND if first > UNDATED else UNDATED) - 1)


def _is_taken(session: Session, place: int) -> bool:
    return session.scalar(select(SearchEntry.place).where(SearchEntry.place == place)) is not None


def _words(entry: Entry | SearchEntry) -> set[str]:
    """The words an entry holds, numbers and single letters left out."""
    words = {*entry.title.split(), *entry.summary.split(), *entry.body.split()}
    return {word for word in words if 1 < len(word) <= LONGEST_WORD and not word.isdecimal()}


def _count(session: Session, counted: Counter[str]) -> None:
    """Keep in how many entries each word stands, and by which three letters those that are new are found."""
    changed = {word: number for word, number in sorted(counted.items()) if number}
    words = list(changed)
    add_words, add_grams = _ADDING[session.get_bind().dialect.name]
    for some in (words[at : at + _MOST_WORDS] for at in range(0, len(words), _MOST_WORDS)):
        known = set(session.scalars(select(SearchWord.word).where(SearchWord.word.in_(some))))
        add_words.run_each(session, [{"word": word, "entries": changed[word]} for word in some])
        if new := [{"gram": gram, "word": word} for word in some if word not in known for gram in grams_of(word)]:
            add_grams.run_each(session, new)
        gone = [word for word in some if word in known and changed[word] < 0]
        if gone:
            _forget(session, gone)


def _add_words(make: Any) -> Statement:
    insert = make(SearchWord)
    added = SearchWord.entries + insert.excluded.entries
    return Statement(insert.on_conflict_do_update(index_elements=["word"], set_={"entries": added}))


def _add_grams(make: Any) -> Statement:
    return Statement(make(SearchGram).on_conflict_do_nothing())


_ADDING = {
    "postgresql": (_add_words(postgresql.insert), _add_grams(postgresql.insert)),
    "sqlite": (_add_words(sqlite.insert), _add_grams(sqlite.insert)),
}


def _forget(session: Session, words: Sequence[str]) -> None:
    """Forget those of some words that stand nowhere any more."""
    gone = session.scalars(select(SearchWord.word).where(SearchWord.word.in_(words), SearchWord.entries <= 0)).all()
    session.execute(delete(SearchGram).where(SearchGram.word.in_(gone)))
    session.execute(delete(SearchWord).where(SearchWord.word.in_(gone)))
