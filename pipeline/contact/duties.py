"""What comes round with time: that somebody wrote to somebody is forgotten after 90 days."""

from datetime import timedelta

from sqlalchemy import delete

from pipeline.contact.models import ContactMessage
from pipeline.db.jobs import Duty
from pipeline.db.work import housekeeping
from pipeline.kernel import clock

KEPT_FOR = timedelta(days=90)
"""How long a message can be answered."""


def forget_old_messages() -> None:
    """Delete what says that a message was sent, once it is too old to be answered."""
    with housekeeping("contact") as session:
        late = delete(ContactMessage).where(ContactMessage.sent_at < clock.now() - KEPT_FOR)
        session.execute(late, execution_options={"synchronize_session": False})


DUTIES = [Duty("contact: forget old messages", timedelta(hours=6), forget_old_messages)]
