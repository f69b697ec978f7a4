"""A council's own signposts pass to the one council that follows it."""

from uuid import UUID

from sqlalchemy import update

from pipeline.councils.succession import BELONGINGS
from pipeline.db.work import UnitOfWork
from pipeline.signposts.models import Signpost


def signposts_follow(work: UnitOfWork, from_id: UUID, to_id: UUID, officer_id: UUID | None) -> None:
    """Let what a council put up for itself stand for its successor. They are sums of its constitution and no officer's:
    where several councils follow, each puts up its own."""
    if officer_id is None:
        own = update(Signpost).where(Signpost.council_id == from_id, Signpost.ended_at.is_(None))
        follow = own.values(council_id=to_id, revision=Signpost.revision + 1)
        work.session.execute(follow, execution_options={"synchronize_session": False})


BELONGINGS.append(signposts_follow)
