"""What was delivered of a committed pledge: recorded by one side, answered by the other, corrected, counted in time.

Every act works out anew what counts (`delivery.py`) and, where that changes anything, the sums of the project.
"""

from typing import Any
from uuid import UUID

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import counting, deliveries, delivery, policy, rules
from pipeline.pledges.actions.breaking import explain_by_delivery, rest_of
from pipeline.pledges.actions.steps import move, taken, who
from pipeline.pledges.delivery import ANSWER_WITHIN, Answer, Given, Ledger, Side
from pipeline.pledges.delivery_events import (
    DeliveryAgreed,
    DeliveryCounted,
    DeliveryDisputed,
    DeliveryEvent,
    DeliveryRecorded,
    PledgeBroken,
    PledgeDelivered,
    PledgeReleased,
    PledgeStillToCome,
)
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import Act, PledgeStatus
from pipeline.pledges.said import audience_of, said
from pipeline.projects.rules import NeedKind


def record_delivery(work: UnitOfWork, *, pledge_id: UUID, given: Given) -> Delivery:
    """Record what was given on a day, for the pledging council or as a lead; the other side is asked to agree.

    More than was promised may be recorded: it takes no room. Raises NotFound, NotAllowed, RuleBroken (delivery.…),
    Conflict (pledge.wrong_step).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_record_delivery(work.actor, facts))
    rules.check_step(facts.status, Act.DELIVER)
    side = policy.side_of(work.actor, facts) or Side.COUNCIL
    _check(work, pledge, given)
    row = _recorded(work, pledge, side, given)
    if side is Side.COUNCIL:
        explain_by_delivery(work, pledge)
    _weigh(work, pledge, DeliveryRecorded, row)
    return row


def correct_delivery(work: UnitOfWork, *, delivery_id: UUID, given: Given) -> Delivery:
    """Record what a delivery should have said, for the side that recorded it. It takes its place once it counts.

    Raises NotFound, NotAllowed, RuleBroken (delivery.…), Conflict (delivery.corrected).
    """
    pledge, facts, wrong, is_corrected = _taken(work, delivery_id)
    work.require(policy.may_correct_delivery(work.actor, deliveries.facts_of_delivery(work, wrong, facts)))
    delivery.check_can_correct(is_corrected=is_corrected)
    _check(work, pledge, given, is_correction=True)
    row = _recorded(work, pledge, Side(wrong.side), given, corrects_id=wrong.id)
    _weigh(work, pledge, DeliveryRecorded, row, corrects_delivery_id=wrong.id)
    return row


def agree_delivery(work: UnitOfWork, *, delivery_id: UUID) -> Delivery:
    """Agree what the other side recorded, one that was disputed as well.

    Raises NotFound, NotAllowed, Conflict (delivery.corrected, delivery.answered).
    """
    pledge, facts, row, is_corrected = _taken(work, delivery_id)
    work.require(policy.may_agree_delivery(work.actor, deliveries.facts_of_delivery(work, row, facts)))
    delivery.check_can_answer(deliveries.entry_of(row), Answer.AGREED, is_corrected=is_corrected)
    _answer(work, row, Answer.AGREED)
    _weigh(work, pledge, DeliveryAgreed, row)
    return row


def dispute_delivery(work: UnitOfWork, *, delivery_id: UUID, amount: int, note: str = "") -> Delivery:
    """Give a lower figure than the other side recorded, in the unit of the pledge's kind. It counts at that; both show.

    Raises NotFound, NotAllowed, RuleBroken (delivery.not_lower, delivery.note_too_long), Conflict (delivery.corrected,
    delivery.answered).
    """
    pledge, facts, row, is_corrected = _taken(work, delivery_id)
    work.require(policy.may_dispute_delivery(work.actor, deliveries.facts_of_delivery(work, row, facts)))
    delivery.check_can_answer(deliveries.entry_of(row), Answer.DISPUTED, is_corrected=is_corrected)
    delivery.check_dispute(amount, note, deliveries.entry_of(row), NeedKind(pledge.kind))
    row.disputed_amount, row.answer_note = amount, note
    _answer(work, row, Answer.DISPUTED)
    _weigh(work, pledge, DeliveryDisputed, row, disputed_amount=amount)
    return row


def count_unanswered_delivery(work: UnitOfWork, *, delivery_id: UUID) -> Delivery:
    """Let a delivery count that nobody answered in time; it stays marked *not yet agreed*. Only the clock does this.

    Raises NotFound, NotAllowed, Conflict (delivery.corrected, delivery.not_due).
    """
    pledge, _facts, row, is_corrected = _taken(work, delivery_id)
    work.require(policy.may_count_delivery(work.actor))
    delivery.check_can_correct(is_corrected=is_corrected)
    if row.counts_at is not None or row.answer_due_on >= uk_date(work.now):
        raise Conflict("delivery.not_due", Words(_("This delivery counts already, or its day has not passed.")))
    row.counts_at = work.now
    _weigh(work, pledge, DeliveryCounted, row)
    return row


def _taken(work: UnitOfWork, delivery_id: UUID) -> tuple[Pledge, PledgeFacts, Delivery, bool]:
    """A delivery and its pledge, locked with the project, and whether a later entry corrects it. Raises NotFound."""
    pledge, facts = taken(work, deliveries.pledge_of_delivery(work, delivery_id))
    rows = deliveries.deliveries_of(work, pledge.id)
    row = next((one for one in rows if one.id == delivery_id), None)
    if row is None:
        raise NotFound("delivery")
    return pledge, facts, row, row.id in deliveries.corrected_ids(rows)


def _check(work: UnitOfWork, pledge: Pledge, given: Given, *, is_correction: bool = False) -> None:
    delivery.check_delivery(
        given, NeedKind(pledge.kind), offered_on=uk_date(pledge.offered_at), today=uk_date(work.now),
        is_correction=is_correction,
    )  # fmt: skip


def _recorded(work: UnitOfWork, pledge: Pledge, side: Side, given: Given, corrects_id: UUID | None = None) -> Delivery:
    """Keep an entry. The other side has 20 working days of its own nation to answer."""
    officer_id, council_id = who(work)
    answering_id = pledge.need.project.council_id if side is Side.COUNCIL else pledge.council_id
    nation = work.session.get_one(Council, answering_id).nation
    row = Delivery(
        id=new_id(), pledge_id=pledge.id, amount=given.amount, delivered_on=given.delivered_on, note=given.note,
        side=side, recorded_by=officer_id, recorded_for=council_id, recorded_at=work.now, corrects_id=corrects_id,
        answer_due_on=after_working_days(uk_date(work.now), ANSWER_WITHIN, nation), counted=0,
    )  # fmt: skip
    return work.add(row)


def _answer(work: UnitOfWork, row: Delivery, answer: Answer) -> None:
    officer_id, _council_id = who(work)
    row.answer, row.answered_at, row.answered_by = answer, work.now, officer_id
    row.counts_at = row.counts_at or work.now


def _weigh(work: UnitOfWork, pledge: Pledge, event: type[DeliveryEvent], row: Delivery, **more: Any) -> None:
    """Work out what of a pledge is delivered now, record the act, then where the pledge stands by it."""
    work.session.flush()
    rows = deliveries.deliveries_of(work, pledge.id)
    counts = delivery.counted(deliveries.entry_of(one) for one in rows)
    for one in rows:
        one.counted = counts[one.id]
    was, pledge.delivered = pledge.delivered, sum(counts.values())
    changes = {"delivered": [was, pledge.delivered]} if was != pledge.delivered else {}
    work.record(
        event(
            **said(pledge), delivery_id=row.id, given=row.amount, delivered_on=row.delivered_on, side=row.side,
            changes=changes, **more,
        ),
        audience=audience_of(pledge.need.project), council_id=work.actor.council_id or pledge.council_id,
    )  # fmt: skip
    pledge.revision += 1
    pledge.updated_at = work.now
    if _settle(work, pledge, deliveries.ledger_of(pledge, rows)) or changes:
        counting.renew(work, pledge.need.project)


def _settle(work: UnitOfWork, pledge: Pledge, ledger: Ledger) -> bool:
    """Bring a pledge to where what was delivered leaves it; returns whether anything of it changed."""
    before = PledgeStatus(pledge.status)
    after, settled = delivery.settled(before, ledger)
    if after is PledgeStatus.COMMITTED and rest_of(pledge) is PledgeStatus.RELEASED:
        after, settled = delivery.settled(PledgeStatus.RELEASED, ledger)
    if (after, settled) == (before, ledger):
        return False
    changes: dict[str, Any] = {"status": [before, after]} if after is not before else {}
    for name in ("broken", "released"):
        if (now := getattr(settled, name)) != getattr(pledge, name):
            changes[name] = [getattr(pledge, name), now]
            setattr(pledge, name, now)
    if after is not before:
        pledge.ended_at = None if after is PledgeStatus.COMMITTED else work.now
        if after is PledgeStatus.DELIVERED:
            pledge.reason = None
            explain_by_delivery(work, pledge)
        move(work, pledge, after)
    _record_where_it_stands(work, pledge, after, changes)
    return True


def _record_where_it_stands(work: UnitOfWork, pledge: Pledge, after: PledgeStatus, changes: dict[str, Any]) -> None:
    left = {name: changes[name][1] - changes[name][0] for name in ("broken", "released") if name in changes}
    match after:
        case PledgeStatus.DELIVERED:
            event: Any = PledgeDelivered(**said(pledge), changes=changes)
        case PledgeStatus.BROKEN:
            event = PledgeBroken(**said(pledge), changes=changes, left=left.get("broken", 0))
        case PledgeStatus.RELEASED:
            event = PledgeReleased(**said(pledge), changes=changes, left=left.get("released", 0))
        case _:
            event = PledgeStillToCome(**said(pledge), changes=changes)
    work.record(event, audience=audience_of(pledge.need.project), council_id=pledge.council_id)
