"""Who may do what to a pledge. Facts come from queries; nothing here reads a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pipeline.accounts.limits import NO_LIMIT, Limit, Sums, reach
from pipeline.kernel.actor import PLATFORM_ROLES, Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _
from pipeline.pledges.authority import NamedFacts, Way, named_decision
from pipeline.pledges.delivery import Side
from pipeline.pledges.rules import STEPS, Act, PledgeStatus
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import NeedKind

SYSTEM_ONLY = no("pledge.not_the_clock", Words(_("A pledge lapses by its date, not by anybody's act.")))


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """The actor's role of authoriser in the pledging council: who gave it, when, and the limit that holds for this
    pledge (`accounts/limits.py`). `is_of_platform`: they have a role on the whole platform, by whichever account."""

    given_by: UUID | None
    given_at: datetime
    limit: Limit = NO_LIMIT
    is_of_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFacts:
    """What policies need to know of a pledge.

    `offerer_ids`, `authoriser_ids` and `lead_ids` hold every account of those people: somebody with a second account is
    still the same person, by the address they have now or had when they offered; the `…_keys` are those of their
    addresses. `asked` is what is weighed against limits: this pledge and everything its council has standing or
    delivered in the project. `has_offerer`: whoever offered still works for the council. `way` says how it was
    authorised, `asks_release` whether its council asked to be let off and has no answer yet.
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
    kind: NeedKind = NeedKind.TIME
    today: date = date.min
    asked: Sums = Sums()  # noqa: RUF009 (it is frozen)
    offerer_keys: frozenset[str] = frozenset()
    lead_keys: frozenset[str] = frozenset()
    has_offerer: bool = True
    way: Way | None = None
    asks_release: bool = False


def may_offer_pledge(actor: Actor) -> Decision:
    """A member offers, for the council they act for."""
    if actor.council_id is not None and actor.has(Role.MEMBER):
        return YES
    return no("pledge.not_a_member", Words(_("Only officers of a council can offer a pledge for it.")))


def may_change_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever offered it changes it, until it is authorised; once they have left, an authoriser or admin does."""
    acts_in_their_place = not pledge.has_offerer and bool(actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN})
    if _is_of_its_council(actor, pledge) and (actor.officer_id in pledge.offerer_ids or acts_in_their_place):
        return YES
    return no("pledge.not_yours", Words(_("Only the officer who offered this pledge can change it.")))


def may_replace_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A member of its council offers another in its place, which needs authority anew."""
    if _is_of_its_council(actor, pledge):
        return YES
    words = Words(_("Only the council that made this pledge can offer another in its place."))
    return no("pledge.not_its_council", words)


def may_authorise_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """An authoriser of the pledging council, within their limit; never of one's own offer or for a project one leads.

    The role and the limit must be older than the offer and not come from whoever offered. The limit is held against
    this pledge and everything the council has standing or delivered in the project. In a trial project one person may
    play every part.
    """
    decision = may_refuse_pledge(actor, pledge)
    if not decision or pledge.project.is_trial or pledge.role is None:
        return decision
    return reach(pledge.role.limit, pledge.asked, is_time=pledge.kind is NeedKind.TIME, today=pledge.today)


def may_refuse_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever may authorise, also where the pledge goes past their limit."""
    if not _is_of_its_council(actor, pledge):
        words = Words(_("Only somebody with authority in the pledging council can do this."))
        return no("pledge.not_its_council", words)
    if pledge.project.is_trial:
        return YES
    if actor.roles & PLATFORM_ROLES or (pledge.role is not None and pledge.role.is_of_platform):
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


def may_ask_by_mail(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever offered names somebody by e-mail to decide; where they left, an authoriser or admin of the council."""
    if pledge.project.is_trial:
        words = Words(_("In a trial project you can authorise the offer yourself."))
        return no("authorisation.trial", words)
    if _is_of_its_council(actor, pledge):
        if actor.officer_id in pledge.offerer_ids:
            return YES
        if not pledge.has_offerer and actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}:
            return YES
    words = Words(_("Only the officer who offered this pledge can name somebody to decide on it."))
    return no("pledge.not_yours", words)


def may_be_named(_actor: Actor, named: NamedFacts) -> Decision:
    """Somebody at an address of the pledging council: never who offered or asked, a lead of the project or a
    coordinator; where the council allows it, and up to its ceiling."""
    return named_decision(named)


