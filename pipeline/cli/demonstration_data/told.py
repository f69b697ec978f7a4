"""What the made-up officers follow, and what they were told in the last weeks: on the page of their notices, and what
they follow in the next digest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from pipeline.accounts.models import Officer
from pipeline.accounts.queries import standing_now
from pipeline.cli.demonstration_data.people import OFFICERS
from pipeline.cli.demonstration_data.story import OPERATOR
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.work import UnitOfWork, housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel
from pipeline.notifications import actions
from pipeline.notifications.fan_out import tell_followers
from pipeline.notifications.finding import STAGE
from pipeline.notifications.listener import LISTENER, STALE, tell
from pipeline.notifications.models import FanOut, Notice

FOLLOWED_DAYS_AGO = 370
TOLD_DAYS = 45
READ_DAYS_AGO = 7
"""What is older than this was read."""

Act = Callable[[UnitOfWork], Any]

FOLLOWED: tuple[tuple[str, Act], ...] = (
    ("priya.raman", lambda work: actions.follow_council(work, slug="eastmere")),
    ("priya.raman", lambda work: actions.follow_theme(work, theme="housing")),
    ("priya.raman", lambda work: actions.follow_search(work, words="repairs", filters={})),
    ("daniel.osei", lambda work: actions.follow_council(work, slug="northborough")),
    ("daniel.osei", lambda work: actions.follow_search_of_everything(work, words="repairs", facets={"kind": "lesson"})),
    ("ruth.calloway", lambda work: actions.follow_search(work, words="", filters={"need_kind": "time"})),
)
"""Who follows what, besides the projects of their stories."""


def follow_things(now: datetime) -> None:
    """Have the made-up officers follow councils, themes and searches. Doing it again changes nothing."""
    known = {one.key: one for one in OFFICERS}
    for number, (key, act) in enumerate(FOLLOWED):
        officer = known[key]
        # One after the other: the log tells of nothing earlier than what stands before it.
        moment = now - timedelta(days=FOLLOWED_DAYS_AGO) + timedelta(minutes=number)
        with clock.at(moment), unit_of_work(OPERATOR) as work:
            officer_id = work.session.scalar(select(Officer.id).where(Officer.address == officer.address))
            council_id = work.session.scalar(select(Council.id).where(Council.slug == officer.council))
            work.actor = Actor(Channel.COMMAND, officer_id, council_id)
            work.actor = standing_now(work)
            act(work)


def tell_of_it(now: datetime) -> None:
    """Tell the made-up officers of what happened in the last weeks, each event at its own time, without mail; and have
    them read what is older. What happened in the last days the worker tells, by mail as well."""
    first, last = now - timedelta(days=TOLD_DAYS), now - STALE
    with housekeeping("notices") as session:
        query = select(LoggedEvent.sequence, LoggedEvent.occurred_at).where(
            LoggedEvent.occurred_at > first, LoggedEvent.occurred_at < last, LoggedEvent.name.in_(LISTENER.events)
        )
        events = session.execute(query.order_by(LoggedEvent.sequence)).all()
    for sequence, moment in events:
        with clock.at(moment):
            with housekeeping("notices") as session:
                tell(session, session.get_one(LoggedEvent, sequence), is_mailed=False)
            while tell_followers():
                pass
    with housekeeping("notices") as session:
        # The search index is written by the worker, later: what searches found weeks ago would be told as of today.
        session.execute(delete(FanOut).where(FanOut.stage == STAGE))
    with housekeeping("notice read") as session:
        old = Notice.made_at < now - timedelta(days=READ_DAYS_AGO)
        session.execute(update(Notice).where(old).values(read_at=now), execution_options={"synchronize_session": False})
