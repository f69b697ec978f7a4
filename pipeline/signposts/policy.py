"""Who may add, change and end signposts."""

from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_keep_signposts(actor: Actor, council_id: UUID | None) -> Decision:
    """A coordinator keeps the signposts of the nations; an admin of a council keeps that council's own."""
    if council_id is None:
        if actor.has(Role.COORDINATOR):
            return YES
        return no("signpost.not_a_coordinator", Words(_("Only a coordinator keeps the signposts of a nation.")))
    if actor.has(Role.COUNCIL_ADMIN) and actor.council_id == council_id:
        return YES
    return no("signpost.not_its_admin", Words(_("Only an admin of the council keeps its signposts.")))


def may_load_signposts(actor: Actor) -> Decision:
    """The operator, by command, loads the signposts that ship with Pipeline."""
    if actor.is_system:
        return YES
    return no("signpost.not_yours_to_load", Words(_("Only those who run Pipeline load the signposts it ships with.")))
