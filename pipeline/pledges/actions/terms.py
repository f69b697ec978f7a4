"""Changing how an open project is decided, and moving its date. Those who pledged are told, and may withdraw."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import system
from pipeline.kernel.clock import uk_date
from pipeline.pledges import counting
from pipeline.pledges.actions.steps import taken_project
from pipeline.pledges.condition_rules import wait_ends_on
from pipeline.pledges.events import PledgeChanged
from pipeline.pledges.models import Pledge
from pipeline.pledges.owed_answers import nudge_after
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import said
from pipeline.projects import policy
from pipeline.projects import terms as rules
from pipeline.projects.actions.keeping import changed_fields, check_version
from pipeline.projects.actions.terms import (
    call_of,
    check_is_published,
    check_reason,
    has_essential,
    is_pledged_to,
    keep_change,
    keep_reason,
)
from pipeline.projects.events import Changes, ProjectDateMoved, ProjectUpdated
from pipeline.projects.models import Project
from pipeline.projects.rules import Mode
from pipeline.projects.terms import Terms

TERMS = "terms"
"""In whose name an offer is fitted to new terms: no officer of its council changed it."""


def change_terms(work: UnitOfWork, *, slug: str, terms: Terms, reason: str = "", version: int | None = None) -> Project:
    """Change, as a lead, how an open project is decided: all or nothing or flexible, and how many councils must be in.

    While a pledge stands this needs a reason; everybody who pledged is told, and for five working days nobody can give
    the go-ahead. `terms.decision_on` is looked at only where a flexible project becomes all or nothing: a date that
    stands is moved by `move_date`. Raises NotFound, NotAllowed, RuleBroken (project.*, text.holds_address), Conflict
    (project.ended, project.terms_frozen, project.mode_fixed, project.changed_meanwhile).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_change_terms(work.actor, facts))
    check_is_published(project)
    if version is not None:
        check_version(project, version, "project")
    call, today = call_of(work, project), uk_date(work.now)
    rules.check_is_open(call)
    rules.check_terms_may_change(call, today)
    rules.check_new_terms(
        call, terms, today, was_authorised=_was_authorised(work, project), has_essential=has_essential(work, project.id)
    )
    before = Terms(mode=call.mode, decision_on=call.decision_on, least_councils=call.least_councils)
    after = _settled(before, terms)
    changes: Changes = {
        name: [getattr(before, name), getattr(after, name)]
        for name in changed_fields(before, after, ("mode", "decision_on", "least_councils"))
    }
    if changes:
        _take(work, project, after)
        if is_pledged_to(work, project.id):
            check_reason(work, reason)
            keep_change(work, project, facts, changes, reason)
        else:
            event = ProjectUpdated(project_id=project.id, fields=tuple(changes), changes=changes)
            work.record(event, audience=facts.audience)
        if before.mode is not after.mode:
            _fit_offers(work, project, before, after)
        counting.renew(work, project)
    return project


def _fit_offers(work: UnitOfWork, project: Project, before: Terms, after: Terms) -> None:
    """Let the offers that stand fit the other way of deciding: one that waits where no date ends its wait any more
    stands until the date it knew, and at most six months; where a date is to come, none is authorised after it."""
    query = select(Pledge).where(Pledge.project_id == project.id, Pledge.status == PledgeStatus.OFFERED)
    query, today = query.options(selectinload(Pledge.conditions)), uk_date(work.now)
    for pledge in work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)).all():
        until, sign_off_by = pledge.stands_until, pledge.sign_off_by
        if after.mode is Mode.FLEXIBLE and pledge.conditions:
            until = wait_ends_on(until or before.decision_on, sign_off_by, today)
        elif after.decision_on is not None:
            sign_off_by = min(sign_off_by, after.decision_on)
        changes = {
            name: [getattr(pledge, name), new]
            for name, new in (("stands_until", until), ("sign_off_by", sign_off_by))
            if getattr(pledge, name) != new
        }
        if changes:
            pledge.stands_until, pledge.sign_off_by, pledge.updated_at = until, sign_off_by, work.now
            pledge.nudge_on = nudge_after(work, pledge, today)
            pledge.edited()
            with work.acting_as(system(TERMS)):
                work.record(PledgeChanged(**said(pledge), changes=changes), council_id=pledge.council_id)


def _settled(before: Terms, new: Terms) -> Terms:
    """The terms as they will stand: a flexible project has neither date nor test; a date that stands is not changed."""
    if new.mode is Mode.FLEXIBLE:
        return Terms(mode=Mode.FLEXIBLE)
    decision_on = new.decision_on if before.mode is Mode.FLEXIBLE else before.decision_on
    return Terms(mode=new.mode, decision_on=decision_on, least_councils=new.least_councils)


def _take(work: UnitOfWork, project: Project, terms: Terms) -> None:
    project.mode, project.decision_on, project.least_councils = terms.mode, terms.decision_on, terms.least_councils
    project.updated_at = work.now
    project.edited()


def _was_authorised(work: UnitOfWork, project: Project) -> bool:
    query = select(Pledge.id).where(Pledge.project_id == project.id, Pledge.authorised_at.is_not(None))
    return work.session.execute(query.limit(1)).first() is not None


def move_date(work: UnitOfWork, *, slug: str, decision_on: date | None, reason: str) -> Project:
    """Move, as a lead, the decision date of an open project: once, before it has passed, later, by at most six months.

    Raises NotFound, NotAllowed, RuleBroken (project.decision_on_…, project.reason_…, text.holds_address), Conflict
    (project.wrong_status, project.no_date, project.date_moved_before).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_change_terms(work.actor, facts))
    rules.check_move(call_of(work, project), decision_on)
    check_reason(work, reason)
    changes: Changes = {"decision_on": [project.decision_on, decision_on]}
    project.decision_on, project.date_moved_at, project.updated_at = decision_on, work.now, work.now
    project.edited()
    keep_reason(work, project, changes, reason)
    work.record(ProjectDateMoved(project_id=project.id, changes=changes), audience=facts.audience)
    return project
