"""Several things for one officer in one e-mail: what came in quiet hours, or at the same moment.

News is not sent in its reader's quiet hours: it waits until they end. Whatever waits for one reader then leaves
together, one line for each thing it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from pipeline.db import outbox
from pipeline.db.outbox import OutboxMessage, Taken
from pipeline.kernel.words import Words, _
from pipeline.notifications.digest_words import KIND as DIGEST
from pipeline.notifications.envelope import Office
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.messages import Item, Letter, Section
from pipeline.notifications.notices import preferences_of

MOST_TOGETHER = 100
NEWS = tuple(sorted({*KINDS, DIGEST}))


@dataclass(frozen=True, slots=True)
class Line:
    """A message with what it says now."""

    message: OutboxMessage
    letter: Letter


def take_due(session: Session, office: Office, now: datetime, most: int) -> tuple[list[list[OutboxMessage]], int]:
    """Lease the messages whose time has come: what goes to one reader together is one group; and how many were looked
    at. News for whom the quiet hours hold is put off until they end."""
    taken = outbox.take_due(session, now, most)
    readers = sorted({one.message.officer_id for one in taken if one.message.officer_id and one.message.kind in NEWS})
    if not readers:
        return [[one.message] for one in taken], len(taken)
    until = _quiet_until(session, readers, office, now)
    _put_off(session, until, now)
    due = [one for one in taken if one.message.kind not in NEWS or one.message.officer_id not in until]
    gathered = sorted({one.message.officer_id for one in due if _goes_with_others(one) and one.message.officer_id})
    if gathered:
        due += outbox.take_due_for(session, gathered, tuple(sorted(KINDS)), now, MOST_TOGETHER)
    return _grouped(due), len(taken)


def _goes_with_others(one: Taken) -> bool:
    return one.message.officer_id is not None and one.message.kind in KINDS


def _quiet_until(
    session: Session, readers: Sequence[UUID], office: Office, now: datetime
) -> dict[UUID | None, datetime]:
    """Those of some officers for whom quiet hours hold, and when they end."""
    found: dict[UUID | None, datetime] = {}
    for officer_id, chosen in preferences_of(session, readers).items():
        ends_at = (chosen.quiet or office.quiet_hours).ends_after(now)
        if ends_at is not None:
            found[officer_id] = ends_at
    return found


def _put_off(session: Session, until: dict[UUID | None, datetime], now: datetime) -> None:
    """Let the news for some officers wait, each until a moment of theirs. It loses no try by it."""
    for moment in sorted(set(until.values())):
        officers = [officer_id for officer_id, ends_at in until.items() if ends_at == moment]
        session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.officer_id.in_(officers), OutboxMessage.kind.in_(NEWS), OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None), OutboxMessage.next_try_at <= now,
            )
            .values(next_try_at=moment, leased_until=None),
            execution_options={"synchronize_session": False},
        )  # fmt: skip


def _grouped(due: Sequence[Taken]) -> list[list[OutboxMessage]]:
    """What goes to one reader together, in the order of the oldest of each group.

    What somebody died over may have left already: it goes again with what it went with, and what came since by itself,
    so that no mail program takes the one for the other.
    """
    groups: dict[tuple[str, datetime | None], list[OutboxMessage]] = {}
    for one in sorted(due, key=lambda one: one.message.id):
        reader = one.message.officer_id if _goes_with_others(one) else one.message.id
        groups.setdefault((str(reader), one.left_at), []).append(one.message)
    return sorted(groups.values(), key=lambda group: group[0].id)


def letter_of(lines: Sequence[Line]) -> Letter:
    """What several messages say together, one line for each page they lead to; one alone says it by itself."""
    items = one_line_each([(line.letter.path, line.letter) for line in lines])
    newest = lines[-1].letter
    if len(lines) == 1:
        return newest
    if len(items) == 1 and items[0].note is not None:
        return Letter(newest.subject, (*newest.lines, items[0].note), newest.action, newest.path, newest.why)
    return Letter(
        Words(_("{n} thing has happened"), _("{n} things have happened"), n=len(items)), (),
        Words(_("See your notices")), "/notices",
        Words(_("You get this because each of these concerns you or your council.")),
        (Section(Words(_("What has happened")), tuple(items)),),
    )  # fmt: skip


def one_line_each(letters: Sequence[tuple[str, Letter]]) -> list[Item]:
    """One line for each thing that letters are about, the oldest first: the newest word on it, and how many more."""
    by_thing: dict[str, list[Letter]] = {}
    for thing, letter in letters:
        by_thing.setdefault(thing, []).append(letter)
    return [Item(some[-1].subject, some[-1].path, more_words(len(some) - 1)) for some in by_thing.values()]


def more_words(number: int) -> Words | None:
    """How much more there is on the same thing."""
    return Words(_("and {n} more"), _("and {n} more"), n=number) if number else None
