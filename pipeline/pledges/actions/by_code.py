"""What somebody named by e-mail does: asks for a code, and with it authorises or refuses their council's offer.

The link alone lets them read the offer. The code goes to the named address, works once and within the hour.
"""

from dataclasses import replace

from sqlalchemy import delete, func, or_, select, update

from pipeline.accounts.actions.retention import PERIODS
from pipeline.accounts.rules import SEND_AGAIN_AFTER
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork, housekeeping
from pipeline.kernel import clock
from pipeline.kernel.clock import uk_date
from pipeline.kernel.decision import YES
from pipeline.kernel.errors import Conflict, Problem, RuleBroken, refuse_if_any
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.pledges import asked, events, policy, queries, rules
from pipeline.pledges.actions.agreeing import authorised, keep_authorisation
from pipeline.pledges.actions.deciding_dates import decide_if_due
from pipeline.pledges.actions.steps import check_runs, end, settle
from pipeline.pledges.asked import Asked, Naming
from pipeline.pledges.authority import (
    CODE_LASTS,
    MOST_CODES,
    Grounds,
    RequestEnd,
    Statement,
    Way,
    check_answer,
    is_code,
    may_still_be_used,
    request_id_from,
    statement_problems,
)
from pipeline.pledges.authority_events import AuthorisationCodeAsked
from pipeline.pledges.models import AuthorisationCode, AuthorisationRequest, Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import Act, Capacity, PledgeStatus
from pipeline.pledges.said import said, step


def ask_code(work: UnitOfWork, *, token: str, secret_key: str) -> None:
    """Have a code mailed to the address that was named; it ends the codes before it. Within a minute of one no second
    is mailed. Raises Gone, NotAllowed, Conflict (authorisation.too_many_codes)."""
    taken, facts, naming = _taken(work, token, secret_key)
    work.require(policy.may_ask_code(work.actor, facts))
    work.require(policy.may_be_named(work.actor, replace(naming.facts, within=YES)))
    sent = work.session.scalars(
        select(AuthorisationCode.created_at).where(AuthorisationCode.request_id == taken.request.id)
    ).all()
    if any(at > work.now - SEND_AGAIN_AFTER for at in sent):
        return
    if len(sent) >= MOST_CODES:
        words = Words(_("Too many codes have been sent for this offer. Ask your colleague to name you again."))
        raise Conflict("authorisation.too_many_codes", words)
    code = work.add(
        AuthorisationCode(
            id=new_id(), request_id=taken.request.id, created_at=work.now, expires_at=work.now + CODE_LASTS
        )
    )
    work.session.flush()
    pledge = taken.pledge
    event = AuthorisationCodeAsked(
        pledge_id=pledge.id, project_id=pledge.project_id, pledging_council_id=pledge.council_id,
        request_id=taken.request.id,
    )  # fmt: skip
    work.record(event, council_id=pledge.council_id)
    queue_message(
        work.session, kind="authorisation.code", officer_id=None, address=taken.request.address, now=work.now,
        payload={"code_id": str(code.id), "language": taken.request.language},
    )  # fmt: skip


def count_code_try(token: str, *, secret_key: str) -> None:
    """Count a try before it is made, so that many at once cannot slip through. The entry point calls it."""
    request_id = request_id_from(secret_key, token)
    if request_id is None:
        return
    with housekeeping("codes") as session:
        newest = select(func.max(AuthorisationCode.created_at)).where(AuthorisationCode.request_id == request_id)
        session.execute(
            update(AuthorisationCode)
            .where(
                AuthorisationCode.request_id == request_id, AuthorisationCode.used_at.is_(None),
                AuthorisationCode.created_at == newest.scalar_subquery(), AuthorisationCode.expires_at > clock.now(),
            )
            .values(tries=AuthorisationCode.tries + 1),
            execution_options={"synchronize_session": False},
        )  # fmt: skip


def forget_codes() -> None:
    """Delete the codes that ended a week ago, which hold nothing but when they were asked for and tried, and the
    addresses of people whose request or offer ended a year ago: who decided stays in the record by name and job."""
    now = clock.now()
    before = now - PERIODS["addresses of people asked by e-mail to authorise"]
    of_ended = select(Pledge.id).where(Pledge.ended_at < before)
    is_old = or_(AuthorisationRequest.ended_at < before, AuthorisationRequest.pledge_id.in_(of_ended))
    with housekeeping("codes") as session:
        for forgetting in (
            delete(AuthorisationCode).where(
                AuthorisationCode.expires_at < now - PERIODS["codes that were sent to them"]
            ),
            update(AuthorisationRequest).where(is_old, AuthorisationRequest.address != "").values(address=""),
        ):
            session.execute(forgetting, execution_options={"synchronize_session": False})


