"""Reminding whoever was asked to authorise an offer, on the days the rules say, once each."""

from uuid import UUID

from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.pledges import asked, events, policy, queries
from pipeline.pledges.owed_answers import nudge_after
from pipeline.pledges.rules import PledgeStatus


def remind_authorisers(work: UnitOfWork, *, pledge_id: UUID) -> None:
    """Say that an offer still waits to be authorised: the person named by e-mail gets the link again, or else the
    authorisers are written to. Only the clock does this; what is not due any more is left out.

    Raises NotFound, NotAllowed.
    """
    pledge = queries.pledge_seen_by(work, pledge_id, lock=True)
    work.require(policy.may_nudge(work.actor))
    today = uk_date(work.now)
    if pledge.status != PledgeStatus.OFFERED or pledge.nudge_on is None or pledge.nudge_on > today:
        return
    pledge.nudge_on = nudge_after(work, pledge, today)
    named = asked.request_of(work, pledge.id)
    event = events.AuthorisationReminded(
        pledge_id=pledge.id, project_id=pledge.project_id, pledging_council_id=pledge.council_id,
        sign_off_by=pledge.sign_off_by, request_id=named.id if named else None,
    )  # fmt: skip
    work.record(event, council_id=pledge.council_id)
    if named is not None:
        payload = {"request_id": str(named.id), "language": named.language}
        queue_message(
            work.session, kind="authorisation.named", officer_id=None, address=named.address, now=work.now,
            payload=payload,
        )  # fmt: skip
