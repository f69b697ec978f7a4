"""The reports that need a coordinator, in one line, among what needs them."""

from collections.abc import Iterable

from sqlalchemy import func, select

from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.clock import uk_date
from pipeline.kernel.words import Words, _
from pipeline.moderation.models import Report
from pipeline.moderation.rules import ReportStatus
from pipeline.notifications.needs_me import ALSO, Act, Needed


def reports_waiting(reading: Reading) -> Iterable[Needed]:
    """How many reports wait, since the oldest of them."""
    if not reading.actor.has(Role.COORDINATOR):
        return
    query = select(func.count(Report.id), func.min(Report.reported_at)).where(
        Report.status == ReportStatus.WAITING.value
    )
    number, since = reading.session.execute(query).one()
    if number:
        words = Words(_("{n} report waits"), _("{n} reports wait"), n=number)
        yield Needed(Act.DECIDE, words, "", "/coordination/reports", uk_date(since))


ALSO.append(reports_waiting)
