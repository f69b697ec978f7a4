"""The acts on pledges. Each finds the pledge as the actor may see it, asks, holds it to the rules, settles the sums and
records what happened. The project's row is locked first, so acts on one project take turns.

Every project is all-or-nothing without its test for now, so a pledge rests at accepted.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.pledges import events, policy, queries, rules, sums
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import Act, Capacity, Offer, PledgeStatus, portion
from pipeline.projects.actions import forget_project
from pipeline.projects.events import ProjectDeleted
from pipeline.projects.joined import councils_in
from pipeline.projects.models import Need
from pipeline.projects.policy import may_delete_project
from pipeline.projects.queries import facts_of as facts_of_project
from pipeline.projects.queries import need_seen_by, project_seen_by
from pipeline.projects.rules import ProjectStatus


def offer_pledge(work: UnitOfWork, *, need_id: UUID, offer: Offer) -> Pledge:
    """Promise officer time, funding or a thing towards a need, on behalf of the officer's council.

    It holds room at once and waits for its council to authorise it. Raises NotFound, NotAllowed, RuleBroken (offer.…),
    Conflict (project.takes_no_pledges, project.decision_date_passed, need.closed, pledge.unsigned_offer_stands,
    pledge.no_room).
    """
    need = need_seen_by(work, need_id, lock=True)
    work.require(policy.may_offer_pledge(work.actor))
    officer_id, council_id = _who(work)
    offering = queries.offering_of(work, need, council_id)
    today = uk_date(work.now)
    rules.check_takes_pledges(offering.terms, today)
    rules.check_offer(offer, offering.terms, today)
    _check_single_offer(need, offering.unsigned_id)
    rules.check_room(offering.terms, offer.amount)

    pledge = work.add(
        Pledge(
            id=new_id(), project_id=need.project_id, need_id=need.id, council_id=council_id, officer_id=officer_id,
            kind=need.kind, status=PledgeStatus.OFFERED, offered_at=work.now, updated_at=work.now, **_columns(offer),
        )
    )  # fmt: skip
    after = portion(PledgeStatus.OFFERED, pledge.amount)
    sums.settle(work, need, pledge=pledge, council_kind=offering.council_kind, after=after)
    changes = _step(None, PledgeStatus.OFFERED)
    work.record(events.PledgeOffered(**_said(pledge), sign_off_by=pledge.sign_off_by, changes=changes))
    _ask_to_authorise(work, pledge)
    return pledge


def change_pledge(work: UnitOfWork, *, pledge_id: UUID, offer: Offer, version: int | None = None) -> Pledge:
    """Change an offer before it is authorised; it needs its room again, and its council is asked again.

    `version` is the one the officer saw. Raises NotFound, NotAllowed, RuleBroken (offer.…), Conflict
    (pledge.wrong_step, pledge.changed_meanwhile, pledge.no_room and those of offering).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_change_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.CHANGE)
    if version is not None and version != pledge.version:
        words = Words(_("This offer was changed while you had the page open. Look at it again and make your change."))
        raise Conflict("pledge.changed_meanwhile", words, tuple(rules.next_acts(facts.status)))
    offering = queries.offering_of(work, pledge.need, pledge.council_id)
    today = uk_date(work.now)
    rules.check_takes_pledges(offering.terms, today)
    rules.check_offer(offer, offering.terms, today)
    rules.check_room(offering.terms, offer.amount, already_held=pledge.amount)

    before = portion(facts.status, pledge.amount)
    changes = _take_offer(pledge, offer)
    if changes:
        pledge.edited()
        pledge.updated_at = work.now
        after = portion(facts.status, pledge.amount)
        sums.settle(work, pledge.need, pledge=pledge, council_kind=offering.council_kind, before=before, after=after)
        work.record(events.PledgeChanged(**_said(pledge), changes=changes))
        _ask_to_authorise(work, pledge)
    return pledge


