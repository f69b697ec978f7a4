"""How long notices are kept, and that they go with the account they are for."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pipeline.db.jobs import Duty
from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.notifications.models import MailPreference, Mute, Notice
from pipeline.projects.models import Follow
from pipeline.projects.taking_part import Followed

KEPT_FOR = timedelta(days=365)
"""How long a notice is kept. The privacy notice says the same."""

FORGETTING = frozenset({"officer.erased"})


def forget(session: Session, event: LoggedEvent) -> None:
    """An account was erased: its notices, what its officer chose about them, and what they follow that nobody counts go
    too."""
    for table in (Notice, MailPreference, Mute):
        session.execute(delete(table).where(table.officer_id == event.subject_id))
    uncounted = (Followed.COUNCIL, Followed.THEME, Followed.DOCUMENT, Followed.SEARCH)
    session.execute(delete(Follow).where(Follow.officer_id == event.subject_id, Follow.subject_type.in_(uncounted)))


def keep_to_period() -> None:
    """Delete the notices that are past their period."""
    with housekeeping("notices") as session:
        old = Notice.made_at < clock.now() - KEPT_FOR
        session.execute(delete(Notice).where(old), execution_options={"synchronize_session": False})


DUTIES = (Duty("notices.period", timedelta(days=1), keep_to_period),)
"""What `flask worker` runs to keep to it."""
