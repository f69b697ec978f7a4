"""Telling the leads of other work how a council says that its own differs: at once, or when that is published."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.notifications import interest_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.messages import Letter
from pipeline.similarity.models import Difference
from pipeline.similarity.queries import difference_seen_by, other_of
from pipeline.similarity.rules import DifferenceStatus

KIND = "difference.said"


def said(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A team said how its work differs from another's. Of a draft nobody else is told yet."""
    if event.audience == Audience.PUBLIC:
        difference = session.get(Difference, event.subject_id)
        if difference is not None:
            yield from _to_leads(session, difference)


def published(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Something was published of which its team had said how it differs from others."""
    about = select(Difference).where(
        Difference.about_id == event.subject_id, Difference.status == DifferenceStatus.STANDING.value
    )
    for difference in session.scalars(about.order_by(Difference.said_at, Difference.id)):
        yield from _to_leads(session, difference)


def _to_leads(session: Session, difference: Difference) -> Iterable[Telling]:
    if difference.other_project_id == difference.project_id:
        return
    payload = {"difference_id": str(difference.id)}
    for recipient in interest_queries.leads_of_project(session, difference.other_project_id):
        yield Telling(KIND, recipient, payload, once=f"{KIND} {difference.id}")


def _letter(reading: Reading, payload: dict[str, Any]) -> Letter | None:
    """The mail; None where it was taken back. Raises NotFound for who may not know of it."""
    difference, ours = difference_seen_by(reading, UUID(payload["difference_id"]))
    if difference.status != DifferenceStatus.STANDING:
        return None
    council = queries.council_named(reading.session, difference.council_id)
    titles = ours.title, other_of(reading, difference).title
    return how_theirs_differs(council, *titles, difference.reason, f"/differences/{difference.id}")


def how_theirs_differs(council: str, theirs: str, ours: str, reason: str, path: str) -> Letter:
    """For the leads of `ours`: a council says how its own work, `theirs`, differs."""
    return Letter(
        Words(_("How the work of {council} differs from yours: {title}"), council=council, title=ours),
        (
            Words(_("{council} says how “{theirs}” differs from “{ours}”."), council=council, theirs=theirs, ours=ours),
            Words(_("They write: “{message}”"), message=reason),
        ),
        Words(_("Read it")),
        path,
        Words(_("You get this because you lead the project it differs from, or what is written in it.")),
    )  # fmt: skip


TOLD_BY = {KIND: said, "project.published": published, "lesson.published": published, "artefact.published": published}
"""Who is told of each event."""
WRITERS: dict[str, Callable[[Reading, dict[str, Any]], Letter | None]] = {KIND: _letter}
"""How each of these kinds of message is written."""
