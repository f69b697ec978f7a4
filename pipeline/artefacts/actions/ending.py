"""What a document says of itself besides its text; keeping it no longer, keeping it again, throwing a draft away."""

from uuid import UUID

from sqlalchemy import delete, select, update

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions.adapting import copy_discarded
from pipeline.artefacts.actions.keeping import touch
from pipeline.artefacts.actions.suggesting import document_ended
from pipeline.artefacts.events import (
    ArtefactChanged,
    ArtefactDraftDeleted,
    ArtefactEnded,
    ArtefactReopened,
)
from pipeline.artefacts.models import Artefact, Draft, Merge
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus, DocumentDetails
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import check_no_addresses, check_version
from pipeline.projects.models import Check

DETAILS = ("kind", "summary", "review_on")


def change_document(work: UnitOfWork, *, slug: str, version: int, details: DocumentDetails) -> Artefact:
    """Write the summary, kind and review date anew. `version` is that of the document the writer read.

    Raises NotFound, NotAllowed, RuleBroken (artefact.*, text.holds_address), Conflict (artefact.changed_meanwhile,
    artefact.has_points).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_change_document(work.actor, facts))
    check_version(artefact, version, "artefact")
    before = DocumentDetails(ArtefactKind(artefact.kind), artefact.summary, artefact.review_on)
    fields = tuple(name for name in DETAILS if getattr(before, name) != getattr(details, name))
    if not fields:
        return artefact
    # A date that has gone by and is left as it is hinders nobody from writing the rest.
    ahead = details if "review_on" in fields else DocumentDetails(details.kind, details.summary)
    rules.check_details(ahead, uk_date(work.now))
    _check_kind(artefact, details)
    if artefact.status != ArtefactStatus.DRAFT:
        check_no_addresses(work, {"summary": details.summary})
    _write(artefact, details, fields)
    artefact.edited()
    artefact.revision -= 1
    touch(work, artefact, project)
    told = {
        name: [_plain(getattr(before, name)), _plain(getattr(details, name))] for name in fields if name != "summary"
    }
    event = ArtefactChanged(artefact_id=artefact.id, project_id=project.id, fields=fields, changes=told)
    work.record(event, audience=facts.audience)
    return artefact


def _check_kind(artefact: Artefact, details: DocumentDetails) -> None:
    """The versions of a checklist have points, which councils answer: it stays one once it is published."""
    changes = (artefact.kind == ArtefactKind.CHECKLIST) != (details.kind is ArtefactKind.CHECKLIST)
    if changes and artefact.status != ArtefactStatus.DRAFT:
        words = Words(_("A checklist stays one once it is published, and another document does not become one."))
        raise Conflict("artefact.has_points", words, field="kind")


def _plain(value: object) -> object:
    return value.value if isinstance(value, ArtefactKind) else value


def _write(artefact: Artefact, details: DocumentDetails, fields: tuple[str, ...]) -> None:
    artefact.kind, artefact.summary = details.kind.value, details.summary
    if "review_on" in fields:
        artefact.review_on, artefact.review_nudges = details.review_on, 0


def end_document(work: UnitOfWork, *, slug: str) -> Artefact:
    """Keep a document no longer. Everything stays readable, and copies of it stand on their own.

    Raises NotFound, NotAllowed, Conflict (artefact.not_published, artefact.ended).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_end_document(work.actor, facts))
    if artefact.status == ArtefactStatus.DRAFT:
        words = Words(_("This document has no version yet. Delete it instead."))
        raise Conflict("artefact.not_published", words, ("delete",))
    if artefact.status == ArtefactStatus.ENDED:
        raise Conflict("artefact.ended", Words(_("This document is kept no longer already.")), ("reopen",))
    changes: dict[str, list[object]] = {"status": [artefact.status, ArtefactStatus.ENDED.value]}
    artefact.status, artefact.ended_at = ArtefactStatus.ENDED.value, work.now
    touch(work, artefact, project)
    document_ended(work, artefact)
    event = ArtefactEnded(artefact_id=artefact.id, project_id=project.id, changes=changes)
    work.record(event, audience=facts.audience)
    return artefact


def reopen_document(work: UnitOfWork, *, slug: str) -> Artefact:
    """Keep a document again. Raises NotFound, NotAllowed, Conflict (artefact.not_ended)."""
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_end_document(work.actor, facts))
    if artefact.status != ArtefactStatus.ENDED:
        raise Conflict("artefact.not_ended", Words(_("This document is still kept.")))
    changes: dict[str, list[object]] = {"status": [artefact.status, ArtefactStatus.PUBLISHED.value]}
    artefact.status, artefact.ended_at = ArtefactStatus.PUBLISHED.value, None
    touch(work, artefact, project)
    event = ArtefactReopened(artefact_id=artefact.id, project_id=project.id, changes=changes)
    work.record(event, audience=facts.audience)
    return artefact


def delete_document(work: UnitOfWork, *, slug: str) -> UUID:
    """Throw away a document that was never published, with its drafts. What is published is ended instead.

    Raises NotFound, NotAllowed, Conflict (artefact.published).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    work.require(policy.may_delete_document(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    if artefact.status != ArtefactStatus.DRAFT:
        words = Words(_("Only a document that was never published can be deleted. End it instead."))
        raise Conflict("artefact.published", words, ("end",))
    artefact_id = artefact.id
    forget_document(work, artefact)
    work.record(ArtefactDraftDeleted(artefact_id=artefact_id, project_id=project.id))
    return artefact_id


def forget_document(work: UnitOfWork, artefact: Artefact) -> None:
    """Delete a document without a version and everything in it. A council that prepared it as its copy does so no
    longer."""
    copy_discarded(work, artefact)
    drafts = select(Draft.id).where(Draft.artefact_id == artefact.id)
    for statement in (
        delete(Check).where(Check.subject_id.in_(drafts)),
        update(Merge).where(Merge.artefact_id == artefact.id).values(draft_id=None),
        delete(Merge).where(Merge.artefact_id == artefact.id),
        delete(Draft).where(Draft.artefact_id == artefact.id),
        delete(Artefact).where(Artefact.id == artefact.id),
    ):
        work.session.execute(statement, execution_options={"synchronize_session": False})
