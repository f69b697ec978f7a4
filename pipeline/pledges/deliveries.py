"""Reading what was delivered of pledges, always on behalf of a viewer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.pledges.delivery import Answer, Entry, Ledger, Side, waiting
from pipeline.pledges.models import Authorisation, Delivery, NotCome, Pledge
from pipeline.pledges.policy import DeliveryFacts, PledgeFacts
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.visibility import is_led_by, pledges_visible_to
from pipeline.projects.models import Need, Project

MOST_WAITING = 50


def pledge_of_delivery(reading: Reading, delivery_id: UUID) -> UUID:
    """The pledge a delivery is of, if the viewer may know of it. Raises NotFound."""
    pledge_id = reading.session.scalar(
        select(Delivery.pledge_id)
        .join(Pledge, Pledge.id == Delivery.pledge_id)
        .join(Project, Project.id == Pledge.project_id)
        .where(Delivery.id == delivery_id, pledges_visible_to(reading.actor))
    )
    if pledge_id is None:
        raise NotFound("delivery")
    return pledge_id


def deliveries_of(reading: Reading, pledge_id: UUID) -> Sequence[Delivery]:
    """What was recorded of a pledge the viewer has been found to see, in the order it was recorded."""
    query = select(Delivery).where(Delivery.pledge_id == pledge_id).order_by(Delivery.id)
    return reading.session.scalars(query.execution_options(populate_existing=True)).all()


def entry_of(delivery: Delivery) -> Entry:
    """A delivery as the arithmetic sees it."""
    return Entry(
        id=delivery.id, amount=delivery.amount, answer=Answer(delivery.answer) if delivery.answer else None,
        disputed_amount=delivery.disputed_amount, corrects_id=delivery.corrects_id,
        is_overdue=delivery.counts_at is not None and delivery.answer is None,
    )  # fmt: skip


def ledger_of(pledge: Pledge, deliveries: Iterable[Delivery]) -> Ledger:
    """Where a pledge stands by what was recorded of it."""
    return Ledger(
        promised=pledge.amount, delivered=pledge.delivered, broken=pledge.broken, released=pledge.released,
        waiting=waiting(entry_of(one) for one in deliveries),
    )  # fmt: skip


def corrected_ids(deliveries: Iterable[Delivery]) -> frozenset[UUID]:
    """The entries that a later one corrects."""
    return frozenset(one.corrects_id for one in deliveries if one.corrects_id is not None)


def facts_of_delivery(reading: Reading, delivery: Delivery, pledge: PledgeFacts) -> DeliveryFacts:
    """What policies need to know of a delivery."""
    return facts_of_deliveries(reading, [delivery], pledge)[delivery.id]


def facts_of_deliveries(
    reading: Reading, deliveries: Iterable[Delivery], pledge: PledgeFacts
) -> dict[UUID, DeliveryFacts]:
    """What policies need to know of each of a pledge's deliveries: one query for the accounts of those who recorded."""
    deliveries = tuple(deliveries)
    recorders = {one.recorded_by for one in deliveries}
    known, same = aliased(Officer), aliased(Officer)
    rows = reading.session.execute(
        select(known.id, same.id).join(same, same.person_key == known.person_key).where(known.id.in_(recorders))
    ).all()
    return {
        one.id: DeliveryFacts(
            side=Side(one.side), pledge=pledge,
            recorder_ids=frozenset({same_id for known_id, same_id in rows if known_id == one.recorded_by}),
        )
        for one in deliveries
    }  # fmt: skip


def not_come_of(reading: Reading, pledge_id: UUID) -> NotCome | None:
    """What a lead last said of a pledge that had not come, and how it was answered; the caller has asked who may read
    it."""
    query = select(NotCome).where(NotCome.pledge_id == pledge_id).order_by(NotCome.id.desc()).limit(1)
    return reading.session.scalars(query.execution_options(populate_existing=True)).first()


def standing_not_come(reading: Reading, pledge_id: UUID) -> NotCome | None:
    """What a lead said of a pledge that has not come, while nobody has answered."""
    query = select(NotCome).where(NotCome.pledge_id == pledge_id, NotCome.ended_at.is_(None))
    return reading.session.scalars(query).first()


