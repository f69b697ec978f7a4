"""What was committed to a project that another council leads now: its council carries the pledge over, or is let off.

Pledges that were not committed stand by themselves and may be withdrawn: the terms have changed.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting, policy
from pipeline.pledges.actions.breaking import end_what_is_left, ledger_of
from pipeline.pledges.actions.steps import taken
from pipeline.pledges.carry_over_events import PledgeCarriedOver
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import said
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project

NOT_CARRIED_OVER = "Another council leads this project now, and the pledge was not carried over."


def ask_to_carry_over(work: UnitOfWork, project: Project, by: date) -> None:
    """Ask every council with a committed pledge whether it carries it over, by a day; not the one that leads now."""
    query = select(Pledge).where(
        Pledge.project_id == project.id, Pledge.status == PledgeStatus.COMMITTED,
        Pledge.council_id != project.council_id,
    )  # fmt: skip
    for pledge in work.session.scalars(query.order_by(Pledge.need_id, Pledge.id)):
        pledge.carry_over_due_on = by
        pledge.revision += 1
        pledge.updated_at = work.now


def answer_carry_over(work: UnitOfWork, *, pledge_id: UUID, carries_over: bool) -> Pledge:
    """Say, with authority in the pledging council, whether its committed pledge holds under the new lead council. One
    that is not carried over is released at once.

    Raises NotFound, NotAllowed, Conflict (pledge.not_asked_to_carry_over, delivery.waits).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_carry_over_pledge(work.actor, facts))
    if pledge.carry_over_due_on is None or pledge.status != PledgeStatus.COMMITTED:
        words = Words(_("Nobody is asked whether this pledge carries over."))
        raise Conflict("pledge.not_asked_to_carry_over", words)
    if carries_over:
        pledge.carry_over_due_on, pledge.updated_at = None, work.now
        pledge.edited()
        work.record(PledgeCarriedOver(**said(pledge)), audience=facts.project.audience)
    else:
        _release(work, pledge)
    return pledge


def release_not_carried_over(work: UnitOfWork, *, pledge_id: UUID) -> None:
    """Release a pledge whose council did not say in time that it carries over. Only the clock does this."""
    pledge, _facts = taken(work, pledge_id)
    work.require(policy.may_count_delivery(work.actor))
    is_due = pledge.carry_over_due_on is not None and pledge.carry_over_due_on < uk_date(work.now)
    if is_due and pledge.status == PledgeStatus.COMMITTED:
        _release(work, pledge)


def _release(work: UnitOfWork, pledge: Pledge) -> None:
    """What was delivered, or was recorded and waits for its answer, stays; the rest is released."""
    pledge.carry_over_due_on = None
    if not ledger_of(work, pledge).left:
        pledge.edited()
        work.record(PledgeCarriedOver(**said(pledge)), council_id=pledge.council_id)
        return
    project = pledge.need.project
    with keeping_joined(work, project):
        end_what_is_left(work, project, pledge, PledgeStatus.RELEASED, NOT_CARRIED_OVER)
    counting.renew(work, project)


def pledges_not_carried_over(reading: Reading, most: int = 200) -> list[UUID]:
    """Pledges whose councils did not say in time that they carry over, the longest due first."""
    query = select(Pledge.id).where(
        Pledge.carry_over_due_on < uk_date(reading.now), Pledge.status == PledgeStatus.COMMITTED,
        Pledge.frozen_at.is_(None),
    )  # fmt: skip
    return list(reading.session.scalars(query.order_by(Pledge.carry_over_due_on, Pledge.id).limit(most)))
