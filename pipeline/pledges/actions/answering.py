"""The leads' answer to an authorised pledge; a council taking its pledge back; and the clock that ends one."""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting, events, policy, rules
from pipeline.pledges.actions.deciding_dates import lapse_past_their_date
from pipeline.pledges.actions.replacing import take_place
from pipeline.pledges.actions.steps import audience_of_end, check_runs, end, move, settle, taken
from pipeline.pledges.models import Pledge
from pipeline.pledges.owed_answers import leads_answered
from pipeline.pledges.rules import Act, PledgeStatus
from pipeline.pledges.said import said, step


def accept_pledge(work: UnitOfWork, *, pledge_id: UUID) -> Pledge:
    """Take an authorised pledge, as a lead of the project. Where the project is flexible or going ahead and the pledge
    counts, it is committed in the same moment.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, project.takes_no_pledges).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_accept_pledge(work.actor, facts))
    lapse_past_their_date(work, pledge.need.project, uk_date(work.now))
    rules.check_step(PledgeStatus(pledge.status), Act.ACCEPT)
    check_runs(pledge)
    pledge.accepted_at = work.now
    move(work, pledge, PledgeStatus.ACCEPTED)
    changes = step(facts.status, PledgeStatus.ACCEPTED)
    work.record(events.PledgeAccepted(**said(pledge), changes=changes), audience=facts.project.audience)
    leads_answered(work, pledge)
    take_place(work, pledge)
    counting.renew(work, pledge.need.project)
    return pledge


def decline_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Do not take a pledge, as a lead of the project, with a reason the pledging council reads.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_decline_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.DECLINE)
    rules.check_reason(reason)
    end(work, pledge, PledgeStatus.DECLINED, reason)
    changes = step(facts.status, PledgeStatus.DECLINED)
    work.record(events.PledgeDeclined(**said(pledge), changes=changes), audience=audience_of_end(pledge))
    leads_answered(work, pledge)
    settle(work, pledge, facts.status)
    return pledge


def withdraw_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str = "") -> Pledge:
    """Take a pledge back, for the council that made it; once it was authorised this needs a reason.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_withdraw_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.WITHDRAW)
    rules.check_reason(reason, is_required=pledge.authorised_at is not None)
    end(work, pledge, PledgeStatus.WITHDRAWN, reason or None)
    changes = step(facts.status, PledgeStatus.WITHDRAWN)
    work.record(events.PledgeWithdrawn(**said(pledge), changes=changes), audience=audience_of_end(pledge))
    settle(work, pledge, facts.status)
    return pledge


def lapse_pledge(work: UnitOfWork, *, pledge_id: UUID) -> Pledge:
    """End an offer whose sign-off date has passed, or a pledge that stood until a date. Only the clock does this.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, pledge.not_due).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_lapse_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.LAPSE)
    if not rules.is_past_its_date(facts.status, pledge.sign_off_by, pledge.stands_until, uk_date(work.now)):
        words = Words(_("The date of this pledge has not passed."))
        raise Conflict("pledge.not_due", words, tuple(rules.next_acts(facts.status)))
    end(work, pledge, PledgeStatus.LAPSED, None)
    changes = step(facts.status, PledgeStatus.LAPSED)
    event = events.PledgeLapsed(**said(pledge), changes=changes)
    work.record(event, audience=audience_of_end(pledge), council_id=pledge.council_id)
    settle(work, pledge, facts.status)
    return pledge
