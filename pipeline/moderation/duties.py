"""What comes round with time: what was reported, and by whom, is forgotten a year after somebody looked at it."""

from datetime import timedelta

from sqlalchemy import delete

from pipeline.db.jobs import Duty
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.moderation.models import Report

KEPT_FOR = timedelta(days=365)
"""How long a report is kept once it is settled. The privacy notice says the same."""


def forget_old_reports() -> None:
    """Delete the reports that are past their period; one that still waits is past none."""
    with housekeeping("reports") as session:
        old = delete(Report).where(Report.settled_at < clock.now() - KEPT_FOR)
        session.execute(old, execution_options={"synchronize_session": False})


DUTIES = (Duty("moderation: forget old reports", timedelta(days=1), forget_old_reports),)
"""What `flask worker` runs to keep to it."""
