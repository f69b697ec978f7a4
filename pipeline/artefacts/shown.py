"""What a document shows of others (its council's name), and what becomes of documents with their project.

The layers below know nothing of documents: they call who has signed up here, in the same transaction.
"""

from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pipeline.artefacts.actions.ending import forget_document
from pipeline.artefacts.models import (
    Adoption,
    AdoptionMove,
    Artefact,
    ChecklistAnswers,
    Draft,
    KeptComparison,
    Merge,
    Suggestion,
    Version,
)
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.councils.actions import SHOWN_ELSEWHERE as COUNCIL_SHOWN_ELSEWHERE
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.drafting import FORGOTTEN_WITH_PROJECT
from pipeline.projects.models import Check, Project

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def council_shown_otherwise(session: Session, council_id: UUID) -> None:
    """Raise the revision of the documents a council keeps."""
    kept = update(Artefact).where(Artefact.council_id == council_id).values(revision=Artefact.revision + 1)
    session.execute(kept, execution_options=WITHOUT_SYNCHRONISING)


def forget_documents_of(work: UnitOfWork, project: Project) -> None:
    """Delete the documents of a project that is deleted.

    Raises Conflict (project.has_documents) where the public has read one: its address stays for good.
    """
    own = work.session.scalars(select(Artefact).where(Artefact.project_id == project.id)).all()
    shared = [artefact for artefact in own if artefact.status != ArtefactStatus.DRAFT]
    if project.keeps_documents or (shared and not project.is_trial):
        words = Words(_("The project has shared documents that others may use, so it stays."))
        raise Conflict("project.has_documents", words)
    for artefact in own:
        if artefact in shared:
            _forget_shared(work, artefact.id)
        else:
            forget_document(work, artefact)


def _forget_shared(work: UnitOfWork, artefact_id: UUID) -> None:
    """Everything in a document of a trial project, where nothing counts, in the order its tables allow."""
    drafts = select(Draft.id).where(Draft.artefact_id == artefact_id)
    versions = select(Version.id).where(Version.artefact_id == artefact_id)
    adoptions = select(Adoption.id).where(or_(Adoption.artefact_id == artefact_id, Adoption.copy_id == artefact_id))
    compared = or_(KeptComparison.from_id.in_(versions), KeptComparison.to_id.in_(versions))
    unlinked = {"upstream_id": None, "base_id": None, "pair_id": None}
    for statement in (
        update(Artefact).where(Artefact.id == artefact_id).values(**unlinked),
        update(Artefact).where(Artefact.pair_id == artefact_id).values(pair_id=None),
        delete(Check).where(Check.subject_id.in_(drafts)),
        delete(KeptComparison).where(compared),
        delete(ChecklistAnswers).where(ChecklistAnswers.artefact_id == artefact_id),
        delete(Merge).where(Merge.artefact_id == artefact_id),
        delete(Suggestion).where(or_(Suggestion.artefact_id == artefact_id, Suggestion.copy_id == artefact_id)),
        delete(AdoptionMove).where(AdoptionMove.adoption_id.in_(adoptions)),
        delete(Adoption).where(Adoption.id.in_(adoptions)),
        delete(Draft).where(Draft.artefact_id == artefact_id),
        update(Version).where(Version.matches_id.in_(versions)).values(matches_id=None),
        delete(Version).where(Version.artefact_id == artefact_id),
        delete(Artefact).where(Artefact.id == artefact_id),
    ):
        work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


COUNCIL_SHOWN_ELSEWHERE.append(council_shown_otherwise)
FORGOTTEN_WITH_PROJECT.append(forget_documents_of)
