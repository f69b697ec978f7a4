"""Reports and hidings, for coordinators; and why something is hidden, for who may see that it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.rules import Reported, ReportStatus

REPORT_ORDERS = {
    "reported_at": Order(Report.reported_at, Report.id),
    "-reported_at": Order(Report.reported_at, Report.id, is_descending=True),
}
HIDING_ORDERS = {
    "-hidden_at": Order(Hiding.hidden_at, Hiding.id, is_descending=True),
    "hidden_at": Order(Hiding.hidden_at, Hiding.id),
}
"""What the two lists can be ordered by; a minus is for the latest first."""


def _check_coordinator(reading: Reading, noun: str) -> None:
    if not reading.actor.has(Role.COORDINATOR):
        raise NotFound(noun)


def report_seen_by(reading: Reading, report_id: UUID, *, lock: bool = False) -> Report:
    """A report, for coordinators. Raises NotFound."""
    _check_coordinator(reading, "report")
    query = select(Report).where(Report.id == report_id)
    report = reading.session.scalars(query.with_for_update() if lock else query).first()
    if report is None:
        raise NotFound("report")
    return report


def reports_listed(
    reading: Reading, status: ReportStatus | None, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of reports, for coordinators. Raises NotFound for anybody else."""
    _check_coordinator(reading, "report")
    columns: tuple[Any, ...] = (Report, Report.id, Report.reported_at)
    query = select(*columns)
    if status is not None:
        query = query.where(Report.status == status.value)
    return read_page(reading.session, query, order, place, limit)


def number_of_reports(reading: Reading, status: ReportStatus | None) -> int:
    """How many reports there are."""
    query = select(func.count(Report.id))
    if status is not None:
        query = query.where(Report.status == status.value)
    return reading.session.scalar(query) or 0


def waiting_about(reading: Reading, kind: Reported, about_id: UUID) -> Sequence[Report]:
    """The reports about one thing that nobody has looked at yet, the oldest first."""
    query = select(Report).where(
        Report.about_type == kind.value, Report.about_id == about_id, Report.status == ReportStatus.WAITING.value
    )
    return reading.session.scalars(query.order_by(Report.id)).all()


def was_reported(reading: Reading, kind: Reported, about_id: UUID) -> bool:
    """Whether anybody ever reported a thing."""
    query = select(Report.id).where(Report.about_type == kind.value, Report.about_id == about_id)
    return reading.session.execute(query.limit(1)).first() is not None


def has_reported(reading: Reading, kind: Reported, about_id: UUID) -> bool:
    """Whether whoever asks has reported this already, and nobody has looked at it yet."""
    officer_id = reading.actor.officer_id
    return officer_id is not None and any(
        one.officer_id == officer_id for one in waiting_about(reading, kind, about_id)
    )


def reported_within_a_day(reading: Reading) -> int:
    """How many things whoever asks reported in the last 24 hours."""
    since: datetime = reading.now - timedelta(days=1)
    own = (Report.officer_id == reading.actor.officer_id, Report.reported_at > since)
    return reading.session.scalar(select(func.count(Report.id)).where(*own)) or 0


def hiding_seen_by(reading: Reading, hiding_id: UUID) -> Hiding:
    """A hiding, for coordinators. Raises NotFound."""
    _check_coordinator(reading, "hiding")
    hiding = reading.session.get(Hiding, hiding_id)
    if hiding is None:
        raise NotFound("hiding")
    return hiding


def hidings_listed(
    reading: Reading, *, is_standing: bool | None, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of what was hidden, for coordinators. Raises NotFound for anybody else."""
    _check_coordinator(reading, "hiding")
    columns: tuple[Any, ...] = (Hiding, Hiding.id, Hiding.hidden_at)
    return read_page(reading.session, select(*columns).where(*_standing(is_standing)), order, place, limit)


def number_of_hidings(reading: Reading, *, is_standing: bool | None) -> int:
    """How many hidings there are."""
    return reading.session.scalar(select(func.count(Hiding.id)).where(*_standing(is_standing))) or 0


def _standing(is_standing: bool | None) -> list[Any]:
    if is_standing is None:
        return []
    return [Hiding.restored_at.is_(None) if is_standing else Hiding.restored_at.is_not(None)]


def standing_hiding(reading: Reading, kind: Reported, about_id: UUID) -> Hiding | None:
    """Why and when something was hidden that the viewer has been found to see; None where it is not."""
    query = select(Hiding).where(
        Hiding.about_type == kind.value, Hiding.about_id == about_id, Hiding.restored_at.is_(None)
    )
    return reading.session.scalars(query).first()
