"""Asking a colleague to check a draft before it is published, and answering."""

from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries, rules
from pipeline.projects.actions.keeping import acting
from pipeline.projects.actions.taking import taken_project, taken_update
from pipeline.projects.events import CheckAnswered, CheckAsked
from pipeline.projects.models import Check, Project
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import CheckAnswer, ProjectStatus, UpdateStatus

PROJECT, UPDATE = "project", "update"


def ask_for_check(
    work: UnitOfWork, *, officer_id: UUID, slug: str | None = None, update_id: UUID | None = None
) -> Check:
    """Ask a colleague of one's council, or of the team, to check a draft: of a project (`slug`) or an update.

    They may read it until they have answered. Raises NotFound, NotAllowed, Conflict (check.not_a_draft,
    check.already_asked, check.yourself).
    """
    project, facts, (about_type, about_id) = _draft(work, slug, update_id)
    work.require(policy.may_ask_for_check(work.actor, facts))
    return keep_check(work, project, facts, about_type=about_type, about_id=about_id, officer_id=officer_id)


def keep_check(
    work: UnitOfWork, project: Project, facts: ProjectFacts, *, about_type: str, about_id: UUID, officer_id: UUID
) -> Check:
    """Ask a colleague to check a draft that was found, locked and asked for: of a layer above as well.

    Raises NotFound, Conflict (check.already_asked, check.yourself).
    """
    _check_colleague(work, facts, officer_id)
    waiting = select(Check.id).where(
        Check.subject_id == about_id, Check.officer_id == officer_id, Check.answered_at.is_(None)
    )
    if work.session.scalar(waiting):
        raise Conflict("check.already_asked", Words(_("You are waiting for this colleague's answer already.")))
    asked_by, _council_id = acting(work)
    check = work.add(
        Check(
            id=new_id(), project_id=project.id, subject_type=about_type, subject_id=about_id, officer_id=officer_id,
            asked_by=asked_by, asked_at=work.now,
        )
    )  # fmt: skip
    event = CheckAsked(
        check_id=check.id, project_id=project.id, about_type=about_type, about_id=about_id, officer_id=officer_id,
        asked_by=asked_by,
    )  # fmt: skip
    work.record(event)
    return check


def _draft(
    work: UnitOfWork, slug: str | None, update_id: UUID | None
) -> tuple[Project, ProjectFacts, tuple[str, UUID]]:
    """The draft that is to be checked, locked. Raises NotFound, Conflict (check.not_a_draft)."""
    words = Words(_("Only a draft can be checked: this is published already."))
    if update_id is not None:
        update, project = taken_update(work, update_id)
        if update.status != UpdateStatus.DRAFT:
            raise Conflict("check.not_a_draft", words)
        return project, queries.facts_of(work, project), (UPDATE, update.id)
    project = taken_project(work, slug or "")
    if project.status != ProjectStatus.DRAFT:
        raise Conflict("check.not_a_draft", words)
    return project, queries.facts_of(work, project), (PROJECT, project.id)


def _check_colleague(work: UnitOfWork, facts: ProjectFacts, officer_id: UUID) -> None:
    if officer_id == work.actor.officer_id:
        raise Conflict(
            "check.yourself", Words(_("Choose somebody else: you have read it yourself.")), field="officer_id"
        )
    council_id = work.actor.council_id
    is_colleague = council_id is not None and queries.joining_for(work, officer_id, council_id) is not None
    if not is_colleague and officer_id not in facts.team_ids:
        raise NotFound("officer")


def answer_check(work: UnitOfWork, *, check_id: UUID, answer: CheckAnswer, note: str = "") -> Check:
    """Say that a draft is fine, or what should change. Whoever asked reads it; the colleague's view of it ends.

    Raises NotFound, NotAllowed, RuleBroken (check.*), Conflict (check.answered).
    """
    check = queries.check_seen_by(work, check_id, lock=True)
    work.require(policy.may_answer_check(work.actor, queries.check_facts_of(check)))
    if check.answered_at is not None:
        raise Conflict("check.answered", Words(_("You have answered this already.")))
    rules.check_note(note, answer)
    check.answer, check.note, check.answered_at = answer.value, note, work.now
    event = CheckAnswered(
        check_id=check.id, project_id=check.project_id, about_type=check.subject_type, about_id=check.subject_id,
        officer_id=check.officer_id, asked_by=check.asked_by, answer=answer.value,
    )  # fmt: skip
    work.record(event)
    return check