def authorise_pledge(work: UnitOfWork, *, pledge_id: UUID, capacity: Capacity) -> Pledge:
    """Agree to the council's pledge, in a capacity. From here on everybody sees it. A council's pledge to its own
    project is accepted in the same moment.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, pledge.sign_off_passed, project.takes_no_pledges).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_authorise_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.AUTHORISE)
    rules.check_in_time(pledge.sign_off_by, uk_date(work.now))
    _check_runs(pledge)

    officer_id, _council_id = _who(work)
    work.add(
        Authorisation(
            id=new_id(), pledge_id=pledge.id, officer_id=officer_id, council_id=pledge.council_id,
            capacity=capacity, authorised_at=work.now,
        )
    )  # fmt: skip
    pledge.authorised_at = work.now
    is_own_project = pledge.council_id == facts.project.council_id
    if is_own_project:
        pledge.accepted_at = work.now
    _move(work, pledge, PledgeStatus.ACCEPTED if is_own_project else PledgeStatus.AUTHORISED)
    changes = _step(facts.status, PledgeStatus.AUTHORISED)
    work.record(events.PledgeAuthorised(**_said(pledge), changes=changes), audience=facts.project.audience)
    if is_own_project:
        accepted = events.PledgeAccepted(**_said(pledge), changes=_step(PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED))
        work.record(accepted, audience=facts.project.audience)
    return pledge


def refuse_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Say no to the council's own offer, with a reason that only this council reads.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_refuse_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.REFUSE)
    rules.check_reason(reason)
    _end(work, pledge, PledgeStatus.REFUSED, reason)
    work.record(events.PledgeRefused(**_said(pledge), changes=_step(facts.status, PledgeStatus.REFUSED)))
    return pledge


def accept_pledge(work: UnitOfWork, *, pledge_id: UUID) -> Pledge:
    """Take an authorised pledge, as a lead of the project.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, project.takes_no_pledges).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_accept_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.ACCEPT)
    _check_runs(pledge)
    pledge.accepted_at = work.now
    _move(work, pledge, PledgeStatus.ACCEPTED)
    changes = _step(facts.status, PledgeStatus.ACCEPTED)
    work.record(events.PledgeAccepted(**_said(pledge), changes=changes), audience=facts.project.audience)
    return pledge


def decline_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Do not take a pledge, as a lead of the project, with a reason the pledging council reads.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_decline_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.DECLINE)
    rules.check_reason(reason)
    _end(work, pledge, PledgeStatus.DECLINED, reason)
    changes = _step(facts.status, PledgeStatus.DECLINED)
    work.record(events.PledgeDeclined(**_said(pledge), changes=changes), audience=_audience(pledge, facts))
    return pledge