def authorise_by_code(
    work: UnitOfWork,
    *,
    token: str,
    secret_key: str,
    code: str,
    statement: Statement,
    capacity: Capacity,
    grounds: Grounds,
) -> Pledge:
    """Agree to one's council's pledge, as somebody named by e-mail, by the code that went to the named address.

    Raises Gone, NotAllowed (authorisation.…), RuleBroken (authorisation.…), Conflict (pledge.wrong_step,
    project.takes_no_pledges).
    """
    taken, facts, naming = _taken(work, token, secret_key)
    work.require(policy.may_ask_code(work.actor, facts))
    work.require(policy.may_be_named(work.actor, naming.facts))
    rules.check_step(facts.status, Act.AUTHORISE)
    check_runs(taken.pledge)
    check_answer(statement, capacity, grounds, uk_date(work.now))
    _use_code(work, taken, code, secret_key)
    keep_authorisation(
        work, taken.pledge, Way.NAMED, person_key=naming.person_key, capacity=capacity, limit=naming.limit,
        grounds=grounds, statement=statement, request_id=taken.request.id,
    )  # fmt: skip
    _answered(work, taken, statement)
    authorised(work, taken.pledge)
    return taken.pledge


def refuse_by_code(
    work: UnitOfWork, *, token: str, secret_key: str, code: str, statement: Statement, reason: str
) -> Pledge:
    """Say no to one's council's offer, as somebody named by e-mail, with a reason that only this council reads.

    Raises Gone, NotAllowed (authorisation.…), RuleBroken (authorisation.…, pledge.reason_…), Conflict
    (pledge.wrong_step).
    """
    taken, facts, naming = _taken(work, token, secret_key)
    work.require(policy.may_ask_code(work.actor, facts))
    work.require(policy.may_be_named(work.actor, replace(naming.facts, within=YES)))
    rules.check_step(facts.status, Act.REFUSE)
    refuse_if_any(statement_problems(statement))
    rules.check_reason(reason)
    _use_code(work, taken, code, secret_key)
    pledge = taken.pledge
    _answered(work, taken, statement)
    end(work, pledge, PledgeStatus.REFUSED, reason)
    changes = step(facts.status, PledgeStatus.REFUSED)
    work.record(events.PledgeRefused(**said(pledge), changes=changes), council_id=pledge.council_id)
    settle(work, pledge, facts.status)
    return pledge


def _taken(work: UnitOfWork, token: str, secret_key: str) -> tuple[Asked, PledgeFacts, Naming]:
    """What the link leads to, locked, with the facts that decide, read again now. Raises Gone."""
    taken = asked.asked_by(work, token, secret_key=secret_key, lock=True)
    if decide_if_due(work, taken.pledge.need.project):
        taken = asked.asked_by(work, token, secret_key=secret_key, lock=True)
    facts = queries.facts_of(work, taken.pledge)
    return taken, facts, asked.naming_of(work, taken.pledge, facts, taken.address, taken.request.asker_key)


def _use_code(work: UnitOfWork, taken: Asked, typed: str, secret_key: str) -> None:
    """Use the newest code up, if it is the one that was typed. Raises RuleBroken (authorisation.code_wrong)."""
    code = work.session.scalars(
        select(AuthorisationCode)
        .where(AuthorisationCode.request_id == taken.request.id)
        .order_by(AuthorisationCode.created_at.desc(), AuthorisationCode.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    is_good = code is not None and may_still_be_used(
        tries=code.tries, used_at=code.used_at, expires_at=code.expires_at, now=work.now
    )
    if code is None or not is_good or not is_code(secret_key, code.id, typed):
        words = Words(_("This code is not the right one, or it has been used or is too old. Ask for a new code."))
        raise RuleBroken(Problem("authorisation.code_wrong", words, "code"))
    code.used_at = work.now


def _answered(work: UnitOfWork, taken: Asked, statement: Statement) -> None:
    request = taken.request
    request.ended_at, request.ended_because = work.now, RequestEnd.ANSWERED
    request.name, request.job_title = statement.name, statement.job_title
