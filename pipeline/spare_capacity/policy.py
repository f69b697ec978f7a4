"""Who may list spare capacity, change it and read it. It is the council's, whoever listed it."""

from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_list_spare_capacity(actor: Actor) -> Decision:
    """A member of a council, for the council they act for: members offer pledges, and this promises less than one."""
    if actor.council_id is not None and actor.has(Role.MEMBER):
        return YES
    return no("entry.not_a_member", Words(_("This is for officers of a council.")))


def may_change_spare_capacity(actor: Actor, council_id: UUID) -> Decision:
    """Any member of the council that listed it: whoever did may be away when it is given to somebody."""
    if actor.council_id == council_id and actor.has(Role.MEMBER):
        return YES
    return no("spare_capacity.not_its_council", Words(_("Only officers of the council that listed it change it.")))


def may_see_spare_capacity(actor: Actor) -> Decision:
    """Officers of any council, and coordinators. The public does not read who has time to spare."""
    is_member = actor.council_id is not None and actor.has(Role.MEMBER)
    if is_member or actor.has(Role.COORDINATOR):
        return YES
    return no("entry.not_a_member", Words(_("This is for officers of a council.")))