def may_ask_code(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Anybody with the link from the mail: the code goes to the named address. Nobody who is signed in as who offered,
    as a lead of the project, or as a coordinator."""
    if actor.officer_id in pledge.offerer_ids:
        words = Words(_("You offered this pledge, so somebody else in your council has to decide on it."))
        return no("pledge.own_offer", words)
    if actor.officer_id in pledge.lead_ids:
        words = Words(_("You lead this project, so somebody else in your council has to decide on the pledge."))
        return no("pledge.leads_project", words)
    if actor.roles & PLATFORM_ROLES:
        words = Words(_("Coordinators and platform admins never authorise or refuse a council's pledge."))
        return no("pledge.platform_role", words)
    return YES


def may_let_through(actor: Actor, pledge: PledgeFacts) -> Decision:
    """The council's standing rule, by no person. An offer of somebody who leads the project is decided by a person."""
    if actor.is_system and not pledge.project.is_trial and not pledge.offerer_ids & pledge.lead_ids:
        return YES
    words = Words(_("The council's standing rule lets offers through, and no person by it."))
    return no("authorisation.not_the_rule", words)


def may_set_aside(actor: Actor, pledge: PledgeFacts) -> Decision:
    """An admin of the pledging council sets the authorisation of somebody named by e-mail aside."""
    if not (_is_of_its_council(actor, pledge) and actor.has(Role.COUNCIL_ADMIN)):
        words = Words(_("Only an admin of the pledging council sets an authorisation aside."))
        return no("authorisation.not_its_admin", words)
    return YES


def may_read_authorisation(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Who authorised, within which limit and why is read by the pledging council; the public reads a capacity."""
    if actor.is_system or _is_of_its_council(actor, pledge):
        return YES
    return no("pledge.not_its_council", Words(_("Only the pledging council reads this.")))


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


def may_take_decision(actor: Actor) -> Decision:
    """Only the clock takes the decision of a decision date."""
    if actor.is_system:
        return YES
    return no("project.not_the_clock", Words(_("The decision is taken by the decision date, not by anybody’s act.")))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """What policies need to know of a recorded delivery: by which side, and every account of whoever recorded it."""

    side: Side
    recorder_ids: frozenset[UUID]
    pledge: PledgeFacts


def side_of(actor: Actor, pledge: PledgeFacts) -> Side | None:
    """For which side somebody records a delivery: their council's where it is the pledging one, otherwise as a lead."""
    if _is_of_its_council(actor, pledge):
        return Side.COUNCIL
    return Side.LEAD if pledge.project.is_led_by(actor) else None


def may_record_delivery(actor: Actor, pledge: PledgeFacts) -> Decision:
    """The pledging council, or a lead of the project."""
    if side_of(actor, pledge) is not None:
        return YES
    return no("delivery.not_a_side", Words(_("Only the pledging council and the project’s leads record deliveries.")))


def may_correct_delivery(actor: Actor, delivery: DeliveryFacts) -> Decision:
    """The side that recorded it."""
    if _is_on(delivery.side, actor, delivery.pledge):
        return YES
    words = Words(_("Only the side that recorded a delivery corrects it. You can record another."))
    return no("delivery.not_your_entry", words)


def may_agree_delivery(actor: Actor, delivery: DeliveryFacts) -> Decision:
    """The side that did not record it: never whoever recorded it, nor whoever offered or authorised the pledge."""
    decision = may_dispute_delivery(actor, delivery)
    return decision and _has_no_part(actor, delivery.pledge)


def may_dispute_delivery(actor: Actor, delivery: DeliveryFacts) -> Decision:
    """The side that did not record it, and never whoever recorded it. A lead who offered or authorised the pledge does
    not answer what its council recorded."""
    other = Side.LEAD if delivery.side is Side.COUNCIL else Side.COUNCIL
    if not _is_on(other, actor, delivery.pledge):
        return no("delivery.not_the_other_side", Words(_("A delivery is answered by the side that did not record it.")))
    if delivery.pledge.project.is_trial:
        return YES
    if actor.officer_id in delivery.recorder_ids:
        words = Words(_("You recorded this delivery, so somebody else has to answer it."))
        return no("delivery.own_entry", words)
    return _has_no_part(actor, delivery.pledge) if other is Side.LEAD else YES


def _is_on(side: Side, actor: Actor, pledge: PledgeFacts) -> bool:
    return _is_of_its_council(actor, pledge) if side is Side.COUNCIL else pledge.project.is_led_by(actor)


def _has_no_part(actor: Actor, pledge: PledgeFacts) -> Decision:
    if pledge.project.is_trial or actor.officer_id not in pledge.offerer_ids | pledge.authoriser_ids:
        return YES
    words = Words(_("You offered or authorised this pledge, so somebody else has to agree what was delivered."))
    return no("pledge.both_sides", words)


def may_count_delivery(actor: Actor) -> Decision:
    """Only the clock lets a delivery count that nobody answered."""
    if actor.is_system:
        return YES
    return no("delivery.not_the_clock", Words(_("A delivery nobody answers counts by its date, not by anybody’s act.")))


def may_break_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """An authoriser or admin of its council says that it does not give the rest; or the clock, where the council did
    not answer in time that it has not come."""
    has_authority = pledge.project.is_trial or bool(actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN})
    if actor.is_system or (has_authority and _is_of_its_council(actor, pledge)):
        return YES
    words = Words(_("Only an authoriser or admin of the pledging council can say that it does not give the rest."))
    return no("pledge.may_not_break", words)


def may_release_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A lead of the project lets the council off the rest."""
    return YES if actor.is_system else _leads(actor, pledge)


def may_ask_release(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A member of the pledging council asks the leads to let it off the rest."""
    if _is_of_its_council(actor, pledge):
        return YES
    return no("pledge.not_its_council", Words(_("Only the pledging council asks to be let off.")))


def may_refuse_release(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A lead of the project says no to a council that asks to be let off."""
    return _leads(actor, pledge)


def may_carry_over_pledge(actor: Actor, pledge: PledgeFacts) -> Decision:
    """An authoriser or admin of its council says whether it holds under another lead council."""
    if _is_of_its_council(actor, pledge) and actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}:
        return YES
    words = Words(_("Only an authoriser or admin of the pledging council can say whether the pledge carries over."))
    return no("pledge.may_not_carry_over", words)


def may_say_not_come(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A lead of the project says that a committed pledge has not come."""
    return _leads(actor, pledge)


def may_answer_not_come(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Anybody of the pledging council says what became of it."""
    if _is_of_its_council(actor, pledge):
        return YES
    return no("pledge.not_its_council", Words(_("Only the pledging council answers this.")))


def may_read_notes(actor: Actor, pledge: PledgeFacts) -> Decision:
    """The notes of deliveries are read by the pledging council, the project's leads and its lead council."""
    return may_read_message(actor, pledge)


def _leads(actor: Actor, pledge: PledgeFacts) -> Decision:
    if pledge.project.is_led_by(actor):
        return YES
    return no("pledge.not_a_lead", Words(_("Only a lead of the project can do this.")))


def may_mend_totals(actor: Actor) -> Decision:
    """Only the operator, by command."""
    if actor.is_system:
        return YES
    return no("totals.not_the_operator", Words(_("Totals are mended by the operator's command.")))


def may_ask_back(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Whoever may accept may ask the pledging council something first."""
    return may_accept_pledge(actor, pledge)


def may_reply_for_council(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A member of the pledging council replies to what the leads ask."""
    if _is_of_its_council(actor, pledge):
        return YES
    return no("pledge.not_its_council", Words(_("Only officers of the pledging council can reply.")))


def may_nudge(actor: Actor) -> Decision:
    """Only the clock reminds those who are to authorise an offer."""
    return YES if actor.is_system else SYSTEM_ONLY


def may_read_message(actor: Actor, pledge: PledgeFacts) -> Decision:
    """Messages are read by the two councils and the project's leads."""
    councils = (pledge.council_id, pledge.project.council_id)
    if actor.is_system or pledge.project.is_led_by(actor) or (actor.council_id and actor.council_id in councils):
        return YES
    return no("pledge.not_its_council", Words(_("Only the two councils read the message of this pledge.")))


def may_read_reason(actor: Actor, pledge: PledgeFacts) -> Decision:
    """A reason for refusing is its council's own; one for declining or withdrawing is the leads' to read as well; one
    for breaking or releasing is everybody's."""
    if actor.is_system or _is_of_its_council(actor, pledge) or pledge.status in PUBLIC_REASONS:
        return YES
    if pledge.status is not PledgeStatus.REFUSED and pledge.project.is_led_by(actor):
        return YES
    return no("pledge.not_its_council", Words(_("Only those whom the reason concerns read it.")))


PUBLIC_REASONS = frozenset({PledgeStatus.BROKEN, PledgeStatus.RELEASED})

MAY: dict[Act, Callable[[Actor, PledgeFacts], Decision]] = {
    Act.AUTHORISE: may_authorise_pledge,
    Act.REFUSE: may_refuse_pledge,
    Act.ACCEPT: may_accept_pledge,
    Act.DECLINE: may_decline_pledge,
    Act.CHANGE: may_change_pledge,
    Act.REPLACE: may_replace_pledge,
    Act.WITHDRAW: may_withdraw_pledge,
    Act.DELIVER: may_record_delivery,
    Act.BREAK: may_break_pledge,
    Act.RELEASE: may_release_pledge,
    Act.ASK_RELEASE: may_ask_release,
    Act.REFUSE_RELEASE: may_refuse_release,
    Act.NOT_COME: may_say_not_come,
}


def acts_open_to(actor: Actor, pledge: PledgeFacts) -> tuple[Act, ...]:
    """What this person can do with the pledge now, in the order a page shows it."""
    left_out = Act.ASK_RELEASE if pledge.asks_release else Act.REFUSE_RELEASE
    return tuple(
        act for act, may in MAY.items() if act is not left_out and pledge.status in STEPS[act] and may(actor, pledge)
    )


def _is_of_its_council(actor: Actor, pledge: PledgeFacts) -> bool:
    return actor.council_id is not None and actor.council_id == pledge.council_id and actor.has(Role.MEMBER)