def withdraw_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str = "") -> Pledge:
    """Take a pledge back, for the council that made it; once it was authorised this needs a reason.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…), Conflict (pledge.wrong_step).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_withdraw_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.WITHDRAW)
    rules.check_reason(reason, is_required=pledge.authorised_at is not None)
    _end(work, pledge, PledgeStatus.WITHDRAWN, reason or None)
    changes = _step(facts.status, PledgeStatus.WITHDRAWN)
    work.record(events.PledgeWithdrawn(**_said(pledge), changes=changes), audience=_audience(pledge, facts))
    return pledge


def lapse_pledge(work: UnitOfWork, *, pledge_id: UUID) -> Pledge:
    """End an offer whose sign-off date has passed. Only the clock does this.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, pledge.not_due).
    """
    pledge, facts = _taken(work, pledge_id)
    work.require(policy.may_lapse_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.LAPSE)
    if facts.status is not PledgeStatus.OFFERED or pledge.sign_off_by >= uk_date(work.now):
        words = Words(_("The date of this pledge has not passed."))
        raise Conflict("pledge.not_due", words, tuple(rules.next_acts(facts.status)))
    _end(work, pledge, PledgeStatus.LAPSED, None)
    changes = _step(facts.status, PledgeStatus.LAPSED)
    event = events.PledgeLapsed(**_said(pledge), changes=changes)
    work.record(event, audience=_audience(pledge, facts), council_id=pledge.council_id)
    return pledge


def _taken(work: UnitOfWork, pledge_id: UUID) -> tuple[Pledge, PledgeFacts]:
    """The pledge, locked with its project and need, and what the policies need to know of it."""
    pledge = queries.pledge_seen_by(work, pledge_id, lock=True)
    return pledge, queries.facts_of(work, pledge)


def _who(work: UnitOfWork) -> tuple[UUID, UUID]:
    """The officer who acts, and their council. The policies let nobody come this far without both."""
    officer_id, council_id = work.actor.officer_id, work.actor.council_id
    if officer_id is None or council_id is None:
        raise RuntimeError("only an officer of a council offers and authorises pledges")
    return officer_id, council_id


def _check_single_offer(need: Need, unsigned_id: UUID | None) -> None:
    if need.is_capped and unsigned_id is not None:
        words = Words(
            _(
                "Your council already has an offer here that nobody has authorised yet. "
                "Change or withdraw it, or have it authorised first."
            )
        )
        raise Conflict("pledge.unsigned_offer_stands", words, (Act.CHANGE, Act.WITHDRAW))


def _check_runs(pledge: Pledge) -> None:
    project = pledge.need.project
    if project.status not in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD) or project.is_hidden:
        words = Words(_("This project takes no pledges any more."))
        raise Conflict("project.takes_no_pledges", words, (Act.WITHDRAW, Act.DECLINE))


def _move(work: UnitOfWork, pledge: Pledge, status: PledgeStatus) -> None:
    """Give a pledge its new status, and the sums what follows from it."""
    before = portion(PledgeStatus(pledge.status), pledge.amount)
    after = portion(status, pledge.amount)
    pledge.updated_at = work.now
    pledge.edited()
    sums.settle_step(work, pledge.need, pledge, status=status, before=before, after=after)


def _end(work: UnitOfWork, pledge: Pledge, status: PledgeStatus, reason: str | None) -> None:
    pledge.ended_at, pledge.reason = work.now, reason
    _move(work, pledge, status)


def _audience(pledge: Pledge, facts: PledgeFacts) -> Audience:
    """An end is public only where the pledge was."""
    return facts.project.audience if pledge.authorised_at else Audience.PROJECT


def _ask_to_authorise(work: UnitOfWork, pledge: Pledge) -> None:
    work.record(
        events.AuthorisationAsked(
            pledge_id=pledge.id, project_id=pledge.project_id, pledging_council_id=pledge.council_id,
            sign_off_by=pledge.sign_off_by,
        ),
        council_id=pledge.council_id,
    )  # fmt: skip


def _said(pledge: Pledge) -> dict[str, Any]:
    return {
        "pledge_id": pledge.id, "need_id": pledge.need_id, "project_id": pledge.project_id,
        "pledging_council_id": pledge.council_id, "kind": pledge.kind, "amount": pledge.amount,
    }  # fmt: skip


def _step(before: PledgeStatus | None, after: PledgeStatus) -> dict[str, Any]:
    return {"status": [before, after]}


def _columns(offer: Offer) -> dict[str, Any]:
    return {
        "amount": offer.amount, "from_on": offer.from_on, "to_on": offer.to_on,
        "first_financial_year": offer.first_financial_year, "last_financial_year": offer.last_financial_year,
        "spending": offer.spending, "worth_pence": offer.worth_pence, "message": offer.message,
        "sign_off_by": offer.sign_off_by,
    }  # fmt: skip


def _take_offer(pledge: Pledge, offer: Offer) -> dict[str, Any]:
    """Put an offer's values into a pledge; return what changed, old and new, but of the message only that it did."""
    changes: dict[str, Any] = {}
    for name, value in _columns(offer).items():
        old = getattr(pledge, name)
        if old == value:
            continue
        if name == "message":
            changes["texts"] = ["message"]
        else:
            changes[name] = [old, value]
        setattr(pledge, name, value)
    return changes


def delete_published_project(work: UnitOfWork, *, slug: str) -> None:
    """Delete a published project that nobody else has joined, with the lead council's own pledges to it.

    Raises NotFound, NotAllowed, Conflict (project.not_published, project.others_joined).
    """
    project = project_seen_by(work, slug, lock=True)
    facts = facts_of_project(work, project)
    work.require(may_delete_project(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        raise Conflict("project.not_published", Words(_("This is a draft: it is thrown away as one.")))
    if queries.others_have_pledged(work, project) or councils_in(work.session, project):
        words = Words(_("Another council has joined or pledged, so the project stays."))
        raise Conflict("project.others_joined", words)
    own = select(Pledge.id).where(Pledge.project_id == project.id)
    for statement in (
        delete(Authorisation).where(Authorisation.pledge_id.in_(own)),
        delete(Pledge).where(Pledge.project_id == project.id),
    ):
        work.session.execute(statement, execution_options={"synchronize_session": False})
    forget_project(work, project)
    work.record(ProjectDeleted(project_id=project.id, slug=project.slug), audience=facts.audience)
