"""Who may do what to a pledge. Facts come from queries; nothing here reads a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pipeline.kernel.actor import PLATFORM_ROLES, Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _
from pipeline.pledges.rules import STEPS, Act, PledgeStatus
from pipeline.projects.policy import ProjectFacts

SYSTEM_ONLY = no("pledge.not_the_clock", Words(_("A pledge lapses by its date, not by anybody's act.")))


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """The actor's role of authoriser in the pledging council: who gave it, and when."""

    given_by: UUID | None
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFacts:
    """What policies need to know of a pledge.

    `offerer_ids`, `authoriser_ids` and `lead_ids` hold every account of those people: somebody with a second account is
    still the same person.
    """

    id: UUID
    council_id: UUID
    status: PledgeStatus
    offered_at: datetime
    offerer_ids: frozenset[UUID]
    authoriser_ids: frozenset[UUID]
    lead_ids: frozenset[UUID]
    role: RoleFacts | None
    project: ProjectFacts


def may_offer_pledge(actor: Actor) -> Decision:
    """A member offers, for the council they act for."""
    if actor.council_id is not None and actor.has(Role.MEMBER):
        return YES
    return no("pledge.not_a_member", Words(_("Only officers of a council can offer a pledge for it.")))


def may_change_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever offered it changes it, until it is authorised."""
    if _is_of_its_council(actor, pledge) and actor.officer_id in pledge.offerer_ids:
        return YES
    return no("pledge.not_yours", Words(_("Only the officer who offered this pledge can change it.")))


def may_authorise_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """An authoriser of the pledging council, never of one's own offer or for a project one leads.

    The role must be older than the offer and not come from whoever offered. In a trial project one person may play
    every part.
    """
    if not _is_of_its_council(actor, pledge):
        words = Words(_("Only somebody with authority in the pledging council can do this."))
        return no("pledge.not_its_council", words)
    if pledge.project.is_trial:
        return YES
    if actor.roles & PLATFORM_ROLES:
        words = Words(_("Coordinators and platform admins never authorise or refuse a council's pledge."))
        return no("pledge.platform_role", words)
    if not actor.has(Role.AUTHORISER) or pledge.role is None:
        return no("pledge.not_an_authoriser", Words(_("Only an authoriser of your council can do this.")))
    return _is_independent(actor, pledge, pledge.role)


def _is_independent(actor: Actor, pledge: PledgeFacts, role: RoleFacts) -> Decision:
    if actor.officer_id in pledge.offerer_ids:
        words = Words(_("You offered this pledge, so somebody else in your council has to decide on it."))
        return no("pledge.own_offer", words)
    if actor.officer_id in pledge.lead_ids:
        words = Words(_("You lead this project, so somebody else in your council has to decide on the pledge."))
        return no("pledge.leads_project", words)
    if role.given_by in pledge.offerer_ids:
        words = Words(_("Whoever offered this pledge made you an authoriser, so somebody else has to decide on it."))
        return no("pledge.role_from_offerer", words)
    if role.given_at > pledge.offered_at:
        words = Words(_("You became an authoriser after this pledge was offered, so somebody else has to decide."))
        return no("pledge.role_too_new", words)
    return YES


def may_refuse_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever may authorise may refuse."""
    return may_authorise_pledge(actor, pledge)


def may_accept_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A lead of the project, who neither offered nor authorised the pledge."""
    if not pledge.project.is_led_by(actor):
        return no("pledge.not_a_lead", Words(_("Only a lead of the project can do this.")))
    if pledge.project.is_trial:
        return YES
    if actor.officer_id in pledge.offerer_ids | pledge.authoriser_ids:
        words = Words(_("You offered or authorised this pledge, so another lead has to answer it."))
        return no("pledge.both_sides", words)
    return YES


def may_decline_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever may accept may decline."""
    return may_accept_pledge(actor, pledge)


def may_withdraw_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever offered it, or an authoriser or admin of its council."""
    if _is_of_its_council(actor, pledge) and (
        actor.officer_id in pledge.offerer_ids or actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}
    ):
        return YES
    words = Words(_("Only whoever offered this pledge, or an authoriser or admin of its council, can withdraw it."))
    return no("pledge.may_not_withdraw", words)


def may_lapse_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Only the clock."""
    return YES if actor.is_system else SYSTEM_ONLY


def may_mend_totals(actor: Actor) -> Decision:
    """Only the operator, by command."""
    if actor.is_system:
        return YES
    return no("totals.not_the_operator", Words(_("Totals are mended by the operator's command.")))


def may_read_message(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Messages are read by the two councils and the project's leads."""
    councils = (pledge.council_id, pledge.project.council_id)
    if actor.is_system or pledge.project.is_led_by(actor) or (actor.council_id and actor.council_id in councils):
        return YES
    return no("pledge.not_its_council", Words(_("Only the two councils read the message of this pledge.")))


def may_read_reason(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A reason for refusing is its council's own; one for declining or withdrawing is the leads' to read as well."""
    if actor.is_system or _is_of_its_council(actor, pledge):
        return YES
    if pledge.status is not PledgeStatus.REFUSED and pledge.project.is_led_by(actor):
        return YES
    return no("pledge.not_its_council", Words(_("Only those whom the reason concerns read it.")))


MAY: dict[Act, Callable[[Actor, PledgeFacts], Decision]] = {
    Act.AUTHORISE: may_authorise_pledge,
    Act.REFUSE: may_refuse_pledge,
    Act.ACCEPT: may_accept_pledge,
    Act.DECLINE: may_decline_pledge,
    Act.CHANGE: may_change_pledge,
    Act.WITHDRAW: may_withdraw_pledge,
}


def acts_open_to(actor: Actor, pledge: PledgeFacts) -> tuple[Act, ...]:
    """What this person can do with the pledge now, in the order a page shows it."""
    return tuple(act for act, may in MAY.items() if pledge.status in STEPS[act] and may(actor, pledge))


def _is_of_its_council(actor: Actor, pledge: PledgeFacts) -> bool:
    return actor.council_id is not None and actor.council_id == pledge.council_id and actor.has(Role.MEMBER)
