"""A council's webhooks pass to the council that follows it, and what listens to a council listens to that one."""

from uuid import UUID

from sqlalchemy import update

from pipeline.councils.succession import BELONGINGS
from pipeline.db.work import UnitOfWork
from pipeline.webhooks.models import Webhook

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def webhooks_follow(work: UnitOfWork, from_id: UUID, to_id: UUID, officer_id: UUID | None) -> None:
    """Let a council's webhooks, or one officer's, be those of its successor. Secrets and addresses stay."""
    own = update(Webhook).where(Webhook.council_id == from_id)
    if officer_id is not None:
        own = own.where(Webhook.officer_id == officer_id)
    else:
        listening = update(Webhook).where(Webhook.only_council_id == from_id)
        _run(work, listening.values(only_council_id=to_id, revision=Webhook.revision + 1))
    _run(work, own.values(council_id=to_id, revision=Webhook.revision + 1))


def _run(work: UnitOfWork, statement: object) -> None:
    work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)  # type: ignore[call-overload]


BELONGINGS.append(webhooks_follow)
