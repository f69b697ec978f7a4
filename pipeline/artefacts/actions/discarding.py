"""Throwing the draft of a version away."""

from uuid import UUID

from sqlalchemy import delete

from pipeline.artefacts.actions.drafting import open_draft
from pipeline.artefacts.actions.keeping import open_drafts_of
from pipeline.artefacts.actions.suggesting import draft_discarded
from pipeline.artefacts.events import DraftDiscarded
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.rules import ArtefactStatus, DraftStatus
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Check


def discard_draft(work: UnitOfWork, *, draft_id: UUID) -> Artefact:
    """Throw a draft away. The only draft of a document without a version goes with the document.

    Raises NotFound, NotAllowed, Conflict (draft.not_open, draft.only_one).
    """
    draft, artefact, project = open_draft(work, draft_id=draft_id)
    if artefact.status == ArtefactStatus.DRAFT and open_drafts_of(work, artefact.id) == 1:
        words = Words(_("This is all there is of the document. Delete the document instead."))
        raise Conflict("draft.only_one", words, ("delete",))
    draft.status, draft.text, draft.updated_at = DraftStatus.DISCARDED.value, "", work.now
    draft.edited()
    work.session.execute(delete(Check).where(Check.subject_id == draft.id))
    draft_discarded(work, draft)
    work.record(DraftDiscarded(draft_id=draft.id, artefact_id=artefact.id, project_id=project.id))
    return artefact
