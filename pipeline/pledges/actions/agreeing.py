"""What follows once a council has agreed to its pledge, by whichever way."""

from datetime import date
from uuid import UUID

from sqlalchemy import update

from pipeline.accounts.limits import NO_LIMIT, Limit
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.ids import new_id
from pipeline.pledges import counting, events
from pipeline.pledges.actions.deciding_dates import lapse_past_their_date
from pipeline.pledges.actions.replacing import take_place
from pipeline.pledges.actions.steps import move
from pipeline.pledges.authority import NO_GROUNDS, Grounds, RequestEnd, Statement, Way
from pipeline.pledges.models import Authorisation, AuthorisationRequest, Pledge
from pipeline.pledges.owed_answers import owe_answer
from pipeline.pledges.rules import Capacity, PledgeStatus
from pipeline.pledges.said import audience_of, said, step


def keep_authorisation(
    work: UnitOfWork,
    pledge: Pledge,
    way: Way,
    *,
    officer_id: UUID | None = None,
    person_key: str = "",
    capacity: Capacity | None = None,
    limit: Limit = NO_LIMIT,
    grounds: Grounds = NO_GROUNDS,
    statement: Statement | None = None,
    request_id: UUID | None = None,
    rule_on: date | None = None,
) -> Authorisation:
    """Keep who agreed, how, in which capacity, within which limit and why."""
    return work.add(
        Authorisation(
            id=new_id(), pledge_id=pledge.id, way=way, officer_id=officer_id, council_id=pledge.council_id,
            capacity=capacity, authorised_at=work.now, request_id=request_id, person_key=person_key,
            name=statement.name if statement else "", job_title=statement.job_title if statement else "",
            rule_on=rule_on, decided_on=grounds.decided_on, reference=grounds.reference, reasons=grounds.reasons,
            alternatives=grounds.alternatives, interests=grounds.interests, limit_half_days=limit.half_days,
            limit_pence=limit.pence, limit_first_on=limit.first_on, limit_last_on=limit.last_on,
        )
    )  # fmt: skip


def end_request(work: UnitOfWork, pledge: Pledge, because: RequestEnd) -> None:
    """End the request by e-mail that stands for a pledge, if one does: its link and codes are worth nothing then."""
    work.session.execute(
        update(AuthorisationRequest)
        .where(AuthorisationRequest.pledge_id == pledge.id, AuthorisationRequest.ended_at.is_(None))
        .values(ended_at=work.now, ended_because=because.value),
        execution_options={"synchronize_session": False},
    )


def authorised(work: UnitOfWork, pledge: Pledge) -> None:
    """Everybody sees the pledge, and it is counted anew. A council's pledge to its own project is accepted in the same
    moment."""
    project = pledge.need.project
    lapse_past_their_date(work, project, uk_date(work.now))
    is_own_project = pledge.council_id == project.council_id
    pledge.authorised_at = work.now
    if is_own_project:
        pledge.accepted_at = work.now
    move(work, pledge, PledgeStatus.ACCEPTED if is_own_project else PledgeStatus.AUTHORISED)
    changes = step(PledgeStatus.OFFERED, PledgeStatus.AUTHORISED)
    audience, council_id = audience_of(project), pledge.council_id
    work.record(events.PledgeAuthorised(**said(pledge), changes=changes), audience=audience, council_id=council_id)
    if is_own_project:
        changes = step(PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)
        work.record(events.PledgeAccepted(**said(pledge), changes=changes), audience=audience, council_id=council_id)
        pledge.nudge_on = None
    else:
        owe_answer(work, pledge)
    take_place(work, pledge)
    counting.renew(work, project)
