"""What policies need to know of a pledge, read anew for whoever asks."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from pipeline.accounts.limits import Sums, limit_that_holds
from pipeline.accounts.models import AuthorityLimit, Membership, MembershipRole, Officer
from pipeline.accounts.queries.authority import given_limit
from pipeline.accounts.queries.persons import has_platform_role, own_key
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.clock import uk_date
from pipeline.pledges.authority import Way
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.policy import PledgeFacts, RoleFacts
from pipeline.pledges.rules import PledgeStatus
from pipeline.pledges.weighing import sums_with
from pipeline.projects.queries import facts_of as facts_of_project
from pipeline.projects.rules import NeedKind


def facts_of(reading: Reading, pledge: Pledge) -> PledgeFacts:
    """What policies need to know of a pledge whose need and project are loaded."""
    project = facts_of_project(reading, pledge.need.project)
    given = _authorised(reading, pledge.id)
    known = {pledge.officer_id, *project.lead_ids} | ({given.officer_id} if given and given.officer_id else set())
    kept_keys = {pledge.person_key, given.person_key if given else ""} - {""}
    accounts = _Accounts(reading, known, kept_keys)
    offerer_keys = accounts.keys_of([pledge.officer_id]) | ({pledge.person_key} - {""})
    offerer_ids = accounts.ids_of(offerer_keys) | {pledge.officer_id}
    lead_keys = accounts.keys_of(project.lead_ids)
    is_decided_on = pledge.status == PledgeStatus.OFFERED and reading.actor.council_id == pledge.council_id
    role = _authoriser_role(reading, pledge, offerer_ids)
    return PledgeFacts(
        id=pledge.id,
        council_id=pledge.council_id,
        status=PledgeStatus(pledge.status),
        offered_at=pledge.offered_at,
        offerer_ids=offerer_ids,
        authoriser_ids=accounts.authoriser_ids(given),
        lead_ids=accounts.ids_of(lead_keys) | project.lead_ids,
        role=role,
        project=project,
        kind=NeedKind(pledge.kind),
        today=uk_date(reading.now),
        asked=sums_with(reading, pledge) if role is not None and is_decided_on else Sums(),
        offerer_keys=offerer_keys,
        lead_keys=lead_keys,
        has_offerer=bool(offerer_ids & accounts.at_work_in(pledge.council_id)),
        way=Way(given.way) if given else None,
        asks_release=pledge.asks_release,
    )


def _authorised(reading: Reading, pledge_id: UUID) -> Any:
    query = select(Authorisation.officer_id, Authorisation.person_key, Authorisation.way)
    return reading.session.execute(
        query.where(Authorisation.pledge_id == pledge_id, Authorisation.set_aside_at.is_(None))
    ).first()


class _Accounts:
    """Every account of some people (`accounts/queries/persons.py` says who is one person). One query."""

    def __init__(self, reading: Reading, officer_ids: set[UUID], keys: set[str]) -> None:
        known = select(Officer.person_key).where(Officer.id.in_(officer_ids))
        rows = reading.session.execute(
            select(Officer.id, Officer.person_key, Membership.council_id)
            .outerjoin(
                Membership,
                and_(
                    Membership.officer_id == Officer.id,
                    Membership.ended_at.is_(None),
                    Membership.started_at.is_not(None),
                ),
            )
            .where(or_(Officer.person_key.in_(known), Officer.person_key.in_(keys)))
        ).all()
        self._keys: dict[UUID, str] = {row[0]: row[1] for row in rows}
        self._places = {(row[0], row[2]) for row in rows}

    def keys_of(self, officer_ids: Iterable[UUID]) -> frozenset[str]:
        return frozenset(self._keys[one] for one in officer_ids if one in self._keys)

    def ids_of(self, keys: Iterable[str]) -> frozenset[UUID]:
        wanted = set(keys)
        return frozenset(one for one, key in self._keys.items() if key in wanted)

    def authoriser_ids(self, given: Any) -> frozenset[UUID]:
        if given is None:
            return frozenset()
        own = {given.officer_id} - {None}
        return self.ids_of(self.keys_of(own) | ({given.person_key} - {""})) | own

    def at_work_in(self, council_id: UUID) -> frozenset[UUID]:
        return frozenset(officer_id for officer_id, place in self._places if place == council_id)


def _authoriser_role(reading: Reading, pledge: Pledge, offerer_ids: frozenset[UUID]) -> RoleFacts | None:
    """The viewer's role of authoriser in the pledging council, with the limit that holds for the pledge: one query."""
    is_of_platform = has_platform_role(own_key(reading.actor.officer_id))
    rows: Any = reading.session.execute(
        select(MembershipRole.given_by, MembershipRole.given_at, AuthorityLimit, is_of_platform)
        .join(Membership, Membership.id == MembershipRole.membership_id)
        .outerjoin(AuthorityLimit, AuthorityLimit.role_id == MembershipRole.id)
        .where(
            Membership.officer_id == reading.actor.officer_id, Membership.council_id == pledge.council_id,
            Membership.ended_at.is_(None), MembershipRole.role == Role.AUTHORISER, MembershipRole.ended_at.is_(None),
        )
        .order_by(AuthorityLimit.id)
    ).all()  # fmt: skip
    if not rows:
        return None
    history = [given_limit(row[2]) for row in rows if row[2] is not None]
    limit = limit_that_holds(history, moment=pledge.offered_at, not_by=offerer_ids)
    return RoleFacts(rows[0].given_by, rows[0].given_at, limit, is_of_platform=bool(rows[0][3]))
