"""Reading which committed pledges are asked whether they carry over to another lead council."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Project


def pledges_to_carry_over(reading: Reading) -> list[tuple[UUID, str, date]]:
    """The committed pledges of the viewer's council that are asked about, as (id, project's title, until when)."""
    actor = reading.actor
    if actor.council_id is None or not actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}:
        return []
    query = (
        select(Pledge.id, Project.title, Pledge.carry_over_due_on)
        .join(Project, Project.id == Pledge.project_id)
        .where(
            Pledge.council_id == actor.council_id, Pledge.status == PledgeStatus.COMMITTED,
            Pledge.carry_over_due_on.is_not(None),
        )
        .order_by(Pledge.carry_over_due_on, Pledge.id)
        .limit(50)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in reading.session.execute(query) if row[2] is not None]
