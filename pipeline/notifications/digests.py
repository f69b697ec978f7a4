"""Digests: what needs an officer, what moved, and what is new in what they follow, in one e-mail on working mornings.

A duty of the worker gathers, at 08:00 UK time, the news that officers want daily, and on the first working day of a
week what they want weekly. What a digest tells of is settled in the transaction that owes it, so each notice is in one
digest, and each officer has one a day at most, however many workers run and whenever one dies. It is written when it
leaves.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.accounts.models import Officer
from pipeline.accounts.queries import standing_now
from pipeline.councils.models import Council
from pipeline.db.jobs import Duty
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words
from pipeline.kernel.working_days import SUBDIVISIONS
from pipeline.notifications import digest_words
from pipeline.notifications.digest_words import KIND
from pipeline.notifications.envelope import Desk, NoLongerDue
from pipeline.notifications.gathering import one_line_each
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.messages import Item, Letter, Section
from pipeline.notifications.models import MailPreference, Mute, Notice
from pipeline.notifications.needs_me import Needed, needs_me_anywhere
from pipeline.notifications.preferences import USUAL, How, Sort, news_until

AT_A_TIME = 200
OLDEST = timedelta(days=15)
"""What is older is not told any more: who begins to want digests does not begin with what they have long read."""

MOST_NEEDED = 20
MOST_LINES = 50
"""So many things a digest names of each; the rest stands on the page of notices."""

NEW = frozenset({"project.new", "document.new", "lesson.new", "search.found"})
"""What is new, where the rest is what moved."""

Letters = Mapping[str, Callable[[Desk], Letter]]


def make_digests() -> None:
    """Owe everybody their digest of this morning who has news and wants it so; whoever has one has it already."""
    now = clock.now()
    for nation in SUBDIVISIONS:
        until = news_until(now, nation)
        if until is not None:
            while _make_some(now, nation, until) == AT_A_TIME:
                continue


def _make_some(now: datetime, nation: str, until: Mapping[How, datetime]) -> int:
    """Owe the next officers of a nation their digests, in one transaction; returns how many there were."""
    day = uk_date(now)
    with housekeeping("notices") as session:
        officers = session.execute(_wanting(now, nation, until, day)).all()
        if not officers:
            return 0
        messages = [
            {
                "id": new_id(), "kind": KIND, "officer_id": row.officer_id,
                "dedupe_key": f"{KIND}:{day}:{row.officer_id}",
                "payload": {"day": day.isoformat(), "council_id": row.council_id and str(row.council_id)},
                "created_at": now, "next_try_at": now, "tries": 0,
            }
            for row in officers
        ]  # fmt: skip
        for message in messages:
            message["payload"]["digest"] = str(message["id"])
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        # A worker beside this one may owe the same digests at this moment: what it owes is its own to tell of.
        owed = insert(OutboxMessage).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(OutboxMessage.id)
        kept = set(session.scalars(owed, messages))
        told = [{"reader": one["officer_id"], "message": one["id"]} for one in messages if one["id"] in kept]
        if told:
            session.connection().execute(_TOLD.where(_is_due(now, until)), told)
    return len(officers)


_TOLD = (
    update(Notice)
    .where(Notice.officer_id == bindparam("reader"), Notice.told_in.is_(None))
    .values(told_in=bindparam("message"))
)


def _wanting(now: datetime, nation: str, until: Mapping[How, datetime], day: date) -> Any:
    """The next officers with news that they want now and no digest of this day, and the council it is for."""
    key = literal(f"{KIND}:{day}:") + cast(Notice.officer_id, String)
    council = func.min(cast(Notice.council_id, String)).label("council_id")
    of_nation = Council.nation == nation
    if nation == "England":
        of_nation = or_(of_nation, Council.id.is_(None))
    query: Any = (
        select(Notice.officer_id, council)
        .join(Officer, Officer.id == Notice.officer_id)
        .outerjoin(Council, Council.id == Notice.council_id)
        .where(
            Notice.told_in.is_(None), Officer.erased_at.is_(None), of_nation, _is_due(now, until),
            ~exists().where(OutboxMessage.dedupe_key == key),
        )
        .group_by(Notice.officer_id)
        .order_by(Notice.officer_id)
        .limit(AT_A_TIME)
    )  # fmt: skip
    return query


def _is_due(now: datetime, until: Mapping[How, datetime]) -> ColumnElement[bool]:
    """Notices whose officers want their sort daily, or weekly and the week's morning has come. What was to be told at
    once and was not, because its officer wanted none then, comes with the daily ones. What is muted by now does not."""
    chosen = (
        select(case(*((Notice.sort == sort.value, getattr(MailPreference, sort.value)) for sort in Sort)))
        .where(MailPreference.officer_id == Notice.officer_id)
        .scalar_subquery()
    )
    usual = case(*((Notice.sort == sort.value, how.value) for sort, how in USUAL.items()))
    how = func.coalesce(chosen, usual)
    muted = exists().where(
        Mute.officer_id == Notice.officer_id, Mute.subject_type == Notice.about_type, Mute.subject_id == Notice.about_id
    )
    return and_(
        Notice.made_at > now - OLDEST,
        or_(
            and_(or_(how == How.DAILY.value, how == How.AT_ONCE.value), Notice.made_at < until[How.DAILY]),
            and_(how == How.WEEKLY.value, Notice.made_at < until[How.WEEKLY]),
        ),
        ~muted,
    )


def writer(letters: Letters) -> Callable[[Desk], Letter]:
    """How a digest is written, out of how each kind of mail is."""

    def write(desk: Desk) -> Letter:
        session = desk.reading.session
        query = select(Notice).where(Notice.told_in == desk.id("digest")).order_by(Notice.id)
        notices = list(session.scalars(query))
        moved = _lines(desk, letters, [one for one in notices if one.kind not in NEW])
        new = _lines(desk, letters, [one for one in notices if one.kind in NEW])
        if not moved and not new:
            raise NoLongerDue("nothing of it is news to its reader any more")
        sections = (
            Section(digest_words.NEEDS_YOU, _needed(desk.reading)),
            Section(digest_words.MOVED, tuple(moved[:MOST_LINES])),
            Section(digest_words.NEW, tuple(new[:MOST_LINES])),
        )
        day = date.fromisoformat(desk.payload["day"])
        return Letter(
            digest_words.subject(day), (), digest_words.SEE_ALL, "/notices", digest_words.WHY,
            tuple(section for section in sections if section.items),
        )  # fmt: skip

    return write


def _needed(reading: Reading) -> tuple[Item, ...]:
    today = uk_date(reading.now)
    return tuple(Item(_about(one), one.path, one.when_words(today)) for one in needs_me_anywhere(reading)[:MOST_NEEDED])


def _about(one: Needed) -> Words:
    about = ", ".join(part for part in (one.about, one.council) if part)
    return Words("{words} ({about})", words=one.words, about=about) if about else one.words


def _lines(desk: Desk, letters: Letters, notices: Sequence[Notice]) -> list[Item]:
    """A line for each thing of some notices, as far as the reader may know of it now."""
    written = [
        (str(one.about_id or one.id), letter)
        for one in notices
        if one.kind in KINDS and (letter := _letter(desk, letters, one)) is not None
    ]
    return one_line_each(written)


def _letter(desk: Desk, letters: Letters, notice: Notice) -> Letter | None:
    """What the mail of a notice says now; None where it is settled by now, or its reader may not know of it."""
    reader_id = notice.officer_id
    reading = Reading(desk.reading.session, Actor(Channel.WORKER, reader_id, notice.council_id), desk.reading.now)
    reading.actor = standing_now(reading)
    council_id = notice.council_id
    payload = {**notice.payload, "council_id": None if council_id is None else str(council_id)}
    try:
        return letters[notice.kind](Desk(reading, desk.reader, payload, desk.office))
    except (NotFound, NoLongerDue):
        return None


DUTIES = (Duty("notices.digests", timedelta(minutes=5), make_digests),)
"""What `flask worker` runs for digests."""
