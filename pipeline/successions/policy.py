"""Who may say which successor has what a council had."""

from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_carry_on(actor: Actor) -> Decision:
    """Only the clock lets things pass to a single successor, and freezes what several could have."""
    if actor.is_system:
        return YES
    return no("succession.not_the_clock", Words(_("A council is followed by its dates, not by anybody’s act.")))


def may_assign(actor: Actor, predecessor_id: UUID) -> Decision:
    """An admin of the council that ended, or a coordinator, says which of several successors has something."""
    is_its_admin = actor.council_id == predecessor_id and actor.has(Role.COUNCIL_ADMIN)
    if is_its_admin or actor.has(Role.COORDINATOR):
        return YES
    words = Words(_("Only an admin of the council that ended, or a coordinator, can do this."))
    return no("succession.not_yours", words)
