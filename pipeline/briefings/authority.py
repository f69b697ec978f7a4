"""Who in a council could agree to a pledge, and how far: for its own members."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.limits import Limit
from pipeline.accounts.models import Membership, MembershipRole
from pipeline.accounts.queries.authority import limits_of_members
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role

MOST_LIMITS = 20


@dataclass(frozen=True, slots=True)
class Authority:
    """The limits of a council's authorisers, each kind once, and how many authorisers there are."""

    authorisers: int
    limits: tuple[Limit, ...]


def authority_of_own_council(reading: Reading) -> Authority:
    """How far the authority of the viewer's own council reaches; of another's nobody reads anything."""
    query = (
        select(Membership.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(
            Membership.council_id == reading.actor.council_id, Membership.started_at.is_not(None),
            Membership.ended_at.is_(None), MembershipRole.role == Role.AUTHORISER.value,
            MembershipRole.ended_at.is_(None),
        )
        .order_by(Membership.id)
    )  # fmt: skip
    places: list[UUID] = list(reading.session.scalars(query.limit(MOST_LIMITS))) if reading.actor.council_id else []
    limits = limits_of_members(reading.session, places) if places else {}
    return Authority(len(places), tuple(dict.fromkeys(limits[place] for place in places if place in limits)))
