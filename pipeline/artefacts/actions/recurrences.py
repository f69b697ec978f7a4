"""Taking into the original what several councils changed alike in their copies."""

from pipeline.artefacts.actions.drafting import start_draft
from pipeline.artefacts.actions.keeping import text_kept
from pipeline.artefacts.models import Draft
from pipeline.artefacts.queries import recurrences, seeing
from pipeline.artefacts.recurring import with_change
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _


def draft_recurrence(work: UnitOfWork, *, slug: str, key: str) -> Draft:
    """Start a draft of the next version with a change that several councils made alike; the version names them.

    `key` names the change (`recurring.Recurring.key`). Raises NotFound, NotAllowed, Conflict (recurrence.gone, and
    those of starting a draft).
    """
    draft = start_draft(work, slug=slug)
    artefact, _project = seeing.artefact_seen_by(work, slug)
    change = recurrences.recurrence_kept(work, artefact.id, key)
    text = with_change(draft.text, change) if change is not None else None
    if change is None or text is None:
        words = Words(_("The document or the copies changed since. Look at what they have in common now."))
        raise Conflict("recurrence.gone", words, ("compare",))
    draft.text = text_kept(text)
    draft.credits = [{"council_id": str(council_id)} for council_id in change.council_ids]
    return draft
