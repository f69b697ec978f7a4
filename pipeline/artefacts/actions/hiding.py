"""Hiding a document, one version of it or a suggestion and bringing it back, as a coordinator; and documents with their
project.

Nothing is lost: versions, adoptions and copies stay as they are. A text that must go for good is removed instead
(`withdrawing.remove_version`).
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.actions.keeping import renew_current, show_to_public, touch
from pipeline.artefacts.actions.withdrawing import forget_what_was_made_of
from pipeline.artefacts.events import (
    ArtefactRemoved,
    ArtefactRestored,
    VersionEvent,
    VersionHidden,
    VersionRestored,
)
from pipeline.artefacts.models import Artefact, HiddenVersion, Suggestion, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.queries.suggestions import suggestion_seen_by
from pipeline.artefacts.rules import ArtefactStatus, VersionStatus
from pipeline.artefacts.suggestion_events import SuggestionEvent, SuggestionRemoved, SuggestionRestored
from pipeline.db.work import UnitOfWork
from pipeline.kernel.event import Audience
from pipeline.projects import policy
from pipeline.projects.actions.hiding import not_hidden, not_public
from pipeline.projects.actions.keeping import touch as touch_project
from pipeline.projects.models import Project


def hide_artefact(work: UnitOfWork, *, artefact_id: UUID) -> Artefact:
    """Hide a document with all its versions. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    artefact, project = seeing.artefact_by_id(work, artefact_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if artefact.is_hidden or artefact.status == ArtefactStatus.DRAFT:
        raise not_public()
    audience = seeing.artefact_facts_of(work, artefact, project).audience
    _hide(work, artefact, project, is_hidden=True)
    event = ArtefactRemoved(artefact_id=artefact.id, project_id=project.id, slug=artefact.slug)
    work.record(event, audience=audience)
    return artefact


def restore_artefact(work: UnitOfWork, *, artefact_id: UUID) -> Artefact:
    """Bring a hidden document back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    artefact, project = seeing.artefact_by_id(work, artefact_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if not artefact.is_hidden:
        raise not_hidden()
    _hide(work, artefact, project, is_hidden=False)
    audience = seeing.artefact_facts_of(work, artefact, project).audience
    work.record(ArtefactRestored(artefact_id=artefact.id, project_id=project.id), audience=audience)
    return artefact


def _hide(work: UnitOfWork, artefact: Artefact, project: Project, *, is_hidden: bool) -> None:
    artefact.is_hidden = is_hidden
    _show(work, artefact, project)
    touch_project(work, project)


def _show(work: UnitOfWork, artefact: Artefact, project: Project) -> None:
    """Keep whether the public sees a document; what is made from it and shows it elsewhere shows it otherwise."""
    show_to_public(artefact, project)
    artefact.updated_at = work.now
    artefact.edited()
    near = Artefact.pair_id == artefact.id
    for other in work.session.scalars(select(Artefact).where(near | (Artefact.upstream_id == artefact.id))):
        other.revision += 1


def show_with_project(work: UnitOfWork, project: Project) -> None:
    """Keep whether the public sees the documents of a project, when the project was hidden or brought back."""
    query = select(Artefact).where(Artefact.project_id == project.id).order_by(Artefact.id).with_for_update()
    for artefact in work.session.scalars(query):
        _show(work, artefact, project)


PUT_ASIDE = ("title", "text", "html", "words", "change_note", "points", "dropped_points")
"""What of a version is put aside while it is hidden, besides what it was."""


def hide_version(work: UnitOfWork, *, version_id: UUID) -> Version:
    """Hide one version of a document: what it said is put aside, and the highest other one is current. Copies and
    suggestions that hold its words stay until they are hidden themselves.

    Raises NotFound, NotAllowed, Conflict (moderation.not_public).
    """
    version, artefact, project = _version(work, version_id)
    work.require(policy.may_hide(work.actor))
    if version.status == VersionStatus.REMOVED:
        raise not_public()
    aside = {name: getattr(version, name) for name in PUT_ASIDE}
    work.add(HiddenVersion(version_id=version.id, status=version.status, **aside))
    for name, value in aside.items():
        setattr(version, name, type(value)())
    version.status, version.is_hidden = VersionStatus.REMOVED.value, True
    version.withdrawn_at = version.withdrawn_at or work.now
    forget_what_was_made_of(work, version)
    _hidden_or_back(work, version, artefact, project, VersionHidden)
    return version


def restore_version(work: UnitOfWork, *, version_id: UUID) -> Version:
    """Bring a hidden version back, as what it was. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    version, artefact, project = _version(work, version_id)
    work.require(policy.may_hide(work.actor))
    if not version.is_hidden:
        raise not_hidden()
    aside = work.session.get_one(HiddenVersion, version.id)
    for name in PUT_ASIDE:
        setattr(version, name, getattr(aside, name))
    version.status, version.is_hidden = aside.status, False
    if version.status == VersionStatus.PUBLISHED:
        version.withdrawn_at = None
    work.session.delete(aside)
    _hidden_or_back(work, version, artefact, project, VersionRestored)
    return version


def _version(work: UnitOfWork, version_id: UUID) -> tuple[Version, Artefact, Project]:
    """A version by its id, with its document locked."""
    _found, artefact, _project = seeing.version_seen_by(work, version_id)
    artefact, project = seeing.artefact_by_id(work, artefact.id, lock=True)
    return work.session.get_one(Version, version_id, populate_existing=True), artefact, project


def _hidden_or_back(
    work: UnitOfWork, version: Version, artefact: Artefact, project: Project, kind: type[VersionEvent]
) -> None:
    before = artefact.current_number
    renew_current(work, artefact)
    touch(work, artefact, project)
    changes: dict[str, list[Any]] = {"current_number": [before, artefact.current_number]}
    event: Any = kind
    work.record(
        event(
            version_id=version.id, artefact_id=artefact.id, project_id=project.id, number=version.number,
            changes=changes,
        ),
        audience=seeing.artefact_facts_of(work, artefact, project).audience,
    )  # fmt: skip


def hide_suggestion(work: UnitOfWork, *, suggestion_id: UUID) -> Suggestion:
    """Hide a suggested change. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    suggestion, artefact, _project = suggestion_seen_by(work, suggestion_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if suggestion.is_hidden:
        raise not_public()
    _mark(work, suggestion, SuggestionRemoved, artefact, is_hidden=True)
    return suggestion


def restore_suggestion(work: UnitOfWork, *, suggestion_id: UUID) -> Suggestion:
    """Bring a hidden suggestion back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    suggestion, artefact, _project = suggestion_seen_by(work, suggestion_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if not suggestion.is_hidden:
        raise not_hidden()
    _mark(work, suggestion, SuggestionRestored, artefact, is_hidden=False)
    return suggestion


def _mark(
    work: UnitOfWork, suggestion: Suggestion, kind: type[SuggestionEvent], artefact: Artefact, *, is_hidden: bool
) -> None:
    suggestion.is_hidden, suggestion.updated_at = is_hidden, work.now
    suggestion.edited()
    artefact.revision += 1
    unchanged: dict[str, list[Any]] = {}
    event = kind(
        suggestion_id=suggestion.id, artefact_id=artefact.id, project_id=artefact.project_id,
        copy_id=suggestion.copy_id, for_council_id=suggestion.council_id, changes=unchanged,
    )  # fmt: skip
    work.record(event, audience=Audience.PUBLIC if artefact.is_public else Audience.PROJECT)
