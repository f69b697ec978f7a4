"""Beginning a document, and writing and filling the drafts of its versions."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions.keeping import (
    check_kept,
    check_known_licence,
    open_drafts_of,
    text_kept,
    written_in,
)
from pipeline.artefacts.events import ArtefactDrafted, DraftChanged, DraftStarted, DraftTaken
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import (
    MOST_DRAFTS,
    ArtefactStatus,
    DocumentDetails,
    DraftStatus,
    DraftText,
    VersionStatus,
)
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.documents.models import Upload
from pipeline.documents.uploads import TakenIn
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import queries as project_queries
from pipeline.projects.actions.documents_home import documents_home
from pipeline.projects.actions.keeping import acting, check_version
from pipeline.projects.models import Project

WRITTEN = ("title", "text", "licence", "change_note", "is_major")


@dataclass(frozen=True, slots=True)
class Begun:
    """A document somebody began, its first draft, and the project that keeps it."""

    artefact: Artefact
    draft: Draft
    project: Project


def begin_document(
    work: UnitOfWork,
    *,
    details: DocumentDetails,
    draft: DraftText,
    language: str = "en",
    project_slug: str | None = None,
    upload_id: UUID | None = None,
) -> Begun:
    """Begin a document with its first draft, in a project of the officer's team; with no project named, in
    *Documents of (council)*, made on first use. With `upload_id` the text of that file takes the place of the draft's.

    Only the team sees it until a lead publishes its first version. Raises NotFound (project, upload), NotAllowed,
    RuleBroken (artefact.*, draft.*), Conflict (artefact.project_ended, upload.not_ready).
    """
    work.require(policy.may_begin_document(work.actor))
    rules.check_details(details, uk_date(work.now))
    rules.check_language(language)
    upload = _upload_of(work, upload_id) if upload_id is not None else None
    draft = _with_text(draft, (upload.text or "") if upload else draft.text)
    rules.check_draft(draft)
    check_known_licence(work, draft.licence)
    project = documents_home(work) if project_slug is None else project_queries.project_seen_by(work, project_slug)
    artefact = _new_artefact(work, project, details, draft, language)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_write_draft(work.actor, facts))
    _insert(work, artefact)
    first = new_draft(work, artefact, draft)
    if upload is not None:
        _keep_original(first, upload)
    work.record(ArtefactDrafted(artefact_id=artefact.id, project_id=project.id, kind=artefact.kind))
    return Begun(artefact, first, project)


def _with_text(draft: DraftText, text: str) -> DraftText:
    return DraftText(draft.title, text_kept(text), draft.licence, draft.change_note, draft.is_major)


def _new_artefact(
    work: UnitOfWork, project: Project, details: DocumentDetails, draft: DraftText, language: str
) -> Artefact:
    """A document kept by the lead council of its project, not yet in the database."""
    council = work.session.get_one(Council, project.council_id)
    artefact_id = new_id()
    return Artefact(
        id=artefact_id, root_id=artefact_id, project_id=project.id, council_id=project.council_id,
        kind=details.kind.value, title=draft.title, summary=details.summary, review_on=details.review_on,
        language=language, licence=draft.licence, status=ArtefactStatus.DRAFT.value, is_public=False,
        is_made_up=council.is_made_up, created_at=work.now, updated_at=work.now,
    )  # fmt: skip


def _insert(work: UnitOfWork, artefact: Artefact) -> None:
    work.add(artefact)
    work.session.flush()


def new_draft(
    work: UnitOfWork,
    artefact: Artefact,
    text: DraftText,
    *,
    started_from_id: UUID | None = None,
    took_in_id: UUID | None = None,
    restored_from_id: UUID | None = None,
) -> Draft:
    """Add a draft to a document, by the officer who acts. Whoever calls has asked, checked and records."""
    officer_id, council_id = acting(work)
    draft = work.add(
        Draft(
            id=new_id(), artefact_id=artefact.id, started_from_id=started_from_id, took_in_id=took_in_id,
            restored_from_id=restored_from_id, title=text.title, text=text.text, licence=text.licence,
            change_note=text.change_note, is_major=text.is_major, credits=[], status=DraftStatus.OPEN.value,
            officer_id=officer_id, council_id=council_id, saved_by=officer_id, created_at=work.now,
            updated_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    return draft


def start_draft(work: UnitOfWork, *, slug: str, restore: int | None = None) -> Draft:
    """Start a new version from the current one. `restore` is the number of an earlier version whose text comes back.

    Raises NotFound, NotAllowed, Conflict (artefact.ended, draft.too_many, version.removed).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    work.require(policy.may_write_draft(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    check_kept(artefact)
    check_room_for_draft(work, artefact)
    current = _to_start_from(work, artefact)
    restored = seeing.version_of(work, artefact, restore) if restore is not None else None
    if restored is not None and restored.status == VersionStatus.REMOVED:
        raise Conflict("version.removed", Words(_("The text of this version was removed for good.")))
    shown = restored or current
    text = DraftText(
        title=shown.title if shown else artefact.title, text=shown.text if shown else "",
        licence=current.licence if current else artefact.licence,
    )  # fmt: skip
    draft = new_draft(
        work, artefact, text, started_from_id=current.id if current else None,
        restored_from_id=restored.id if restored else None,
    )  # fmt: skip
    event = DraftStarted(
        draft_id=draft.id, artefact_id=artefact.id, project_id=project.id, started_from_id=draft.started_from_id,
        restored_from_id=draft.restored_from_id,
    )  # fmt: skip
    work.record(event)
    return draft


def check_room_for_draft(work: UnitOfWork, artefact: Artefact) -> None:
    """A document has only so many open drafts. Raises Conflict (draft.too_many)."""
    if open_drafts_of(work, artefact.id) >= MOST_DRAFTS:
        words = Words(_("{n} drafts are open already. Publish or discard one first."), n=MOST_DRAFTS)
        raise Conflict("draft.too_many", words, ("discard",))


def _to_start_from(work: UnitOfWork, artefact: Artefact) -> Version | None:
    """The current version; where all are withdrawn, the latest that still has its text."""
    current = seeing.current_version_of(work, artefact)
    if current is not None:
        return current
    query = select(Version).where(Version.artefact_id == artefact.id, Version.status != VersionStatus.REMOVED.value)
    return work.session.scalars(query.order_by(Version.number.desc()).limit(1)).first()


def save_draft(work: UnitOfWork, *, draft_id: UUID, version: int, text: DraftText) -> Draft:
    """Write a draft anew. `version` is the one the writer read: what somebody else saved since is not written over.

    Raises NotFound, NotAllowed, RuleBroken (draft.*), Conflict (draft.not_open, draft.changed_meanwhile).
    """
    draft, artefact, project = open_draft(work, draft_id=draft_id)
    check_version(draft, version, "draft")
    text = _with_text(text, text.text)
    rules.check_draft(text)
    check_known_licence(work, text.licence)
    before = written_in(draft)
    fields = tuple(name for name in WRITTEN if getattr(before, name) != getattr(text, name))
    if not fields:
        return draft
    draft.title, draft.text, draft.licence = text.title, text.text, text.licence
    draft.change_note, draft.is_major = text.change_note, text.is_major
    _saved(work, draft, artefact)
    work.record(DraftChanged(draft_id=draft.id, artefact_id=artefact.id, project_id=project.id, fields=fields))
    return draft


def take_upload_into_draft(work: UnitOfWork, *, draft_id: UUID, version: int, upload_id: UUID) -> Draft:
    """Let the text of a file take the place of what a draft says. The file itself is kept, for the team.

    Raises NotFound, NotAllowed, RuleBroken (draft.*), Conflict (draft.not_open, draft.changed_meanwhile,
    upload.not_ready).
    """
    draft, artefact, project = open_draft(work, draft_id=draft_id)
    check_version(draft, version, "draft")
    upload = _upload_of(work, upload_id)
    text = _with_text(written_in(draft), upload.text or "")
    rules.check_draft(text)
    draft.text = text.text
    _keep_original(draft, upload)
    _saved(work, draft, artefact)
    event = DraftTaken(draft_id=draft.id, artefact_id=artefact.id, project_id=project.id, upload_id=upload.id)
    work.record(event)
    return draft


def open_draft(work: UnitOfWork, *, draft_id: UUID) -> tuple[Draft, Artefact, Project]:
    """A draft to write in, locked. Raises NotFound, NotAllowed, Conflict (draft.not_open)."""
    draft, artefact, project = seeing.draft_seen_by(work, draft_id, lock=True)
    work.require(policy.may_write_draft(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    check_open(draft)
    return draft, artefact, project


def check_open(draft: Draft) -> None:
    """A draft that was published or discarded stays as it is. Raises Conflict (draft.not_open)."""
    if draft.status == DraftStatus.PUBLISHED:
        words = Words(_("This draft is published. Start a new version from it, so that nothing of yours is lost."))
        raise Conflict("draft.not_open", words, ("start",))
    if draft.status != DraftStatus.OPEN:
        raise Conflict("draft.not_open", Words(_("Somebody discarded this draft. Start a new version.")), ("start",))


def _saved(work: UnitOfWork, draft: Draft, artefact: Artefact) -> None:
    """Note who saved a draft; a document without a version is called what its first draft is called."""
    draft.edited()
    draft.saved_by, draft.updated_at = acting(work)[0], work.now
    if artefact.status != ArtefactStatus.DRAFT:
        return
    query = select(Draft.id).where(Draft.artefact_id == artefact.id, Draft.status == DraftStatus.OPEN.value)
    if work.session.scalar(query.order_by(Draft.id).limit(1)) == draft.id:
        artefact.title, artefact.licence, artefact.updated_at = draft.title, draft.licence, work.now
        artefact.revision += 1


def _upload_of(work: UnitOfWork, upload_id: UUID) -> Upload:
    """A file the officer brought, taken in as text. Raises NotFound, Conflict (upload.not_ready)."""
    upload = work.session.get(Upload, upload_id)
    if upload is None or upload.officer_id != work.actor.officer_id:
        raise NotFound("upload")
    if upload.state != TakenIn.READY:
        words = Words(_("The text of this file is not there yet. Wait a moment, and try again."))
        raise Conflict("upload.not_ready", words, ("wait",))
    return upload


def _keep_original(draft: Draft, upload: Upload) -> None:
    draft.original_sha256, draft.original_name = upload.blob_sha256, upload.file_name
    draft.original_upload_id = upload.id
