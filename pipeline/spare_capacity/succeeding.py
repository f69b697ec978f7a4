"""What a council lists as spare passes to the council that follows it."""

from uuid import UUID

from sqlalchemy import update

from pipeline.councils.succession import BELONGINGS
from pipeline.db.work import UnitOfWork
from pipeline.spare_capacity.models import SpareCapacity


def spare_capacity_follows(work: UnitOfWork, from_id: UUID, to_id: UUID, officer_id: UUID | None) -> None:
    """Let what a council lists, or one officer listed for it, be listed by its successor."""
    listed = update(SpareCapacity).where(SpareCapacity.council_id == from_id, SpareCapacity.ended_at.is_(None))
    if officer_id is not None:
        listed = listed.where(SpareCapacity.officer_id == officer_id)
    follows = listed.values(council_id=to_id, revision=SpareCapacity.revision + 1)
    work.session.execute(follows, execution_options={"synchronize_session": False})


BELONGINGS.append(spare_capacity_follows)
