"""Whom it concerns that somebody with authority came or went, and what a mail to somebody named by e-mail says."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from pipeline.accounts import queries as people
from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.queries import standing_now
from pipeline.db.work import Reading
from pipeline.kernel.actor import Actor, Channel, system
from pipeline.kernel.clock import uk_date
from pipeline.notifications.messages import PledgeTold, Side
from pipeline.notifications.queries import Recipient, pledge_told
from pipeline.pledges.authority import Way
from pipeline.pledges.models import Authorisation, AuthorisationCode, AuthorisationRequest, Pledge
from pipeline.pledges.policy import may_authorise_pledge
from pipeline.pledges.queries import facts_of, pledge_seen_by
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Need

MOST_LOOKED_AT = 50
"""Offers of one council that are looked at when somebody with authority goes; further ones end by their own date."""


def was_named(session: Session, pledge_id: UUID) -> bool:
    """Whether somebody named by e-mail authorised a pledge."""
    query = select(Authorisation.way).where(Authorisation.pledge_id == pledge_id, Authorisation.set_aside_at.is_(None))
    return session.scalar(query) == Way.NAMED.value


def offered(session: Session, pledge_id: UUID) -> list[Recipient]:
    """Whoever offered a pledge, while they work for its council."""
    row = session.execute(
        select(Pledge.officer_id, Pledge.council_id)
        .join(
            Membership,
            (Membership.officer_id == Pledge.officer_id)
            & (Membership.council_id == Pledge.council_id)
            & Membership.ended_at.is_(None),
        )
        .where(Pledge.id == pledge_id)
    ).first()
    return [Recipient(row[0], row[1])] if row else []


def left_undecided(session: Session, officer_id: UUID, council_id: UUID, now: datetime) -> list[UUID]:
    """The offers of a council that waited for somebody who has gone: nobody else can decide on them, or it was they who
    were named by e-mail. The soonest to end first."""
    key = session.scalar(select(Officer.person_key).where(Officer.id == officer_id))
    asked = (
        select(AuthorisationRequest.pledge_id, AuthorisationRequest.person_key)
        .join(Pledge, Pledge.id == AuthorisationRequest.pledge_id)
        .where(AuthorisationRequest.ended_at.is_(None), Pledge.council_id == council_id)
    )
    named = {row.pledge_id: row.person_key for row in session.execute(asked)}
    pledges = session.scalars(
        select(Pledge)
        .join(Pledge.need)
        .join(Need.project)
        .where(
            Pledge.council_id == council_id, Pledge.status == PledgeStatus.OFFERED, Pledge.sign_off_by >= uk_date(now)
        )
        .options(contains_eager(Pledge.need).contains_eager(Need.project))
        .order_by(Pledge.sign_off_by, Pledge.id)
        .limit(MOST_LOOKED_AT)
    ).all()  # fmt: skip
    deciders = people.authorisers_of(session, council_id)
    return [
        pledge.id
        for pledge in pledges
        if named.get(pledge.id) == key
        or (pledge.id not in named and not any(can_decide(session, one, pledge, now) for one in deciders))
    ]


def can_decide(session: Session, officer_id: UUID, pledge: Pledge, now: datetime) -> bool:
    """Whether an officer could authorise an offer of their council now."""
    reading = Reading(session, Actor(Channel.WORKER, officer_id, pledge.council_id), now)
    reading.actor = standing_now(reading)
    return bool(may_authorise_pledge(reading.actor, facts_of(reading, pledge)))


def may_decide(reading: Reading, pledge_id: UUID) -> bool:
    """Whether the reader of a mail could authorise an offer at the moment it leaves. Raises NotFound."""
    pledge = pledge_seen_by(reading, pledge_id)
    return bool(may_authorise_pledge(reading.actor, facts_of(reading, pledge)))


def request_told(session: Session, request_id: UUID, now: datetime) -> PledgeTold | None:
    """What a mail says of an offer to whoever was named, while it waits for them."""
    request = session.get(AuthorisationRequest, request_id)
    if request is None or request.ended_at is not None:
        return None
    reading = Reading(session, system("mail"), now)
    status, told = pledge_told(reading, request.pledge_id, Side.COUNCIL)
    return told if status is PledgeStatus.OFFERED and uk_date(now) <= told.sign_off_by else None


def request_of_code(session: Session, code_id: UUID, now: datetime) -> UUID | None:
    """The request a code was made for, while the code can still be used."""
    code = session.get(AuthorisationCode, code_id)
    return code.request_id if code is not None and code.used_at is None and code.expires_at > now else None
