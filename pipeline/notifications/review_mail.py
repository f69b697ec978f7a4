"""Reminding the leads of a document that it was to be reviewed: who is told, and what the mail says."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact
from pipeline.artefacts.queries.seeing import artefact_by_id
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications import queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.messages import Letter
from pipeline.notifications.project_queries import leads
from pipeline.projects.models import Project

KIND = "artefact.review_due"


def review_due(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The leads of the document's project; where nobody leads it, or it is *Documents of (council)*, the admins."""
    artefact = session.get(Artefact, event.subject_id)
    if artefact is None:
        return
    told = leads(session, artefact.project_id)
    if session.get_one(Project, artefact.project_id).keeps_documents or not told:
        known = {one.officer_id for one in told}
        told += [one for one in queries.admins_of(session, artefact.council_id) if one.officer_id not in known]
    for recipient in told:
        yield Telling(KIND, recipient, {"artefact_id": str(artefact.id), "nudge": event.payload["nudge"]})


def _letter(reading: Reading, payload: dict[str, Any]) -> Letter | None:
    """The mail; None where the document was reviewed, or ended, meanwhile. Raises NotFound."""
    artefact, _project = artefact_by_id(reading, UUID(payload["artefact_id"]))
    is_due = artefact.review_on is not None and artefact.review_on <= uk_date(reading.now)
    if not is_due or artefact.status != ArtefactStatus.PUBLISHED or artefact.review_on is None:
        return None
    return to_review(artefact.title, f"/documents/{artefact.slug}", artefact.review_on)


def to_review(document: str, path: str, review_on: date) -> Letter:
    """For who keeps a document: its review date has come."""
    return Letter(
        Words(_("Time to look at it again: {document}"), document=document),
        (
            Words(
                _("“{document}” was to be reviewed by {day}. Its page says so to everybody who reads it."),
                document=document, day=day_words(review_on),
            ),
            Words(_("Read it through. Publish a new version if something has changed, and give it a new review date.")),
        ),
        Words(_("Open the document")),
        path,
        Words(_("You get this because you lead the project that keeps this document, or look after your council.")),
    )  # fmt: skip


TOLD_BY = {"artefact.review_due": review_due}
"""Who is told."""

WRITERS = {KIND: _letter}
"""How the mail is written."""
