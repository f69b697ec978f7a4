"""Withdrawing a version, removing its text for good, and showing the file it was taken from."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions.keeping import renew_current, touch
from pipeline.artefacts.actions.merging import version_removed as merges_forget
from pipeline.artefacts.actions.suggesting import version_removed
from pipeline.artefacts.events import VersionOriginalShown, VersionRemoved, VersionWithdrawn
from pipeline.artefacts.models import Artefact, Draft, KeptComparison, KeptDownload, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import DraftStatus, VersionStatus
from pipeline.db.work import UnitOfWork
from pipeline.documents.models import Blob, Upload
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import check_no_addresses
from pipeline.projects.models import Project

FORGOTTEN_WITH_VERSION: list[Callable[[UnitOfWork, Version], None]] = []
"""What holds passages of versions elsewhere signs up here, and is called in the work that removes one."""
WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def withdraw_version(work: UnitOfWork, *, slug: str, number: int, reason: str) -> Version:
    """Say of a version: do not use it, and why. It keeps number, address and text; the highest other one is current.

    Raises NotFound, NotAllowed, RuleBroken (version.reason_…, text.holds_address), Conflict (version.withdrawn,
    version.removed).
    """
    version, artefact, project = _version(work, slug, number)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_withdraw_version(work.actor, facts))
    rules.check_reason(reason)
    check_no_addresses(work, {"reason": reason})
    check_live(version)
    before = artefact.current_number
    _mark(work, version, VersionStatus.WITHDRAWN, reason)
    renew_current(work, artefact)
    touch(work, artefact, project)
    event = VersionWithdrawn(
        version_id=version.id, artefact_id=artefact.id, project_id=project.id, number=number,
        changes={"current_number": [before, artefact.current_number]},
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return version


def check_live(version: Version) -> None:
    """A version is there to be used. Raises Conflict (version.withdrawn, version.removed)."""
    if version.status == VersionStatus.WITHDRAWN:
        raise Conflict("version.withdrawn", Words(_("This version was withdrawn.")))
    check_has_text(version)


def check_has_text(version: Version) -> None:
    """The text of a version is there. Raises Conflict (version.hidden, version.removed)."""
    if version.is_hidden:
        raise Conflict("version.hidden", Words(_("A coordinator has hidden this version.")))
    if version.status == VersionStatus.REMOVED:
        raise Conflict("version.removed", Words(_("The text of this version was removed for good.")))


def remove_version(work: UnitOfWork, *, slug: str, number: int, reason: str) -> Version:
    """Remove the text of a version for good, as a coordinator: with it the file it came from, comparisons, and what
    its draft held. Number, hash, date and the notice (`reason`) are left.

    Raises NotFound, NotAllowed, RuleBroken (version.reason_…, text.holds_address), Conflict (version.removed).
    """
    version, artefact, project = _version(work, slug, number)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_remove_version(work.actor, facts))
    rules.check_reason(reason)
    check_no_addresses(work, {"reason": reason})
    check_has_text(version)
    before = artefact.current_number
    original, upload_id = version.original_sha256, version.original_upload_id
    _empty_what_held_it(work, artefact, version)
    version.title = version.text = version.html = version.change_note = ""
    version.words, version.points, version.dropped_points = 0, [], []
    version.original_sha256 = version.original_name = version.original_upload_id = None
    version.is_original_public = False
    _mark(work, version, VersionStatus.REMOVED, reason)
    version_removed(work, version)
    forget_what_was_made_of(work, version)
    _forget_original(work, original, upload_id)
    for forget in FORGOTTEN_WITH_VERSION:
        forget(work, version)
    renew_current(work, artefact)
    touch(work, artefact, project)
    event = VersionRemoved(
        version_id=version.id, artefact_id=artefact.id, project_id=project.id, number=number,
        changes={"current_number": [before, artefact.current_number]},
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return version


def _mark(work: UnitOfWork, version: Version, status: VersionStatus, reason: str) -> None:
    version.status, version.withdrawn_at = status.value, work.now
    version.withdrawn_by, version.withdrawn_reason = work.actor.officer_id, reason


def _empty_what_held_it(work: UnitOfWork, artefact: Artefact, version: Version) -> None:
    """Drafts that became this version, or were thrown away, and finished merges keep no text of it."""
    same = or_(Draft.text == version.text, Draft.original_sha256 == version.original_sha256)
    drafts = update(Draft).where(Draft.artefact_id == artefact.id, Draft.status != DraftStatus.OPEN.value, same)
    cleared = {"text": "", "original_sha256": None, "original_name": None, "original_upload_id": None}
    work.session.execute(drafts.values(**cleared), execution_options=WITHOUT_SYNCHRONISING)
    merges_forget(work, version)


def forget_what_was_made_of(work: UnitOfWork, version: Version) -> None:
    """Delete the files and comparisons that were made of a version and kept."""
    files = delete(KeptDownload).where(KeptDownload.version_id == version.id)
    work.session.execute(files, execution_options=WITHOUT_SYNCHRONISING)
    about = or_(KeptComparison.from_id == version.id, KeptComparison.to_id == version.id)
    work.session.execute(delete(KeptComparison).where(about), execution_options=WITHOUT_SYNCHRONISING)


def _forget_original(work: UnitOfWork, sha256: str | None, upload_id: UUID | None) -> None:
    """Delete the file a text came from, where no other version, draft or upload holds it."""
    if sha256 is None:
        return
    work.session.flush()
    if upload_id is not None:
        work.session.execute(delete(Upload).where(Upload.id == upload_id), execution_options=WITHOUT_SYNCHRONISING)
    held = sum(
        work.session.scalar(select(func.count()).select_from(table).where(column == sha256)) or 0
        for table, column in (
            (Version, Version.original_sha256), (Draft, Draft.original_sha256), (Upload, Upload.blob_sha256),
        )
    )  # fmt: skip
    if not held:
        work.session.execute(delete(Blob).where(Blob.sha256 == sha256), execution_options=WITHOUT_SYNCHRONISING)


def show_original(work: UnitOfWork, *, slug: str, number: int, is_shown: bool = True) -> Version:
    """Show the public the file a version was taken from, as a lead who was shown what else it holds; or no longer.

    Raises NotFound, NotAllowed, Conflict (version.removed, version.no_original).
    """
    version, artefact, project = _version(work, slug, number)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_show_original(work.actor, facts))
    check_has_text(version)
    if version.original_sha256 is None:
        raise Conflict("version.no_original", Words(_("This version was not taken from a file.")))
    if version.is_original_public == is_shown:
        return version
    version.is_original_public = is_shown
    touch(work, artefact, project)
    event = VersionOriginalShown(
        version_id=version.id, artefact_id=artefact.id, project_id=project.id, number=number,
        changes={"is_original_public": [not is_shown, is_shown]},
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return version


def _version(work: UnitOfWork, slug: str, number: int) -> tuple[Version, Artefact, Project]:
    """A version of a document, with the document locked."""
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    return seeing.version_of(work, artefact, number), artefact, project
