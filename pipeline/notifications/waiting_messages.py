"""What a council is told when its pledge begins to count, or waits again: what is so by then, at most once a day."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel.clock import end_of, uk_date
from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter, PledgeTold
from pipeline.pledges.models import Pledge

KIND = "pledge.counts_or_waits"


def is_news(session: Session, event: LoggedEvent) -> bool:
    """Whether a pledge that counts is worth a mail of its own: not where it does so from its authorisation on."""
    authorised_at = session.scalar(select(Pledge.authorised_at).where(Pledge.id == event.subject_id))
    return authorised_at is not None and authorised_at != event.occurred_at


def is_counting(session: Session, pledge_id: UUID) -> bool:
    """Whether a pledge counts now."""
    return bool(session.scalar(select(Pledge.is_counting).where(Pledge.id == pledge_id)))


def when_to_tell(session: Session, event: LoggedEvent, officer_id: UUID) -> tuple[str, datetime]:
    """What keeps the mail to one a day, and from when it may leave: at once, or the next day if today's has left.

    While today's has not left it says by itself what is so when it leaves.
    """
    day = uk_date(event.occurred_at)
    key = _key(event.subject_id, officer_id, day.isoformat())
    has_left = session.scalar(select(OutboxMessage.sent_at).where(OutboxMessage.dedupe_key == key)) is not None
    if not has_left:
        return key, event.occurred_at
    tomorrow = day + timedelta(days=1)
    return _key(event.subject_id, officer_id, tomorrow.isoformat()), end_of(day)


def _key(pledge_id: UUID, officer_id: UUID, day: str) -> str:
    return f"{KIND}:{pledge_id}:{officer_id}:{day}"


def councils_merged(session: Session, pledge_id: UUID) -> bool:
    """Whether a pledge waits again because councils became one: they count once."""
    waiting = (
        select(LoggedEvent)
        .where(LoggedEvent.subject_id == pledge_id, LoggedEvent.name == "pledge.waiting")
        .order_by(LoggedEvent.sequence.desc())
        .limit(1)
    )
    event = session.scalars(waiting).first()
    if event is None:
        return False
    passed = select(LoggedEvent.id).where(
        LoggedEvent.project_id == event.project_id, LoggedEvent.name.in_(("pledge.succeeded", "project.succeeded")),
        LoggedEvent.occurred_at == event.occurred_at,
    )  # fmt: skip
    return session.execute(passed.limit(1)).first() is not None


def counts_or_waits(told: PledgeTold, is_counting: bool, *, has_merged: bool = False) -> Letter:
    """For the pledging council: its pledge counts now, or waits again."""
    if is_counting:
        subject = _("Your council’s pledge counts now: {project}")
        line = _("What the pledge of {amount} by {council} towards “{need}” waited for holds now, so it counts.")
        next_line = _("Should one of its conditions hold no longer before it is committed, it waits again.")
    else:
        subject = _("Your council’s pledge waits again: {project}")
        line = _("Something the pledge of {amount} by {council} towards “{need}” asks for holds no longer. It waits.")
        next_line = _("It still stands, and counts again as soon as all that it asks for holds.")
    lines = [Words(line, amount=told.amount, council=told.council, need=told.need), Words(next_line)]
    if has_merged and not is_counting:
        lines.insert(1, Words(_("Councils that had pledged became one council, and one council counts once.")))
    return Letter(
        Words(subject, project=told.project),
        tuple(lines),
        Words(_("See what it waits for")),
        f"/pledges/{told.pledge_id}",
        Words(_("You get this because you had a part in this pledge of {council}."), council=told.council),
    )
