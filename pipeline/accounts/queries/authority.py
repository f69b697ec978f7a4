"""How far authority in a council reaches, and reached when an offer was made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.limits import NO_LIMIT, USUAL_AUTHORITY, CouncilAuthority, Given, Limit
from pipeline.accounts.models import AuthorityLimit, CouncilAuthoritySetting, Membership, MembershipRole
from pipeline.kernel.actor import Role

Limits = Sequence[Given[Limit]]
"""The history of an authoriser's limit, the oldest first."""


def limits_of_role(session: Session, role_id: UUID) -> Limits:
    """What an authoriser's limit was set to, and when, the oldest first."""
    rows = session.scalars(select(AuthorityLimit).where(AuthorityLimit.role_id == role_id).order_by(AuthorityLimit.id))
    return tuple(given_limit(row) for row in rows)


def given_limit(row: AuthorityLimit) -> Given[Limit]:
    """A row of the history as the rules know it."""
    limit = Limit(half_days=row.half_days, pence=row.pence, first_on=row.first_on, last_on=row.last_on)
    return Given(limit, row.given_by, row.given_at)


def limits_of_members(session: Session, membership_ids: Iterable[UUID]) -> dict[UUID, Limit]:
    """The limit that is set now for each of these places that has the role of authoriser."""
    rows: Any = session.execute(
        select(MembershipRole.membership_id, AuthorityLimit)
        .outerjoin(AuthorityLimit, AuthorityLimit.role_id == MembershipRole.id)
        .where(
            MembershipRole.membership_id.in_(list(membership_ids)), MembershipRole.role == Role.AUTHORISER.value,
            MembershipRole.ended_at.is_(None),
        )
        .order_by(AuthorityLimit.id)
    )  # fmt: skip
    return {membership_id: NO_LIMIT if row is None else given_limit(row).value for membership_id, row in rows}


def authority_history(session: Session, council_id: UUID) -> Sequence[Given[CouncilAuthority]]:
    """What a council let happen, and since when, the oldest first."""
    rows = session.scalars(
        select(CouncilAuthoritySetting)
        .where(CouncilAuthoritySetting.council_id == council_id)
        .order_by(CouncilAuthoritySetting.id)
    )
    return tuple(
        Given(
            CouncilAuthority(
                standing_rule_on=row.standing_rule_on,
                has_named_way=row.has_named_way,
                ceiling=Limit(half_days=row.ceiling_half_days, pence=row.ceiling_pence),
            ),
            row.given_by,
            row.given_at,
        )
        for row in rows
    )


def authority_now(session: Session, council_id: UUID) -> CouncilAuthority:
    """What a council lets happen now, as its admins set it."""
    history = authority_history(session, council_id)
    return history[-1].value if history else USUAL_AUTHORITY


@dataclass(frozen=True, slots=True)
class AuthoriserRole:
    """A role of authoriser that stands: whose, and the history of its limit."""

    id: UUID
    officer_id: UUID
    limits: Limits


def authoriser_role_of_person(session: Session, council_id: UUID, officer_ids: Iterable[UUID]) -> AuthoriserRole | None:
    """The role of authoriser that one of these accounts holds in a council now."""
    row = session.execute(
        select(MembershipRole.id, Membership.officer_id)
        .join(Membership, Membership.id == MembershipRole.membership_id)
        .where(
            Membership.officer_id.in_(list(officer_ids)), Membership.council_id == council_id,
            Membership.ended_at.is_(None), MembershipRole.role == Role.AUTHORISER.value,
            MembershipRole.ended_at.is_(None),
        )
        .limit(1)
    ).first()  # fmt: skip
    return AuthoriserRole(row[0], row[1], limits_of_role(session, row[0])) if row else None
