"""Offering a pledge, and changing the offer until it is authorised."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting, events, policy, queries, rules, sums
from pipeline.pledges.actions.asking import ask_again
from pipeline.pledges.actions.letting_through import let_through
from pipeline.pledges.actions.replacing import replaced_by_offer, room_already_held
from pipeline.pledges.actions.steps import taken, who
from pipeline.pledges.condition_queries import condition_terms_of
from pipeline.pledges.condition_rules import check_can_come_true, check_conditions
from pipeline.pledges.conditions import Condition
from pipeline.pledges.models import Pledge, PledgeCondition
from pipeline.pledges.owed_answers import plan_nudges
from pipeline.pledges.rules import Act, Offer, PledgeStatus
from pipeline.pledges.said import said, step
from pipeline.projects.actions.taking import taken_need
from pipeline.projects.models import Need


def offer_pledge(work: UnitOfWork, *, need_id: UUID, offer: Offer, replaces_id: UUID | None = None) -> Pledge:
    """Promise officer time, funding or a thing towards a need, on behalf of the officer's council.

    With `replaces_id` it is to take the place of a pledge of the same council to the same need, authorised or accepted,
    once it has come as far; until then that one stands, and this holds only what is more.

    It holds room at once and waits for its council to authorise it, unless the council's standing rule lets it through.
    Raises NotFound, NotAllowed, RuleBroken (offer.…,
    condition.…), Conflict (offer.council_ended, project.takes_no_pledges, project.decision_date_passed, need.closed,
    pledge.unsigned_offer_stands, pledge.no_room, condition.cannot_hold, pledge.not_replaceable,
    pledge.replaced_already).
    """
    need = taken_need(work, need_id)
    work.require(policy.may_offer_pledge(work.actor))
    officer_id, council_id = who(work)
    offering = queries.offering_of(work, need, council_id)
    today = uk_date(work.now)
    rules.check_council_exists(is_active=offering.is_active)
    rules.check_takes_pledges(offering.terms, today)
    rules.check_offer(offer, offering.terms, today)
    check_single_offer(need, offering.unsigned_id)
    replaced = replaced_by_offer(work, need=need, pledge_id=replaces_id)
    already_held = replaced.bound if replaced else 0
    rules.check_room(offering.terms, offer.amount, already_held=already_held)
    _check_conditions(work, need, council_id, offer, already_held)

    pledge = Pledge(
        id=new_id(), project_id=need.project_id, need_id=need.id, council_id=council_id, officer_id=officer_id,
        person_key=offering.person_key, kind=need.kind, status=PledgeStatus.OFFERED, offered_at=work.now,
        updated_at=work.now, replaces_id=replaces_id, conditions=_rows(offer.conditions), **_columns(offer),
    )  # fmt: skip
    # Most offers wait for nothing and meet no rule: such a one is written whole, when all is said of it.
    is_plain = not offer.conditions and offering.standing_rule_on is None
    if not is_plain:
        work.add(pledge)
    changes = step(None, PledgeStatus.OFFERED)
    work.record(events.PledgeOffered(**said(pledge), sign_off_by=pledge.sign_off_by, changes=changes))
    set_committed_value(pledge, "need", need)
    if not let_through(work, pledge=pledge, rule_on=offering.standing_rule_on):
        ask_to_authorise(work, pledge, offering.terms.nation)
        if is_plain:
            work.insert(pledge)
        _hold(work, need, pledge, pledge.amount)
    return pledge


def change_pledge(work: UnitOfWork, *, pledge_id: UUID, offer: Offer, version: int | None = None) -> Pledge:
    """Change an offer before it is authorised; it needs its room again, and its council is asked again.

    `version` is the one the officer saw. Raises NotFound, NotAllowed, RuleBroken (offer.…, condition.…), Conflict
    (pledge.wrong_step, pledge.changed_meanwhile, pledge.no_room and those of offering).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_change_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.CHANGE)
    if version is not None and version != pledge.version:
        words = Words(_("This offer was changed while you had the page open. Look at it again and make your change."))
        raise Conflict("pledge.changed_meanwhile", words, tuple(rules.next_acts(facts.status)))
    offering = queries.offering_of(work, pledge.need, pledge.council_id)
    today = uk_date(work.now)
    rules.check_takes_pledges(offering.terms, today)
    rules.check_offer(offer, offering.terms, today)
    already_held = room_already_held(work, pledge)
    rules.check_room(offering.terms, offer.amount, already_held=already_held)
    _check_conditions(work, pledge.need, pledge.council_id, offer, already_held)

    held = pledge.amount
    changes = _take_offer(work, pledge, offer)
    if changes:
        if work.actor.officer_id not in facts.offerer_ids:
            # Whoever changes the offer of somebody who left offers it from then on, and so cannot authorise it.
            pledge.officer_id, pledge.person_key = who(work)[0], offering.person_key
        pledge.edited()
        pledge.updated_at = work.now
        work.record(events.PledgeChanged(**said(pledge), changes=changes))
        ask_to_authorise(work, pledge, offering.terms.nation)
        ask_again(work, pledge)
        _hold(work, pledge.need, pledge, pledge.amount - held)
    return pledge


