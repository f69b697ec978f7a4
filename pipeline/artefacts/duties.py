"""What the worker does for shared documents when their dates come."""

import logging
from datetime import timedelta

from pipeline.artefacts.actions.reviewing import due_for_review, say_review_due
from pipeline.db.jobs import Duty
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import system

log = logging.getLogger(__name__)

REVIEWS = "reviews"


def remind_of_reviews() -> None:
    """Remind the leads of every document whose review date is past, each in work of its own."""
    with unit_of_work(system(REVIEWS)) as work:
        artefact_ids = due_for_review(work)
    for artefact_id in artefact_ids:
        try:
            with unit_of_work(system(REVIEWS)) as work:
                say_review_due(work, artefact_id=artefact_id)
        except Exception:
            log.exception("nobody could be reminded to review document %s; it is tried again next time", artefact_id)


DUTIES = (Duty("documents.reviews", timedelta(hours=1), remind_of_reviews),)
"""What `flask worker` runs for shared documents."""
