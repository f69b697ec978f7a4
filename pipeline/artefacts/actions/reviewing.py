"""Saying that the review date of a document is past: at the date, and 30 and 60 days later."""

from uuid import UUID

from sqlalchemy import or_, select

from pipeline.artefacts import policy
from pipeline.artefacts.events import ArtefactReviewDue
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.reviews import DAYS_AFTER, latest_review_on, nudges_due
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date


def say_review_due(work: UnitOfWork, *, artefact_id: UUID) -> None:
    """Remind the leads of a document that it was to be reviewed; only the clock does. Whoever stopped the worker for
    long is reminded once, not three times.

    Raises NotFound, NotAllowed. One that is not due, or was ended meanwhile, is left alone.
    """
    artefact, project = seeing.artefact_by_id(work, artefact_id, lock=True)
    work.require(policy.may_keep_review_dates(work.actor))
    if artefact.review_on is None or artefact.status != ArtefactStatus.PUBLISHED:
        return
    due = nudges_due(artefact.review_on, uk_date(work.now))
    if due <= artefact.review_nudges:
        return
    artefact.review_nudges = due
    event = ArtefactReviewDue(
        artefact_id=artefact.id, project_id=project.id, review_on=artefact.review_on, nudge=due
    )  # fmt: skip
    work.record(event, council_id=artefact.council_id)


def due_for_review(work: UnitOfWork, most: int = 200) -> list[UUID]:
    """The documents whose leads have a reminder coming, the longest due first."""
    today = uk_date(work.now)
    comes = or_(
        *(
            (Artefact.review_nudges == number) & (Artefact.review_on <= latest_review_on(number, today))
            for number in range(len(DAYS_AFTER))
        )
    )
    query = select(Artefact.id).where(Artefact.status == ArtefactStatus.PUBLISHED.value, comes)
    return list(work.session.scalars(query.order_by(Artefact.review_on, Artefact.id).limit(most)))
