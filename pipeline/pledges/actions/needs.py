"""The needs of a project that councils pledge to: what changes with a need is worked out in the same work."""

from uuid import UUID

from sqlalchemy import exists, func, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting
from pipeline.pledges.actions.deciding_dates import UNCOMMITTED, lapse_one
from pipeline.pledges.actions.ending import release_committed
from pipeline.pledges.models import Pledge, PledgeCondition
from pipeline.pledges.rules import Act, PledgeStatus
from pipeline.pledges.said import audience_of
from pipeline.projects import actions
from pipeline.projects.actions.taking import taken_need, taken_project
from pipeline.projects.events import NeedMet, NeedUnmet
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Need, Project
from pipeline.projects.policy import may_change_needs
from pipeline.projects.queries import facts_of
from pipeline.projects.rules import NeedTerms, ProjectStatus


def add_need(work: UnitOfWork, *, slug: str, terms: NeedTerms, reason: str = "") -> Need:
    """Ask for something more. Raises what `projects.actions.add_need` raises."""
    project = taken_project(work, slug)
    need = actions.add_need(work, slug=slug, terms=terms, reason=reason)
    _renew(work, project)
    return need


def change_need(work: UnitOfWork, *, need_id: UUID, version: int, terms: NeedTerms, reason: str = "") -> Need:
    """Change what a need says or asks for, and count anew. Raises what `projects.actions.change_need` raises, and
    Conflict (need.unsigned_offers)."""
    taken = taken_need(work, need_id)
    was_met, target, was_capped = is_met(taken), taken.target, taken.is_capped
    need = actions.change_need(work, need_id=need_id, version=version, terms=terms, reason=reason)
    if need.is_capped and not was_capped:
        _check_single_offers(work, need)
    if was_met != is_met(need) and need.project.status != ProjectStatus.DRAFT:
        event = NeedUnmet if was_met else NeedMet
        work.record(event(need_id=need.id, project_id=need.project_id), audience=audience_of(need.project))
    _renew(work, need.project)
    if need.target != target:
        _say_other_target(work, need)
    return need


def _check_single_offers(work: UnitOfWork, need: Need) -> None:
    """In a capped need a council has one offer at most that nobody has authorised: it would hold the room of others.

    Raises Conflict (need.unsigned_offers).
    """
    several = (
        select(Pledge.council_id)
        .where(Pledge.need_id == need.id, Pledge.status == PledgeStatus.OFFERED)
        .group_by(Pledge.council_id)
        .having(func.count() > 1)
    )
    if work.session.execute(several.limit(1)).first() is not None:
        words = Words(_("A council has several offers here that nobody has authorised yet. Decline all but one first."))
        raise Conflict("need.unsigned_offers", words, (Act.DECLINE,))


def close_need(work: UnitOfWork, *, need_id: UUID) -> Need:
    """Take no more pledges for a need; those it has stand. Raises what `projects.actions.close_need` raises."""
    taken_need(work, need_id)
    need = actions.close_need(work, need_id=need_id)
    work.session.flush()
    counting.note_nearly_there(work, need.project)
    return need


def drop_need(work: UnitOfWork, *, need_id: UUID, reason: str = "") -> None:
    """Say that a need is no longer wanted: its uncommitted pledges lapse, what is left of its committed ones is
    released with the reason, and a condition naming it no longer holds. From a draft it is simply removed.

    Raises what `projects.actions.drop_need` raises, but for need.pledges_stand.
    """
    need = taken_need(work, need_id)
    project, is_draft = need.project, need.project.status == ProjectStatus.DRAFT
    actions.drop_need(work, need_id=need_id, reason=reason, has_pledges_ended=True)
    if is_draft:
        return
    pledges = work.session.scalars(
        select(Pledge).where(Pledge.need_id == need_id, Pledge.status.in_(UNCOMMITTED)).order_by(Pledge.id)
    ).all()
    with keeping_joined(work, project):
        for pledge in pledges:
            lapse_one(work, project, pledge)
    release_committed(work, project, reason, need_id)
    counting.renew(work, project)
    _say_other_target(work, need)


def remove_need(work: UnitOfWork, *, need_id: UUID) -> None:
    """Take a need out of a draft, where nobody has seen it. One of a published project is dropped.

    Raises NotFound, NotAllowed, Conflict (need.published).
    """
    project = taken_need(work, need_id).project
    if project.status != ProjectStatus.DRAFT:
        work.require(may_change_needs(work.actor, facts_of(work, project)))
        words = Words(_("Councils have seen this need. Say that it is no longer wanted, or close it."))
        raise Conflict("need.published", words, ("drop", "close"))
    actions.drop_need(work, need_id=need_id)


def is_met(need: Need) -> bool:
    """Whether what is agreed reaches what a need asks for."""
    return need.agreed >= need.target


def _say_other_target(work: UnitOfWork, need: Need) -> None:
    """Pledges with a condition that names a need say what it asks for: where that is another, so are they to readers
    who keep an answer."""
    if not need.project.has_conditions:
        return
    naming = exists().where(PledgeCondition.pledge_id == Pledge.id, PledgeCondition.need_id == need.id)
    query = select(Pledge).where(Pledge.project_id == need.project_id, naming)
    for pledge in work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)).all():
        pledge.revision += 1
        pledge.updated_at = work.now


def _renew(work: UnitOfWork, project: Project) -> None:
    if project.status != ProjectStatus.DRAFT:
        counting.renew(work, project)
