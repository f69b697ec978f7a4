"""Hiding a project or an update, and bringing it back: by a coordinator, and nothing in it is lost."""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries
from pipeline.projects.actions.keeping import count_lead, touch
from pipeline.projects.events import ProjectRemoved, ProjectRestored, UpdateEvent, UpdateRemoved, UpdateRestored
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project, Update
from pipeline.projects.rules import ProjectStatus, UpdateStatus


def hide_project(work: UnitOfWork, *, project_id: UUID) -> Project:
    """Hide a published project. Its pledges stay as they are; it takes nothing and cannot go ahead.

    What stands in it is hidden with it by whoever knows of that. Raises NotFound, NotAllowed, Conflict
    (moderation.not_public).
    """
    project = queries.project_seen_by(work, str(project_id), lock=True)
    work.require(policy.may_hide(work.actor))
    if not project.is_public:
        raise not_public()
    _show(work, project, is_shown=False)
    work.record(ProjectRemoved(project_id=project.id, slug=project.slug))
    return project


def restore_project(work: UnitOfWork, *, project_id: UUID) -> Project:
    """Bring a hidden project back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    project = queries.project_seen_by(work, str(project_id), lock=True)
    work.require(policy.may_hide(work.actor))
    if not project.is_hidden or project.status == ProjectStatus.DRAFT:
        raise not_hidden()
    _show(work, project, is_shown=True)
    work.record(ProjectRestored(project_id=project.id))
    return project


def _show(work: UnitOfWork, project: Project, *, is_shown: bool) -> None:
    """Keep whether the public sees a project, with what councils are said to lead and to have joined."""
    with keeping_joined(work, project):
        project.is_hidden, project.is_public = not is_shown, is_shown
    if not project.keeps_documents:
        count_lead(work, project, 1 if is_shown else -1)
    touch(work, project)


def hide_update(work: UnitOfWork, *, update_id: UUID) -> Update:
    """Hide a published update. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    update, project = queries.update_seen_by(work, update_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if update.status != UpdateStatus.PUBLISHED:
        raise not_public()
    _mark(work, update, project, UpdateStatus.HIDDEN)
    _record(work, project, UpdateRemoved(update_id=update.id, project_id=project.id))
    return update


def restore_update(work: UnitOfWork, *, update_id: UUID) -> Update:
    """Bring a hidden update back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    update, project = queries.update_seen_by(work, update_id, lock=True)
    work.require(policy.may_hide(work.actor))
    if update.status != UpdateStatus.HIDDEN:
        raise not_hidden()
    _mark(work, update, project, UpdateStatus.PUBLISHED)
    _record(work, project, UpdateRestored(update_id=update.id, project_id=project.id))
    return update


def _record(work: UnitOfWork, project: Project, event: UpdateEvent) -> None:
    work.record(event, audience=queries.facts_of(work, project).audience)


def _mark(work: UnitOfWork, update: Update, project: Project, status: UpdateStatus) -> None:
    update.status, update.updated_at = status.value, work.now
    update.edited()
    touch(work, project)


def not_public() -> Conflict:
    """What nobody but its team reads is not hidden."""
    return Conflict("moderation.not_public", Words(_("Only what everybody can read is hidden.")))


def not_hidden() -> Conflict:
    """What is not hidden is not brought back."""
    return Conflict("moderation.not_hidden", Words(_("This is not hidden.")))
