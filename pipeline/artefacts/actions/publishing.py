"""Publishing a draft as the next version of its document."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions.adapting import copy_published
from pipeline.artefacts.actions.drafting import check_open
from pipeline.artefacts.actions.keeping import (
    check_kept,
    check_licence_of_copy,
    give_slug,
    number_of_words,
    renew_current,
    show_to_public,
    sources_of,
    started_number,
    touch,
)
from pipeline.artefacts.actions.suggesting import version_published as suggestions_published
from pipeline.artefacts.blocks import hash_of
from pipeline.artefacts.checklists import points_from, points_of
from pipeline.artefacts.events import ArtefactPublished, VersionPublished
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus, DraftStatus, DraftText, VersionStatus
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version
from pipeline.projects.actions.taking import taken_project
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus


def publish_version(
    work: UnitOfWork, *, draft_id: UUID, version: int, written: Written, change_note: str, is_major: bool
) -> Version:
    """Publish a draft as the next version, which never changes afterwards. What is due on its project comes first.

    `version` is that of the draft the lead looked at and `written` its text as it was typed and as it is shown, made
    before the work began (`written_document`). Raises NotFound, NotAllowed, RuleBroken (draft.*, text.holds_address),
    Conflict (draft.not_open, draft.changed_meanwhile, draft.behind, version.no_change, artefact.ended,
    project.not_published).
    """
    taken_project(work, str(seeing.draft_seen_by(work, draft_id)[2].id))
    draft, artefact, project = seeing.draft_seen_by(work, draft_id, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_publish_version(work.actor, facts))
    check_open(draft)
    check_version(draft, version if written.text == draft.text else 0, "draft")
    check_kept(artefact)
    _check_project_published(project)
    current = seeing.current_version_of(work, artefact)
    _check_not_behind(work, artefact, draft)
    said = DraftText(draft.title, draft.text, draft.licence, change_note, is_major)
    rules.check_version(said)
    _check_changed(artefact, draft, said, current)
    sources = sources_of(work, artefact, took_in_id=draft.took_in_id, before=current)
    check_licence_of_copy(work, draft.licence, sources)
    check_no_addresses(work, _texts(artefact, said, written))
    published = _add_version(work, artefact, draft, _Text(said, written, sources))
    _close(work, draft, said)
    _move_base(work, artefact, draft)
    _share(work, artefact, project, published, current)
    copy_published(work, artefact, published)
    suggestions_published(work, draft, published)
    return published


@dataclass(frozen=True, slots=True)
class _Text:
    """What a version says: as it was checked, as it is shown, and whom it names."""

    said: DraftText
    written: Written
    sources: list[dict[str, Any]]


def _check_project_published(project: Project) -> None:
    if project.status == ProjectStatus.DRAFT:
        words = Words(_("Publish the project first: then its documents can be published."))
        raise Conflict("project.not_published", words, ("publish",))


def is_behind(artefact: Artefact, number: int) -> bool:
    """Whether a newer version is current than the one (by number, 0 for none) a draft started from."""
    return artefact.current_number is not None and artefact.current_number > number


def _check_not_behind(work: UnitOfWork, artefact: Artefact, draft: Draft) -> None:
    if is_behind(artefact, started_number(work, draft)):
        words = Words(
            _("Version {number} was published since this draft was begun. Take in what came since, then publish."),
            number=artefact.current_number,
        )
        raise Conflict("draft.behind", words, ("merge",))


def _check_changed(artefact: Artefact, draft: Draft, said: DraftText, current: Version | None) -> None:
    """A version says something the current one does not; an older text may come back as a new number. That all was kept
    as it is though the original has moved on is a decision too, and moves the base."""
    if current is None or draft.took_in_id not in (None, artefact.base_id, current.took_in_id):
        return
    if (said.title, said.text, said.licence) == (current.title, current.text, current.licence):
        words = Words(
            _("Title, text and licence are those of version {number}. Change something first."), number=current.number
        )
        raise Conflict("version.no_change", words, ("edit",))


def _texts(artefact: Artefact, said: DraftText, written: Written) -> dict[str, str]:
    return {
        "title": said.title, "text": written.as_read, "change_note": said.change_note, "summary": artefact.summary,
    }  # fmt: skip


def _add_version(work: UnitOfWork, artefact: Artefact, draft: Draft, text: _Text) -> Version:
    """The next number. The unique constraint has the last word."""
    officer_id, council_id = acting(work)
    artefact.last_number += 1
    points, dropped = _points(work, artefact, text.said.text)
    version = work.add(
        Version(
            id=new_id(), artefact_id=artefact.id, number=artefact.last_number, title=text.said.title,
            text=text.said.text, html=text.written.html, sha256=hash_of(text.said.text),
            words=number_of_words(text.said.text), licence=text.said.licence, change_note=text.said.change_note,
            is_major=text.said.is_major, officer_id=officer_id, council_id=council_id, published_at=work.now,
            started_from_id=draft.started_from_id, took_in_id=draft.took_in_id,
            restored_from_id=draft.restored_from_id, sources=text.sources, credits=list(draft.credits),
            points=points, dropped_points=dropped, original_sha256=draft.original_sha256,
            original_name=draft.original_name, original_upload_id=draft.original_upload_id,
            status=VersionStatus.PUBLISHED.value,
        )
    )  # fmt: skip
    work.session.flush()
    return version


def _points(work: UnitOfWork, artefact: Artefact, text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The points of a checklist, with the ids they had, and those that are gone; nothing for other kinds."""
    if artefact.kind != ArtefactKind.CHECKLIST:
        return [], []
    kept = Version.status != VersionStatus.REMOVED.value
    query = select(Version.points).where(Version.artefact_id == artefact.id, kept)
    before = work.session.scalars(query.order_by(Version.number.desc()).limit(1)).first()
    return points_of(text, points_from(before or [])).as_json()


