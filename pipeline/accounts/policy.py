"""Who may do what to accounts, places in councils, and roles.

Nobody changes their own authority: not an admin their own roles, not a coordinator their own place.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What policies need to know of an officer's place in a council. `account_ids` are all accounts of that person."""

    officer_id: UUID
    council_id: UUID
    is_waiting: bool
    council_has_admin: bool
    account_ids: frozenset[UUID] = frozenset()

    def is_of(self, actor: Actor) -> bool:
        return self.officer_id == actor.officer_id

    def is_of_person(self, actor: Actor) -> bool:
        """Whether it is the actor's, by this account or another of theirs."""
        return self.is_of(actor) or actor.officer_id in self.account_ids


def may_sign_up(actor: Actor) -> Decision:
    """Anybody who is not signed in."""
    if actor.is_officer:
        return no("account.signed_in", Words(_("You are signed in already. Sign out first to make another account.")))
    return YES


def may_use_link(_actor: Actor) -> Decision:
    """Anybody who holds the link: it was mailed to one address, and works once."""
    return YES


def may_ask_reset(_actor: Actor) -> Decision:
    """Anybody, for any address: what happens goes to that address alone."""
    return YES


def may_change_account(actor: Actor, officer_id: UUID) -> Decision:
    """The officer whose account it is."""
    if actor.officer_id == officer_id or actor.is_system:
        return YES
    return no("account.not_yours", Words(_("This account is not yours.")))


def may_forget_account(actor: Actor) -> Decision:
    """The platform, by its table of periods. Nobody by hand."""
    return YES if actor.is_system else no("account.not_yours", Words(_("This account is not yours.")))


def may_join_council(actor: Actor, officer_id: UUID) -> Decision:
    """An officer, for themselves. Whether they are in at once or wait, their address decides."""
    if actor.officer_id == officer_id or actor.is_system:
        return YES
    return no("membership.not_yours", Words(_("You can ask for a place in a council only for yourself.")))


def may_leave_council(actor: Actor, place: PlaceFacts) -> Decision:
    """The officer whose place it is."""
    return YES if place.is_of(actor) else no("membership.not_yours", Words(_("This place is not yours.")))


def may_make_token(actor: Actor) -> Decision:
    """A member, signed in, for the council they act for. Never a program: a token makes and widens no token."""
    if actor.channel is Channel.API:
        return no("token.pages_only", Words(_("Tokens are made on a page by whoever is signed in, never by a token.")))
    if actor.council_id is not None and actor.has(Role.MEMBER):
        return YES
    return no("entry.not_a_member", Words(_("This is for officers of a council.")))


def may_end_token(actor: Actor, officer_id: UUID) -> Decision:
    """The officer who made it, and the token itself. The clock ends those that are old."""
    if actor.is_system or actor.officer_id == officer_id:
        return YES
    return no("token.not_yours", Words(_("This token is not yours.")))


def may_report_leaked_token(_actor: Actor) -> Decision:
    """Anybody who holds it: whoever found a token could use it, so ending it protects its owner."""
    return YES


def may_see_people(actor: Actor, council_id: UUID) -> Decision:
    """Admins of the council see its people with their addresses and roles."""
    if _is_admin_of(actor, council_id):
        return YES
    return no("council.not_its_admin", Words(_("Only an admin of this council sees and changes its people.")))


def may_answer_waiting(actor: Actor, place: PlaceFacts) -> Decision:
    """An admin of the council lets people in or declines them; a coordinator where the council has no admin."""
    if place.is_of_person(actor):
        return no("membership.own", Words(_("Somebody else has to let you in.")))
    if actor.is_system or _is_admin_of(actor, place.council_id):
        return YES
    if actor.has(Role.COORDINATOR):
        return YES if not place.council_has_admin else _has_admin()
    return no("council.not_its_admin", Words(_("Only an admin of this council lets people in.")))


def may_change_roles(actor: Actor, place: PlaceFacts) -> Decision:
    """An admin of the council makes others authorisers and admins, never themselves."""
    if actor.is_system:
        return YES
    if place.is_of_person(actor):
        return no("role.own", Words(_("You cannot change your own roles. Ask another admin of your council.")))
    if _is_admin_of(actor, place.council_id):
        return YES
    return no("council.not_its_admin", Words(_("Only an admin of this council gives and takes roles in it.")))


def may_set_limit(actor: Actor, place: PlaceFacts) -> Decision:
    """An admin of the council sets how far others' authority reaches, never their own."""
    return may_change_roles(actor, place)


def may_set_authority(actor: Actor, council_id: UUID) -> Decision:
    """An admin of the council sets its standing rule and whether somebody can be named by e-mail."""
    if actor.is_system or _is_admin_of(actor, council_id):
        return YES
    return no("council.not_its_admin", Words(_("Only an admin of this council changes its settings.")))


def may_remove_member(actor: Actor, place: PlaceFacts) -> Decision:
    """An admin of the council, never themselves: who goes of their own will leaves from their account."""
    if actor.is_system:
        return YES
    if place.is_of(actor):
        return no("membership.own", Words(_("You cannot remove yourself. Leave the council from your account page.")))
    if _is_admin_of(actor, place.council_id):
        return YES
    return no("council.not_its_admin", Words(_("Only an admin of this council removes people from it.")))


def may_appoint_first_admin(actor: Actor, place: PlaceFacts) -> Decision:
    """A coordinator, while the council has no admin, and never themselves."""
    if actor.is_system:
        return YES
    if place.is_of_person(actor):
        return no("role.own", Words(_("You cannot make yourself an admin.")))
    if not actor.has(Role.COORDINATOR):
        return no("role.not_coordinator", Words(_("A coordinator appoints a council’s first admin.")))
    return YES if not place.council_has_admin else _has_admin()


def may_see_waiting_councils(actor: Actor) -> Decision:
    """Coordinators see councils that have people and no admin."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("role.not_coordinator", Words(_("This is for coordinators.")))


def may_appoint_coordinator(actor: Actor, account_ids: Collection[UUID]) -> Decision:
    """A platform admin makes others coordinators and takes it back, never for themselves. `account_ids` are all the
    accounts of the person."""
    if actor.is_system:
        return YES
    if not actor.has(Role.PLATFORM_ADMIN):
        return no("role.not_platform_admin", Words(_("A platform admin appoints coordinators.")))
    if actor.officer_id in account_ids:
        return no("role.own", Words(_("You cannot change your own roles.")))
    return YES


def may_add_officer(actor: Actor) -> Decision:
    """Only whoever runs the machine: everybody else signs up themselves."""
    if actor.is_system:
        return YES
    return no("role.not_operator", Words(_("People make their own accounts.")))


def may_appoint_platform_admin(actor: Actor) -> Decision:
    """Only whoever runs the machine, by `flask officers appoint`."""
    if actor.is_system:
        return YES
    return no("role.not_operator", Words(_("Platform admins are appointed by the operator, with a command.")))


def _is_admin_of(actor: Actor, council_id: UUID) -> bool:
    return actor.council_id == council_id and actor.has(Role.COUNCIL_ADMIN)


def _has_admin() -> Decision:
    return no("council.has_admin", Words(_("This council has an admin, who looks after its people.")))
