"""Asking a colleague to check the draft of a version before it is published."""

from uuid import UUID

from pipeline.artefacts import policy
from pipeline.artefacts.actions.drafting import check_open
from pipeline.artefacts.queries import seeing
from pipeline.db.work import UnitOfWork
from pipeline.projects.actions.checking import keep_check
from pipeline.projects.models import Check

DRAFT = "draft"


def ask_for_check_of_draft(work: UnitOfWork, *, draft_id: UUID, officer_id: UUID) -> Check:
    """Ask a colleague of one's council, or of the team, to check a draft. They may read it until they have answered.

    Raises NotFound, NotAllowed, Conflict (draft.not_open, check.already_asked, check.yourself).
    """
    draft, artefact, project = seeing.draft_seen_by(work, draft_id, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_write_draft(work.actor, facts))
    check_open(draft)
    return keep_check(work, project, facts.project, about_type=DRAFT, about_id=draft.id, officer_id=officer_id)
