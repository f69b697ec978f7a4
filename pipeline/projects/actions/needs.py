"""Saying what a project needs."""

from uuid import UUID

from sqlalchemy import func, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries, rules
from pipeline.projects.actions.keeping import (
    changed_fields,
    check_no_addresses,
    check_version,
    terms_of,
    texts_of_need,
    touch,
)
from pipeline.projects.actions.taking import taken_need, taken_project
from pipeline.projects.actions.terms import check_need_terms, check_reason, keep_change, keep_reason
from pipeline.projects.events import Changes, NeedChanged, NeedClosed, NeedDropped, NeedOpened, ProjectDraftChanged
from pipeline.projects.models import Need, Project
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import MOST_NEEDS, TAKES_NEEDS, NeedStatus, NeedTerms, ProjectStatus
from pipeline.projects.terms import asks_for_nothing

WORDS_OF_A_NEED = ("title", "description", "thing")
TERMS_OF_A_NEED = ("target", "is_essential", "is_capped")


def add_need(work: UnitOfWork, *, slug: str, terms: NeedTerms, reason: str = "") -> Need:
    """Ask for something: officer time, funding, or a thing. An essential one changes the terms of what others have
    pledged, so while a pledge stands it needs a reason.

    Raises NotFound, NotAllowed, RuleBroken (need.*, project.reason_…, text.holds_address), Conflict (project.ended,
    project.too_many_needs, project.terms_frozen).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_change_needs(work.actor, facts))
    if project.keeps_documents:
        raise asks_for_nothing()
    _check_takes_needs(facts)
    rules.check_need(terms)
    if facts.status is not ProjectStatus.DRAFT:
        check_no_addresses(work, texts_of_need(terms))
    is_change = facts.status is not ProjectStatus.DRAFT and check_need_terms(work, project, None, terms, reason)
    need = _new_need(work, project, terms)
    touch(work, project)
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=project.id, fields=("needs",)))
        return need
    event = NeedOpened(
        need_id=need.id, project_id=project.id, kind=need.kind, profession=need.profession, target=need.target,
        is_essential=need.is_essential, is_capped=need.is_capped,
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    if is_change:
        work.session.flush()
        keep_change(work, project, facts, {"target": [None, need.target]}, reason, need.id)
    return need


def _new_need(work: UnitOfWork, project: Project, terms: NeedTerms) -> Need:
    known = select(func.count(), func.max(Need.position)).where(Need.project_id == project.id)
    number, last = work.session.execute(known).one()
    if number >= MOST_NEEDS:
        words = Words(_("A project asks for at most {most} things. Put some of them together."), most=MOST_NEEDS)
        raise Conflict("project.too_many_needs", words)
    return work.add(
        Need(
            id=new_id(), project_id=project.id, position=(last or 0) + 1, kind=terms.kind.value, title=terms.title,
            profession=terms.profession, thing=terms.thing, description=terms.description, target=terms.target,
            is_essential=terms.is_essential, is_capped=terms.is_capped, created_at=work.now, updated_at=work.now,
        )
    )  # fmt: skip


def change_need(work: UnitOfWork, *, need_id: UUID, version: int, terms: NeedTerms, reason: str = "") -> Need:
    """Change what a need says or asks for. Kind and profession never change; while a pledge stands, an essential need
    changes in what it asks for only with a reason.

    Raises NotFound, NotAllowed, RuleBroken (need.*, project.reason_…, project.nothing_to_test, text.holds_address),
    Conflict (need.changed_meanwhile, need.not_open, project.ended, project.terms_frozen).
    """
    need = taken_need(work, need_id)
    facts = queries.facts_of(work, need.project)
    work.require(policy.may_change_needs(work.actor, facts))
    _check_takes_needs(facts)
    _check_is_open(need)
    check_version(need, version, "need")
    before = terms_of(need)
    rules.check_need_change(before, terms, need.held)
    rules.check_need(terms)
    if facts.status is not ProjectStatus.DRAFT:
        check_no_addresses(work, texts_of_need(terms))
    is_draft = facts.status is ProjectStatus.DRAFT
    is_change = not is_draft and check_need_terms(work, need.project, need, terms, reason)
    changed = changed_fields(before, terms, WORDS_OF_A_NEED + TERMS_OF_A_NEED)
    if changed:
        for name in changed:
            setattr(need, name, getattr(terms, name))
        changes = _keep_need(work, need, facts, before, changed)
        if is_change:
            keep_change(work, need.project, facts, changes, reason, need.id)
    return need


def _keep_need(
    work: UnitOfWork, need: Need, facts: ProjectFacts, before: NeedTerms, changed: tuple[str, ...]
) -> Changes:
    """Record what changed of a need, and return the amounts and yes-or-no among it, old and new."""
    need.edited()
    need.updated_at = work.now
    touch(work, need.project)
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=need.project_id, fields=("needs",)))
        return {}
    changes: Changes = {
        name: [getattr(before, name), getattr(need, name)] for name in changed if name in TERMS_OF_A_NEED
    }
    event = NeedChanged(need_id=need.id, project_id=need.project_id, fields=changed, changes=changes)
    work.record(event, audience=facts.audience)
    return changes


def close_need(work: UnitOfWork, *, need_id: UUID) -> Need:
    """Take no more pledges for a need; those it has stand.

    Raises NotFound, NotAllowed, Conflict (need.not_open, project.not_published, project.ended).
    """
    need = taken_need(work, need_id)
    facts = queries.facts_of(work, need.project)
    work.require(policy.may_change_needs(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        words = Words(_("Nobody sees a draft's needs yet: remove this one instead."))
        raise Conflict("project.not_published", words, ("drop",))
    _check_takes_needs(facts)
    _check_is_open(need)
    need.status = NeedStatus.CLOSED.value
    _end(work, need)
    changes: Changes = {"status": [NeedStatus.OPEN.value, need.status]}
    work.record(NeedClosed(need_id=need.id, project_id=need.project_id, changes=changes), audience=facts.audience)
    return need


def drop_need(work: UnitOfWork, *, need_id: UUID, reason: str = "", has_pledges_ended: bool = False) -> None:
    """Say that a need is no longer wanted; from a draft it is simply removed. While a pledge stands, dropping an
    essential need changes the terms, and dropping one that is pledged to ends those pledges: both need a reason.

    Ending the pledges is the work of `pledges/actions/needs.py`, which says so by `has_pledges_ended`. Raises NotFound,
    NotAllowed, RuleBroken (project.reason_…, project.nothing_to_test, text.holds_address), Conflict
    (need.pledges_stand, need.dropped, project.ended, project.terms_frozen).
    """
    need = taken_need(work, need_id)
    facts = queries.facts_of(work, need.project)
    work.require(policy.may_change_needs(work.actor, facts))
    _check_takes_needs(facts)
    if facts.status is ProjectStatus.DRAFT:
        touch(work, need.project)
        work.session.delete(need)
        work.record(ProjectDraftChanged(project_id=need.project_id, fields=("needs",)))
        return
    if need.status == NeedStatus.DROPPED:
        raise Conflict("need.dropped", Words(_("This need has been dropped already.")))
    is_change = check_need_terms(work, need.project, need, None, reason)
    if need.held > 0:
        if not has_pledges_ended:
            words = Words(_("Councils have pledged towards this need. Close it, so that it takes no more."))
            raise Conflict("need.pledges_stand", words, ("close",))
        check_reason(work, reason)
    changes: Changes = {"status": [need.status, NeedStatus.DROPPED.value]}
    need.status = NeedStatus.DROPPED.value
    _end(work, need)
    work.record(NeedDropped(need_id=need.id, project_id=need.project_id, changes=changes), audience=facts.audience)
    if is_change:
        keep_change(work, need.project, facts, changes, reason, need.id)
    elif reason:
        check_reason(work, reason)
        keep_reason(work, need.project, changes, reason, need.id)


def _end(work: UnitOfWork, need: Need) -> None:
    need.edited()
    need.updated_at = work.now
    touch(work, need.project)


def _check_takes_needs(facts: ProjectFacts) -> None:
    if facts.status not in TAKES_NEEDS:
        raise Conflict("project.ended", Words(_("This project has ended, so what it asks for stays as it is.")))


def _check_is_open(need: Need) -> None:
    if need.status != NeedStatus.OPEN:
        raise Conflict("need.not_open", Words(_("This need is closed.")))