@dataclass(frozen=True, slots=True)
class DeliveryWaiting:
    """A delivery that waits for this officer, or a pledge that a lead said has not come (`delivery_id` is None)."""

    pledge_id: UUID
    delivery_id: UUID | None
    kind: str
    amount: int
    answer_due_on: date
    need_title: str
    thing: str
    project_title: str
    council_name: str
    is_trial: bool
    since: datetime


def deliveries_waiting_for(reading: Reading) -> list[DeliveryWaiting]:
    """The deliveries this officer can agree, the soonest first: the same as `may_agree_delivery` says; and before them
    the pledges of their council that a lead said have not come."""
    actor = reading.actor
    if actor.council_id is None:
        return []
    missed = (
        _waiting(reading, NotCome, NotCome.pledge_id, Pledge.amount, NotCome.said_at)
        .where(NotCome.ended_at.is_(None), Pledge.council_id == actor.council_id)
        .order_by(NotCome.answer_due_on, NotCome.id)
        .limit(MOST_WAITING)
    )
    later = aliased(Delivery)
    to_agree = (
        _waiting(reading, Delivery, Delivery.pledge_id, Delivery.amount, Delivery.recorded_at)
        .where(
            Delivery.answer.is_(None), ~exists().where(later.corrects_id == Delivery.id),
            or_(
                and_(Delivery.side == Side.COUNCIL, is_led_by(actor)),
                and_(Delivery.side == Side.LEAD, Pledge.council_id == actor.council_id),
            ),
            or_(Project.is_trial, _has_no_part(reading)),
        )
        .order_by(Delivery.answer_due_on, Delivery.id)
        .limit(MOST_WAITING)
    )  # fmt: skip
    rows = [(row, False) for row in reading.session.execute(missed)]
    rows += [(row, True) for row in reading.session.execute(to_agree)]
    return [
        DeliveryWaiting(row[1], row[0] if is_delivery else None, row[2], row[3], row[4], row[5], row[6] or "", *row[7:])
        for row, is_delivery in rows
    ]


def _waiting(reading: Reading, table: Any, pledge_id: Any, amount: Any, since: Any) -> Select[Any]:
    return (
        select(
            table.id, table.pledge_id, Pledge.kind, amount, table.answer_due_on, Need.title, Need.thing, Project.title,
            Council.short_name, Project.is_trial, since,
        )
        .join(Pledge, Pledge.id == pledge_id)
        .join(Need, Need.id == Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(pledges_visible_to(reading.actor))
    )  # fmt: skip


def _has_no_part(reading: Reading) -> ColumnElement[bool]:
    """The officer, by none of their accounts, recorded the delivery or offered or authorised its pledge."""
    own_key = select(Officer.person_key).where(Officer.id == reading.actor.officer_id).scalar_subquery()
    own_ids = select(Officer.id).where(Officer.person_key == own_key)
    authorised = exists().where(Authorisation.pledge_id == Pledge.id, Authorisation.officer_id.in_(own_ids))
    return and_(Delivery.recorded_by.not_in(own_ids), Pledge.officer_id.not_in(own_ids), ~authorised)


def deliveries_past_answer(reading: Reading, most: int) -> Sequence[UUID]:
    """Deliveries that nobody answered in time and that do not count yet, the oldest first."""
    later = aliased(Delivery)
    query = (
        select(Delivery.id)
        .where(
            Delivery.counts_at.is_(None), Delivery.answer_due_on < uk_date(reading.now),
            ~exists().where(later.corrects_id == Delivery.id),
        )
        .order_by(Delivery.answer_due_on, Delivery.id)
        .limit(most)
    )  # fmt: skip
    return reading.session.scalars(query).all()


def pledges_not_come(reading: Reading, most: int) -> Sequence[UUID]:
    """Committed pledges of which a lead said that they have not come, whose council did not answer in time."""
    query = (
        select(NotCome.pledge_id)
        .join(Pledge, Pledge.id == NotCome.pledge_id)
        .where(
            NotCome.ended_at.is_(None), NotCome.answer_due_on < uk_date(reading.now),
            Pledge.status == PledgeStatus.COMMITTED,
        )
        .order_by(NotCome.answer_due_on, NotCome.id)
        .limit(most)
    )  # fmt: skip
    return reading.session.scalars(query).all()