def _check_conditions(work: UnitOfWork, need: Need, council_id: UUID, offer: Offer, already_held: int) -> None:
    """Hold what an offer waits for against the project. Most offers wait for nothing, and nothing is read for them."""
    if offer.conditions or offer.stands_until is not None:
        terms = condition_terms_of(work, need, council_id, already_held=already_held)
        check_conditions(offer, terms, uk_date(work.now))
        check_can_come_true(offer, terms)


def _hold(work: UnitOfWork, need: Need, pledge: Pledge, amount: int) -> None:
    """Hold the room of an offer. Where anything waits for anything, what would follow from it is worked out as well."""
    project = need.project
    if pledge.conditions and not project.has_conditions:
        project.has_conditions = True
    if project.has_conditions or pledge.replaces_id is not None:
        counting.renew(work, project)
        return
    work.session.flush()
    sums.hold(work, need, amount)


def check_single_offer(need: Need, unsigned_id: UUID | None) -> None:
    """A council has one unsigned offer at most in a capped need.

    `unsigned_id` is the one that stands. Raises Conflict (pledge.unsigned_offer_stands).
    """
    if need.is_capped and unsigned_id is not None:
        words = Words(
            _(
                "Your council already has an offer here that nobody has authorised yet. "
                "Change or withdraw it, or have it authorised first."
            )
        )
        raise Conflict("pledge.unsigned_offer_stands", words, (Act.CHANGE, Act.WITHDRAW))


def ask_to_authorise(work: UnitOfWork, pledge: Pledge, nation: str | None = None) -> None:
    """Record that the authorisers of the pledging council, of a nation, are asked to decide, and will be reminded."""
    plan_nudges(work, pledge, nation)
    work.record(
        events.AuthorisationAsked(
            pledge_id=pledge.id, project_id=pledge.project_id, pledging_council_id=pledge.council_id,
            sign_off_by=pledge.sign_off_by,
        ),
        council_id=pledge.council_id,
    )  # fmt: skip


def _columns(offer: Offer) -> dict[str, Any]:
    return {
        "amount": offer.amount, "from_on": offer.from_on, "to_on": offer.to_on,
        "first_financial_year": offer.first_financial_year, "last_financial_year": offer.last_financial_year,
        "spending": offer.spending, "worth_pence": offer.worth_pence, "message": offer.message,
        "sign_off_by": offer.sign_off_by, "stands_until": offer.stands_until,
    }  # fmt: skip


def _rows(conditions: tuple[Condition, ...]) -> list[PledgeCondition]:
    return [
        PledgeCondition(
            id=new_id(), position=position, kind=one.kind, at_least=one.at_least, unit=one.unit, need_id=one.need_id,
            of_kind=one.of_kind, of_nation=one.of_nation, of_region=one.of_region,
        )
        for position, one in enumerate(conditions)
    ]  # fmt: skip


def _take_offer(work: UnitOfWork, pledge: Pledge, offer: Offer) -> dict[str, Any]:
    """Put an offer's values into a pledge; return what changed, old and new, but of texts only that they did."""
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
    if tuple(counting.condition_of(row) for row in pledge.conditions) != offer.conditions:
        changes["conditions"] = [len(pledge.conditions), len(offer.conditions)]
        # The earlier ones leave before new ones take their places.
        pledge.conditions = []
        work.session.flush()
        pledge.conditions = _rows(offer.conditions)
    return changes
