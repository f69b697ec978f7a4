"""What a council's admins set: how far each authoriser's role reaches, and what happens without authorisers.

Nothing is overwritten: each setting is a row of its own, so that what held when an offer was made stays known.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.accounts import policy
from pipeline.accounts.actions.joining import place_in
from pipeline.accounts.actions.signing_in import note
from pipeline.accounts.events import CouncilAuthoritySet, LimitSet
from pipeline.accounts.limits import NO_LIMIT, CouncilAuthority, Limit, check_authority, check_limit
from pipeline.accounts.models import AuthorityLimit, CouncilAuthoritySetting, MembershipRole
from pipeline.accounts.queries.authority import authority_now, limits_of_role
from pipeline.accounts.queries.places import place_facts
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.actor import Role
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _


def set_limit(
    work: UnitOfWork, *, membership_id: UUID, council_id: UUID, limit: Limit, source: str | None = None
) -> None:
    """Set how much an authoriser may agree to in one project (half-days, pence) and from which day to which.

    Raises NotFound, NotAllowed, RuleBroken (limit.…), Conflict ("limit.not_an_authoriser", "limit.unchanged").
    """
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_set_limit(work.actor, place_facts(work.session, membership)))
    check_limit(limit)
    role_id = work.session.scalar(
        select(MembershipRole.id).where(
            MembershipRole.membership_id == membership.id, MembershipRole.role == Role.AUTHORISER.value,
            MembershipRole.ended_at.is_(None),
        )
    )  # fmt: skip
    if role_id is None:
        words = Words(_("Only an authoriser has a limit. Make this person an authoriser first."))
        raise Conflict("limit.not_an_authoriser", words)
    history = limits_of_role(work.session, role_id)
    changes = _changes(asdict(history[-1].value if history else NO_LIMIT), asdict(limit))
    if not changes:
        raise Conflict("limit.unchanged", Words(_("Nothing was changed: this is the limit they have.")))
    given_by = work.actor.officer_id
    work.add(AuthorityLimit(id=new_id(), role_id=role_id, given_by=given_by, given_at=work.now, **asdict(limit)))
    event = LimitSet(
        membership_id=membership.id, officer_id=membership.officer_id, of_council_id=council_id, changes=changes
    )
    work.record(event, council_id=council_id)
    by = str(given_by or work.actor.system)
    note(work.session, "limit.set", work.now, officer_id=membership.officer_id, source=source, by=by)


def set_council_authority(
    work: UnitOfWork, *, council_id: UUID, authority: CouncilAuthority, source: str | None = None
) -> None:
    """Set a council's standing rule, and whether and how far people named by e-mail may decide.

    Raises NotFound, NotAllowed, RuleBroken (limit.…), Conflict ("council_authority.unchanged").
    """
    council = work.session.scalars(select(Council).where(Council.id == council_id).with_for_update()).first()
    if council is None:
        raise NotFound("council")
    work.require(policy.may_set_authority(work.actor, council_id))
    check_authority(authority, uk_date(work.now))
    changes = _changes(_flat(authority_now(work.session, council_id)), _flat(authority))
    if not changes:
        raise Conflict("council_authority.unchanged", Words(_("Nothing was changed: this is how it is set.")))
    work.add(
        CouncilAuthoritySetting(
            id=new_id(), council_id=council_id, given_by=work.actor.officer_id, given_at=work.now, **_flat(authority)
        )
    )
    work.record(CouncilAuthoritySet(of_council_id=council_id, changes=changes), council_id=council_id)
    by = str(work.actor.officer_id or work.actor.system)
    note(work.session, "council_authority.set", work.now, source=source, by=by, council_id=str(council_id))


def _flat(authority: CouncilAuthority) -> dict[str, Any]:
    return {
        "standing_rule_on": authority.standing_rule_on,
        "has_named_way": authority.has_named_way,
        "ceiling_half_days": authority.ceiling.half_days,
        "ceiling_pence": authority.ceiling.pence,
    }


def _changes(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {name: [old[name], value] for name, value in new.items() if old[name] != value}
