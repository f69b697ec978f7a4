"""An offer of time that the council's standing rule lets through: authorised at once, by no person."""

from datetime import date

from pipeline.accounts.limits import authority_that_holds
from pipeline.accounts.queries.authority import authority_history
from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import system
from pipeline.pledges import policy, queries
from pipeline.pledges.actions.agreeing import authorised, keep_authorisation
from pipeline.pledges.authority import Way, is_let_through
from pipeline.pledges.models import Pledge
from pipeline.pledges.weighing import let_through_facts
from pipeline.projects.rules import NeedKind

STANDING_RULE = "standing rule"


def let_through(work: UnitOfWork, *, pledge: Pledge, rule_on: date | None) -> bool:
    """Let an offer through by the council's standing rule, if it reaches so far. Returns whether it did.

    `rule_on` is the date of the rule as it is set now, None where there is none. A rule that whoever offers set
    themselves does not serve for what they offer. The need and its project are loaded.
    """
    if rule_on is None or pledge.kind != NeedKind.TIME:
        return False
    work.session.flush()
    facts = queries.facts_of(work, pledge)
    holds = authority_that_holds(
        authority_history(work.session, pledge.council_id), moment=pledge.offered_at, not_by=facts.offerer_ids,
        has_admin=True,
    )  # fmt: skip
    with work.acting_as(system(STANDING_RULE, work.actor.channel)):
        decision = policy.may_let_through(work.actor, facts)
        if not (holds.has_standing_rule and decision and _reaches(work, pledge)):
            return False
        work.require(decision)
        keep_authorisation(work, pledge, Way.STANDING_RULE, rule_on=holds.standing_rule_on)
        authorised(work, pledge)
    return True


def _reaches(work: UnitOfWork, pledge: Pledge) -> bool:
    return is_let_through(
        let_through_facts(
            work, person_key=pledge.person_key, council_id=pledge.council_id, project_id=pledge.project_id,
            kind=NeedKind(pledge.kind), amount=pledge.amount, pledge_id=pledge.id, replaces_id=pledge.replaces_id,
        )
    )  # fmt: skip
