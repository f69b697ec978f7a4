"""Who sees the coordinator's desk, and has tried again what failed."""

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_see_desk(actor: Actor) -> Decision:
    """A coordinator sees what waits, what is nearly there and what failed."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("entry.not_your_role", Words(_("This is for coordinators.")))


def may_try_again(actor: Actor) -> Decision:
    """A coordinator has a message, or an event a listener failed on, tried again."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("entry.not_your_role", Words(_("This is for coordinators.")))
