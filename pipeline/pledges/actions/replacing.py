"""Changing an authorised pledge: another is offered in its place, and takes it when it has come as far."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.pledges import events, queries, rules
from pipeline.pledges.actions.steps import end
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import REPLACEABLE, STANDING, PledgeStatus
from pipeline.pledges.said import audience_of, said, step
from pipeline.projects.models import Need


def replaced_by_offer(work: UnitOfWork, *, need: Need, pledge_id: UUID | None) -> Pledge | None:
    """The pledge an offer is to take the place of: one of the officer's own council to the same need, authorised or
    accepted, which no other offer is to replace. None where the offer replaces nothing.

    Raises NotFound, Conflict (pledge.not_replaceable, pledge.replaced_already).
    """
    if pledge_id is None:
        return None
    pledge = queries.pledge_seen_by(work, pledge_id, lock=True)
    if pledge.council_id != work.actor.council_id or pledge.need_id != need.id:
        words = Words(_("An offer can take the place only of a pledge of your own council towards the same need."))
        raise Conflict("pledge.not_replaceable", words)
    if pledge.status not in REPLACEABLE:
        words = Words(rules.STATUS_WORDS[PledgeStatus(pledge.status)])
        raise Conflict("pledge.not_replaceable", words, tuple(rules.next_acts(PledgeStatus(pledge.status))))
    if replacing(work, pledge) is not None:
        words = Words(_("Your council has already offered another pledge in its place. Change or withdraw that one."))
        raise Conflict("pledge.replaced_already", words)
    return pledge


def replacing(work: UnitOfWork, pledge: Pledge) -> Pledge | None:
    """The pledge that stands and is to take the place of another."""
    query = select(Pledge).where(Pledge.replaces_id == pledge.id, Pledge.status.in_(STANDING))
    return work.session.scalars(query.limit(1)).first()


def room_already_held(work: UnitOfWork, pledge: Pledge) -> int:
    """The room an offer can be changed within, besides what is free: its own, or that of the one it is to replace."""
    if pledge.replaces_id is None:
        return pledge.amount
    return max(pledge.amount, _with_need(work, pledge.replaces_id).bound)


def take_place(work: UnitOfWork, pledge: Pledge) -> None:
    """End the pledge whose place this one takes, if this one has come as far. The caller renews what counts."""
    if pledge.replaces_id is None:
        return
    earlier = _with_need(work, pledge.replaces_id)
    status = PledgeStatus(earlier.status)
    if status not in REPLACEABLE or (status is PledgeStatus.ACCEPTED and pledge.status != PledgeStatus.ACCEPTED):
        return
    end(work, earlier, PledgeStatus.WITHDRAWN, None)
    changes = step(status, PledgeStatus.WITHDRAWN) | {"replaced_by": [None, str(pledge.id)]}
    event = events.PledgeWithdrawn(**said(earlier), changes=changes)
    work.record(event, audience=audience_of(pledge.need.project), council_id=earlier.council_id)


def _with_need(work: UnitOfWork, pledge_id: UUID) -> Pledge:
    query = select(Pledge).join(Pledge.need).join(Need.project).where(Pledge.id == pledge_id)
    loaded = query.options(contains_eager(Pledge.need).contains_eager(Need.project))
    return work.session.scalars(loaded).one()
