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
from pipeline.projects.events import NeedChanged, NeedClosed, NeedDropped, NeedOpened, ProjectDraftChanged
from pipeline.projects.models import Need, Project
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import MOST_NEEDS, TAKES_NEEDS, NeedStatus, NeedTerms, ProjectStatus

WORDS_OF_A_NEED = ("title", "description", "thing")
TERMS_OF_A_NEED = ("target", "is_essential", "is_capped")


def add_need(work: UnitOfWork, *, slug: str, terms: NeedTerms) -> Need:
    """Ask for something: officer time, funding, or a thing.

    Raises NotFound, NotAllowed, RuleBroken (need.*, text.holds_address), Conflict (project.ended,
    project.too_many_needs, project.pledges_stand).
    """
    project = queries.project_seen_by(work, slug, lock=True)
    facts = queries.facts_of(work, project)
    work.require(policy.may_change_needs(work.actor, facts))
    _check_takes_needs(facts)
    rules.check_need(terms)
    if facts.status is not ProjectStatus.DRAFT:
        check_no_addresses(work, texts_of_need(terms))
    need = _new_need(work, project, facts, terms)
    touch(work, project)
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=project.id, fields=("needs",)))
        return need
    event = NeedOpened(
        need_id=need.id, project_id=project.id, kind=need.kind, profession=need.profession, target=need.target,
        is_essential=need.is_essential, is_capped=need.is_capped,
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return need


def _new_need(work: UnitOfWork, project: Project, facts: ProjectFacts, terms: NeedTerms) -> Need:
    known = select(func.count(), func.max(Need.position), func.sum(Need.held)).where(Need.project_id == project.id)
    number, last, held = work.session.execute(known).one()
    if number >= MOST_NEEDS:
        words = Words(_("A project asks for at most {most} things. Put some of them together."), most=MOST_NEEDS)
        raise Conflict("project.too_many_needs", words)
    if held and terms.is_essential and facts.status is ProjectStatus.OPEN:
        words = Words(_("Councils have pledged on what is essential now. Add this as welcome, not essential."))
        raise Conflict("project.pledges_stand", words, field="is_essential")
    return work.add(
        Need(
            id=new_id(), project_id=project.id, position=(last or 0) + 1, kind=terms.kind.value, title=terms.title,
            profession=terms.profession, thing=terms.thing, description=terms.description, target=terms.target,
            is_essential=terms.is_essential, is_capped=terms.is_capped, created_at=work.now, updated_at=work.now,
        )
    )  # fmt: skip


def change_need(work: UnitOfWork, *, need_id: UUID, version: int, terms: NeedTerms) -> Need:
    """Change what a need says or asks for. Kind and profession never change, and pledges keep the terms they met.

    Raises NotFound, NotAllowed, RuleBroken (need.*, text.holds_address), Conflict (need.changed_meanwhile,
    need.not_open, project.ended).
    """
    need = queries.need_seen_by(work, need_id, lock=True)
    facts = queries.facts_of(work, need.project)
    work.require(policy.may_change_needs(work.actor, facts))
    _check_takes_needs(facts)
    _check_is_open(need)
    check_version(need, version, "need")
    before = terms_of(need)
    rules.check_need_change(before, terms, need.held + need.committed)
    rules.check_need(terms)
    if facts.status is not ProjectStatus.DRAFT:
        check_no_addresses(work, texts_of_need(terms))
    changed = changed_fields(before, terms, WORDS_OF_A_NEED + TERMS_OF_A_NEED)
    if changed:
        for name in changed:
            setattr(need, name, getattr(terms, name))
        _keep_change(work, need, facts, before, changed)
    return need


def _keep_change(
    work: UnitOfWork, need: Need, facts: ProjectFacts, before: NeedTerms, changed: tuple[str, ...]
) -> None:
    need.edited()
    need.updated_at = work.now
    touch(work, need.project)
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=need.project_id, fields=("needs",)))
        return
    changes: dict[str, list[object]] = {
        name: [getattr(before, name), getattr(need, name)] for name in changed if name in TERMS_OF_A_NEED
    }
    event = NeedChanged(need_id=need.id, project_id=need.project_id, fields=changed, changes=changes)
    work.record(event, audience=facts.audience)


def close_need(work: UnitOfWork, *, need_id: UUID) -> Need:
    """Take no more pledges for a need; those it has stand.

    Raises NotFound, NotAllowed, Conflict (need.not_open, project.not_published, project.ended).
    """
    need = queries.need_seen_by(work, need_id, lock=True)
    facts = queries.facts_of(work, need.project)
    work.require(policy.may_change_needs(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        words = Words(_("Nobody sees a draft's needs yet: remove this one instead."))
        raise Conflict("project.not_published", words, ("drop",))
    _check_takes_needs(facts)
    _check_is_open(need)
    need.status = NeedStatus.CLOSED.value
    _end(work, need)
    changes: dict[str, list[object]] = {"status": [NeedStatus.OPEN.value, need.status]}
    work.record(NeedClosed(need_id=need.id, project_id=need.project_id, changes=changes), audience=facts.audience)
    return need


def drop_need(work: UnitOfWork, *, need_id: UUID) -> None:
    """Say that a need is no longer wanted; from a draft it is simply removed. One that holds pledges is closed instead.

    Raises NotFound, NotAllowed, Conflict (need.pledges_stand, need.dropped, project.ended).
    """
    need = queries.need_seen_by(work, need_id, lock=True)
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
    if need.held + need.committed > 0:
        words = Words(_("Councils have pledged towards this need. Close it, so that it takes no more."))
        raise Conflict("need.pledges_stand", words, ("close",))
    changes: dict[str, list[object]] = {"status": [need.status, NeedStatus.DROPPED.value]}
    need.status = NeedStatus.DROPPED.value
    _end(work, need)
    work.record(NeedDropped(need_id=need.id, project_id=need.project_id, changes=changes), audience=facts.audience)


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