def _close(work: UnitOfWork, draft: Draft, said: DraftText) -> None:
    draft.status, draft.updated_at = DraftStatus.PUBLISHED.value, work.now
    draft.change_note, draft.is_major = said.change_note, said.is_major
    draft.edited()


def _move_base(work: UnitOfWork, artefact: Artefact, draft: Draft) -> None:
    """A copy that took in a newer version of its original has exactly that one as its base from now on."""
    if draft.took_in_id is None or artefact.upstream_id is None:
        return
    taken_in = work.session.get_one(Version, draft.took_in_id)
    if taken_in.artefact_id == artefact.upstream_id:
        artefact.base_id = taken_in.id


def _share(work: UnitOfWork, artefact: Artefact, project: Project, published: Version, before: Version | None) -> None:
    """Make a version the current one and say so; a first version brings the document before the public."""
    is_first = artefact.status == ArtefactStatus.DRAFT
    renew_current(work, artefact)
    if is_first:
        give_slug(work, artefact)
        artefact.published_at = work.now
        artefact.status = ArtefactStatus.PUBLISHED.value
        show_to_public(artefact, project)
    touch(work, artefact, project)
    audience = seeing.artefact_facts_of(work, artefact, project).audience
    if is_first:
        event = ArtefactPublished(
            artefact_id=artefact.id, project_id=project.id, kind=artefact.kind, language=artefact.language,
            licence=artefact.licence, upstream_id=artefact.upstream_id,
            changes={"status": [ArtefactStatus.DRAFT.value, artefact.status]},
        )  # fmt: skip
        work.record(event, audience=audience)
    changes: dict[str, list[object]] = {"current_number": [before.number if before else None, published.number]}
    work.record(
        VersionPublished(
            version_id=published.id, artefact_id=artefact.id, project_id=project.id, number=published.number,
            is_major=published.is_major, took_in_id=published.took_in_id,
            restored_from_id=published.restored_from_id, changes=changes,
        ),
        audience=audience,
    )  # fmt: skip
