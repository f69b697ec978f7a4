"""The use of a document passes to the council that follows the one which recorded it."""

from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.actions.adopting import audience_of, finish, note_move, standing_adoption
from pipeline.artefacts.models import Adoption, ChecklistAnswers
from pipeline.artefacts.queries import seeing
from pipeline.db.work import UnitOfWork
from pipeline.kernel.event import Audience


def succeed_adoption(work: UnitOfWork, adoption: Adoption, council_id: UUID) -> tuple[UUID, Audience]:
    """Let a successor use what its predecessor used, with its answers to the checklist; where it uses or keeps the
    document already, the predecessor's use ends. Returns the document's project and who may read of it. The caller has
    asked, locked the adoption, and records what passed."""
    artefact, project = seeing.artefact_by_id(work, adoption.artefact_id, lock=True)
    audience = audience_of(adoption, seeing.artefact_facts_of(work, artefact, project).audience)
    if artefact.council_id == council_id or standing_adoption(work, artefact.id, council_id) is not None:
        finish(work, adoption, artefact, "", audience)
        return project.id, audience
    old_id, adoption.council_id, adoption.updated_at = adoption.council_id, council_id, work.now
    adoption.edited()
    note_move(work, adoption, adoption.version_id)
    artefact.revision += 1
    answers = {
        row.council_id: row
        for row in work.session.scalars(
            select(ChecklistAnswers).where(
                ChecklistAnswers.artefact_id == artefact.id, ChecklistAnswers.council_id.in_((old_id, council_id))
            )
        )
    }
    if old_id in answers and council_id not in answers:
        answers[old_id].council_id = council_id
    return project.id, audience
