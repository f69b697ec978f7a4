"""An officer's place passes to the council that follows theirs."""

from uuid import UUID

from sqlalchemy import select, update

from pipeline.accounts.models import ApiToken, CouncilAuthoritySetting, Membership, MembershipRole, SignInSession
from pipeline.accounts.rules import EndedBecause
from pipeline.councils.succession import pass_belongings
from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import Role

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def succeed_place(work: UnitOfWork, membership: Membership, council_id: UUID, *, carries_on: bool) -> None:
    """Let an officer work for a successor of their council, looking after its people as before. Authority to bind it
    ends with its limits, and the successor gives its own; unless the council only carries on under another name, and
    keeps what it let happen as well. What they keep for the council goes with them. The caller has asked, locked the
    place, and records it."""
    pass_belongings(work, membership.council_id, council_id, membership.officer_id)
    query = select(Membership).where(
        Membership.officer_id == membership.officer_id, Membership.council_id == council_id,
        Membership.ended_at.is_(None),
    )  # fmt: skip
    there = work.session.scalars(query.with_for_update()).first()
    ending = [] if carries_on else [Role.AUTHORISER]
    ending += [Role.AUTHORISER, Role.COUNCIL_ADMIN] if there is not None else []
    if carries_on:
        work.session.execute(
            update(CouncilAuthoritySetting)
            .where(CouncilAuthoritySetting.council_id == membership.council_id)
            .values(council_id=council_id),
            execution_options=WITHOUT_SYNCHRONISING,
        )
    work.session.execute(
        update(MembershipRole)
        .where(
            MembershipRole.membership_id == membership.id, MembershipRole.ended_at.is_(None),
            MembershipRole.role.in_([role.value for role in ending]),
        )
        .values(ended_at=work.now),
        execution_options=WITHOUT_SYNCHRONISING,
    )  # fmt: skip
    work.session.execute(
        update(ApiToken)
        .where(
            ApiToken.officer_id == membership.officer_id, ApiToken.council_id == membership.council_id,
            ApiToken.ended_at.is_(None),
        )
        .values(council_id=council_id),
        execution_options=WITHOUT_SYNCHRONISING,
    )  # fmt: skip
    work.session.execute(
        update(SignInSession)
        .where(SignInSession.officer_id == membership.officer_id, SignInSession.council_id == membership.council_id)
        .values(council_id=council_id),
        execution_options=WITHOUT_SYNCHRONISING,
    )
    if there is None:
        membership.council_id = council_id
        return
    there.started_at = there.started_at or membership.started_at
    membership.ended_at, membership.ended_because = work.now, EndedBecause.SUCCEEDED.value
