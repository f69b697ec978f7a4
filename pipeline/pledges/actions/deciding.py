"""The pledging council's own decision on its offer: somebody with authority in it agrees, or says no."""

from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.limits import NO_LIMIT
from pipeline.accounts.models import Officer
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.pledges import events, policy, rules
from pipeline.pledges.actions.agreeing import authorised, end_request, keep_authorisation
from pipeline.pledges.actions.steps import check_runs, end, settle, taken, who
from pipeline.pledges.authority import NO_GROUNDS, Grounds, RequestEnd, Way, check_grounds
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Act, Capacity, PledgeStatus
from pipeline.pledges.said import said, step


def authorise_pledge(work: UnitOfWork, *, pledge_id: UUID, capacity: Capacity, grounds: Grounds = NO_GROUNDS) -> Pledge:
    """Agree to the council's pledge, in a capacity and within one's limit. From here on everybody sees it. `grounds` go
    into the council's draft decision record.

    Raises NotFound, NotAllowed (also authorisation.over_limit), RuleBroken (authorisation.…), Conflict
    (pledge.wrong_step, pledge.sign_off_passed, project.takes_no_pledges).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_authorise_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.AUTHORISE)
    rules.check_in_time(pledge.sign_off_by, uk_date(work.now))
    check_runs(pledge)
    check_grounds(capacity, grounds, uk_date(work.now))

    officer_id, _council_id = who(work)
    keep_authorisation(
        work, pledge, Way.AUTHORISER, officer_id=officer_id, person_key=_own_key(work), capacity=capacity,
        limit=facts.role.limit if facts.role else NO_LIMIT, grounds=grounds,
    )  # fmt: skip
    end_request(work, pledge, RequestEnd.DECIDED)
    authorised(work, pledge)
    return pledge


def _own_key(work: UnitOfWork) -> str:
    return work.session.scalar(select(Officer.person_key).where(Officer.id == work.actor.officer_id)) or ""


def refuse_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Say no to the council's own offer, with a reason that only this council reads.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_refuse_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.REFUSE)
    rules.check_reason(reason)
    end(work, pledge, PledgeStatus.REFUSED, reason)
    work.record(events.PledgeRefused(**said(pledge), changes=step(facts.status, PledgeStatus.REFUSED)))
    settle(work, pledge, facts.status)
    return pledge
