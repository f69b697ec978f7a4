"""Setting aside what somebody named by e-mail had authorised, until the pledge commits."""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting, policy, queries, rules
from pipeline.pledges.actions.agreeing import end_request
from pipeline.pledges.actions.offering import ask_to_authorise, check_single_offer
from pipeline.pledges.actions.steps import move, taken
from pipeline.pledges.authority import RequestEnd, Way
from pipeline.pledges.authority_events import AuthorisationSetAside, PledgeRemoved
from pipeline.pledges.models import Pledge
from pipeline.pledges.owed_answers import answer_not_owed
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.said import audience_of, step

SET_ASIDE_FROM = frozenset({PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED})


def set_aside_authorisation(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Set the authorisation of somebody named by e-mail aside, as an admin of the pledging council, with a reason this
    council reads. The pledge is offered again, no longer public, and counted anew; where its sign-off date has passed
    it gets the usual one.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step, authorisation.not_named,
    pledge.unsigned_offer_stands).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_set_aside(work.actor, facts))
    check_can_be_set_aside(facts)
    rules.check_reason(reason)
    check_single_offer(pledge.need, queries.offering_of(work, pledge.need, pledge.council_id).unsigned_id)

    authorisation = queries.authorisation_of(work, pledge.id)
    if authorisation is None:
        raise RuntimeError("an authorised pledge has an authorisation")
    authorisation.set_aside_at, authorisation.set_aside_by = work.now, work.actor.officer_id
    authorisation.set_aside_reason = reason
    end_request(work, pledge, RequestEnd.DECIDED)
    answer_not_owed(work, pledge)
    move(work, pledge, PledgeStatus.OFFERED)
    pledge.authorised_at = pledge.accepted_at = pledge.answered_at = pledge.answer_due_on = None
    pledge.is_counting = pledge.is_agreed = False
    _keep_in_time(work, pledge)

    changes = step(facts.status, PledgeStatus.OFFERED)
    facts_said = {"pledge_id": pledge.id, "project_id": pledge.project_id}
    event = AuthorisationSetAside(**facts_said, pledging_council_id=pledge.council_id, changes=changes)
    work.record(event, council_id=pledge.council_id)
    work.record(PledgeRemoved(**facts_said), audience=audience_of(pledge.need.project), council_id=pledge.council_id)
    ask_to_authorise(work, pledge)
    counting.renew(work, pledge.need.project)
    return pledge


def check_can_be_set_aside(facts: PledgeFacts) -> None:
    """Only what somebody named by e-mail authorised, until the pledge commits. Raises Conflict (pledge.wrong_step,
    authorisation.not_named)."""
    if facts.status not in SET_ASIDE_FROM:
        raise Conflict("pledge.wrong_step", Words(rules.STATUS_WORDS[facts.status]), rules.next_acts(facts.status))
    if facts.way is not Way.NAMED:
        words = Words(
            _("Only what somebody named by e-mail authorised can be set aside. Your council can withdraw the pledge.")
        )
        raise Conflict("authorisation.not_named", words, rules.next_acts(facts.status))


def _keep_in_time(work: UnitOfWork, pledge: Pledge) -> None:
    today = uk_date(work.now)
    if pledge.sign_off_by < today:
        terms = queries.offering_of(work, pledge.need, pledge.council_id).terms
        usual = rules.usual_sign_off(today, terms)
        pledge.sign_off_by = usual if pledge.stands_until is None else min(usual, pledge.stands_until)
