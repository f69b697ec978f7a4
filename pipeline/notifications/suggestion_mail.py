"""How the mails about suggested changes are written when they leave, from what their reader may see then."""

from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import Artefact, Suggestion
from pipeline.artefacts.rules import SuggestionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.notifications import suggestion_messages
from pipeline.notifications.interest_mail import Payload, Writer
from pipeline.notifications.messages import Letter
from pipeline.notifications.suggestion_messages import SuggestionTold
from pipeline.projects.models import Project

STATUS_OF = {
    "suggestion.accepted": SuggestionStatus.ACCEPTED,
    "suggestion.declined": SuggestionStatus.DECLINED,
    "suggestion.published": SuggestionStatus.PUBLISHED,
    "suggestion.overtaken": SuggestionStatus.OVERTAKEN,
}


def suggestion_told(reading: Reading, suggestion_id: UUID) -> SuggestionTold:
    """What a mail says of a suggestion, if its reader may know of the document now. Raises NotFound."""
    row = reading.session.execute(
        select(Artefact.title, Council.short_name, Artefact.slug, Artefact.id, Suggestion.status)
        .join(Artefact, Artefact.id == Suggestion.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Suggestion.council_id)
        .where(Suggestion.id == suggestion_id, artefacts_visible_to(reading.actor), Suggestion.is_hidden.is_(False))
    ).first()
    if row is None:
        raise NotFound("suggestion")
    path = f"/documents/{row.slug or row.id}/suggestions/{suggestion_id}"
    return SuggestionTold(row.title, row.short_name, path, SuggestionStatus(row.status))


def _made(reading: Reading, payload: Payload) -> Letter | None:
    told = suggestion_told(reading, UUID(payload["suggestion_id"]))
    return suggestion_messages.suggestion_made(told) if told.status is SuggestionStatus.MADE else None


def _answered(reading: Reading, payload: Payload) -> Letter | None:
    """Where it stands now; nothing where a later step has its own mail."""
    told = suggestion_told(reading, UUID(payload["suggestion_id"]))
    return suggestion_messages.suggestion_answered(told) if told.status is STATUS_OF[payload["event"]] else None


WRITERS: dict[str, Writer] = {"suggestion.made": _made, "suggestion.answered": _answered}
"""How each of these kinds of message is written."""
