"""Reading what somebody named by e-mail was asked, and what decides whether they can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from pipeline.accounts.limits import Limit, authority_that_holds, limit_that_holds, narrowest, reach
from pipeline.accounts.models import Membership, Officer, PlatformRole
from pipeline.accounts.queries.authority import authoriser_role_of_person, authority_history
from pipeline.accounts.queries.persons import PersonKeys, keys_of
from pipeline.accounts.queries.places import councils_of_domain, has_admin
from pipeline.accounts.rules import LET_IN_BY_HAND_AFTER, Address, address_from
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Gone
from pipeline.kernel.words import Words, _
from pipeline.pledges.authority import NamedFacts, RequestEnd, request_id_from
from pipeline.pledges.models import AuthorisationRequest, Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.weighing import sums_with
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Naming:
    """Whether somebody can be named by e-mail, what tells them, and the limit that holds for them."""

    facts: NamedFacts
    person_key: str
    limit: Limit


def naming_of(reading: Reading, pledge: Pledge, facts: PledgeFacts, address: Address, asker_key: str) -> Naming:
    """What decides whether somebody at an address can decide on a pledge, asked by the person with `asker_key`."""
    session = reading.session
    authority = authority_that_holds(
        authority_history(session, pledge.council_id), moment=pledge.offered_at, not_by=facts.offerer_ids,
        has_admin=has_admin(session, pledge.council_id),
    )  # fmt: skip
    keys = keys_of(session, address)
    accounts = session.scalars(select(Officer.id).where(Officer.person_key.in_(keys.all))).all()
    limit = authority.ceiling
    role = authoriser_role_of_person(session, pledge.council_id, accounts) if accounts else None
    if role is not None:
        own = limit_that_holds(role.limits, moment=pledge.offered_at, not_by=facts.offerer_ids)
        limit = narrowest(limit, own)
    named = NamedFacts(
        keys=keys.all,
        is_at_council=_is_at_council(reading, address, keys, pledge.council_id),
        is_platform=_is_platform(reading, accounts),
        asker_keys=frozenset({asker_key}),
        offerer_keys=facts.offerer_keys,
        lead_keys=facts.lead_keys,
        has_named_way=authority.has_named_way,
        within=reach(
            limit, sums_with(reading, pledge), is_time=pledge.kind == NeedKind.TIME, today=uk_date(reading.now)
        ),
    )
    return Naming(named, keys.key, limit)


def _is_at_council(reading: Reading, address: Address, keys: PersonKeys, council_id: UUID) -> bool:
    """Whether an address is at a domain that decides the council, and its owner was not removed from there."""
    if not councils_of_domain(reading.session, address.domain).decides_for(council_id):
        return False
    removed = (
        select(Membership.id)
        .join(Officer, Officer.id == Membership.officer_id)
        .where(
            Officer.person_key.in_(keys.all), Membership.council_id == council_id,
            Membership.ended_because.in_([because.value for because in LET_IN_BY_HAND_AFTER]),
        )
    )  # fmt: skip
    standing = (
        select(Membership.id)
        .join(Officer, Officer.id == Membership.officer_id)
        .where(
            Officer.person_key.in_(keys.all), Membership.council_id == council_id,
            Membership.ended_at.is_(None), Membership.started_at.is_not(None),
        )
    )  # fmt: skip
    if reading.session.execute(removed.limit(1)).first() is None:
        return True
    return reading.session.execute(standing.limit(1)).first() is not None


def _is_platform(reading: Reading, officer_ids: Sequence[UUID]) -> bool:
    found = select(PlatformRole.id).where(PlatformRole.officer_id.in_(officer_ids)).limit(1)
    return bool(officer_ids) and reading.session.execute(found).first() is not None


def keys_asked(reading: Reading, pledge_id: UUID) -> list[str]:
    """The keys of everybody who was named by e-mail for a pledge."""
    query = select(AuthorisationRequest.person_key).where(AuthorisationRequest.pledge_id == pledge_id)
    return list(reading.session.scalars(query.distinct()))


def requests_today(reading: Reading, asker_key: str) -> int:
    """How many requests one person sent in the last 24 hours, by any account."""
    query = select(func.count(AuthorisationRequest.id)).where(
        AuthorisationRequest.asker_key == asker_key, AuthorisationRequest.asked_at > reading.now - DAY
    )
    return reading.session.scalar(query) or 0


def request_of(reading: Reading, pledge_id: UUID) -> AuthorisationRequest | None:
    """The request by e-mail that stands for a pledge. The caller has found that the viewer is of its council."""
    return reading.session.scalars(
        select(AuthorisationRequest).where(
            AuthorisationRequest.pledge_id == pledge_id, AuthorisationRequest.ended_at.is_(None)
        )
    ).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer as somebody named by e-mail reads it: the request, its address, and the pledge with its project."""

    request: AuthorisationRequest
    address: Address
    pledge: Pledge


def asked_by(reading: Reading, token: str, *, secret_key: str, lock: bool = False) -> Asked:
    """What the link of a mail leads to, while it waits for an answer. Raises Gone for everything else.

    `lock` locks the project, the need, the pledge and the request, in this order.
    """
    request_id = request_id_from(secret_key, token)
    row = _row(reading, request_id, lock=lock) if request_id is not None else None
    if row is None or row[0].ended_at is not None:
        raise request_gone()
    request, pledge = row
    address = address_from(request.address)
    is_waiting = pledge.status == PledgeStatus.OFFERED and uk_date(reading.now) <= pledge.sign_off_by
    if address is None or not is_waiting or pledge.need.project.is_hidden:
        raise request_gone()
    return Asked(request, address, pledge)


def _row(reading: Reading, request_id: UUID, *, lock: bool) -> tuple[AuthorisationRequest, Pledge] | None:
    query = (
        select(Pledge)
        .join(Pledge.need)
        .join(Need.project)
        .join(AuthorisationRequest, AuthorisationRequest.pledge_id == Pledge.id)
        .where(AuthorisationRequest.id == request_id)
        .options(contains_eager(Pledge.need).contains_eager(Need.project))
    )
    if lock:
        query = query.with_for_update(of=(Project, Need, Pledge)).execution_options(populate_existing=True)
    pledge = reading.session.scalars(query).first()
    request = reading.session.get(AuthorisationRequest, request_id, with_for_update=lock, populate_existing=lock)
    return (request, pledge) if pledge is not None and request is not None else None


def was_answered(reading: Reading, token: str, *, secret_key: str) -> bool:
    """Whether the request of a link was answered by whoever was asked."""
    request_id = request_id_from(secret_key, token)
    if request_id is None:
        return False
    query = select(AuthorisationRequest.ended_because).where(AuthorisationRequest.id == request_id)
    return reading.session.scalar(query) == RequestEnd.ANSWERED.value


def request_gone() -> Gone:
    """The refusal of a link that leads nowhere: answered, replaced, too late, or never there."""
    words = Words(
        _("This link leads to no offer any more: it has been decided, changed or ended, or its date has passed.")
    )
    return Gone("authorisation.request_gone", words)
