"""Reading which councils ask the leads to let them off what is left of a committed pledge."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.visibility import is_led_by
from pipeline.projects.models import Need, Project

MOST = 50


@dataclass(frozen=True, slots=True)
class ReleaseWaiting:
    """A council that asks to be let off a pledge, and waits for the leads."""

    pledge_id: UUID
    kind: str
    amount: int
    need_title: str
    thing: str
    project_title: str
    council_name: str
    is_trial: bool
    asked_at: datetime


def releases_waiting_for(reading: Reading) -> list[ReleaseWaiting]:
    """Who asks to be let off in the projects this officer leads, and has no answer yet, the longest first."""
    if reading.actor.council_id is None:
        return []
    query = (
        select(
            Pledge.id, Pledge.kind, Pledge.amount, Need.title, Need.thing, Project.title, Council.short_name,
            Project.is_trial, Pledge.release_asked_at,
        )
        .join(Need, Need.id == Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(
            Pledge.release_asked_at.is_not(None), Pledge.status == PledgeStatus.COMMITTED.value,
            or_(Pledge.release_refused_at.is_(None), Pledge.release_refused_at < Pledge.release_asked_at),
            is_led_by(reading.actor),
        )
        .order_by(Pledge.release_asked_at, Pledge.id)
        .limit(MOST)
    )  # fmt: skip
    rows = reading.session.execute(query)
    return [
        ReleaseWaiting(pledge_id, kind, amount, need, thing or "", project, council, is_trial, asked_at)
        for pledge_id, kind, amount, need, thing, project, council, is_trial, asked_at in rows
        if asked_at is not None
    ]
