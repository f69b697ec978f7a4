"""Who introduces councils to each other."""

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_introduce_councils(actor: Actor) -> Decision:
    """A coordinator writes to two councils about each other, and says later what came of it."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("entry.not_your_role", Words(_("Only a coordinator introduces councils to each other.")))
