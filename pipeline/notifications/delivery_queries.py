"""Whom deliveries and broken pledges concern, and what a mail may say of them when it leaves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words
from pipeline.notifications.messages import PledgeTold, Side, amount_words
from pipeline.notifications.queries import Recipient, had_a_part_in, leads_of, pledge_told
from pipeline.pledges.delivery_events import PledgeReleaseAsked
from pipeline.pledges.models import Delivery, NotCome, Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTold:
    """What mails say of a delivery, besides its pledge: how much on which day, and by when it is to be answered."""

    pledge: PledgeTold
    given: Words
    delivered_on: date
    disputed: Words
    answer_due_on: date
    is_answered: bool
    is_corrected: bool


def asked_to_be_let_off(session: Session, pledge_id: UUID) -> list[Recipient]:
    """Whoever asked last, for their council, to be let off a pledge."""
    query = select(LoggedEvent.officer_id, LoggedEvent.council_id).where(
        LoggedEvent.subject_id == pledge_id, LoggedEvent.name == PledgeReleaseAsked.name
    )
    row = session.execute(query.order_by(LoggedEvent.sequence.desc()).limit(1)).first()
    return [Recipient(row.officer_id, row.council_id)] if row and row.officer_id else []


def side_of_pledge(session: Session, pledge_id: UUID, side: Side) -> list[Recipient]:
    """One of the two sides of a pledge: the project's leads, or who had a part in it in the pledging council."""
    return leads_of(session, pledge_id) if side is Side.LEAD else had_a_part_in(session, pledge_id)


def bound_with(session: Session, pledge_id: UUID) -> list[tuple[UUID, Recipient]]:
    """Who had a part in the other committed pledges of the same project, each with their own pledge."""
    project_id = select(Pledge.project_id).where(Pledge.id == pledge_id).scalar_subquery()
    others = session.scalars(
        select(Pledge.id)
        .where(Pledge.project_id == project_id, Pledge.id != pledge_id, Pledge.status == PledgeStatus.COMMITTED)
        .order_by(Pledge.id)
    )
    return [(other, recipient) for other in others for recipient in had_a_part_in(session, other)]


def delivery_told(reading: Reading, delivery_id: UUID, side: Side) -> DeliveryTold:
    """What a mail says of a delivery, if its reader may know of it now. Raises NotFound."""
    later = aliased(Delivery)
    row = reading.session.execute(
        select(Delivery, Pledge.kind, Need.thing, exists().where(later.corrects_id == Delivery.id))
        .join(Pledge, Pledge.id == Delivery.pledge_id)
        .join(Need, Need.id == Pledge.need_id)
        .where(Delivery.id == delivery_id)
    ).first()
    if row is None:
        raise NotFound("delivery")
    delivery, kind, thing, is_corrected = row
    _status, told = pledge_told(reading, delivery.pledge_id, side)
    return DeliveryTold(
        pledge=told, given=amount_words(kind, delivery.amount, thing), delivered_on=delivery.delivered_on,
        disputed=amount_words(kind, delivery.disputed_amount or 0, thing), answer_due_on=delivery.answer_due_on,
        is_answered=delivery.answer is not None, is_corrected=is_corrected,
    )  # fmt: skip


def answer_due_on(session: Session, pledge_id: UUID) -> date | None:
    """By when a council is to say why its pledge has not come; None where nobody waits for that."""
    query = select(NotCome.answer_due_on).where(NotCome.pledge_id == pledge_id, NotCome.ended_at.is_(None))
    return session.scalar(query)
