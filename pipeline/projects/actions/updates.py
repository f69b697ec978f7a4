"""Writing the news of a project, publishing it, mending it, and taking it back."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete

from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries, rules
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version, touch
from pipeline.projects.actions.taking import taken_project, taken_update
from pipeline.projects.events import (
    UpdateDraftChanged,
    UpdateDraftDeleted,
    UpdateDrafted,
    UpdateEdited,
    UpdatePublished,
    UpdateWithdrawn,
)
from pipeline.projects.models import Check, Project, Update, UpdateText
from pipeline.projects.rules import ProjectStatus, UpdateStatus

PUBLISHED_WITH_UPDATE: list[Callable[[UnitOfWork, Update, Project], None]] = []
"""What layers above make public with an update: each adds its own."""

DELETED_WITH_UPDATE: list[Callable[[UnitOfWork, Update], None]] = []
"""What layers above delete with the draft of an update: each adds its own."""


def draft_update(work: UnitOfWork, *, slug: str, title: str, body: Written, language: str = "en") -> Update:
    """Begin an update. Only the team sees it until a lead publishes it.

    Raises NotFound, NotAllowed, RuleBroken (update.*), Conflict (project.not_published).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_write_update(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        words = Words(_("Publish the project first: updates tell people who can see it what is new."))
        raise Conflict("project.not_published", words, ("publish",))
    rules.check_update(title, body, is_published=False)
    officer_id, council_id = acting(work)
    update = work.add(
        Update(
            id=new_id(), project_id=project.id, title=title, body=body.text, body_html=body.html, language=language,
            officer_id=officer_id, council_id=council_id, created_at=work.now, updated_at=work.now,
        )
    )  # fmt: skip
    work.record(UpdateDrafted(update_id=update.id, project_id=project.id))
    return update


def change_update(
    work: UnitOfWork, *, update_id: UUID, version: int, title: str, body: Written, language: str = "en"
) -> Update:
    """Write an update anew. The earlier text of a published one is kept, and the page says that it was edited.

    Raises NotFound, NotAllowed, RuleBroken (update.*, text.holds_address), Conflict (update.changed_meanwhile,
    update.withdrawn, update.hidden).
    """
    update, project = taken_update(work, update_id)
    facts = queries.update_facts_of(work, update, project)
    work.require(policy.may_edit_update(work.actor, facts))
    _check_not_withdrawn(update)
    check_version(update, version, "update")
    is_published = facts.status is UpdateStatus.PUBLISHED
    rules.check_update(title, body, is_published=is_published)
    values = {"title": title, "body": body.text, "language": language}
    fields = tuple(name for name, value in values.items() if getattr(update, name) != value)
    if not fields:
        return update
    if is_published:
        check_no_addresses(work, {"title": title, "body": body.as_read})
        _keep_earlier_text(work, update)
    update.title, update.body, update.body_html, update.language = title, body.text, body.html, language
    _touch(work, update, project, is_public=is_published)
    if is_published:
        update.edited_at = work.now
        event = UpdateEdited(update_id=update.id, project_id=project.id, fields=fields)
        work.record(event, audience=facts.project.audience)
    else:
        work.record(UpdateDraftChanged(update_id=update.id, project_id=project.id, fields=fields))
    return update


def _keep_earlier_text(work: UnitOfWork, update: Update) -> None:
    work.add(
        UpdateText(
            id=new_id(), update_id=update.id, version=update.version, title=update.title, body=update.body,
            replaced_at=work.now,
        )
    )  # fmt: skip


def publish_update(work: UnitOfWork, *, update_id: UUID, version: int) -> Update:
    """Publish an update as it stands. `version` is the one the lead read.

    Raises NotFound, NotAllowed, RuleBroken (update.*, text.holds_address), Conflict (update.not_draft,
    update.changed_meanwhile).
    """
    update, project = taken_update(work, update_id)
    facts = queries.update_facts_of(work, update, project)
    work.require(policy.may_publish_update(work.actor, facts))
    if facts.status is not UpdateStatus.DRAFT:
        raise Conflict("update.not_draft", Words(_("This update is published already.")), ("edit",))
    check_version(update, version, "update")
    rules.check_update(update.title, Written(update.body, update.body_html), is_published=True)
    check_no_addresses(work, {"title": update.title, "body": Written(update.body, update.body_html).as_read})
    update.status = UpdateStatus.PUBLISHED.value
    update.published_at = work.now
    _touch(work, update, project, is_public=True)
    changes: dict[str, list[object]] = {"status": [UpdateStatus.DRAFT.value, update.status]}
    event = UpdatePublished(update_id=update.id, project_id=project.id, changes=changes)
    work.record(event, audience=facts.project.audience)
    for publish in PUBLISHED_WITH_UPDATE:
        publish(work, update, project)
    return update


def withdraw_update(work: UnitOfWork, *, update_id: UUID) -> Update:
    """Take a published update back. Its team still finds it, nobody else does.

    Raises NotFound, NotAllowed, Conflict (update.not_published).
    """
    update, project = taken_update(work, update_id)
    facts = queries.update_facts_of(work, update, project)
    work.require(policy.may_withdraw_update(work.actor, facts))
    if facts.status is not UpdateStatus.PUBLISHED:
        raise Conflict("update.not_published", Words(_("Only a published update can be withdrawn.")))
    update.status = UpdateStatus.WITHDRAWN.value
    update.withdrawn_at = work.now
    _touch(work, update, project, is_public=True)
    changes: dict[str, list[object]] = {"status": [UpdateStatus.PUBLISHED.value, update.status]}
    event = UpdateWithdrawn(update_id=update.id, project_id=project.id, changes=changes)
    work.record(event, audience=facts.project.audience)
    return update


def delete_update(work: UnitOfWork, *, update_id: UUID) -> None:
    """Throw the draft of an update away. A published one is withdrawn instead.

    Raises NotFound, NotAllowed, Conflict (update.not_draft).
    """
    update, project = taken_update(work, update_id)
    facts = queries.update_facts_of(work, update, project)
    work.require(policy.may_delete_update(work.actor, facts))
    if facts.status is not UpdateStatus.DRAFT:
        raise Conflict("update.not_draft", Words(_("Only a draft can be deleted.")), ("withdraw",))
    work.session.execute(delete(Check).where(Check.subject_id == update.id))
    for delete_with in DELETED_WITH_UPDATE:
        delete_with(work, update)
    work.session.delete(update)
    work.record(UpdateDraftDeleted(update_id=update.id, project_id=project.id))


def _check_not_withdrawn(update: Update) -> None:
    if update.status == UpdateStatus.WITHDRAWN:
        raise Conflict("update.withdrawn", Words(_("This update has been withdrawn, so its text stays as it was.")))
    if update.status == UpdateStatus.HIDDEN:
        raise Conflict("update.hidden", Words(_("A coordinator has hidden this, so it stays as it was.")))


def _touch(work: UnitOfWork, update: Update, project: Project, *, is_public: bool) -> None:
    update.edited()
    update.updated_at = work.now
    if is_public:
        touch(work, project)
